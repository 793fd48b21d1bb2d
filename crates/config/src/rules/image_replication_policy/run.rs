//! What a replication does, and when.

use berth_finding::Rule;

use crate::Kind;
use crate::rules::Out;
use crate::rules::image_replication_policy::hosts::is_public;
use crate::rules::reach::Reach;
use crate::sections::ImageReplicationPolicy;
use crate::value::{ReplicationTrigger, Written};

pub(super) const RP_003: Rule = Rule::error(
    "RP-003",
    "a replication that fetches can't be started by an event",
    "Harbor starts a replication on an event only where the event happens in Harbor itself: a push or a deletion there. From \
     another registry it hears nothing, so a replication that fetches and waits for events never runs. Harbor accepts it \
     all the same.\n\n\
     Let it run on a schedule:\n\n    \
     trigger: scheduled\n    \
     schedule: \"0 */6 * * *\"",
);

pub(super) const RP_004: Rule = Rule::warning(
    "RP-004",
    "deletions are handed on by events only",
    "Harbor hands a deletion on in the moment it happens. A replication that runs on a schedule, or fetches, compares nothing \
     and deletes nothing; images that went at the source stay at the destination.\n\n\
     Push on events, or give the destination a retention policy:\n\n    \
     source: {registry: harbor.example.com}\n    \
     trigger: event_based\n    \
     rules: {deleteImage: true}",
);

pub(super) const RP_005: Rule = Rule::error(
    "RP-005",
    "the replication is told to do nothing",
    "With `pullImage: false` and `deleteImage: false` neither images nor deletions are carried over.\n\n\
     Let it pull, or switch the policy off where a pause is meant:\n\n    \
     rules: {pullImage: true}",
);

pub(super) const RP_006: Rule = Rule::error(
    "RP-006",
    "the schedule can't start the replication",
    "A replication that a schedule starts needs a schedule. Harbor refuses one that fires every minute of an hour (a `*` in \
     the field of minutes), as a run lists the whole source.\n\n\
     Example:\n\n    \
     schedule: \"0 */6 * * *\"",
);

pub(super) const RP_013: Rule = Rule::warning(
    "RP-013",
    "there is a schedule, but the replication is switched off",
    "With `enabled: false` the schedule is kept and never used.\n\n\
     Switch it on, or leave the schedule out:\n\n    \
     enabled: true",
);

pub(super) fn check(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    rp_003(policy, reach, out);
    rp_004(policy, reach, out);
    rp_005(policy, out);
    rp_006(policy, reach, out);
    rp_013(policy, out);
}

fn trigger(policy: &ImageReplicationPolicy) -> ReplicationTrigger {
    let written = policy.trigger.as_ref().and_then(Written::value);
    written.copied().unwrap_or(ReplicationTrigger::Scheduled)
}

/// Whether images are fetched from elsewhere, as far as the documents tell.
fn fetches(policy: &ImageReplicationPolicy, reach: &Reach<'_>) -> bool {
    let here = |host: &str| reach.registries().iter().any(|registry| registry.is_called(host));
    is_public(&policy.source.registry)
        || (here(&policy.destination.registry) && !here(&policy.source.registry))
}

fn rp_003(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if trigger(policy) == ReplicationTrigger::EventBased && fetches(policy, reach) {
        out.at(
            "trigger",
            RP_003,
            "nothing tells of events in the source, so the replication never starts",
        )
        .help("set `trigger: scheduled`");
    }
}

fn rp_004(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    let scheduled = trigger(policy) != ReplicationTrigger::EventBased || fetches(policy, reach);
    if policy.rules.delete_image && scheduled && reach.may_include(Kind::HarborRegistry) {
        out.at(
            "rules.deleteImage",
            RP_004,
            "Harbor hands deletions on only where it pushes on events",
        )
        .help("push with `trigger: event_based`, or give the destination a retention policy");
    }
}

