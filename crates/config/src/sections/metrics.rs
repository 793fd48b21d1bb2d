use indexmap::IndexMap;

use crate::section::section;
use crate::value::{Duration, Written};

section! {
    /// What the registry tells a monitoring system.
    pub struct Metrics {
        /// Whether it tells anything.
        extension enabled: bool = true;
        /// The port; the product's own without it.
        extension port: Option<i64>, range 1 to 65535, code "K-025";
        /// The path; the product's own without it.
        extension path: Option<String>;
        /// A ServiceMonitor of the Prometheus operator.
        extension service_monitor as "serviceMonitor": Option<ServiceMonitor>;
        /// A PrometheusRule of the Prometheus operator.
        extension prometheus_rule as "prometheusRule": Option<PrometheusRule>;
        /// A dashboard for Grafana.
        extension dashboard: Option<Dashboard>;
    }
}

section! {
    /// A ServiceMonitor of the Prometheus operator.
    pub struct ServiceMonitor {
        /// Whether there is one.
        extension enabled: bool = true;
        /// How often it is asked.
        extension interval: Option<Written<Duration>>;
        /// Labels by which Prometheus finds it.
        extension labels: IndexMap<String, String>;
    }
}

section! {
    /// A PrometheusRule of the Prometheus operator.
    pub struct PrometheusRule {
        /// Whether there is one.
        extension enabled: bool = true;
        /// Labels by which Prometheus finds it.
        extension labels: IndexMap<String, String>;
    }
}

section! {
    /// A dashboard for Grafana, in a ConfigMap.
    pub struct Dashboard {
        /// Whether there is one.
        extension enabled: bool = true;
        /// Labels by which Grafana finds it.
        extension labels: IndexMap<String, String>;
    }
}
