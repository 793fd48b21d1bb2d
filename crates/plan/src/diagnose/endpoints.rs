//! Step three: does the Service lead to a pod that is ready?

use serde_json::Value as Json;

use super::seen::{list, text};
use super::{Patient, codes};

pub(super) fn diagnose(patient: &mut Patient<'_>) {
    let (namespace, instance) = patient.place();
    let (namespace, instance) = (namespace.to_owned(), instance.to_owned());
    let rendered = patient.rendered;
    let services = rendered.objects.iter().filter(|object| {
        object.kind() == "Service"
            && object.metadata().namespace.as_deref() == Some(namespace.as_str())
            && object.metadata().labels.get(crate::render::INSTANCE) == Some(&instance)
    });
    for service in services {
        let key = service.key();
        let Some(live) = patient.seen.live.get(&key) else {
            patient.tell(
                codes::DG_009,
                format!("{key} isn't in the cluster"),
                "run `berth apply`",
            );
            continue;
        };
        let (ready, unready) = endpoints(patient, &namespace, &key.name);
        if ready > 0 {
            continue;
        }
        let selected = selected(patient, &namespace, live);
        let (why, help) = match (unready, selected) {
            (0, 0) => (
                "its selector finds no pod".to_owned(),
                format!(
                    "compare: kubectl get svc -n {namespace} {} -o wide; kubectl get pods -n {namespace} --show-labels; `berth plan` tells what was changed",
                    key.name
                ),
            ),
            (unready, selected) => (
                format!("none of the {} pods behind it is ready", unready.max(selected)),
                "the pods come first: see what is said of them".to_owned(),
            ),
        };
        patient.tell(codes::DG_008, format!("{key} leads nowhere: {why}"), help);
    }
}

/// How many addresses of a Service are ready, and how many aren't.
fn endpoints(patient: &Patient<'_>, namespace: &str, service: &str) -> (usize, usize) {
    let slices = patient.seen.endpoint_slices.iter().filter(|slice| {
        text(slice, "/metadata/namespace") == namespace
            && text(slice, "/metadata/labels/kubernetes.io~1service-name") == service
    });
    let all = slices.flat_map(|slice| list(slice, "/endpoints"));
    let is_ready =
        |endpoint: &&Json| endpoint.pointer("/conditions/ready").and_then(Json::as_bool) != Some(false);
    let (ready, unready): (Vec<&Json>, Vec<&Json>) = all.partition(is_ready);
    (ready.len(), unready.len())
}

/// How many pods a Service's selector finds.
fn selected(patient: &Patient<'_>, namespace: &str, service: &Json) -> usize {
    let Some(selector) = service.pointer("/spec/selector").and_then(Json::as_object) else {
        return 0;
    };
    let pods = patient.seen.pods.iter().filter(|pod| {
        text(pod, "/metadata/namespace") == namespace
            && selector.iter().all(|(key, value)| {
                pod.pointer("/metadata/labels").and_then(|labels| labels.get(key)) == Some(value)
            })
    });
    pods.count()
}
