use super::secrets;
use super::service::PAGES;
use super::settled::Settled;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Alarm, Measured};
use crate::render::{Rendering, codes};

const PATH: &str = "/service/metrics/prometheus";

const ALARMS: [Alarm; 3] = [
    Alarm {
        name: "NexusHeapAlmostFull",
        query: "jvm_memory_heap_usage{SELF} > 0.9",
        wait: "15m",
        severity: "warning",
        summary: "Nexus uses more than nine tenths of its heap.",
    },
    Alarm {
        name: "NexusThreadsDeadlocked",
        query: "jvm_thread_states_deadlock_count{SELF} > 0",
        wait: "5m",
        severity: "critical",
        summary: "Threads of Nexus wait for each other.",
    },
    Alarm {
        name: "NexusFailsRequests",
        query: "rate(org_eclipse_jetty_webapp_WebAppContext_5xx_responses_total{SELF}[5m]) > 0.1",
        wait: "10m",
        severity: "warning",
        summary: "Nexus answers requests with errors of its own.",
    },
];

const PANELS: [(&str, &str); 4] = [
    ("Up", "up{SELF}"),
    ("Heap in use", "jvm_memory_heap_used{SELF}"),
    (
        "Requests a second",
        "rate(org_eclipse_jetty_webapp_WebAppContext_requests_count{SELF}[5m])",
    ),
    (
        "Errors a second",
        "rate(org_eclipse_jetty_webapp_WebAppContext_5xx_responses_total{SELF}[5m])",
    ),
];

/// What watches Nexus. Its metrics are for a user with the right to them, whom only its API makes.
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
        let message = "`metrics.port` has no effect: Nexus tells its metrics on the port of its pages";
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
        let message = "Prometheus asks as the user `metrics`, whom Nexus doesn't know yet";
        rendering
            .tell(settled.document, "metrics.serviceMonitor", codes::RN_007, message)
            .help(
                "make it in Nexus with the privilege `nx-metrics-all` and the made-once `metrics-password`",
            );
    }
    let measured = Measured {
        port: PAGES,
        path: settled.path(PATH),
        user,
        alerts: ALARMS.to_vec(),
        panels: PANELS.to_vec(),
    };
    workload::metrics(component, &measured, rendering);
}
