use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use berth_cluster::{Cluster, ServicePort};
use berth_config::Spec;
use berth_config::document::Document;
use berth_plan::diagnose::{Answered, Seen, host_of_server};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::Scene;

/// What the distribution API is asked for first.
const PATH: &str = "/v2/";

/// Asks each Docker registry at its Service, without credentials and with those of its pull secrets.
pub(super) async fn of(scene: &Scene, seen: &Seen, secrets: &[Json]) -> Vec<Answered> {
    let mut answers = Vec::new();
    for document in &scene.documents.documents {
        let Spec::DockerRegistry(spec) = &document.spec else {
            continue;
        };
        let namespace = spec.namespace.text();
        let Some(port) = port(scene, namespace, &document.base_name) else {
            continue;
        };
        let place = ServicePort {
            namespace: namespace.to_owned(),
            service: document.base_name.clone(),
            port: port.to_string(),
            tls: spec.http.tlsenabled,
        };
        let status = scene.cluster.ask_service(&place, PATH).await;
        let answered = Answered {
            namespace: place.namespace,
            service: place.service,
            credentials: None,
            status,
        };
        if answered.status.is_ok() && !spec.http.tlsenabled {
            let with = with_credentials(&scene.cluster, document, seen, secrets, &answered);
            answers.extend(with.await);
        }
        answers.push(answered);
    }
    answers
}

/// The port of a declared Service.
fn port(scene: &Scene, namespace: &str, service: &str) -> Option<u64> {
    let object = scene
        .rendered
        .objects
        .lookup("Service", Some(namespace), service)?;
    object
        .body()
        .get("spec")?
        .get("ports")?
        .get(0)?
        .get("port")?
        .as_u64()
}

/// Asks a ready pod of the registry with the credentials of each pull secret that names its Service's server.
async fn with_credentials(
    cluster: &Cluster,
    document: &Document,
    seen: &Seen,
    secrets: &[Json],
    plain: &Answered,
) -> Vec<Answered> {
    let Some((pod, port)) = ready_pod(seen, &plain.namespace, &document.base_name) else {
        return Vec::new();
    };
    let mut answers = Vec::new();
    for secret in secrets {
        let Some(authorization) = authorization(secret, &plain.service) else {
            continue;
        };
        let asked = cluster.ask_pod((&plain.namespace, &pod), port, PATH, &authorization);
        answers.push(Answered {
            credentials: secret["metadata"]["name"].as_str().map(str::to_owned),
            status: asked.await,
            ..plain.clone()
        });
    }
    // That a port can't be forwarded says nothing of the registry.
    answers.retain(|answer| answer.status.is_ok());
    answers
}

fn ready_pod(seen: &Seen, namespace: &str, instance: &str) -> Option<(String, u16)> {
    let pod = seen.pods.iter().find(|pod| {
        let metadata = &pod["metadata"];
        let conditions = pod["status"]["conditions"].as_array();
        metadata["namespace"] == namespace
            && metadata["labels"]["app.kubernetes.io/instance"] == instance
            && conditions.is_some_and(|conditions| {
                conditions
                    .iter()
                    .any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
            })
    })?;
    let port = pod
        .pointer("/spec/containers/0/ports/0/containerPort")?
        .as_u64()?;
    Some((
        pod["metadata"]["name"].as_str()?.to_owned(),
        u16::try_from(port).ok()?,
    ))
}

/// `Basic ...` of a pull secret's entry for a server whose name begins with the Service's.
fn authorization(secret: &Json, service: &str) -> Option<Zeroizing<String>> {
    let value = secret.pointer("/data/.dockerconfigjson")?.as_str()?;
    let plain = Zeroizing::new(STANDARD.decode(value).ok()?);
    let config: Json = serde_json::from_slice(&plain).ok()?;
    let entries = config.get("auths")?.as_object()?;
    let (_, entry) = entries
        .iter()
        .find(|(server, _)| host_of_server(server).split(['.', ':']).next() == Some(service))?;
    let auth = match entry["auth"].as_str() {
        Some(auth) if !auth.is_empty() => auth.to_owned(),
        _ => STANDARD.encode(format!(
            "{}:{}",
            entry["username"].as_str()?,
            entry["password"].as_str()?
        )),
    };
    Some(Zeroizing::new(format!("Basic {auth}")))
}
