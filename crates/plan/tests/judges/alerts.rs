//! Alerts, by `promtool`: the rules of every sample are well formed, and each alert fires when what it is about goes
//! wrong for long enough, and doesn't otherwise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use berth_drive::needed;
use serde_json::{Map, Value, json};

use crate::explained::renderings;

/// Two and a half hours, a value a minute: `SELF` stands for the labels of the component's own, `CLAIM` for those of its
/// volume, `HARBOR` for the namespace alone. Values are a start, and what each minute adds.
struct Scenario {
    alert: &'static str,
    wrong: &'static [(&'static str, f64, f64)],
    right: &'static [(&'static str, f64, f64)],
    /// What the alert carries beside its own labels.
    labels: &'static [&'static str],
}

const SCENARIOS: [Scenario; 15] = [
    Scenario {
        alert: "RegistryDown",
        wrong: &[("up{SELF}", 0.0, 0.0)],
        right: &[("up{SELF}", 1.0, 0.0)],
        labels: &[],
    },
    Scenario {
        alert: "RegistryVolumeAlmostFull",
        wrong: &[
            ("kubelet_volume_stats_available_bytes{CLAIM}", 9.0, 0.0),
            ("kubelet_volume_stats_capacity_bytes{CLAIM}", 100.0, 0.0),
        ],
        right: &[
            ("kubelet_volume_stats_available_bytes{CLAIM}", 11.0, 0.0),
            ("kubelet_volume_stats_capacity_bytes{CLAIM}", 100.0, 0.0),
        ],
        labels: &["CLAIM"],
    },
    Scenario {
        alert: "RegistryErrors",
        wrong: &[
            ("registry_http_requests_total{SELF,code=\"500\"}", 0.0, 6.0),
            ("registry_http_requests_total{SELF,code=\"200\"}", 0.0, 94.0),
        ],
        right: &[
            ("registry_http_requests_total{SELF,code=\"500\"}", 0.0, 4.0),
            ("registry_http_requests_total{SELF,code=\"200\"}", 0.0, 96.0),
        ],
        labels: &[],
    },
    Scenario {
        alert: "RegistryStorageSlow",
        wrong: &[
            (
                "registry_storage_action_seconds_bucket{SELF,action=\"Stat\",le=\"10\"}",
                0.0,
                9.0,
            ),
            (
                "registry_storage_action_seconds_bucket{SELF,action=\"Stat\",le=\"60\"}",
                0.0,
                10.0,
            ),
            (
                "registry_storage_action_seconds_bucket{SELF,action=\"Stat\",le=\"+Inf\"}",
                0.0,
                10.0,
            ),
        ],
        right: &[
            (
                "registry_storage_action_seconds_bucket{SELF,action=\"Stat\",le=\"10\"}",
                0.0,
                10.0,
            ),
            (
                "registry_storage_action_seconds_bucket{SELF,action=\"Stat\",le=\"60\"}",
                0.0,
                10.0,
            ),
            (
                "registry_storage_action_seconds_bucket{SELF,action=\"Stat\",le=\"+Inf\"}",
                0.0,
                10.0,
            ),
        ],
        labels: &["action=\"Stat\""],
    },
    Scenario {
        alert: "RegistryNotificationsPending",
        wrong: &[("registry_notifications_pending_total{SELF}", 101.0, 0.0)],
        right: &[("registry_notifications_pending_total{SELF}", 99.0, 0.0)],
        labels: &[],
    },
    Scenario {
        alert: "NexusHeapAlmostFull",
        wrong: &[("jvm_memory_heap_usage{SELF}", 0.91, 0.0)],
        right: &[("jvm_memory_heap_usage{SELF}", 0.89, 0.0)],
        labels: &["SELF"],
    },
    Scenario {
        alert: "NexusThreadsDeadlocked",
        wrong: &[("jvm_thread_states_deadlock_count{SELF}", 2.0, 0.0)],
        right: &[("jvm_thread_states_deadlock_count{SELF}", 0.0, 0.0)],
        labels: &["SELF"],
    },
    Scenario {
        alert: "NexusFailsRequests",
        wrong: &[(
            "org_eclipse_jetty_webapp_WebAppContext_5xx_responses_total{SELF}",
            0.0,
            7.0,
        )],
        right: &[(
            "org_eclipse_jetty_webapp_WebAppContext_5xx_responses_total{SELF}",
            0.0,
            5.0,
        )],
        labels: &["SELF"],
    },
    Scenario {
        alert: "ArtifactoryHeapAlmostFull",
        wrong: &[
            ("jfrt_runtime_heap_freememory_bytes{SELF}", 4.0, 0.0),
            ("jfrt_runtime_heap_maxmemory_bytes{SELF}", 100.0, 0.0),
        ],
        right: &[
            ("jfrt_runtime_heap_freememory_bytes{SELF}", 6.0, 0.0),
            ("jfrt_runtime_heap_maxmemory_bytes{SELF}", 100.0, 0.0),
        ],
        labels: &["SELF"],
    },
    Scenario {
        alert: "ArtifactoryDatabaseConnectionsExhausted",
        wrong: &[
            ("jfrt_db_connections_active_total{SELF}", 91.0, 0.0),
            ("jfrt_db_connections_max_active_total{SELF}", 100.0, 0.0),
        ],
        right: &[
            ("jfrt_db_connections_active_total{SELF}", 89.0, 0.0),
            ("jfrt_db_connections_max_active_total{SELF}", 100.0, 0.0),
        ],
        labels: &["SELF"],
    },
    Scenario {
        alert: "ArtifactoryDiskAlmostFull",
        wrong: &[
            ("app_disk_free_bytes{SELF}", 9.0, 0.0),
            ("app_disk_used_bytes{SELF}", 91.0, 0.0),
        ],
        right: &[
            ("app_disk_free_bytes{SELF}", 11.0, 0.0),
            ("app_disk_used_bytes{SELF}", 89.0, 0.0),
        ],
        labels: &["SELF"],
    },
    Scenario {
        alert: "HarborComponentDown",
        wrong: &[("harbor_up{HARBOR,component=\"core\"}", 0.0, 0.0)],
        right: &[("harbor_up{HARBOR,component=\"core\"}", 1.0, 0.0)],
        labels: &["HARBOR", "component=\"core\""],
    },
    Scenario {
        alert: "HarborServerErrors",
        wrong: &[
            ("harbor_core_http_request_total{HARBOR,code=\"502\"}", 0.0, 6.0),
            ("harbor_core_http_request_total{HARBOR,code=\"200\"}", 0.0, 94.0),
        ],
        right: &[
            ("harbor_core_http_request_total{HARBOR,code=\"502\"}", 0.0, 4.0),
            ("harbor_core_http_request_total{HARBOR,code=\"200\"}", 0.0, 96.0),
        ],
        labels: &[],
    },
    Scenario {
        alert: "HarborJobsWait",
        wrong: &[("harbor_task_queue_latency{HARBOR,type=\"SCAN\"}", 3601.0, 0.0)],
        right: &[("harbor_task_queue_latency{HARBOR,type=\"SCAN\"}", 3599.0, 0.0)],
        labels: &["type=\"SCAN\""],
    },
    Scenario {
        alert: "HarborQuotaNearlyFull",
        wrong: &[
            (
                "harbor_project_quota_usage_byte{HARBOR,project_name=\"shop\"}",
                91.0,
                0.0,
            ),
            (
                "harbor_project_quota_byte{HARBOR,project_name=\"shop\"}",
                100.0,
                0.0,
            ),
        ],
        right: &[
            (
                "harbor_project_quota_usage_byte{HARBOR,project_name=\"shop\"}",
                89.0,
                0.0,
            ),
            (
                "harbor_project_quota_byte{HARBOR,project_name=\"shop\"}",
                100.0,
                0.0,
            ),
        ],
        labels: &["HARBOR", "project_name=\"shop\""],
    },
];

