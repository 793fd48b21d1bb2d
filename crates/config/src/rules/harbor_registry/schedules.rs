//! What Harbor does by the clock: replication and garbage collection.

use berth_finding::{Level, Rule};

use crate::Spec;
use crate::document::Document;
use crate::rules::Out;
use crate::sections::HarborRegistry;
use crate::value::CronSchedule;

pub(super) const HB_049: Rule = Rule::warning(
    "HB-049",
    "not applied: replication is enabled and no replication policy applies to this Harbor",
    "\
Harbor has no replication as a whole, only policies, each with a source, a destination and a trigger. `replication.schedule` is
what policies get that have none of their own. Declare one, or turn it off.

    kind: ImageReplicationPolicy
    spec: {sourceRegistry: harbor.example.com, destinationRegistry: mirror.example.com}
",
);

pub(super) const HB_050: Rule = Rule::error(
    "HB-050",
    "the replication schedule fires every minute, which Harbor refuses",
    "\
Harbor's cron has a field for seconds in front, which Berth adds as 0. For replication Harbor also refuses `*` for the minutes:
a copy that begins each minute never ends. Name a minute, or `*/15`.

    replication: {schedule: \"0 * * * *\"}
",
);

pub(super) const HB_051: Rule = Rule::error(
    "HB-051",
    "garbage collection has no schedule, a wrong number of workers, or deletes images in use",
    "\
An enabled collection needs its schedule, and runs with 1 to 5 workers. With `deleteUntagged` (a warning) it deletes every
image without a tag, also one that a cluster runs by its digest after its tag has moved: the next node that pulls it gets 404.

    garbageCollection: {enabled: true, schedule: \"0 4 * * *\", workers: 2, deleteUntagged: false}
",
);

pub(super) const HB_052: Rule = Rule::warning(
    "HB-052",
    "garbage is collected before retention has run that day",
    "\
Retention takes tags away, and only the collection after it frees the space. In the other order what retention freed at night
stays on the disk for another day. Let the collection begin an hour or more after retention.

    # ImageRetentionPolicy: schedule \"0 2 * * *\"
    garbageCollection: {schedule: \"0 4 * * *\"}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_050_every_minute(harbor, out);
    if harbor.garbage_collection.enabled {
        hb_051_collection(harbor, out);
    }
}

/// Replication and the policies on it that apply to this Harbor.
pub(super) fn check_replication(policies: &[&Document], harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let copies =
        |policy: &&Document| matches!(&policy.spec, Spec::ImageReplicationPolicy(policy) if policy.enabled);
    if harbor.replication.enabled && !policies.iter().any(copies) {
        out.at(
            "replication.enabled",
            HB_049,
            "`replication` is not applied: no ImageReplicationPolicy is for this Harbor",
        )
        .help("declare one, or write `replication: {enabled: false}`");
    }
}

fn hb_050_every_minute(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let schedule = &harbor.replication.schedule;
    if !harbor.replication.enabled {
        return;
    }
    if schedule.is_empty() {
        out.at(
            "replication.schedule",
            HB_050,
            "replication is enabled and has no schedule",
        )
        .help("such as 0 0 * * *");
    } else if schedule
        .value()
        .is_some_and(|schedule| schedule.minutes().len() == 60)
    {
        out.at(
            "replication.schedule",
            HB_050,
            "Harbor refuses replication in every minute",
        )
        .help("name the minutes, such as */15");
    }
}

fn hb_051_collection(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let collection = &harbor.garbage_collection;
    if collection.schedule.is_empty() {
        out.at(
            "garbageCollection.schedule",
            HB_051,
            "the collection is enabled and has no schedule",
        )
        .help("such as 0 4 * * *, or `enabled: false`");
    }
    if collection.delete_untagged {
        out.at(
            "garbageCollection.deleteUntagged",
            HB_051,
            "`garbageCollection.deleteUntagged`: images without a tag go, also those that clusters run by digest",
        )
        .level(Level::Warning)
        .help("set it to false, unless nothing is pulled by digest");
    }
}

/// The collection and the retention policies that apply to this Harbor.
pub(super) fn check_retention(policies: &[&Document], harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let collection = &harbor.garbage_collection;
    let Some(collected) = collection.schedule.value().filter(|_| collection.enabled) else {
        return;
    };
    let after = |policy: &&&Document| match &policy.spec {
        Spec::ImageRetentionPolicy(policy) => policy
            .schedule
            .value()
            .is_some_and(|retained| last_of_day(collected) <= last_of_day(retained)),
        _ => false,
    };
    if let Some(policy) = policies.iter().find(after) {
        let message = format!(
            "garbage is collected no later than the policy `{}` runs",
            policy.base_name
        );
        out.at("garbageCollection.schedule", HB_052, message)
            .help("let it begin an hour after retention, or later");
    }
}

/// The hour and minute at which it last fires on a day.
fn last_of_day(schedule: &CronSchedule) -> (Option<u16>, Option<u16>) {
    (
        schedule.hours().into_iter().max(),
        schedule.minutes().into_iter().max(),
    )
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::harbor_registry::trial::{fires, fires_with, level_of, silent};

    #[test]
    fn hb_049_fires_when_nothing_is_copied_and_not_otherwise() {
        fires("HB-049", &["{}"]);
        silent("HB-049", &["replication: {enabled: false}"]);
        assert!(!fires_with("HB-049", "{}", "ImageReplicationPolicy", "{}"));
        assert!(fires_with(
            "HB-049",
            "{}",
            "ImageReplicationPolicy",
            "enabled: false"
        ));
        assert!(fires_with(
            "HB-049",
            "{}",
            "ImageReplicationPolicy",
            "registries: [another]"
        ));
    }

    #[test]
    fn hb_050_fires_when_harbor_refuses_the_schedule_and_not_otherwise() {
        fires(
            "HB-050",
            &[
                "replication: {schedule: '* 3 * * *'}",
                "replication: {schedule: ''}",
            ],
        );
        silent(
            "HB-050",
            &[
                "{}",
                "replication: {schedule: '*/15 * * * *'}",
                "replication: {enabled: false, schedule: '* * * * *'}",
            ],
        );
    }

    #[test]
    fn hb_051_fires_when_the_collection_can_not_be_right_and_not_otherwise() {
        fires(
            "HB-051",
            &[
                "{}",
                "garbageCollection: {schedule: '', deleteUntagged: false}",
                "garbageCollection: {workers: 6, deleteUntagged: false}",
            ],
        );
        silent(
            "HB-051",
            &[
                "garbageCollection: {deleteUntagged: false, workers: 5}",
                "garbageCollection: {enabled: false, schedule: ''}",
            ],
        );
        assert_eq!(level_of("HB-051", "{}"), Some(Level::Warning));
    }

    #[test]
    fn hb_052_fires_when_garbage_goes_first_and_not_otherwise() {
        let at = |collection: &str, retention: &str| {
            let spec = format!("garbageCollection: {{schedule: '{collection}'}}");
            fires_with(
                "HB-052",
                &spec,
                "ImageRetentionPolicy",
                &format!("schedule: '{retention}'"),
            )
        };
        assert!(at("0 2 * * *", "0 2 * * *") && at("0 1 * * *", "0 2 * * *"));
        assert!(!at("0 4 * * *", "0 2 * * *") && !at("0 */6 * * *", "0 2 * * *"));
        silent("HB-052", &["{}"]);
    }
}
