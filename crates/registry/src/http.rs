//! HTTP: requests to routes, outcomes to responses, connections. Nothing outside of this module names hyper.

mod access_event;
mod answer;
pub(crate) mod body;
mod dispatch;
pub(crate) mod extra_headers;
mod failure;
mod header;
pub(crate) mod server;
pub(crate) mod service;
mod stall;
pub(crate) mod tls;
mod upload_body;