/// A rule of a sample: the spec of its object, and the labels that series carry.
struct Rules {
    name: String,
    spec: Value,
    namespace: String,
    component: String,
}

impl Rules {
    fn all() -> Vec<Self> {
        let mut found = Vec::new();
        for (sample, objects) in renderings() {
            for object in objects.iter().filter(|object| object.kind() == "PrometheusRule") {
                let spec = Value::Object(object.body().clone())["spec"].take();
                found.push(Self {
                    name: format!("{sample}-{}", object.metadata().name),
                    namespace: object.metadata().namespace.clone().unwrap(),
                    component: spec["groups"][0]["name"].as_str().unwrap().to_owned(),
                    spec,
                });
            }
        }
        assert!(!found.is_empty());
        found
    }

    fn alerts(&self) -> impl Iterator<Item = &Value> {
        let groups = self.spec["groups"].as_array().unwrap().iter();
        groups.flat_map(|group| group["rules"].as_array().unwrap())
    }

    fn filled(&self, text: &str) -> String {
        let Self {
            namespace, component, ..
        } = self;
        let own = format!("namespace=\"{namespace}\",service=\"{component}\"");
        let claim = format!("namespace=\"{namespace}\",persistentvolumeclaim=\"data-{component}-0\"");
        let text = text.replace("SELF", &own).replace("CLAIM", &claim);
        text.replace("HARBOR", &format!("namespace=\"{namespace}\""))
    }

