//! Each fault of the troubleshooting sections, planted in a cluster that is well.

use berth_plan::diagnose::{Log, VolumeUse};
use serde_json::{Value as Json, json};

use crate::cluster::{Cluster, pull_secret};

const REGISTRY: &str = "\
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec: {namespace: registry, persistence: {size: 10Gi}}
";

const PULLING: &str = "\
apiVersion: berth.dev/v1
kind: ImagePullSecret
metadata: {name: pull}
spec:
  registry: {server: r.example, username: robot, password: {env: P}}
  namespace: apps
  secretName: pull
  serviceAccounts: [default]
";

fn registry() -> Cluster {
    Cluster::healthy(REGISTRY)
}

fn waiting(cluster: &mut Cluster, reason: &str, message: &str) {
    let pod = cluster.pod();
    pod["status"]["containerStatuses"][0]["state"] =
        json!({"waiting": {"reason": reason, "message": message}});
    pod["status"]["conditions"][1]["status"] = json!("False");
}

fn log(cluster: &mut Cluster, text: &str) {
    let pod = cluster.pod();
    let log = Log {
        namespace: "registry".to_owned(),
        pod: pod["metadata"]["name"].as_str().unwrap().to_owned(),
        container: pod["spec"]["containers"][0]["name"].as_str().unwrap().to_owned(),
        previous: false,
        text: text.to_owned(),
    };
    cluster.seen.logs.push(log);
}

#[test]
fn of_what_is_well_nothing_is_told() {
    assert_eq!(registry().told(), "");
    assert_eq!(Cluster::healthy(PULLING).told(), "");
}

#[test]
fn a_workload_that_is_not_there_or_has_no_pods_is_named_with_the_reason() {
    let mut cluster = registry();
    cluster.seen.live.clear();
    assert!(
        cluster
            .told()
            .contains("DG-001 Deployment registry/team isn't in the cluster")
    );

    let mut cluster = registry();
    let live = cluster
        .seen
        .live
        .values_mut()
        .find(|live| live["kind"] == "Deployment")
        .unwrap();
    live["status"] = json!({"conditions": [{
        "type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small",
    }]});
    cluster.seen.pods.clear();
    assert!(
        cluster
            .told()
            .contains("DG-001 Deployment registry/team has no pods: exceeded quota: small")
    );
}

#[test]
fn a_pod_that_finds_no_node_is_named_with_the_scheduler_s_reason() {
    let mut cluster = registry();
    cluster.pod()["status"]["conditions"][0] = json!({
        "type": "PodScheduled", "status": "False", "message": "0/3 nodes are available: 3 Insufficient memory.",
    });
    assert!(
        cluster
            .told()
            .contains("DG-002 Pod registry/team-0 finds no node: 0/3 nodes")
    );
}

#[test]
fn what_a_container_lacks_is_named() {
    let mut cluster = registry();
    waiting(
        &mut cluster,
        "CreateContainerConfigError",
        "secret \"team-made-once\" not found",
    );
    assert!(
        cluster
            .told()
            .contains("can't be made: secret \"team-made-once\" not found")
    );
}

#[test]
fn an_own_image_that_can_not_be_pulled_is_told_in_the_runtime_s_words() {
    let mut cluster = registry();
    waiting(&mut cluster, "ImagePullBackOff", "Back-off pulling image");
    cluster.warn(
        "Failed",
        "Failed to pull image \"registry:2.8\": lookup docker.io: no such host",
    );
    let told = cluster.told();
    assert!(told.contains("DG-004") && told.contains("no such host"), "{told}");
}

