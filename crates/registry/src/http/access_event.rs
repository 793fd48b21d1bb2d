//! One line of the log for each request, written when its answer is over.

use std::sync::atomic::{AtomicU64, Ordering};

use hyper::StatusCode;
use tokio::time::Instant;
use tracing::Level;

use crate::access::Principal;
use crate::route::{Route, RouteError};

/// What is told of a request. Never its headers or its query: they can carry credentials.
pub(super) struct AccessEvent {
    /// Whether anybody listens.
    wanted: bool,
    started: Instant,
    method: &'static str,
    pub(super) route: Result<Route, RouteError>,
    principal: Option<Principal>,
    status: u16,
    pub(super) received_bytes: AtomicU64,
    sent_bytes: u64,
}

const TARGET: &str = "berth_registry::access";

/// What nginx made the custom for a client that left before there was an answer.
const CLIENT_LEFT: u16 = 499;

impl AccessEvent {
    pub(super) fn new(method: &hyper::Method, route: Result<Route, RouteError>) -> Self {
        Self {
            wanted: tracing::enabled!(target: TARGET, Level::INFO),
            started: Instant::now(),
            method: known(method),
            route,
            principal: None,
            status: CLIENT_LEFT,
            received_bytes: AtomicU64::new(0),
            sent_bytes: 0,
        }
    }

    pub(super) fn answered(&mut self, principal: Option<Principal>, status: StatusCode) {
        self.principal = principal;
        self.status = status.as_u16();
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
        if !self.wanted {
            return;
        }
        let repository = self.route.as_ref().ok().and_then(Route::repository);
        tracing::info!(
            target: TARGET,
            method = self.method,
            route = self.route.as_ref().map_or("none", Route::template),
            repository = repository.map(tracing::field::display),
            principal = self.principal.as_ref().map(tracing::field::display),
            status = self.status,
            received_bytes = self.received_bytes.load(Ordering::Relaxed),
            sent_bytes = self.sent_bytes,
            duration_us = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX),
            "request"
        );
    }
}
