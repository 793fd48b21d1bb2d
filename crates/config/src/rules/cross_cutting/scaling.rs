//! Disruption budgets and autoscaling.

use berth_finding::{Level, Rule};

use super::fields;
use crate::Spec;
use crate::document::Document;
use crate::rules::{Out, RuleContext, Sink};
use crate::sections::{Persistence, PodDisruptionBudget};
use crate::value::{AccessMode, StorageDriver};

pub(super) const K_022: Rule = Rule::warning(
    "K-022",
    "a disruption budget blocks every drain of a node",
    "\
A budget that needs all replicas (minAvailable at or above replicas, or maxUnavailable 0) lets no pod be moved, so
draining a node waits forever. With one replica no budget is made at all.

    replicas: 3
    podDisruptionBudget: {minAvailable: \"2\"}
",
);

pub(super) const K_023: Rule = Rule::error(
    "K-023",
    "autoscaling can't work as configured",
    "\
The autoscaler owns the number of replicas, so a fixed one contradicts it; it counts in per cent of `requests.cpu`, which
must be given; its minimum can't be above its maximum; and a registry on a volume for one node can't be multiplied.

    storage: {driver: s3, s3: {enabled: true}}
    autoscaling: {enabled: true, minReplicas: 2, maxReplicas: 6}
    resources: {requests: {cpu: 100m}}
",
);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        let Some(workload) = document.spec.workload() else {
            continue;
        };
        let out = &mut sink.on(document);
        if let Some(budget) = workload.pod_disruption_budget.filter(|budget| budget.enabled) {
            disruption(document, budget, out);
        }
        if workload
            .autoscaling
            .is_some_and(|autoscaling| autoscaling.enabled)
        {
            autoscaling(document, out);
        }
    }
}

fn disruption(document: &Document, budget: &PodDisruptionBudget, out: &mut Out<'_, '_>) {
    if budget.min_available.is_some() && budget.max_unavailable.is_some() {
        out.at(
            "podDisruptionBudget",
            K_022,
            "minAvailable and maxUnavailable exclude each other",
        )
        .level(Level::Error)
        .help("keep one of them");
        return;
    }
    let replicas = fields::replicas(&document.spec);
    let most = replicas.iter().map(|(_, replicas)| *replicas).max().unwrap_or(1);
    for (path, text, blocks) in [
        (
            "podDisruptionBudget.minAvailable",
            &budget.min_available,
            stays(budget.min_available.as_deref(), most),
        ),
        (
            "podDisruptionBudget.maxUnavailable",
            &budget.max_unavailable,
            none_may_go(budget.max_unavailable.as_deref()),
        ),
    ] {
        if text.as_deref().is_some_and(|text| number(text).is_none()) {
            out.at(path, K_022, "this is neither a number nor a share")
                .level(Level::Error)
                .help("a number in quotes, or a share such as 50%");
        } else if blocks && most > 1 {
            out.at(path, K_022, "no pod may ever be moved, so nodes can't be drained")
                .help("let one replica go");
        }
    }
}

/// A number, and whether it is a share of 100.
fn number(text: &str) -> Option<(i64, bool)> {
    let (digits, share) = text
        .strip_suffix('%')
        .map_or((text, false), |digits| (digits, true));
    let number: i64 = digits.parse().ok()?;
    (number >= 0 && (!share || number <= 100)).then_some((number, share))
}

fn stays(text: Option<&str>, replicas: i64) -> bool {
    match text.and_then(number) {
        Some((share, true)) => share == 100,
        Some((number, false)) => number >= replicas,
        None => false,
    }
}

fn none_may_go(text: Option<&str>) -> bool {
    text.and_then(number).is_some_and(|(number, _)| number == 0)
}