#[test]
fn a_crash_loop_is_told_with_its_code_and_last_words() {
    let mut cluster = registry();
    waiting(&mut cluster, "CrashLoopBackOff", "back-off 5m0s");
    cluster.pod()["status"]["containerStatuses"][0]["lastState"] = json!({"terminated": {"exitCode": 2}});
    log(
        &mut cluster,
        "starting\npanic: no such driver password=hunter2\n\ngoroutine 1 [running]:\nmain.go:22 +0x25\n",
    );
    let told = cluster.told();
    assert!(
        told.contains("DG-005") && told.contains("with code 2; it said last: panic: no such driver"),
        "{told}"
    );
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_kill_for_memory_is_told_as_that_and_not_as_a_crash() {
    let mut cluster = registry();
    waiting(&mut cluster, "CrashLoopBackOff", "back-off");
    cluster.pod()["status"]["containerStatuses"][0]["lastState"] =
        json!({"terminated": {"exitCode": 137, "reason": "OOMKilled"}});
    assert_eq!(cluster.codes(), ["DG-006"]);
}

#[test]
fn a_probe_that_fails_is_told_while_the_pod_is_not_ready() {
    let mut cluster = registry();
    cluster.warn("Unhealthy", "Readiness probe failed: 503");
    assert_eq!(cluster.codes(), Vec::<String>::new());
    cluster.pod()["status"]["conditions"][1]["status"] = json!("False");
    assert_eq!(cluster.codes(), ["DG-007"]);
}

#[test]
fn a_service_is_missing_or_leads_nowhere() {
    let mut cluster = registry();
    cluster.seen.endpoint_slices.clear();
    cluster.pod()["metadata"]["labels"] = json!({"app.kubernetes.io/instance": "team"});
    let told = cluster.told();
    assert!(
        told.contains("DG-008") && told.contains("its selector finds no pod"),
        "{told}"
    );

    let mut cluster = registry();
    cluster.seen.live.retain(|key, _| key.kind != "Service");
    assert!(
        cluster
            .told()
            .contains("DG-009 Service registry/team isn't in the cluster")
    );
}

#[test]
fn a_registry_that_does_not_answer_or_refuses_a_pull_secret_is_told() {
    let mut cluster = registry();
    cluster.seen.answers[0].status = Err("connection refused".to_owned());
    assert_eq!(cluster.codes(), ["DG-010"]);
    cluster.seen.answers[0].status = Ok(503);
    assert_eq!(cluster.codes(), ["DG-010"]);
    cluster.seen.answers[0].status = Ok(401);
    cluster.seen.answers[0].credentials = Some("pull".to_owned());
    assert_eq!(cluster.codes(), ["DG-011"]);
}

#[test]
fn a_declared_pull_secret_is_missing_malformed_or_for_another_server() {
    let told = |secrets| {
        let mut cluster = Cluster::healthy(PULLING);
        cluster.seen.pull_secrets = secrets;
        cluster.told()
    };
    assert!(told(vec![]).contains("DG-012 Secret apps/pull isn't in the cluster"));
    let garbled = pull_secret("apps", "pull", &json!({"r.example": {}}));
    assert!(told(vec![garbled]).contains("DG-013"));
    let other = pull_secret(
        "apps",
        "pull",
        &json!({"auths": {"other.example": {"username": "u", "password": "p"}}}),
    );
    assert!(
        told(vec![other])
            .contains("DG-014 Secret apps/pull has no entry for r.example, only for other.example")
    );
    let empty = pull_secret(
        "apps",
        "pull",
        &json!({"auths": {"r.example": {"username": "u"}}}),
    );
    assert!(told(vec![empty]).contains("without user or password"));
}

fn consumer(named: &[&str], message: &str) -> Cluster {
    let mut cluster = Cluster::healthy(PULLING);
    let named: Vec<Json> = named.iter().map(|name| json!({"name": name})).collect();
    cluster.seen.pods.push(json!({
        "metadata": {"name": "app", "namespace": "apps"},
        "spec": {"imagePullSecrets": named},
        "status": {"containerStatuses": [{
            "name": "app", "image": "r.example/team/app:1",
            "state": {"waiting": {"reason": "ErrImagePull", "message": message}},
        }]},
    }));
    cluster
}

#[test]
fn a_refused_pull_is_traced_to_the_pod_s_pull_secrets() {
    let refused = "failed to authorize: 401 Unauthorized";
    let told = consumer(&[], refused).told();
    assert!(
        told.contains("DG-014") && told.contains("it has no pull secret"),
        "{told}"
    );
    let told = consumer(&["gone"], refused).told();
    assert!(
        told.contains("DG-012") && told.contains("`gone` isn't in the namespace `apps`"),
        "{told}"
    );
    let told = consumer(&["pull"], refused).told();
    assert!(told.contains("DG-015") && told.contains("401"), "{told}");
}

#[test]
fn an_image_that_is_not_there_and_a_registry_out_of_reach_are_told_apart() {
    assert_eq!(
        consumer(&["pull"], "r.example/team/app:1: not found").codes(),
        ["DG-016"]
    );
    assert_eq!(
        consumer(&["pull"], "dial tcp 10.0.0.1:443: connection refused").codes(),
        ["DG-017"]
    );
}

#[test]
fn a_claim_that_is_not_bound_is_told_with_the_binder_s_reason() {
    let mut cluster = registry();
    cluster.seen.claims[0]["status"]["phase"] = json!("Pending");
    let name = cluster.seen.claims[0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    cluster.warn_of(
        "PersistentVolumeClaim",
        &name,
        "ProvisioningFailed",
        "storageclass \"fast\" not found",
    );
    let told = cluster.told();
    assert!(
        told.contains("DG-018") && told.contains("is pending: storageclass \"fast\" not found"),
        "{told}"
    );
}

#[test]
fn a_volume_is_nearly_full_or_can_not_be_mounted() {
    let mut cluster = registry();
    let claim = cluster.seen.claims[0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut volume = VolumeUse {
        namespace: "registry".to_owned(),
        claim,
        used: 80,
        capacity: 100,
    };
    cluster.seen.volumes = vec![volume.clone()];
    assert_eq!(cluster.codes(), Vec::<String>::new());
    volume.used = 90;
    cluster.seen.volumes = vec![volume];
    assert_eq!(cluster.codes(), ["DG-019"]);

    let mut cluster = registry();
    cluster.warn("FailedAttachVolume", "Multi-Attach error for volume \"pv\"");
    assert!(cluster.told().contains("DG-021"));
}

#[test]
fn a_log_tells_of_storage_or_of_other_errors() {
    let mut cluster = registry();
    log(
        &mut cluster,
        "level=info msg=up\nlevel=error msg=\"write /var/lib/registry: no space left on device\"\n",
    );
    assert_eq!(cluster.codes(), ["DG-020"]);
    let mut cluster = registry();
    log(
        &mut cluster,
        "level=error msg=\"bad digest\"\nlevel=error msg=\"late\"\n",
    );
    let told = cluster.told();
    assert!(
        told.contains("DG-022") && told.contains("2 errors, the last: level=error msg=\"late\""),
        "{told}"
    );
}
