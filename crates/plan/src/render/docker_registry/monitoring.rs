use super::settled::Settled;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Alarm, Measured};

/// The port of metrics by its name.
pub(super) const METRICS: &str = "metrics";

/// What is wrong with a registry when it is.
const ALARMS: [Alarm; 3] = [
    Alarm {
        name: "RegistryErrors",
        query: "sum(rate(registry_http_requests_total{SELF,code=~\"5..\"}[5m])) \
                / sum(rate(registry_http_requests_total{SELF}[5m])) > 0.05",
        wait: "10m",
        severity: "critical",
        summary: "More than one request in twenty fails with a status of 500 or above.",
    },
    Alarm {
        name: "RegistryStorageSlow",
        query: "histogram_quantile(0.99, \
                sum by (le, action) (rate(registry_storage_action_seconds_bucket{SELF}[10m]))) > 10",
        wait: "15m",
        severity: "warning",
        summary: "One action of the registry's storage in a hundred takes more than ten seconds.",
    },
    Alarm {
        name: "RegistryNotificationsPending",
        query: "sum(registry_notifications_pending_total{SELF}) > 100",
        wait: "15m",
        severity: "warning",
        summary: "More than a hundred events wait for an endpoint that doesn't take them.",
    },
];

/// What a dashboard shows.
const PANELS: [(&str, &str); 6] = [
    (
        "Requests a second",
        "sum by (handler) (rate(registry_http_requests_total{SELF}[5m]))",
    ),
    (
        "Answers by status",
        "sum by (code) (rate(registry_http_requests_total{SELF}[5m]))",
    ),
    (
        "Latency, 99 of 100 (seconds)",
        "histogram_quantile(0.99, sum by (le, handler) (rate(registry_http_request_duration_seconds_bucket{SELF}[5m])))",
    ),
    (
        "Requests in flight",
        "sum by (handler) (registry_http_in_flight_requests{SELF})",
    ),
    (
        "Storage latency, 99 of 100 (seconds)",
        "histogram_quantile(0.99, sum by (le, action) (rate(registry_storage_action_seconds_bucket{SELF}[5m])))",
    ),
    (
        "Cache",
        "sum by (type) (rate(registry_storage_cache_total{SELF}[5m]))",
    ),
];

/// What watches a registry.
pub(super) fn monitoring(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let Some(metrics) = &settled.metrics else {
        return;
    };
    let measured = Measured {
        port: METRICS,
        path: metrics.path.clone(),
        user: None,
        alerts: ALARMS.to_vec(),
        panels: PANELS.to_vec(),
    };
    workload::metrics(component, &measured, rendering);
}
