//! The twelve items of the deployment checklist.

use berth_plan::checklist::{Answer, Seen, StorageClass, Verdict, checklist};
use serde_json::json;

use crate::cluster::{declared, live};

const REGISTRY: &str = "\
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec: {namespace: registry, persistence: {size: 10Gi}%}
";

/// The answers for a registry with more fields, in a cluster that has all of it, after a change.
fn answers(fields: &str, change: impl Fn(&mut Seen)) -> Vec<Answer> {
    let text = REGISTRY.replace('%', fields);
    let (documents, rendered) = declared(&text);
    let mut seen = Seen {
        version: "1.31".to_owned(),
        storage_classes: vec![StorageClass {
            name: "standard".to_owned(),
            is_default: true,
        }],
        kinds: ["ServiceMonitor", "PrometheusRule"]
            .map(|kind| format!("{kind}.monitoring.coreos.com"))
            .into(),
        live: rendered
            .objects
            .iter()
            .map(|object| (object.key(), live(object)))
            .collect(),
    };
    change(&mut seen);
    checklist(&documents, &rendered, &rendered.findings, &seen)
}

fn verdict(number: usize, fields: &str, change: impl Fn(&mut Seen)) -> Verdict {
    let answers = answers(fields, change);
    let answer = answers
        .into_iter()
        .find(|answer| answer.number == number)
        .unwrap();
    assert_eq!(
        answer.verdict == Verdict::Pass,
        answer.how.is_none(),
        "{answer:?}"
    );
    answer.verdict
}

const SAME: fn(&mut Seen) = |_| {};

#[test]
fn there_are_twelve_answers_and_each_that_is_no_pass_says_how() {
    let answers = answers("", SAME);
    assert_eq!(answers.len(), 12);
    for answer in &answers {
        assert_eq!(
            answer.verdict == Verdict::Pass,
            answer.how.is_none(),
            "{answer:?}"
        );
    }
}

#[test]
fn a_supported_registry_passes() {
    assert_eq!(verdict(1, "", SAME), Verdict::Pass);
}

#[test]
fn storage_wants_a_class_that_is_there_and_a_claim_that_is_there() {
    assert_eq!(verdict(2, "", SAME), Verdict::Pass);
    assert_eq!(verdict(2, "", |seen| seen.storage_classes.clear()), Verdict::Fail);
    let text = REGISTRY.replace("persistence: {size: 10Gi}%", "replicas: 1");
    let (documents, rendered) = declared(&text);
    let answers = checklist(&documents, &rendered, &[], &Seen::default());
    assert_eq!(answers[1].verdict, Verdict::Fail, "{:?}", answers[1]);
    let gone = |seen: &mut Seen| seen.live.retain(|key, _| key.kind != "PersistentVolumeClaim");
    assert_eq!(verdict(2, "", gone), Verdict::Fail);
}

#[test]
fn a_registry_without_a_database_passes() {
    assert_eq!(verdict(3, "", SAME), Verdict::Pass);
}

#[test]
fn authentication_that_is_off_fails() {
    assert_eq!(verdict(4, "", SAME), Verdict::Pass);
    assert_eq!(verdict(4, ", auth: {enabled: false}", SAME), Verdict::Fail);
}

#[test]
fn scanning_and_retention_are_ones_own_as_long_as_nothing_enforces_them() {
    assert_eq!(verdict(5, "", SAME), Verdict::YoursToDo);
    assert_eq!(verdict(6, "", SAME), Verdict::YoursToDo);
}

#[test]
fn replicas_or_a_scaler_are_a_strategy() {
    assert_eq!(verdict(8, "", SAME), Verdict::YoursToDo);
    let many = ", replicas: 3, storage: {driver: s3, s3: {bucket: b, region: r}}";
    assert_eq!(verdict(8, many, SAME), Verdict::Pass);
}

#[test]
fn monitoring_wants_the_operator_s_kinds() {
    let fields = ", metrics: {enabled: true, serviceMonitor: {enabled: true}, rules: {enabled: true}}";
    assert_eq!(verdict(9, "", SAME), Verdict::YoursToDo);
    assert_eq!(verdict(9, fields, |seen| seen.kinds.clear()), Verdict::Fail);
}

#[test]
fn failover_and_windows_are_always_ones_own() {
    assert_eq!(verdict(10, "", SAME), Verdict::YoursToDo);
    assert_eq!(verdict(12, "", SAME), Verdict::YoursToDo);
}

#[test]
fn an_owner_documents_a_registry() {
    assert_eq!(verdict(11, "", SAME), Verdict::YoursToDo);
    assert_eq!(verdict(11, ", cost: {owner: team-a}", SAME), Verdict::Pass);
}

#[test]
fn a_workload_that_is_not_ready_fails_what_depends_on_its_database() {
    let harbor = "\
apiVersion: berth.dev/v1
kind: HarborRegistry
metadata: {name: hub}
spec: {externalURL: https://hub.example, database: {managed: true}, redis: {managed: true}}
";
    let (documents, rendered) = declared(harbor);
    let mut seen = Seen {
        live: rendered
            .objects
            .iter()
            .map(|object| (object.key(), live(object)))
            .collect(),
        ..Seen::default()
    };
    let database = |seen: &Seen| {
        let answers = checklist(&documents, &rendered, &[], seen);
        answers.into_iter().find(|answer| answer.number == 3).unwrap()
    };
    assert_eq!(database(&seen).verdict, Verdict::Pass, "{:?}", database(&seen));
    let core = seen
        .live
        .values_mut()
        .find(|live| live["kind"] == "Deployment")
        .unwrap();
    core["status"] = json!({"observedGeneration": 1});
    assert_eq!(database(&seen).verdict, Verdict::Fail);
}
