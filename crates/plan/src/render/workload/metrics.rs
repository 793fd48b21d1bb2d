use berth_config::value::Written;
use indexmap::IndexMap;
use serde_json::json;

use crate::object::{
    Alert, AlertGroup, BasicAuth, ConfigMap, KeySelector, Labels, Metadata, MonitorEndpoint, Object,
    PrometheusRule, PrometheusRuleSpec, ServiceMonitor, ServiceMonitorSpec,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// Where a component tells its metrics, and what they mean.
pub(crate) struct Measured {
    /// The port of the Service by its name.
    pub(crate) port: &'static str,
    /// The path, unless another is declared.
    pub(crate) path: String,
    /// The keys of the user and the password that are asked for.
    pub(crate) user: Option<(KeySelector, KeySelector)>,
    /// What is wrong beside that it is down and that its volume is full.
    pub(crate) alerts: Vec<Alarm>,
    /// What a dashboard shows: titles and queries; `SELF` stands for the selector of this component.
    pub(crate) panels: Vec<(&'static str, &'static str)>,
}

/// Something that is wrong.
#[derive(Clone, Copy)]
pub(crate) struct Alarm {
    /// Its name.
    pub(crate) name: &'static str,
    /// What is wrong, in PromQL; `SELF` stands for the selector of this component.
    pub(crate) query: &'static str,
    /// For how long it must be.
    pub(crate) wait: &'static str,
    /// `warning` or `critical`.
    pub(crate) severity: &'static str,
    /// What people are told.
    pub(crate) summary: &'static str,
}

const COMMON: [Alarm; 2] = [
    Alarm {
        name: "RegistryDown",
        query: "absent(up{SELF} == 1)",
        wait: "5m",
        severity: "critical",
        summary: "The registry doesn't answer.",
    },
    Alarm {
        name: "RegistryVolumeAlmostFull",
        query: "kubelet_volume_stats_available_bytes{CLAIM} / kubelet_volume_stats_capacity_bytes{CLAIM} < 0.1",
        wait: "15m",
        severity: "warning",
        summary: "Less than a tenth of the registry's volume is free.",
    },
];

/// Draws what watches a component, as far as it is declared.
pub(crate) fn metrics(component: &Component<'_>, measured: &Measured, rendering: &mut Rendering<'_>) {
    let Some(given) = component.registry.workload.metrics.filter(|given| given.enabled) else {
        return;
    };
    let document = component.registry.document;
    if let Some(monitor) = given.service_monitor.as_ref().filter(|monitor| monitor.enabled) {
        let interval = monitor
            .interval
            .as_ref()
            .filter(|interval| interval.value().is_some());
        let endpoint = MonitorEndpoint {
            port: measured.port,
            path: given.path.clone().unwrap_or_else(|| measured.path.clone()),
            interval: interval.map(Written::text).map(str::to_owned),
            basic_auth: measured
                .user
                .clone()
                .map(|(username, password)| BasicAuth { username, password }),
        };
        let spec = ServiceMonitorSpec {
            selector: component.selector().into(),
            endpoints: vec![endpoint],
        };
        let metadata = labelled(component.metadata(), &monitor.labels);
        rendering.add(document, Object::new(metadata, &ServiceMonitor { spec }));
    }
    if let Some(rule) = given.prometheus_rule.as_ref().filter(|rule| rule.enabled) {
        let metadata = labelled(component.metadata(), &rule.labels);
        rendering.add(document, Object::new(metadata, &alerts(component, measured)));
    }
    if let Some(wanted) = given.dashboard.as_ref().filter(|dashboard| dashboard.enabled) {
        let mut metadata = component.metadata_of("dashboard");
        // Grafana's side container looks for this label unless told otherwise.
        metadata
            .labels
            .insert("grafana_dashboard".to_owned(), "1".to_owned());
        let metadata = labelled(metadata, &wanted.labels);
        let file = format!("{}.json", component.object_name());
        let map = ConfigMap::of(&file, dashboard(component, measured));
        rendering.add(document, Object::new(metadata, &map));
    }
}

fn labelled(mut metadata: Metadata, more: &IndexMap<String, String>) -> Metadata {
    metadata
        .labels
        .extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
    metadata
}

fn alerts(component: &Component<'_>, measured: &Measured) -> PrometheusRule {
    let alarms = COMMON.iter().chain(&measured.alerts);
    let rules = alarms.map(|alarm| Alert {
        alert: alarm.name,
        expr: query(component, alarm.query).into(),
        wait: alarm.wait,
        labels: Labels::from([("severity".to_owned(), alarm.severity.to_owned())]),
        annotations: Labels::from([("summary".to_owned(), alarm.summary.to_owned())]),
    });
    PrometheusRule {
        spec: PrometheusRuleSpec {
            groups: vec![AlertGroup {
                name: component.object_name(),
                rules: rules.collect(),
            }],
        },
    }
}

fn dashboard(component: &Component<'_>, measured: &Measured) -> String {
    const COLUMNS: usize = 2;
    let panels = measured.panels.iter().enumerate().map(|(index, (title, of))| {
        json!({
            "id": index + 1,
            "type": "timeseries",
            "title": title,
            "datasource": {"type": "prometheus", "uid": "${datasource}"},
            "gridPos": {"h": 8, "w": 12, "x": 12 * (index % COLUMNS), "y": 8 * (index / COLUMNS)},
            "targets": [{"refId": "A", "expr": query(component, of)}],
        })
    });
    let dashboard = json!({
        "title": format!("{}/{}", component.registry.namespace, component.object_name()),
        "tags": ["container-registry"],
        "schemaVersion": 39,
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "time": {"from": "now-6h", "to": "now"},
        "panels": panels.collect::<Vec<_>>(),
    });
    format!("{dashboard:#}\n")
}

/// A query with the selector of a component put in.
fn query(component: &Component<'_>, text: &str) -> String {
    let (namespace, name) = (component.registry.namespace, component.object_name());
    let own = format!("namespace=\"{namespace}\",service=~\"{name}(-metrics)?\"");
    let claim = format!("namespace=\"{namespace}\",persistentvolumeclaim=~\"(data-)?{name}(-[0-9]+)?\"");
    text.replace("SELF", &own).replace("CLAIM", &claim)
}
