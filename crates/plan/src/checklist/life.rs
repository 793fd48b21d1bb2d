//! Whether it can run, how it grows, and what happens when a part of it fails.

use super::{Question, Reply};

pub(super) fn is_supported(question: &Question<'_>) -> Reply {
    let kind = question.document.kind().as_str();
    let version = question.workload.version;
    if let Some(finding) = question.error(&["K-010", "K-011"]) {
        let help = finding.help.clone();
        return Reply::fail(
            finding.message.clone(),
            help.unwrap_or_else(|| format!("berth explain {}", finding.code)),
        );
    }
    Reply::pass(format!(
        "{kind} {version} on Kubernetes {}",
        question.seen.version
    ))
}

pub(super) fn scaling(question: &Question<'_>) -> Reply {
    let how =
        "set `autoscaling: {minReplicas, maxReplicas}`, or more replicas on storage that they can share";
    if let Some(scaler) = question.declared("HorizontalPodAutoscaler").next() {
        return match question.live(scaler) {
            Some(_) => Reply::pass(format!("{} scales it by load", scaler.key())),
            None => Reply::fail(
                format!("{} isn't in the cluster", scaler.key()),
                "run `berth apply`",
            ),
        };
    }
    let workloads = question
        .declared("Deployment")
        .chain(question.declared("StatefulSet"));
    let replicas = workloads.filter_map(|object| object.body().get("spec")?.get("replicas")?.as_u64());
    match replicas.max() {
        Some(most) if most > 1 => Reply::pass(format!("a fixed number of replicas, {most} at most")),
        _ => Reply::yours("one replica of each part, and nothing scales it", how),
    }
}

pub(super) fn failover(question: &Question<'_>) -> Reply {
    let selector = format!("app.kubernetes.io/instance={}", question.document.base_name);
    let how = format!(
        "delete a pod (`kubectl delete pod -n {} -l {selector}`) while `berth status --watch` runs, and restore a backup elsewhere",
        question.workload.namespace.text()
    );
    Reply::yours("only a test of yours shows that it comes back", how)
}
