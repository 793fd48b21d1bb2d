//! A Kubernetes cluster as Berth talks to it: observe, dry-run, apply, wait, prune.
//!
//! One outside thing: the API server. It must not know documents, rules or how a plan is decided; it is handed
//! objects and answers what the server said.

#![expect(clippy::doc_markdown, reason = "the names of Kubernetes' kinds stand bare")]

mod connect;

pub use connect::{Cluster, ConnectError, ConnectOptions};
