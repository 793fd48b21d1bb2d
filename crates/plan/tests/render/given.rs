//! What a Docker registry is given beside its fields: environment, users of the cluster, encryption, who pays.

use berth_plan::render::Rendered;
use serde_json::{Value, json};

use crate::docker::{body, config, pod, team, told};
use crate::scene::{CANARY, documents, registry, rendered};

#[test]
fn what_a_document_adds_to_the_environment_lies_in_a_secret_and_pods_follow_it() {
    for engine in ["distribution", "berth"] {
        let fields = |value: &str| format!("{{engine: {engine}, extraEnv: {{TOKEN: {value}}}}}");
        let rendered = team(&fields(&format!("{CANARY}-a")));
        let deployment = body(&rendered, "Deployment", "team");
        assert!(!deployment.to_string().contains(CANARY));
        let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"].clone();
        let variable = json!({"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "team-credentials", "key": "env.TOKEN"}}});
        assert!(env.as_array().unwrap().contains(&variable), "{env}");
        let digest = |rendered: &Rendered| {
            let pod = body(rendered, "Deployment", "team")["spec"]["template"].clone();
            pod["metadata"]["annotations"]["berth.dev/checksum-secrets"].clone()
        };
        assert_ne!(digest(&rendered), digest(&team(&fields("b"))));
    }
}

#[test]
fn a_route_leads_to_the_port_that_a_load_balancer_asked_for() {
    let rendered = team(
        "{exposure: {gateway: {name: gate, host: r.example.com}, loadBalancer: {port: 8443}}, http: {addr: ':5000'}}",
    );
    let port = &body(&rendered, "Service", "team")["spec"]["ports"][0]["port"];
    let backend = &body(&rendered, "HTTPRoute", "team")["spec"]["rules"][0]["backendRefs"][0];
    assert_eq!((port, &backend["port"]), (&json!(8443), &json!(8443)));
}

const USERS: &str = "auth: {scheme: basic, htpasswd: {users: {me: {env: HASH}, you: {secretKeyRef: {name: people, key: you}}}}}";

#[test]
fn users_whose_hashes_lie_in_the_cluster_are_put_together_in_the_pod() {
    let rendered = team(&format!("{{{USERS}}}"));
    assert!(
        !told(&rendered).iter().any(|(code, _)| *code == "RN-002"),
        "{:?}",
        told(&rendered)
    );
    let pod = pod(&rendered);
    let step = &pod["initContainers"][0];
    let script = step["args"][0].as_str().unwrap();
    assert!(
        script.contains("user-0") && script.contains("user-1") && !script.contains(CANARY),
        "{script}"
    );
    assert_eq!(
        step["env"],
        json!([{"name": "USER_0", "value": "me"}, {"name": "USER_1", "value": "you"}])
    );
    let files = &pod["volumes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|volume| volume["name"] == "secrets")
        .unwrap()["projected"];
    let people = json!({"secret": {"name": "people", "items": [{"key": "you", "path": "user-1"}]}});
    assert!(files["sources"].as_array().unwrap().contains(&people), "{files}");
    let users = json!({"name": "users", "mountPath": "/run/registry"});
    assert!(
        pod["containers"][0]["volumeMounts"]
            .as_array()
            .unwrap()
            .contains(&users)
    );
    assert!(config(&rendered).contains("/run/registry/htpasswd"));
    // Berth reads them itself: its image has no shell.
    let rendered = team(&format!("{{engine: berth, {USERS}}}"));
    assert_eq!(crate::docker::pod(&rendered)["initContainers"], Value::Null);
    assert!(config(&rendered).contains("user-1"), "{}", config(&rendered));
}

#[test]
fn an_encrypted_class_is_made_for_the_claim_that_asks_for_it() {
    let rendered = team(
        "{persistence: {size: 5Gi, encryption: {provisioner: ebs.csi.aws.com, key: 'arn:aws:kms:eu:1:key/2', parameters: {type: gp3}}}}",
    );
    let class = rendered
        .objects
        .lookup("StorageClass", None, "registry-team-encrypted")
        .unwrap();
    let class = class.to_json();
    assert_eq!(
        class["parameters"],
        json!({"encrypted": "true", "kmsKeyId": "arn:aws:kms:eu:1:key/2", "type": "gp3"})
    );
    assert_eq!(class["reclaimPolicy"], "Retain");
    let claim = body(&rendered, "PersistentVolumeClaim", "team");
    assert_eq!(claim["spec"]["storageClassName"], "registry-team-encrypted");
    let rendered = team("{persistence: {size: 5Gi, encryption: {provisioner: example.com/other}}}");
    assert!(told(&rendered).contains(&("RN-022", "persistence.encryption.provisioner")));
}

#[test]
fn who_pays_stands_on_every_object_and_on_every_pod() {
    let text = registry(
        "{cost: {costCenter: platform, owner: 'team a', chargeback: true}, persistence: {size: 1Gi}, exposure: {ingress: {host: a.example.com}}, garbageCollection: {}, metrics: {enabled: true}}",
    ) + "---\napiVersion: berth.dev/v1\nkind: ImagePullSecret\nmetadata: {name: pull}\nspec: {registries: [team], registry: {username: u, password: p}}\n";
    let rendered = rendered(&documents(&text), 31);
    assert!(rendered.objects.len() > 8);
    for object in rendered.objects.iter() {
        let pays = |metadata: &Value| {
            metadata["labels"]["berth.dev/cost-center"] == "platform"
                && metadata["labels"]["berth.dev/chargeback"] == "true"
                && metadata["annotations"]["berth.dev/owner"] == "team a"
        };
        let json = object.to_json();
        assert!(pays(&json["metadata"]), "{}", object.key());
        let template = match object.kind() {
            "Deployment" => &json["spec"]["template"],
            "CronJob" => &json["spec"]["jobTemplate"]["spec"]["template"],
            _ => continue,
        };
        assert!(pays(&template["metadata"]), "{}", object.key());
    }
}
