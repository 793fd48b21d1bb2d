use super::service::ROUTER;
use crate::render::workload::{Alarm, Measured, MetricsUser};

const PATH: &str = "/artifactory/api/v1/metrics";

const ALARMS: [Alarm; 3] = [
    Alarm {
        name: "ArtifactoryHeapAlmostFull",
        query: "jfrt_runtime_heap_freememory_bytes{SELF} / jfrt_runtime_heap_maxmemory_bytes{SELF} < 0.05",
        wait: "15m",
        severity: "warning",
        summary: "Artifactory uses nearly all of its heap.",
    },
    Alarm {
        name: "ArtifactoryDatabaseConnectionsExhausted",
        query: "jfrt_db_connections_active_total{SELF} / jfrt_db_connections_max_active_total{SELF} > 0.9",
        wait: "10m",
        severity: "critical",
        summary: "Artifactory uses nearly all of its connections to the database.",
    },
    Alarm {
        name: "ArtifactoryDiskAlmostFull",
        query: "app_disk_free_bytes{SELF} / (app_disk_free_bytes{SELF} + app_disk_used_bytes{SELF}) < 0.1",
        wait: "15m",
        severity: "warning",
        summary: "Less than a tenth of Artifactory's disk is free.",
    },
];

const PANELS: [(&str, &str); 4] = [
    ("Up", "up{SELF}"),
    ("Free heap", "jfrt_runtime_heap_freememory_bytes{SELF}"),
    (
        "Connections to the database",
        "jfrt_db_connections_active_total{SELF}",
    ),
    ("Free disk", "app_disk_free_bytes{SELF}"),
];

const USER: MetricsUser = MetricsUser {
    product: "Artifactory",
    port: "the port of its router",
    help: "make it in Artifactory as an administrator with the made-once `metrics-password`",
};

/// What watches Artifactory.
pub(super) fn measured() -> (Measured, &'static MetricsUser) {
    let measured = Measured {
        port: ROUTER,
        path: PATH.to_owned(),
        user: None,
        alerts: ALARMS.to_vec(),
        panels: PANELS.to_vec(),
    };
    (measured, &USER)
}