fn rp_005(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    if !policy.rules.pull_image && !policy.rules.delete_image {
        out.at(
            "rules.pullImage",
            RP_005,
            "neither images nor deletions are carried over",
        )
        .help("set `pullImage: true`, or `enabled: false` for a pause");
    }
}

fn rp_006(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if trigger(policy) != ReplicationTrigger::Scheduled || !policy.enabled {
        return;
    }
    if policy.schedule.is_empty() {
        out.at(
            "schedule",
            RP_006,
            "there is no schedule to start the replication",
        )
        .help("such as `0 */6 * * *`");
    }
    let every_minute = policy
        .schedule
        .value()
        .is_some_and(|schedule| schedule.as_str().starts_with('*'));
    let minutes = policy
        .schedule
        .value()
        .map_or(0, |schedule| schedule.minutes().len());
    if every_minute && minutes == 60 && reach.includes(Kind::HarborRegistry) {
        out.at("schedule", RP_006, "Harbor refuses a replication in every minute")
            .help("such as `0 */6 * * *`");
    }
}

fn rp_013(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    if !policy.enabled && !policy.schedule.is_empty() && out.is_set("schedule") {
        out.at(
            "schedule",
            RP_013,
            "the replication is off, so its schedule is never used",
        )
        .help("set `enabled: true`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageReplicationPolicy";
    const HARBOR: (&str, &str) = ("HarborRegistry", "externalURL: 'https://harbor.example.com'");

    #[test]
    fn rp_003_fires_when_a_fetching_replication_waits_for_events_and_not_otherwise() {
        let push = "{source: {registry: harbor.example.com}, trigger: event_based}";
        let fetch = "{source: {registry: other.example.com}, destination: {registry: harbor.example.com}, trigger: event_based}";
        assert!(fires("RP-003", KIND, "trigger: event_based"));
        assert!(fires_among("RP-003", &[(KIND, fetch), HARBOR]));
        assert!(!fires_among("RP-003", &[(KIND, push), HARBOR]));
        assert!(!fires("RP-003", KIND, "trigger: scheduled"));
    }

    #[test]
    fn rp_004_fires_when_deletions_stay_behind_and_not_otherwise() {
        let push =
            "{source: {registry: harbor.example.com}, trigger: event_based, rules: {deleteImage: true}}";
        assert!(fires("RP-004", KIND, "rules: {deleteImage: true}"));
        assert!(!fires_among("RP-004", &[(KIND, push), HARBOR]));
        assert!(!fires_among(
            "RP-004",
            &[(KIND, "rules: {deleteImage: true}"), ("DockerRegistry", "{}")]
        ));
        assert!(!fires("RP-004", KIND, "{}"));
    }

    #[test]
    fn rp_005_fires_when_nothing_is_carried_over_and_not_otherwise() {
        assert!(fires("RP-005", KIND, "rules: {pullImage: false}"));
        assert!(!fires(
            "RP-005",
            KIND,
            "rules: {pullImage: false, deleteImage: true}"
        ));
        assert!(!fires("RP-005", KIND, "{}"));
    }

    #[test]
    fn rp_006_fires_when_the_schedule_can_not_start_it_and_not_otherwise() {
        assert!(fires("RP-006", KIND, "schedule: ''"));
        assert!(fires_among("RP-006", &[(KIND, "schedule: '* 2 * * *'"), HARBOR]));
        assert!(!fires_among(
            "RP-006",
            &[(KIND, "schedule: '*/30 2 * * *'"), HARBOR]
        ));
        assert!(!fires("RP-006", KIND, "{schedule: '', trigger: manual}"));
        assert!(!fires("RP-006", KIND, "{}"));
    }

    #[test]
    fn rp_013_fires_when_a_schedule_is_never_used_and_not_otherwise() {
        assert!(fires("RP-013", KIND, "{enabled: false, schedule: '0 1 * * *'}"));
        assert!(!fires("RP-013", KIND, "enabled: false"));
        assert!(!fires("RP-013", KIND, "schedule: '0 1 * * *'"));
    }
}
