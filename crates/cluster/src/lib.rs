//! A Kubernetes cluster as Berth talks to it: observe, dry-run, apply, wait, prune.
//!
//! One outside thing: the API server. It must not know documents, rules or how a plan is decided; it is handed
//! objects and answers what the server said. Every call is bounded in time, and ends in an answer or in a
//! [`Refused`] that names the object, the cause and the next step.

#![expect(clippy::doc_markdown, reason = "the names of Kubernetes' kinds stand bare")]

mod access;
mod apply;
mod ask;
mod at_once;
mod connect;
mod create;
mod delete;
mod deployments;
mod dry_run;
mod events;
mod get;
mod inventory;
mod kinds;
mod list;
mod logs;
mod refused;
mod send;
mod volumes;
mod wait;
mod why_unready;

pub use berth_plan::managed_fields::FIELD_MANAGER;

pub use access::{Access, Question};
pub use apply::Force;
pub use ask::ServicePort;
pub use at_once::at_once;
pub use connect::{Cluster, ConnectError, ConnectOptions, ServerVersion};
pub use delete::{Deleted, Preconditions, Propagation};
pub use deployments::DeploymentError;
pub use events::{Event, last_time};
pub use inventory::{Inventory, InventoryError};
pub use kinds::{GroupKind, Resource};
pub use list::Selector;
pub use logs::LogOptions;
pub use refused::{Cause, InvalidField, OwnedField, Refused, Verb, WebhookFault};
pub use volumes::VolumeStats;
pub use wait::{Progress, Waited};