    /// What fires, with all its labels and texts.
    fn expected(&self, alert: &Value, scenario: &Scenario) -> Value {
        let mut labels: Map<String, Value> = alert["labels"].as_object().unwrap().clone();
        for pair in scenario.labels.iter().map(|text| self.filled(text)) {
            for pair in pair.split(',') {
                let (key, value) = pair.split_once('=').unwrap();
                labels.insert(key.to_owned(), json!(value.trim_matches('"')));
            }
        }
        let mut annotations = alert["annotations"].to_string();
        for (key, value) in &labels {
            let named = format!("{{{{ $labels.{key} }}}}");
            annotations = annotations.replace(&named, value.as_str().unwrap());
        }
        let annotations: Value = serde_json::from_str(&annotations).unwrap();
        json!({"exp_labels": labels, "exp_annotations": annotations})
    }

    /// One test: series, and what fires after two and a half hours; after a minute nothing has yet.
    fn test(&self, alert: &Value, series: &[(&str, f64, f64)], expected: &[Value]) -> Value {
        let series = series.iter().map(|(name, start, step)| {
            json!({"series": self.filled(name), "values": format!("{start}+{step}x180")})
        });
        json!({
            "interval": "1m",
            "input_series": series.collect::<Vec<_>>(),
            "alert_rule_test": [
                {"eval_time": "1m", "alertname": alert["alert"], "exp_alerts": []},
                {"eval_time": "150m", "alertname": alert["alert"], "exp_alerts": expected},
            ],
        })
    }
}

fn promtool(program: &Path, words: &[&str], file: &Path) -> (bool, String) {
    let output = Command::new(program).args(words).arg(file).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// Writes the rules of a sample, and the tests of them.
fn write(folder: &Path, rules: &Rules, tests: &[Value]) -> std::path::PathBuf {
    let file = folder.join(format!("{}.yaml", rules.name));
    fs::write(&file, rules.spec.to_string()).unwrap();
    let test = folder.join(format!("{}-test.yaml", rules.name));
    let text = json!({"rule_files": [file], "evaluation_interval": "1m", "tests": tests});
    fs::write(&test, text.to_string()).unwrap();
    test
}

#[test]
fn each_alert_fires_when_it_must_and_not_otherwise() {
    let Some(program) = needed("promtool") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut fired = BTreeSet::new();
    let all = Rules::all();
    for rules in &all {
        let mut tests = Vec::new();
        for alert in rules.alerts() {
            let name = alert["alert"].as_str().unwrap();
            let scenario = SCENARIOS.iter().find(|scenario| scenario.alert == name);
            let scenario = scenario.unwrap_or_else(|| panic!("{name} has no scenario"));
            let expected = rules.expected(alert, scenario);
            tests.push(rules.test(alert, scenario.wrong, &[expected]));
            tests.push(rules.test(alert, scenario.right, &[]));
            fired.insert(name.to_owned());
        }
        let test = write(folder.path(), rules, &tests);
        let (is_well, said) = promtool(
            &program,
            &["check", "rules"],
            &test.with_file_name(format!("{}.yaml", rules.name)),
        );
        assert!(is_well, "{}: {said}", rules.name);
        let (is_well, said) = promtool(&program, &["test", "rules"], &test);
        assert!(is_well, "{}: {said}", rules.name);
    }
    assert_eq!(fired.len(), SCENARIOS.len(), "a scenario is of no alert");
    println!("promtool: {} alerts of {} objects", fired.len(), all.len());
}

#[test]
fn a_registry_that_nobody_measures_counts_as_down() {
    let Some(program) = needed("promtool") else { return };
    let folder = tempfile::tempdir().unwrap();
    for rules in Rules::all() {
        let Some(alert) = rules.alerts().find(|alert| alert["alert"] == "RegistryDown") else {
            continue;
        };
        let expected = rules.expected(alert, &SCENARIOS[0]);
        let tests = [
            rules.test(alert, &[], std::slice::from_ref(&expected)),
            // Another registry that answers is no comfort.
            rules.test(
                alert,
                &[("up{namespace=\"elsewhere\",service=\"other\"}", 1.0, 0.0)],
                &[expected],
            ),
        ];
        let test = write(folder.path(), &rules, &tests);
        let (is_well, said) = promtool(&program, &["test", "rules"], &test);
        assert!(is_well, "{}: {said}", rules.name);
    }
}

#[test]
fn promtool_sees_an_alert_that_does_not_fire() {
    let Some(program) = needed("promtool") else { return };
    let folder = tempfile::tempdir().unwrap();
    let rules = &Rules::all()[0];
    let alert = rules.alerts().next().unwrap();
    let expected = rules.expected(alert, &SCENARIOS[0]);
    let test = write(
        folder.path(),
        rules,
        &[rules.test(alert, SCENARIOS[0].right, &[expected])],
    );
    assert!(!promtool(&program, &["test", "rules"], &test).0);
}
