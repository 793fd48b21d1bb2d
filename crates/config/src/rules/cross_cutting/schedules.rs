//! Schedules in cron's notation.

use berth_finding::{Level, Rule};

use super::planned::{Planned, Work, planned, time_zone};
use crate::Kind;
use crate::document::Document;
use crate::rules::{RuleContext, Sink};
use crate::value::CronSchedule;

pub(super) const K_016: Rule = Rule::error(
    "K-016",
    "a schedule is malformed, or never fires",
    "\
A schedule has five fields: minute, hour, day of the month, month, day of the week, such as `0 2 * * *`. The marks ?, L
and W of other schedulers are not known to Kubernetes. A date that doesn't exist (31 February) is a warning.

    schedule: \"0 2 * * *\"
",
);

pub(super) const K_017: Rule = Rule::warning(
    "K-017",
    "a schedule fires too often for work that walks the whole registry",
    "\
Garbage collection, retention and replication read every tag. More often than every 15 minutes, runs overlap or the
registry does little else; every minute is an error.

    schedule: \"0 */6 * * *\"
",
);

pub(super) const K_018: Rule = Rule::warning(
    "K-018",
    "a schedule names no time zone",
    "\
A CronJob without `timeZone` fires in the time zone of the cluster's controller, which differs from cluster to cluster;
Harbor counts in UTC. CronJobs take a time zone on every supported version of Kubernetes.

    schedule: \"0 2 * * *\"
    timeZone: Europe/Berlin
",
);

pub(super) const K_019: Rule = Rule::warning(
    "K-019",
    "retention and garbage collection fire at the same time",
    "\
Retention and replication still work on what the collector is reading, and space is given back only by a collection
after the retention. Let the collection follow some hours later.

    schedule: \"0 2 * * *\"                       # the retention policy's
    garbageCollection: {schedule: \"0 5 * * *\"}  # the registry's
",
);

const MINUTES_A_DAY: u16 = 24 * 60;

/// Minutes that a walk over the whole registry should have.
const LEAST_GAP: u16 = 15;

/// Minutes within which two runs are taken to meet.
const WINDOW: u16 = 60;

/// How often a day something may run so that meeting it says anything.
const MOST_RUNS: usize = 24;

/// Days of each month, February in a leap year.
const DAYS: [u16; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        for planned in planned(document) {
            never(document, &planned, sink);
            too_often(document, &planned, sink);
            no_time_zone(document, &planned, sink);
        }
        meets_collection(document, context, sink);
    }
}

fn never(document: &Document, planned: &Planned<'_>, sink: &mut Sink<'_>) {
    let pattern = &planned.schedule.cron().pattern;
    let (days, months) = (pattern.days.values(), pattern.months.values());
    let exists = months.iter().any(|month| {
        DAYS.get(usize::from(*month).wrapping_sub(1))
            .is_some_and(|last| days.iter().any(|day| day <= last))
    });
    if pattern.is_dow_wildcard() && !exists {
        sink.on(document)
            .at(
                &planned.path,
                K_016,
                format!("`{}` never fires", planned.schedule.as_str()),
            )
            .level(Level::Warning)
            .help("name a day that its month has");
    }
}

fn too_often(document: &Document, planned: &Planned<'_>, sink: &mut Sink<'_>) {
    if !matches!(
        planned.work,
        Work::Collection | Work::Retention | Work::Replication
    ) {
        return;
    }
    let out = &mut sink.on(document);
    match least_gap(planned.schedule) {
        Some(1) => {
            out.at(&planned.path, K_017, "it fires every minute")
                .level(Level::Error)
                .help("such as 0 */6 * * *");
        }
        Some(gap) if gap < LEAST_GAP => {
            out.at(
                &planned.path,
                K_017,
                format!("it fires again after {gap} minutes"),
            )
            .help("such as 0 */6 * * *");
        }
        _ => {}
    }
}

/// The minutes of the day at which it fires, in order.
fn minutes(schedule: &CronSchedule) -> Vec<u16> {
    let minutes = schedule.minutes();
    schedule
        .hours()
        .iter()
        .flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute))
        .collect()
}

/// The fewest minutes between two runs of a day.
fn least_gap(schedule: &CronSchedule) -> Option<u16> {
    let minutes = minutes(schedule);
    minutes.windows(2).map(|pair| pair[1] - pair[0]).min()
}

