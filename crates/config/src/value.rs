//! The values that fields hold, one sort a file: parsed, typed, and with the text as it was written.

mod choice;
mod cidr;
mod cron_schedule;
mod duration;
mod exemption;
mod host_port;
mod http_url;
mod image_reference;
mod jdbc_url;
mod jvm_size;
mod kubernetes_name;
mod private;
mod quantity;
mod refused;
mod secret_value;
mod written;

pub use choice::*;
pub use cidr::Cidr;
pub use cron_schedule::CronSchedule;
pub use duration::Duration;
pub use exemption::Exemption;
pub use host_port::HostPort;
pub use http_url::HttpUrl;
pub use image_reference::ImageReference;
pub use jdbc_url::JdbcUrl;
pub use jvm_size::JvmSize;
pub use kubernetes_name::{KubernetesLabel, KubernetesSubdomain};
pub use private::Private;
pub use quantity::Quantity;
pub use refused::Refused;
pub(crate) use secret_value::REDACTED;
pub use secret_value::{SecretKeyRef, SecretValue};
pub use written::{Parse, Written};
