use berth_plan::object::ObjectKey;
use serde_json::json;

use super::*;
use crate::refused::{Refused, Verb};

fn asked(kind: &'static str, group: &'static str) -> Asked {
    let key = ObjectKey {
        namespace: Some("registry".to_owned()),
        name: "team".to_owned(),
        group: group.into(),
        kind: kind.into(),
    };
    Asked::of(Verb::Apply, &key)
}

/// The refusal that a body stands for.
fn refused(asked: &Asked, code: u16, reason: &str, message: &str, details: &Json) -> Refused {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "details": details, "code": code,
    });
    asked.refused(Cause::of(asked, code, body.to_string().as_bytes()))
}

#[test]
fn a_conflict_names_each_field_and_its_owner() {
    let refused = refused(
        &asked("Deployment", "apps"),
        409,
        "Conflict",
        "Apply failed with 2 conflicts: conflicts with \"kubectl-client-side-apply\" using apps/v1:\n- .spec.replicas",
        &json!({"causes": [
            {"reason": "FieldManagerConflict", "message": "conflict with \"kubectl-edit\" using apps/v1", "field": ".spec.replicas"},
            {"reason": "FieldManagerConflict", "message": "conflict with \"argocd\" using apps/v1", "field": ".spec.paused"},
        ]}),
    );
    assert_eq!(
        refused.to_string(),
        "applying Deployment registry/team: .spec.paused (argocd), .spec.replicas (kubectl-edit) are owned by another \
         manager; leave these fields to their owner, or take them over by --adopt"
    );
}

#[test]
fn a_right_that_is_missing_is_named_with_the_way_to_ask_for_it() {
    let refused = refused(
        &asked("Deployment", "apps"),
        403,
        "Forbidden",
        "deployments.apps \"team\" is forbidden: User \"jane\" cannot patch resource \"deployments\" in API group \
         \"apps\" in the namespace \"registry\"",
        &json!({"name": "team", "group": "apps", "kind": "deployments"}),
    );
    assert_eq!(
        refused.to_string(),
        "applying Deployment registry/team: jane may not patch deployments.apps; ask for that right \
         (`kubectl auth can-i patch deployments.apps -n registry`), then run it again"
    );
}

#[test]
fn a_right_in_the_core_group_has_no_group() {
    let refused = refused(
        &asked("Secret", ""),
        403,
        "Forbidden",
        "secrets is forbidden: User \"system:serviceaccount:a:b\" cannot list resource \"secrets\" in API group \"\" \
         in the namespace \"registry\"",
        &json!({"kind": "secrets"}),
    );
    let Cause::Forbidden { user, verb, resource } = &*refused.cause else {
        panic!("{refused}");
    };
    assert_eq!(
        (user.as_str(), verb.as_str(), resource.as_str()),
        ("system:serviceaccount:a:b", "list", "secrets")
    );
}

#[test]
fn a_role_that_grants_more_than_one_has_is_told_apart() {
    let refused = refused(
        &asked("Role", "rbac.authorization.k8s.io"),
        403,
        "Forbidden",
        "roles.rbac.authorization.k8s.io \"team\" is forbidden: user \"jane\" (groups=[\"system:authenticated\"]) is \
         attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}",
        &json!({"name": "team", "group": "rbac.authorization.k8s.io", "kind": "roles"}),
    );
    assert!(
        matches!(&*refused.cause, Cause::Escalation { message } if message.starts_with("{APIGroups")),
        "{refused}"
    );
}

#[test]
fn a_quota_that_refuses_says_by_how_much() {
    let refused = refused(
        &asked("PersistentVolumeClaim", ""),
        403,
        "Forbidden",
        "persistentvolumeclaims \"team\" is forbidden: exceeded quota: small, requested: requests.storage=10Gi, used: \
         requests.storage=0, limited: requests.storage=5Gi",
        &json!({"name": "team", "kind": "persistentvolumeclaims"}),
    );
    assert!(
        refused.to_string().starts_with(
            "applying PersistentVolumeClaim registry/team: the quota refuses: exceeded quota: small, requested: \
             requests.storage=10Gi, used: requests.storage=0, limited: requests.storage=5Gi; ask for less"
        ),
        "{refused}"
    );
}

#[test]
fn a_namespace_that_is_being_deleted_is_named() {
    let refused = refused(
        &asked("ConfigMap", ""),
        403,
        "Forbidden",
        "configmaps \"team\" is forbidden: unable to create new content in namespace registry because it is being \
         terminated",
        &json!({"name": "team", "kind": "configmaps", "causes": [
            {"reason": "NamespaceTerminating", "message": "namespace registry is being terminated", "field": "metadata.namespace"},
        ]}),
    );
    assert!(
        matches!(&*refused.cause, Cause::NamespaceTerminating { namespace } if namespace == "registry"),
        "{refused}"
    );
}

