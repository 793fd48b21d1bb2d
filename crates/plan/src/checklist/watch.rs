//! Whether anybody would notice, and whether anybody knows.

use super::{Question, Reply};

const MONITORING: &str = "monitoring.coreos.com";

pub(super) fn monitoring(question: &Question<'_>) -> Reply {
    let how = "set `metrics: {enabled: true, serviceMonitor: {enabled: true}, rules: {enabled: true}}`";
    let watched = question.declared("ServiceMonitor").next();
    let alerts = question.declared("PrometheusRule").next();
    let Some(first) = watched.or(alerts) else {
        return Reply::yours("nothing of it is watched", how);
    };
    if !question
        .seen
        .kinds
        .contains(&format!("{}.{MONITORING}", first.kind()))
    {
        return Reply::fail(
            format!("the cluster doesn't know the kind {}", first.kind()),
            "install the Prometheus operator, or let your own Prometheus scrape the metrics' port",
        );
    }
    for object in watched.into_iter().chain(alerts) {
        if question.live(object).is_none() {
            return Reply::fail(
                format!("{} isn't in the cluster", object.key()),
                "run `berth apply`",
            );
        }
    }
    match (watched, alerts) {
        (Some(_), Some(_)) => Reply::pass("scraped, with alerts"),
        (Some(_), None) => Reply::yours("scraped, but no alert is declared", how),
        _ => Reply::yours("alerts are declared, but nothing scrapes it", how),
    }
}

pub(super) fn documented(question: &Question<'_>) -> Reply {
    let how = "set `cost: {owner: ...}`, so that whoever finds it knows whom to ask; `berth show` prints all it means";
    match question.workload.cost.and_then(|cost| cost.owner.as_deref()) {
        Some(owner) => Reply::pass(format!("its declaration, of which {owner} is the owner")),
        None => Reply::yours("its declaration says what it is, but not whose", how),
    }
}

pub(super) fn maintenance(question: &Question<'_>) -> Reply {
    let times: Vec<String> = question
        .declared("CronJob")
        .filter_map(|object| {
            let schedule = object.body().get("spec")?.get("schedule")?.as_str()?;
            Some(format!("{} at `{schedule}`", object.metadata().name))
        })
        .collect();
    let because = if times.is_empty() {
        "nothing of it runs by the clock".to_owned()
    } else {
        format!("by the clock run {}", times.join(", "))
    };
    Reply::yours(
        because,
        "agree with its users when upgrades and restarts may happen",
    )
}
