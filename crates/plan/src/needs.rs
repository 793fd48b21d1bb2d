//! What the pods of a workload can't start without: Secrets and ConfigMaps that they name and don't call optional.
//!
//! Secrets for pulling images are none of these: without one, a pod starts wherever its image is public.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// Something that a pod names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Need {
    /// `Secret` or `ConfigMap`.
    pub kind: &'static str,
    /// Its name, in the namespace of the pod.
    pub name: String,
    /// The one key of it that is needed; all there are without it.
    pub key: Option<String>,
}

/// The fields by which a container or a volume names something, the field of the name, and the kind.
const REFERENCES: &[(&str, &str, &str)] = &[
    ("secretKeyRef", "name", "Secret"),
    ("secretRef", "name", "Secret"),
    ("configMapKeyRef", "name", "ConfigMap"),
    ("configMapRef", "name", "ConfigMap"),
    ("configMap", "name", "ConfigMap"),
];

/// What the pods of an object need; nothing for what has none.
pub fn needs(object: &Json) -> BTreeSet<Need> {
    let template = match object["kind"].as_str() {
        Some("Pod") => object.pointer("/spec"),
        Some("CronJob") => object.pointer("/spec/jobTemplate/spec/template/spec"),
        _ => object.pointer("/spec/template/spec"),
    };
    let mut found = BTreeSet::new();
    for field in ["initContainers", "containers", "volumes"] {
        if let Some(part) = template.and_then(|template| template.get(field)) {
            gather(part, &mut found);
        }
    }
    found
}

fn gather(part: &Json, found: &mut BTreeSet<Need>) {
    match part {
        Json::Array(parts) => parts.iter().for_each(|part| gather(part, found)),
        Json::Object(fields) => {
            for (field, below) in fields {
                found.extend(need(field, below));
                gather(below, found);
            }
        }
        _ => {}
    }
}

fn need(field: &str, reference: &Json) -> Option<Need> {
    if reference.get("optional") == Some(&Json::Bool(true)) {
        return None;
    }
    let text = |field: &str| reference.get(field).and_then(Json::as_str).map(str::to_owned);
    if field == "secret" {
        // A volume of its own says `secretName`; one part of a projected volume says `name`.
        let name = text("secretName").or_else(|| text("name"))?;
        return Some(Need {
            kind: "Secret",
            name,
            key: None,
        });
    }
    let (_, name, kind) = REFERENCES.iter().find(|(of, ..)| *of == field)?;
    Some(Need {
        kind,
        name: text(name)?,
        key: text("key"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named(object: &Json) -> Vec<String> {
        let line = |need: &Need| {
            let key = need
                .key
                .as_ref()
                .map_or_else(String::new, |key| format!("[{key}]"));
            format!("{} {}{key}", need.kind, need.name)
        };
        needs(object).iter().map(line).collect()
    }

    fn pod_spec() -> Json {
        json!({
            "imagePullSecrets": [{"name": "pull"}],
            "initContainers": [{"envFrom": [{"secretRef": {"name": "all"}}, {"configMapRef": {"name": "c1"}}]}],
            "containers": [{"env": [
                {"name": "A", "value": "secretRef"},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s3", "key": "access"}}},
                {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "c2", "key": "k"}}},
                {"name": "D", "valueFrom": {"secretKeyRef": {"name": "perhaps", "key": "k", "optional": true}}},
            ]}],
            "volumes": [
                {"name": "tls", "secret": {"secretName": "tls"}},
                {"name": "maybe", "secret": {"secretName": "maybe", "optional": true}},
                {"name": "both", "projected": {"sources": [{"secret": {"name": "part"}}, {"configMap": {"name": "c3"}}]}},
                {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
            ],
        })
    }

    #[test]
    fn every_way_to_name_a_secret_is_found_and_what_is_optional_is_not() {
        let deployment = json!({"kind": "Deployment", "spec": {"template": {"spec": pod_spec()}}});
        let expected = [
            "ConfigMap c1",
            "ConfigMap c2[k]",
            "ConfigMap c3",
            "Secret all",
            "Secret part",
            "Secret s3[access]",
            "Secret tls",
        ];
        assert_eq!(named(&deployment), expected);
        let cron_job =
            json!({"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": pod_spec()}}}}});
        assert_eq!(named(&cron_job), expected);
    }

    #[test]
    fn what_has_no_pods_needs_nothing() {
        let ingress = json!({"kind": "Ingress", "spec": {"tls": [{"secretName": "tls"}]}});
        assert_eq!(named(&ingress), [""; 0]);
    }
}
