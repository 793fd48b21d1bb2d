use serde::Serialize;
use serde_json::Value as Json;

use super::{KeySelector, Kind, LabelSelector, Labels, Stage};

/// Where the Prometheus operator finds metrics.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ServiceMonitor {
    /// What it is.
    pub spec: ServiceMonitorSpec,
}

/// What a ServiceMonitor is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ServiceMonitorSpec {
    /// The Services.
    pub selector: LabelSelector,
    /// Their ports.
    pub endpoints: Vec<MonitorEndpoint>,
}

/// A port with metrics.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MonitorEndpoint {
    /// The port of the Service by its name.
    pub port: &'static str,
    /// The path.
    pub path: String,
    /// How often it is asked.
    pub interval: Option<String>,
    /// Who asks.
    pub basic_auth: Option<BasicAuth>,
}

/// A user and a password, by keys of Secrets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BasicAuth {
    /// The user.
    pub username: KeySelector,
    /// The password.
    pub password: KeySelector,
}

/// When the Prometheus operator raises an alarm.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PrometheusRule {
    /// What it is.
    pub spec: PrometheusRuleSpec,
}

/// What a PrometheusRule is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PrometheusRuleSpec {
    /// Groups of alerts.
    pub groups: Vec<AlertGroup>,
}

/// Alerts that are judged together.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AlertGroup {
    /// Its name.
    pub name: String,
    /// The alerts.
    pub rules: Vec<Alert>,
}

/// An alert.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Alert {
    /// Its name.
    pub alert: &'static str,
    /// What is wrong, in PromQL.
    pub expr: Json,
    /// For how long it must be.
    #[serde(rename = "for")]
    pub wait: &'static str,
    /// Labels, such as its severity.
    pub labels: Labels,
    /// What people are told.
    pub annotations: Labels,
}

impl Kind for ServiceMonitor {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "ServiceMonitor";
    const STAGE: Stage = Stage::Monitoring;
}

impl Kind for PrometheusRule {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "PrometheusRule";
    const STAGE: Stage = Stage::Monitoring;
}
