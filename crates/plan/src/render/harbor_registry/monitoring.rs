//! What a monitoring system is told of Harbor, where it is declared.

use serde_json::json;

use super::settled::{Metrics, Settled};
use super::workloads::METRICS_PORT;
use crate::object::{
    Alert, AlertGroup, ConfigMap, Labels, Metadata, MonitorEndpoint, Object, PrometheusRule,
    PrometheusRuleSpec, ServiceMonitor, ServiceMonitorSpec,
};
use crate::render::Rendering;

/// Alerts: name, expression (`NAMESPACE` stands for the namespace), for how long, and what people are told.
const ALERTS: [(&str, &str, &str, &str); 4] = [
    (
        "HarborComponentDown",
        "harbor_up{namespace=\"NAMESPACE\"} == 0",
        "5m",
        "a component of Harbor is down: {{ $labels.component }}",
    ),
    (
        "HarborServerErrors",
        "sum(rate(harbor_core_http_request_total{namespace=\"NAMESPACE\",code=~\"5..\"}[5m])) / \
         sum(rate(harbor_core_http_request_total{namespace=\"NAMESPACE\"}[5m])) > 0.05",
        "10m",
        "more than 5 % of the requests to Harbor fail",
    ),
    (
        "HarborJobsWait",
        "max(harbor_task_queue_latency{namespace=\"NAMESPACE\"}) by (type) > 3600",
        "15m",
        "jobs of Harbor wait for more than an hour: {{ $labels.type }}",
    ),
    (
        "HarborQuotaNearlyFull",
        "harbor_project_quota_usage_byte{namespace=\"NAMESPACE\"} / \
         (harbor_project_quota_byte{namespace=\"NAMESPACE\"} > 0) > 0.9",
        "1h",
        "a project of Harbor has used 90 % of its quota: {{ $labels.project_name }}",
    ),
];

/// Panels of the dashboard: title and expression.
const PANELS: [(&str, &str); 6] = [
    ("Components up", "harbor_up"),
    (
        "Requests a second",
        "sum(rate(harbor_core_http_request_total[5m])) by (code)",
    ),
    (
        "Requests in flight",
        "sum(harbor_core_http_inflight_requests) by (instance)",
    ),
    ("Jobs that wait", "sum(harbor_task_queue_size) by (type)"),
    ("Images by project", "harbor_project_repo_total"),
    ("Bytes by project", "harbor_project_quota_usage_byte"),
];

/// The ServiceMonitor, the PrometheusRule and the dashboard, each where it is declared.
pub(super) fn render(settled: &Settled<'_>, metrics: &Metrics, rendering: &mut Rendering<'_>) {
    let Some(declared) = &settled.spec.metrics else {
        return;
    };
    let with = |suffix: &str, labels: &indexmap::IndexMap<String, String>| -> Metadata {
        let mut metadata = settled.registry.metadata(suffix);
        let own = labels.iter().map(|(key, value)| (key.clone(), value.clone()));
        metadata.labels.extend(own);
        metadata
    };
    if let Some(given) = declared.service_monitor.as_ref().filter(|given| given.enabled) {
        let interval = given
            .interval
            .as_ref()
            .filter(|interval| interval.value().is_some());
        let monitor = ServiceMonitor {
            spec: ServiceMonitorSpec {
                selector: settled.registry.selector().into(),
                endpoints: vec![MonitorEndpoint {
                    port: METRICS_PORT,
                    path: metrics.path.clone(),
                    interval: interval.map(|interval| interval.text().to_owned()),
                    basic_auth: None,
                }],
            },
        };
        rendering.add(settled.document, Object::new(with("", &given.labels), &monitor));
    }
    if let Some(given) = declared.prometheus_rule.as_ref().filter(|given| given.enabled) {
        let rule = rule(settled);
        rendering.add(settled.document, Object::new(with("", &given.labels), &rule));
    }
    if let Some(given) = declared.dashboard.as_ref().filter(|given| given.enabled) {
        let dashboard = ConfigMap::of("harbor.json", dashboard(settled));
        let mut metadata = with("dashboard", &given.labels);
        if given.labels.is_empty() {
            metadata
                .labels
                .insert("grafana_dashboard".to_owned(), "1".to_owned());
        }
        rendering.add(settled.document, Object::new(metadata, &dashboard));
    }
}

fn rule(settled: &Settled<'_>) -> PrometheusRule {
    let rules = ALERTS.map(|(alert, expression, wait, summary)| Alert {
        alert,
        expr: expression.replace("NAMESPACE", settled.registry.namespace).into(),
        wait,
        labels: Labels::from([("severity".to_owned(), "warning".to_owned())]),
        annotations: Labels::from([("summary".to_owned(), summary.to_owned())]),
    });
    PrometheusRule {
        spec: PrometheusRuleSpec {
            groups: vec![AlertGroup {
                name: settled.registry.object_name(""),
                rules: rules.into_iter().collect(),
            }],
        },
    }
}

fn dashboard(settled: &Settled<'_>) -> String {
    let panels: Vec<_> = PANELS
        .iter()
        .enumerate()
        .map(|(index, (title, expression))| {
            json!({
                "id": index + 1,
                "title": title,
                "type": "timeseries",
                "datasource": {"type": "prometheus", "uid": "${datasource}"},
                "gridPos": {"h": 8, "w": 12, "x": 12 * (index % 2), "y": 8 * (index / 2)},
                "targets": [{"expr": expression, "refId": "A"}],
            })
        })
        .collect();
    let dashboard = json!({
        "title": format!("Harbor {}", settled.registry.name),
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "schemaVersion": 39,
        "time": {"from": "now-6h", "to": "now"},
        "panels": panels,
    });
    format!("{dashboard:#}\n")
}
