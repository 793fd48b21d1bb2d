//! How a pod stops, and how its health is told.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;

pub(super) const DR_057: Rule = Rule::warning(
    "DR-057",
    "running uploads are cut when the registry stops",
    "\
Docker's registry drains its connections at a stop only when `http.draintimeout` is set, and Kubernetes kills it after
`terminationGracePeriodSeconds` (30 without it) whatever it does. Set the first, and keep it under the second.

    http: {draintimeout: 60s}
    terminationGracePeriodSeconds: 90
",
);

pub(super) const DR_060: Rule = Rule::warning(
    "DR-060",
    "the pod is restarted before the storage check can tell of a failure",
    "\
`health.storagedriver` makes the registry answer 503 after `threshold` failures, one each `interval`. When that takes
longer than the liveness probe waits (30 seconds), a failed store shows first as restarts, which don't help.

    health:
      storagedriver: {enabled: true, interval: 10s, threshold: 3}
",
);

const DR_057_UNSET: Rule = Rule {
    level: Level::Info,
    prod_level: Level::Warning,
    ..DR_057
};

/// How long Kubernetes waits for a pod to stop when nothing else is said, in seconds.
const DEFAULT_GRACE_SECONDS: i64 = 30;

/// How long a pod's probe waits before it restarts the pod, in seconds.
const PROBE_WINDOW_SECONDS: u128 = 30;

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    if place.is_cluster() {
        drain(registry, out);
        health(registry, out);
    }
}

fn drain(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let grace = registry
        .termination_grace_period_seconds
        .unwrap_or(DEFAULT_GRACE_SECONDS);
    match &registry.http.draintimeout {
        None if facts::is_distribution(registry) => {
            out.at(
                "http.draintimeout",
                DR_057_UNSET,
                "running uploads are cut at each rollout",
            )
            .help("set `http.draintimeout`, such as 20s");
        }
        Some(drain)
            if drain
                .value()
                .is_some_and(|drain| drain.seconds() >= u128::try_from(grace).unwrap_or(0)) =>
        {
            out.at(
                "http.draintimeout",
                DR_057,
                format!("the pod is killed after {grace}s, before it has drained"),
            )
            .help("set terminationGracePeriodSeconds above it");
        }
        _ => {}
    }
}

fn health(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let storage = registry
        .health
        .as_ref()
        .and_then(|health| health.storagedriver.as_ref());
    let Some(check) = storage.filter(|check| check.enabled) else {
        return;
    };
    let interval = check
        .interval
        .as_ref()
        .and_then(|interval| interval.value())
        .map_or(10, |value| value.seconds());
    let threshold = u128::try_from(check.threshold.unwrap_or(3)).unwrap_or(0);
    if interval.saturating_mul(threshold) > PROBE_WINDOW_SECONDS {
        out.at(
            "health.storagedriver",
            DR_060,
            format!(
                "a failed store is told after {}s, but the pod is restarted after 30s",
                interval * threshold
            ),
        )
        .help("keep interval times threshold at 30s or less");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, registry};

    #[test]
    fn dr_057_fires_when_uploads_are_cut_and_not_when_they_drain() {
        assert_eq!(level_of("DR-057", &registry("{}")), ["info", "warning"]);
        assert_eq!(
            level_of("DR-057", &registry("http: {draintimeout: 60s}")),
            ["warning", "warning"]
        );
        let patient = "{http: {draintimeout: 60s}, terminationGracePeriodSeconds: 90}";
        assert!(!fires("DR-057", &registry(patient)));
        assert!(!fires_here("DR-057", &registry("{}")));
    }

    #[test]
    fn dr_060_fires_on_a_slow_storage_check_and_not_on_a_quick_one() {
        let with = |interval: &str| registry(&format!("health: {{storagedriver: {{interval: {interval}}}}}"));
        assert!(fires("DR-060", &with("30s")));
        assert!(!fires("DR-060", &with("10s")));
        assert!(!fires("DR-060", &registry("{}")));
    }
}
