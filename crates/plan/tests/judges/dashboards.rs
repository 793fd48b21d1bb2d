//! Dashboards, by what Grafana needs of one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::explained::renderings;

fn dashboards() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (_, objects) in renderings() {
        for object in objects.iter().filter(|object| object.kind() == "ConfigMap") {
            let json = object.to_json();
            let is_one = json["metadata"]["name"].as_str().unwrap().ends_with("-dashboard");
            for (file, text) in json["data"].as_object().unwrap().iter().filter(|_| is_one) {
                assert!(
                    json["metadata"]["labels"].as_object().unwrap().len() > 4,
                    "a label finds it"
                );
                let text = text.as_str().unwrap();
                found.push((
                    format!("{} {file}", object.key()),
                    serde_json::from_str(text).unwrap(),
                ));
            }
        }
    }
    found
}

#[test]
fn every_dashboard_has_what_grafana_needs() {
    let dashboards = dashboards();
    assert_eq!(dashboards.len(), 4, "one a product");
    for (name, dashboard) in dashboards {
        let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        assert!(text(&dashboard["title"]), "{name}: title");
        assert!(
            dashboard["schemaVersion"].as_u64().unwrap() >= 36,
            "{name}: schemaVersion"
        );
        // Longer ones are refused.
        assert!(
            dashboard["uid"].as_str().is_none_or(|uid| uid.len() <= 40),
            "{name}: uid"
        );
        let variables = dashboard["templating"]["list"].as_array().unwrap();
        let source = variables
            .iter()
            .find(|variable| variable["type"] == "datasource")
            .unwrap();
        let source = format!("${{{}}}", source["name"].as_str().unwrap());
        let panels = dashboard["panels"].as_array().unwrap();
        let ids: BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), panels.len(), "{name}: ids of panels");
        assert!(!panels.is_empty(), "{name}: panels");
        for panel in panels {
            assert!(text(&panel["title"]) && text(&panel["type"]), "{name}: {panel}");
            assert_eq!(panel["datasource"]["uid"], source.as_str(), "{name}: {panel}");
            let place = &panel["gridPos"];
            let number = |side: &str| place[side].as_u64().unwrap();
            assert!(
                number("x") + number("w") <= 24 && number("h") > 0,
                "{name}: {place}"
            );
            for target in panel["targets"].as_array().unwrap() {
                assert!(
                    text(&target["expr"]) && text(&target["refId"]),
                    "{name}: {target}"
                );
            }
        }
    }
}