#[test]
fn a_namespace_that_is_missing_is_told_from_an_object_that_is() {
    let details = json!({"name": "registry", "kind": "namespaces"});
    let within = refused(
        &asked("ConfigMap", ""),
        404,
        "NotFound",
        "namespaces \"registry\" not found",
        &details,
    );
    assert!(
        matches!(&*within.cause, Cause::NamespaceMissing { namespace } if namespace == "registry"),
        "{within}"
    );
    let itself = refused(
        &asked("Namespace", ""),
        404,
        "NotFound",
        "namespaces \"registry\" not found",
        &details,
    );
    assert!(matches!(*itself.cause, Cause::NotFound), "{itself}");
    let details = json!({"name": "team", "kind": "configmaps"});
    let object = refused(
        &asked("ConfigMap", ""),
        404,
        "NotFound",
        "configmaps \"team\" not found",
        &details,
    );
    assert!(matches!(*object.cause, Cause::NotFound), "{object}");
}

#[test]
fn a_kind_that_the_server_does_not_serve_is_named() {
    let asked = asked("ServiceMonitor", "monitoring.coreos.com");
    let body = b"404 page not found\n";
    let refused = asked.refused(Cause::of(&asked, 404, body));
    assert_eq!(
        refused.to_string(),
        "applying ServiceMonitor registry/team: the kind ServiceMonitor of monitoring.coreos.com isn't known to this \
         cluster: its CRD is missing; install what brings its CRD, or switch it off in the document"
    );
}