fn autoscaling(document: &Document, out: &mut Out<'_, '_>) {
    let Some(autoscaling) = document.spec.workload().and_then(|workload| workload.autoscaling) else {
        return;
    };
    if autoscaling.min_replicas > autoscaling.max_replicas {
        out.at(
            "autoscaling.minReplicas",
            K_023,
            "the fewest replicas are more than the most",
        )
        .help("lower minReplicas, or raise maxReplicas");
    }
    for (path, _) in fields::replicas(&document.spec) {
        if out.is_set(path) {
            out.at(
                path,
                K_023,
                format!("`{path}` is fixed, but autoscaling changes it"),
            )
            .help("take one of the two out");
        }
    }
    if let Some(why) = single(document) {
        out.at("autoscaling", K_023, why).help("take autoscaling out");
    }
}

/// Why this registry can't be multiplied.
fn single(document: &Document) -> Option<&'static str> {
    let shared = document
        .spec
        .workload()
        .and_then(|workload| workload.persistence)
        .is_some_and(is_shared);
    match &document.spec {
        Spec::NexusRegistry(_) => Some("one Nexus alone can use its data"),
        Spec::ArtifactoryRegistry(spec)
            if !shared
                && spec
                    .filestore
                    .as_ref()
                    .is_none_or(|filestore| filestore.kind == "file-system") =>
        {
            Some("the volume of files goes to one node")
        }
        Spec::DockerRegistry(spec)
            if !shared && spec.storage.driver.value() == Some(&StorageDriver::Filesystem) =>
        {
            Some("the volume of images goes to one node")
        }
        _ => None,
    }
}

fn is_shared(volume: &Persistence) -> bool {
    volume.access_mode.as_ref().and_then(|mode| mode.value()) == Some(&AccessMode::ReadWriteMany)
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy, registry};

    #[test]
    fn k_022_fires_on_budgets_that_block_drains_and_not_on_others() {
        let with = |replicas: u8, budget: &str| {
            registry(&format!(
                "{{replicas: {replicas}, podDisruptionBudget: {{{budget}}}}}"
            ))
        };
        for blocking in [
            "minAvailable: '3'",
            "minAvailable: 100%",
            "maxUnavailable: '0'",
            "maxUnavailable: 0%",
        ] {
            assert_eq!(
                level_of("K-022", &with(3, blocking)),
                ["warning", "warning"],
                "{blocking}"
            );
        }
        for wrong in [
            "minAvailable: most",
            "minAvailable: '1', maxUnavailable: '1'",
            "minAvailable: 150%",
        ] {
            assert_eq!(level_of("K-022", &with(3, wrong)), ["error", "error"], "{wrong}");
        }
        assert!(!fires("K-022", &with(3, "minAvailable: '2'")));
        assert!(!fires("K-022", &with(3, "maxUnavailable: 50%")));
        assert!(!fires("K-022", &with(1, "minAvailable: '1'")));
    }

    #[test]
    fn k_023_fires_on_autoscaling_that_can_not_work_and_not_on_what_can() {
        let store = "storage: {driver: s3, s3: {enabled: true}}";
        let with = |more: &str| registry(&format!("{{{store}, {more}}}"));
        assert!(fires("K-023", &with("replicas: 3, autoscaling: {}")));
        assert!(fires(
            "K-023",
            &with("autoscaling: {minReplicas: 5, maxReplicas: 2}")
        ));
        assert!(fires("K-023", &with("autoscaling: {minReplicas: 0}")));
        assert!(fires("K-023", &registry("autoscaling: {}")));
        assert!(fires("K-023", &policy("NexusRegistry", "autoscaling: {}")));
        assert!(fires("K-023", &policy("ArtifactoryRegistry", "autoscaling: {}")));
        assert!(!fires(
            "K-023",
            &with("autoscaling: {minReplicas: 2, maxReplicas: 5}")
        ));
        assert!(!fires(
            "K-023",
            &with("replicas: 3, autoscaling: {enabled: false}")
        ));
        assert!(!fires(
            "K-023",
            &registry("{autoscaling: {}, persistence: {accessMode: ReadWriteMany}}")
        ));
    }
}
