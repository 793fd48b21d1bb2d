use super::service::PAGES;
use super::settled::Settled;
use crate::render::workload::{Alarm, Measured, MetricsUser};

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

const USER: MetricsUser = MetricsUser {
    product: "Nexus",
    port: "the port of its pages",
    help: "make it in Nexus with the privilege `nx-metrics-all` and the made-once `metrics-password`",
};

/// What watches Nexus.
pub(super) fn measured(settled: &Settled<'_>) -> (Measured, &'static MetricsUser) {
    let measured = Measured {
        port: PAGES,
        path: settled.path(PATH),
        user: None,
        alerts: ALARMS.to_vec(),
        panels: PANELS.to_vec(),
    };
    (measured, &USER)
}