fn no_time_zone(document: &Document, planned: &Planned<'_>, sink: &mut Sink<'_>) {
    if planned.by_cron_job && time_zone(document).is_none() {
        sink.on(document)
            .at(
                &planned.path,
                K_018,
                format!(
                    "`{}` is in the time zone of the cluster",
                    planned.schedule.as_str()
                ),
            )
            .help("set timeZone, such as Europe/Berlin or Etc/UTC");
    }
}

fn meets_collection(registry: &Document, context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    let collections = planned(registry)
        .into_iter()
        .filter(|planned| planned.work == Work::Collection);
    for collection in collections {
        for kind in [Kind::ImageRetentionPolicy, Kind::ImageReplicationPolicy] {
            for policy in context.policies_for(registry, kind) {
                for run in planned(policy)
                    .iter()
                    .filter(|run| meet(run.schedule, collection.schedule))
                {
                    sink.on(policy)
                        .at(
                            &run.path,
                            K_019,
                            format!("it meets the garbage collection of `{}`", registry.base_name),
                        )
                        .help(format!("let {} follow some hours later", collection.path));
                }
            }
        }
    }
}

/// Whether two schedules fire within the same hour.
fn meet(one: &CronSchedule, other: &CronSchedule) -> bool {
    let (one, other) = (minutes(one), minutes(other));
    if one.len() > MOST_RUNS || other.len() > MOST_RUNS {
        return false;
    }
    one.iter().any(|one| {
        other.iter().any(|other| {
            let apart = one.abs_diff(*other);
            apart.min(MINUTES_A_DAY - apart) < WINDOW
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, policy, registry};

    fn retention(schedule: &str) -> String {
        policy("ImageRetentionPolicy", &format!("schedule: '{schedule}'"))
    }

    #[test]
    fn k_016_fires_on_malformed_and_impossible_schedules_and_not_on_good_ones() {
        for wrong in ["0 2 * *", "0 0 2 * * ?", "0 2 L * *", "61 2 * * *", "@daily"] {
            assert_eq!(
                level_of("K-016", &retention(wrong)),
                ["error", "error"],
                "{wrong}"
            );
        }
        for never in ["0 2 31 2 *", "0 2 31 4,6 *"] {
            assert_eq!(
                level_of("K-016", &retention(never)),
                ["warning", "warning"],
                "{never}"
            );
        }
        for right in [
            "0 2 * * *",
            "0 2 29 2 *",
            "0 2 31 2 MON",
            "*/30 1-5 * JAN,JUL SUN",
        ] {
            assert!(!fires("K-016", &retention(right)), "{right}");
        }
    }

    #[test]
    fn k_017_fires_on_runs_that_follow_too_soon_and_not_on_seldom_ones() {
        assert_eq!(
            level_of("K-017", &retention("*/5 * * * *")),
            ["warning", "warning"]
        );
        assert_eq!(level_of("K-017", &retention("* * * * *")), ["error", "error"]);
        assert!(!fires("K-017", &retention("*/15 * * * *")));
        assert!(!fires(
            "K-017",
            &policy("ImageBuildConfig", "schedule: '*/5 * * * *'")
        ));
        assert!(!fires(
            "K-017",
            &policy(
                "ImageReplicationPolicy",
                "{enabled: false, schedule: '* * * * *'}"
            )
        ));
    }

    #[test]
    fn k_018_fires_without_a_time_zone_on_a_cluster_and_not_with_one() {
        assert!(fires("K-018", &retention("0 2 * * *")));
        assert!(!fires_here("K-018", &retention("0 2 * * *")));
        assert!(!fires(
            "K-018",
            &policy("ImageRetentionPolicy", "timeZone: Etc/UTC")
        ));
        assert!(!fires("K-018", &policy("HarborRegistry", "{}")));
    }

    #[test]
    fn k_019_fires_when_a_policy_meets_the_collection_and_not_when_it_precedes() {
        let with = |collection: &str, policy: &str| {
            let registry = registry(&format!("garbageCollection: {{schedule: '{collection}'}}"));
            format!("{registry}\n---\n{}", retention(policy))
        };
        assert!(fires("K-019", &with("0 2 * * *", "0 2 * * *")));
        assert!(fires("K-019", &with("30 0 * * *", "50 23 * * *")));
        assert!(!fires("K-019", &with("0 5 * * *", "0 2 * * *")));
        assert!(!fires("K-019", &with("0 2 * * *", "*/30 * * * *")));
        assert!(!fires("K-019", &retention("0 2 * * *")));
    }
}
