use super::secrets;
use super::service::ROUTER;
use super::settled::Settled;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Alarm, Measured};
use crate::render::{Rendering, codes};

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

/// What watches Artifactory. Its metrics are for a user with the right to them, whom only its API makes.
pub(super) fn watched<'a>(
    component: &Component<'_>,
    settled: &Settled<'a>,
    parts: &mut SecretParts<'a>,
    rendering: &mut Rendering<'_>,
) {
    let Some(given) = settled.registry.workload.metrics.filter(|given| given.enabled) else {
        return;
    };
    if given.port.is_some() {
        let message = "`metrics.port` has no effect: Artifactory tells its metrics on the port of its router";
        rendering
            .tell(settled.document, "metrics.port", codes::RN_005, message)
            .help("leave it out");
    }
    let is_asked = given
        .service_monitor
        .as_ref()
        .is_some_and(|monitor| monitor.enabled);
    let user = is_asked.then(|| secrets::metrics_user(settled, parts, rendering));
    if is_asked {
        let message = "Prometheus asks as the user `metrics`, whom Artifactory doesn't know yet";
        rendering
            .tell(settled.document, "metrics.serviceMonitor", codes::RN_007, message)
            .help("make it in Artifactory as an administrator with the made-once `metrics-password`");
    }
    let measured = Measured {
        port: ROUTER,
        path: PATH.to_owned(),
        user,
        alerts: ALARMS.to_vec(),
        panels: PANELS.to_vec(),
    };
    workload::metrics(component, &measured, rendering);
}
