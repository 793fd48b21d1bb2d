//! What must stand in a document for a field to mean anything: the first of these in which it shows an effect counts.

use berth_config::Kind;
use serde_json::{Value, json};

/// The contexts to try for a field of a kind.
pub(crate) fn contexts(kind: Kind, path: &str) -> Vec<Value> {
    match kind {
        Kind::DockerRegistry => docker(path),
        Kind::ImageBuildConfig => builds(),
        Kind::ImagePullSecret => {
            vec![json!({"registry": {"username": "u", "password": "p"}, "serviceAccounts": ["default"]})]
        }
        Kind::RegistryAccess => vec![json!({
            "subjects": [{"kind": "ServiceAccount", "name": "a"}],
            "kubernetes": [{"resources": ["secrets"]}],
        })],
        _ => vec![json!({})],
    }
}

/// Those of the field's own section, and those in which the registry is more than one pod, or collects.
fn docker(path: &str) -> Vec<Value> {
    let section = path.split(['.', '[']).next().unwrap_or_default();
    let all = every_docker().into_iter().enumerate();
    let fits = |index: usize, context: &Value| index < 3 || context.get(section).is_some();
    all.filter(|(index, context)| fits(*index, context))
        .map(|(_, context)| context)
        .collect()
}

fn every_docker() -> Vec<Value> {
    let s3 = json!({"driver": "s3", "s3": {"enabled": true, "bucket": "b"}});
    let tls = json!({"tlsenabled": true, "tlscertificate": "/c", "tlskey": {"file": "/k"}});
    let cache = json!({"cache": {"blobdescriptor": "redis"}});
    vec![
        json!({}),
        json!({"persistence": {"size": "1Gi"}, "garbageCollection": {}}),
        json!({"storage": s3, "replicas": 2, "podDisruptionBudget": {"enabled": true}}),
        json!({"storage": s3, "autoscaling": {"minReplicas": 2}}),
        json!({"storage": s3, "garbageCollection": {}}),
        json!({"http": tls}),
        json!({"http": {"tlsenabled": true}}),
        json!({"http": {"debug": {"addr": ":5001"}}}),
        json!({"auth": {"scheme": "basic"}}),
        json!({"auth": {"scheme": "bearer", "token": {"realm": "https://a.example.com/token"}}}),
        json!({"storage": {"driver": "azure"}}),
        json!({"storage": {"driver": "gcs"}}),
        json!({"storage": {"driver": "swift"}}),
        json!({"storage": {"driver": "oss"}}),
        json!({"storage": cache, "redis": {"addr": "redis:6379"}}),
        json!({"proxy": {"remoteurl": "https://registry-1.docker.io"}}),
        json!({"metrics": {"serviceMonitor": {}}}),
        json!({"metrics": {"enabled": true, "prometheusRule": {}}}),
        json!({"exposure": {"loadBalancer": {"port": 80}}}),
        json!({"exposure": {"ingress": {"host": "a.example.com", "className": "nginx"}}}),
        json!({"exposure": {"gateway": {"name": "gate", "host": "a.example.com"}}}),
        json!({"engine": "berth"}),
        json!({"middleware": {"storage": [{"name": "cloudfront", "options": {"baseurl": "https://c.example.com"}}]}}),
    ]
}

fn builds() -> Vec<Value> {
    let source = json!({"repository": "https://git.example.com/a.git"});
    let with = |more: Value| {
        let mut fields = json!({"context": source, "output": {"image": "team/app:1"}});
        for (key, value) in more.as_object().into_iter().flatten() {
            fields[key] = value.clone();
        }
        fields
    };
    vec![
        with(json!({})),
        with(json!({"schedule": "0 1 * * *"})),
        with(json!({"cache": {"type": "local"}})),
        with(json!({"credentials": {"registrySecret": "push"}})),
        json!({}),
    ]
}