#[test]
fn fields_that_can_not_change_are_told_from_those_that_are_wrong() {
    let immutable = [
        (
            "spec.selector",
            "Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: field is immutable",
        ),
        (
            "spec",
            "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', \
             'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        ),
        (
            "spec",
            "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
        ),
        (
            "spec.resources.requests.storage",
            "Forbidden: field can not be less than previous value",
        ),
        (
            "spec.clusterIPs[0]",
            "Invalid value: [\"10.0.0.1\"]: may not change once set",
        ),
        (
            "roleRef",
            "Invalid value: {\"kind\":\"Role\"}: cannot change roleRef",
        ),
        ("type", "Invalid value: \"Opaque\": field is immutable"),
        ("parameters", "Forbidden: updates to parameters are forbidden."),
    ];
    for (field, message) in immutable {
        let causes = json!({"causes": [{"reason": "FieldValueInvalid", "message": message, "field": field}]});
        let refused = refused(&asked("Deployment", "apps"), 422, "Invalid", message, &causes);
        assert!(
            matches!(&*refused.cause, Cause::Immutable { fields } if fields[0].field == field),
            "{message}: {refused}"
        );
    }
}

#[test]
fn what_is_wrong_is_told_field_by_field_without_the_values() {
    let refused = refused(
        &asked("Secret", ""),
        422,
        "Invalid",
        "Secret \"team\" is invalid: data[k]: Invalid value: \"hunter2\": must be base64",
        &json!({"causes": [
            {"reason": "FieldValueInvalid", "message": "Invalid value: \"hunt\\\"er2\": must be base64", "field": "data[k]"},
            {"reason": "FieldValueInvalid", "message": "Invalid value: 70000: must be between 1 and 65535, inclusive", "field": "spec.port"},
            {"reason": "FieldValueRequired", "message": "Required value", "field": "spec.ports"},
        ]}),
    );
    assert_eq!(
        refused.to_string(),
        "applying Secret registry/team: the server finds it wrong: data[k]: Invalid value: must be base64; spec.port: \
         Invalid value: must be between 1 and 65535, inclusive; spec.ports: Required value; correct the document, then \
         run `berth check`"
    );
    assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
}

#[test]
fn a_field_that_nobody_knows_is_an_invalid_object_whatever_the_status_says() {
    let strict = refused(
        &asked("Deployment", "apps"),
        400,
        "BadRequest",
        "failed to create manager for existing fields: strict decoding error: unknown field \"spec.replcas\"",
        &json!({}),
    );
    assert!(
        strict.to_string().contains("unknown field \"spec.replcas\""),
        "{strict}"
    );
    let merge = refused(
        &asked("ConfigMap", ""),
        500,
        "InternalError",
        "failed to create typed patch object (registry/team; /v1, Kind=ConfigMap): .data.a: expected string, got \
         &value.valueUnstructured{Value:\"hunter2\"}",
        &json!({}),
    );
    assert!(matches!(*merge.cause, Cause::Invalid { .. }), "{merge}");
    assert!(!merge.to_string().contains("hunter2"), "{merge}");
    let list = refused(
        &asked("Secret", ""),
        500,
        "InternalError",
        "failed to create typed patch object (registry/team; /v1, Kind=Secret): .data: expected map, got &{[hunter2]}",
        &json!({}),
    );
    assert!(
        list.to_string()
            .contains(".data: expected map; correct the document"),
        "{list}"
    );
}

#[test]
fn a_webhook_that_says_no_is_named_whatever_the_status() {
    for code in [400, 403, 422, 500] {
        let refused = refused(
            &asked("Deployment", "apps"),
            code,
            "",
            "admission webhook \"policies.example.com\" denied the request: images must be signed",
            &json!({}),
        );
        assert_eq!(
            refused.to_string(),
            "applying Deployment registry/team: the admission webhook policies.example.com refuses: images must be \
             signed; do what policies.example.com asks for, or ask who runs it for an exception"
        );
    }
}

#[test]
fn a_webhook_that_can_not_be_asked_is_told_apart() {
    let broken = refused(
        &asked("Deployment", "apps"),
        500,
        "InternalError",
        "Internal error occurred: failed calling webhook \"policies.example.com\": failed to call webhook: Post \
         \"https://policies.default.svc:443/?timeout=10s\": dial tcp: connect: connection refused",
        &json!({}),
    );
    assert!(
        matches!(&*broken.cause, Cause::Webhook { fault: WebhookFault::Failed, name, .. } if name == "policies.example.com"),
        "{broken}"
    );
    let no_dry_run = refused(
        &asked("Deployment", "apps"),
        400,
        "BadRequest",
        "admission webhook \"policies.example.com\" does not support dry run",
        &json!({}),
    );
    assert!(
        matches!(
            &*no_dry_run.cause,
            Cause::Webhook {
                fault: WebhookFault::NoDryRun,
                ..
            }
        ),
        "{no_dry_run}"
    );
    let policy = refused(
        &asked("Deployment", "apps"),
        422,
        "Invalid",
        "deployments.apps \"team\" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'all' denied \
         request: at most 5 replicas",
        &json!({}),
    );
    assert!(
        matches!(&*policy.cause, Cause::Webhook { fault: WebhookFault::Denied, name, message } if name == "replicas" && message == "at most 5 replicas"),
        "{policy}"
    );
}

#[test]
fn an_object_that_changed_meanwhile_is_stale() {
    let messages = [
        "Operation cannot be fulfilled on configmaps \"team\": the object has been modified; please apply your changes \
         to the latest version and try again",
        "Operation cannot be fulfilled on ConfigMap \"team\": Precondition failed: UID in precondition: a, UID in \
         object meta: b",
    ];
    for message in messages {
        let refused = refused(
            &asked("ConfigMap", ""),
            409,
            "Conflict",
            message,
            &json!({"name": "team"}),
        );
        assert!(matches!(*refused.cause, Cause::Stale), "{refused}");
    }
    let there = refused(
        &asked("ConfigMap", ""),
        409,
        "AlreadyExists",
        "configmaps \"team\" already exists",
        &json!({"name": "team"}),
    );
    assert!(matches!(*there.cause, Cause::AlreadyExists), "{there}");
}

#[test]
fn a_quota_that_lost_a_race_is_no_stale_object() {
    let refused = refused(
        &asked("ConfigMap", ""),
        409,
        "Conflict",
        "Operation cannot be fulfilled on resourcequotas \"small\": the object has been modified; please apply your \
         changes to the latest version and try again",
        &json!({"name": "small", "kind": "resourcequotas"}),
    );
    assert!(matches!(*refused.cause, Cause::TooManyRequests), "{refused}");
}

#[test]
fn credentials_that_are_not_taken_are_no_missing_right() {
    let refused = refused(
        &asked("ConfigMap", ""),
        401,
        "Unauthorized",
        "Unauthorized",
        &json!({}),
    );
    assert!(matches!(*refused.cause, Cause::Unauthorized { .. }), "{refused}");
}

#[test]
fn pod_security_is_told_in_the_servers_words() {
    let refused = refused(
        &asked("Pod", ""),
        403,
        "Forbidden",
        "pods \"team\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true",
        &json!({"name": "team", "kind": "pods"}),
    );
    assert!(
        matches!(&*refused.cause, Cause::Invalid { message, .. } if message.starts_with("violates PodSecurity")),
        "{refused}"
    );
}

#[test]
fn what_is_no_status_is_told_as_it_is() {
    let asked = asked("ConfigMap", "");
    let refused = asked.refused(Cause::of(&asked, 502, b"bad gateway\n"));
    assert_eq!(
        refused.to_string(),
        "applying ConfigMap registry/team: the server answered 502: bad gateway; look at the server's log, then run \
         it again"
    );
}
