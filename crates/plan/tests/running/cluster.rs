//! A cluster where all that is declared runs well, as values.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use berth_config::document::{Documents, Format, Source, read};
use berth_config::rules::Profile;
use berth_config::value::SecretValue;
use berth_plan::diagnose::{Answered, PullSecret, Seen};
use berth_plan::object::{Object, SecretText};
use berth_plan::render::{
    KubernetesVersion, RenderOptions, Rendered, SecretSource, SecretUnavailable, render,
};
use serde_json::{Value as Json, json};

pub(crate) struct Cluster {
    pub(crate) documents: Documents,
    pub(crate) rendered: Rendered,
    pub(crate) seen: Seen,
}

struct Known;

impl SecretSource for Known {
    fn resolve(&self, _: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        Ok("given".into())
    }

    fn made_once(&self, _: &str, _: &str, _: &str) -> Option<SecretText> {
        Some("made".into())
    }
}

pub(crate) fn declared(text: &str) -> (Documents, Rendered) {
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: text.as_bytes().to_vec(),
        format: Format::Yaml,
    };
    let documents = read(&[source]);
    let options = RenderOptions {
        kubernetes: KubernetesVersion::minor(31),
        profile: Profile::Dev,
    };
    let rendered = render(&documents, &options, &Known);
    (documents, rendered)
}

impl Cluster {
    /// All that these documents declare, running well.
    pub(crate) fn healthy(text: &str) -> Self {
        let (documents, rendered) = declared(text);
        let mut seen = Seen::default();
        for object in rendered.objects.iter() {
            seen.live.insert(object.key(), live(object));
            match object.kind() {
                "Deployment" | "StatefulSet" => seen.pods.push(pod(object)),
                "Service" => {
                    seen.endpoint_slices.push(slice(object));
                    seen.answers.push(answered(object));
                }
                "PersistentVolumeClaim" => seen.claims.push(live(object)),
                "Secret" => seen.pull_secrets.push(PullSecret::of(&object.to_json())),
                _ => {}
            }
        }
        seen.pull_secrets.retain(|secret| secret.hosts.is_ok());
        Self {
            documents,
            rendered,
            seen,
        }
    }

    /// The only pod.
    pub(crate) fn pod(&mut self) -> &mut Json {
        self.seen.pods.first_mut().unwrap()
    }

    /// A warning about the first pod.
    pub(crate) fn warn(&mut self, reason: &str, message: &str) {
        let name = self.pod()["metadata"]["name"].as_str().unwrap().to_owned();
        self.warn_of("Pod", &name, reason, message);
    }

    pub(crate) fn warn_of(&mut self, kind: &str, name: &str, reason: &str, message: &str) {
        let namespace = self.seen.pods[0]["metadata"]["namespace"].clone();
        self.seen.events.push(json!({
            "metadata": {"namespace": namespace},
            "involvedObject": {"kind": kind, "name": name},
            "reason": reason, "message": message, "type": "Warning",
        }));
    }

    /// The codes of what is told, each once.
    pub(crate) fn codes(&self) -> Vec<String> {
        let findings = berth_plan::diagnose::diagnose(&self.documents, &self.rendered, &self.seen);
        let mut codes: Vec<String> = findings.iter().map(|finding| finding.code.to_string()).collect();
        codes.dedup();
        codes
    }

    /// What is told, a line each.
    pub(crate) fn told(&self) -> String {
        let findings = berth_plan::diagnose::diagnose(&self.documents, &self.rendered, &self.seen);
        let lines = findings.iter().map(|finding| {
            assert!(
                finding.help.is_some(),
                "{} says not what to do next",
                finding.code
            );
            format!("{} {}", finding.code, finding.message)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// An object as a cluster has it where all is well.
pub(crate) fn live(object: &Object) -> Json {
    let mut live = object.to_json();
    live["metadata"]["generation"] = json!(1);
    live["status"] = match object.kind() {
        "Deployment" => json!({
            "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1,
            "conditions": [{"type": "Available", "status": "True"}],
        }),
        "StatefulSet" => json!({
            "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "currentReplicas": 1,
            "currentRevision": "a", "updateRevision": "a",
        }),
        "PersistentVolumeClaim" => json!({"phase": "Bound"}),
        _ => return live,
    };
    live
}

fn pod(workload: &Object) -> Json {
    let template = &workload.to_json()["spec"]["template"];
    let container = &template["spec"]["containers"][0];
    json!({
        "metadata": {
            "name": format!("{}-0", workload.metadata().name),
            "namespace": workload.metadata().namespace,
            "labels": template["metadata"]["labels"],
        },
        "spec": template["spec"],
        "status": {
            "phase": "Running",
            "conditions": [{"type": "PodScheduled", "status": "True"}, {"type": "Ready", "status": "True"}],
            "containerStatuses": [{
                "name": container["name"], "image": container["image"], "state": {"running": {}}, "ready": true,
            }],
        },
    })
}

fn slice(service: &Object) -> Json {
    let metadata = service.metadata();
    json!({
        "metadata": {
            "name": format!("{}-x", metadata.name),
            "namespace": metadata.namespace,
            "labels": {"kubernetes.io/service-name": metadata.name},
        },
        "endpoints": [{"addresses": ["10.0.0.9"], "conditions": {"ready": true}}],
    })
}

fn answered(service: &Object) -> Answered {
    Answered {
        namespace: service.metadata().namespace.clone().unwrap(),
        service: service.metadata().name.clone(),
        credentials: None,
        status: Ok(401),
    }
}

/// A pull secret of the type that the kubelet reads.
pub(crate) fn pull_secret(namespace: &str, name: &str, config: &Json) -> PullSecret {
    PullSecret::of(&json!({
        "metadata": {"name": name, "namespace": namespace},
        "type": "kubernetes.io/dockerconfigjson",
        "data": {".dockerconfigjson": STANDARD.encode(config.to_string())},
    }))
}
