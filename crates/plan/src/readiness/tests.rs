use serde_json::json;

use super::*;

fn ready(object: &Json) {
    assert_eq!(Readiness::of(object), Readiness::Ready, "{object}");
}

fn waits_for(object: &Json, expected: &str) {
    let Readiness::InProgress { why } = Readiness::of(object) else {
        panic!("{:?}: {object}", Readiness::of(object));
    };
    assert_eq!(why, expected);
}

fn failed(object: &Json, expected: &str) {
    let Readiness::Failed { why } = Readiness::of(object) else {
        panic!("{:?}: {object}", Readiness::of(object));
    };
    assert_eq!(why, expected);
}

fn deployment(status: &Json) -> Json {
    json!({"kind": "Deployment", "metadata": {"generation": 2}, "spec": {"replicas": 3}, "status": status})
}

#[test]
fn a_deployment_is_ready_when_all_pods_are_new_and_available() {
    ready(&deployment(&json!({
        "observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3,
    })));
    waits_for(
        &deployment(
            &json!({"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 1}),
        ),
        "1 of 3 pods available",
    );
    waits_for(
        &deployment(
            &json!({"observedGeneration": 2, "replicas": 4, "updatedReplicas": 3, "availableReplicas": 3}),
        ),
        "1 old pods are still there",
    );
    waits_for(
        &deployment(
            &json!({"observedGeneration": 2, "replicas": 3, "updatedReplicas": 1, "availableReplicas": 3}),
        ),
        "1 of 3 pods updated",
    );
    waits_for(&deployment(&json!({})), "0 of 3 pods updated");
}

#[test]
fn a_status_of_an_earlier_generation_is_not_believed() {
    waits_for(
        &deployment(
            &json!({"observedGeneration": 1, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}),
        ),
        "its controller has not seen the change yet",
    );
}

#[test]
fn a_deployment_that_passed_its_deadline_has_failed() {
    let condition = json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
        "message": "ReplicaSet \"a\" has timed out progressing."});
    failed(
        &deployment(&json!({"observedGeneration": 2, "conditions": [condition]})),
        "ReplicaSet \"a\" has timed out progressing.",
    );
}

#[test]
fn a_deployment_whose_pods_are_refused_says_why() {
    let condition = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "pods \"a\" is forbidden: exceeded quota: small"});
    waits_for(
        &deployment(&json!({"observedGeneration": 2, "conditions": [condition]})),
        "pods \"a\" is forbidden: exceeded quota: small",
    );
}

#[test]
fn a_deployment_of_no_pods_is_ready() {
    ready(&json!({"kind": "Deployment", "spec": {"replicas": 0}, "status": {"observedGeneration": 1}}));
}

fn stateful_set(partition: i64, status: &Json) -> Json {
    json!({"kind": "StatefulSet", "metadata": {"generation": 1}, "spec": {"replicas": 3,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": partition}}}, "status": status})
}

#[test]
fn a_stateful_set_is_ready_when_its_last_pod_has_the_new_revision() {
    let status = |ready: i64, updated: i64, current: &str| {
        json!({"observedGeneration": 1, "readyReplicas": ready, "updatedReplicas": updated,
            "currentRevision": current, "updateRevision": "b"})
    };
    ready(&stateful_set(0, &status(3, 3, "b")));
    waits_for(&stateful_set(0, &status(2, 3, "b")), "2 of 3 pods ready");
    waits_for(&stateful_set(0, &status(3, 1, "a")), "1 of 3 pods updated");
    waits_for(
        &stateful_set(0, &status(3, 3, "a")),
        "the last pods are being updated",
    );
    ready(&stateful_set(2, &status(3, 1, "a")));
}

#[test]
fn a_job_is_ready_once_it_is_complete() {
    let job = |status: &Json| json!({"kind": "Job", "spec": {"completions": 1}, "status": status});
    ready(&job(
        &json!({"conditions": [{"type": "Complete", "status": "True"}]}),
    ));
    waits_for(&job(&json!({"active": 1})), "0 of 1 done, 1 running, 0 failed");
    failed(
        &job(
            &json!({"conditions": [{"type": "Failed", "status": "True", "message": "Job has reached the specified backoff limit"}]}),
        ),
        "Job has reached the specified backoff limit",
    );
}

#[test]
fn a_claim_that_waits_for_its_pod_is_not_waited_for() {
    let claim = |phase: &str| json!({"kind": "PersistentVolumeClaim", "status": {"phase": phase}});
    ready(&claim("Pending"));
    ready(&claim("Bound"));
    failed(&claim("Lost"), "its volume is lost");
}

#[test]
fn a_load_balancer_is_ready_once_it_has_an_address() {
    let service = |kind: &str, ingress: &Json| json!({"kind": "Service", "spec": {"type": kind}, "status": {"loadBalancer": ingress}});
    ready(&service("ClusterIP", &json!({})));
    waits_for(
        &service("LoadBalancer", &json!({})),
        "its load balancer has no address yet",
    );
    ready(&service(
        "LoadBalancer",
        &json!({"ingress": [{"ip": "192.0.2.1"}]}),
    ));
}

#[test]
fn a_pod_says_what_its_container_waits_for() {
    let pod = |waiting: &Json| {
        json!({"kind": "Pod", "status": {"phase": "Pending", "conditions": [{"type": "Ready", "status": "False", "reason": "ContainersNotReady"}],
            "containerStatuses": [{"state": {"waiting": waiting}}]}})
    };
    waits_for(
        &pod(&json!({"reason": "ImagePullBackOff", "message": "Back-off pulling image"})),
        "ImagePullBackOff: Back-off pulling image",
    );
    waits_for(
        &pod(&json!({"reason": "ContainerCreating"})),
        "ContainersNotReady",
    );
    failed(
        &pod(&json!({"reason": "CreateContainerConfigError", "message": "secret \"a\" not found"})),
        "CreateContainerConfigError: secret \"a\" not found",
    );
    ready(
        &json!({"kind": "Pod", "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}),
    );
    failed(
        &json!({"kind": "Pod", "status": {"phase": "Failed", "reason": "Evicted"}}),
        "Evicted",
    );
}

#[test]
fn what_is_being_deleted_is_neither_ready_nor_failed() {
    let object = json!({"kind": "ConfigMap", "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    assert_eq!(Readiness::of(&object), Readiness::Terminating);
}

#[test]
fn what_has_no_status_is_ready_once_it_is_there() {
    ready(&json!({"kind": "ConfigMap", "metadata": {"generation": 4}}));
    ready(&json!({"kind": "Role"}));
}

#[test]
fn a_foreign_kind_is_judged_by_its_conditions() {
    let of = |kind: &str, status: &str| json!({"kind": "HTTPRoute", "status": {"conditions": [{"type": kind, "status": status, "message": "words"}]}});
    ready(&of("Ready", "True"));
    waits_for(&of("Ready", "False"), "words");
    waits_for(&of("Ready", "Unknown"), "words");
    waits_for(&of("Reconciling", "True"), "words");
    failed(&of("Stalled", "True"), "words");
    ready(&of("Accepted", "False"));
}

#[test]
fn a_definition_is_ready_once_its_api_is_served() {
    let of = |kind: &str, status: &str| json!({"kind": "CustomResourceDefinition", "status": {"conditions": [{"type": kind, "status": status, "message": "words"}]}});
    ready(&of("Established", "True"));
    waits_for(&of("Established", "False"), "its API is not served yet");
    failed(&of("NamesAccepted", "False"), "words");
}
