//! One line of the log for each request, written when its answer is over.

use berth_oci::RepositoryName;
use hyper::StatusCode;
use tokio::time::Instant;
use tracing::Level;

use crate::access::Principal;

/// What is told of a request. Never its headers or its query: they can carry credentials.
pub(super) struct AccessEvent {
    pub(super) started: Instant,
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) repository: Option<RepositoryName>,
    pub(super) principal: Option<Principal>,
    pub(super) status: StatusCode,
    pub(super) received_bytes: u64,
    sent_bytes: u64,
}

const TARGET: &str = "berth_registry::access";

impl AccessEvent {
    /// Whether anybody listens.
    pub(super) fn wanted() -> bool {
        tracing::enabled!(target: TARGET, Level::INFO)
    }

    pub(super) fn new(started: Instant, method: &hyper::Method, status: StatusCode) -> Self {
        Self {
            started,
            method: known(method),
            route: "unknown",
            repository: None,
            principal: None,
            status,
            received_bytes: 0,
            sent_bytes: 0,
        }
    }

    pub(super) fn add_sent(&mut self, bytes: usize) {
        self.sent_bytes += bytes as u64;
    }
}

/// Methods that a client makes up don't reach the log.
fn known(method: &hyper::Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|name| method.as_str() == *name)
        .unwrap_or("other")
}

impl Drop for AccessEvent {
    fn drop(&mut self) {
        let duration_us = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(
            target: TARGET,
            method = self.method,
            route = self.route,
            repository = self.repository.as_ref().map(tracing::field::display),
            principal = self.principal.as_ref().map(tracing::field::display),
            status = self.status.as_u16(),
            received_bytes = self.received_bytes,
            sent_bytes = self.sent_bytes,
            duration_us,
            "request"
        );
    }
}
