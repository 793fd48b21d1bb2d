//! The databases of Redis: one a component, and none for two Harbors.

use berth_finding::{Level, Rule};

use crate::document::Document;
use crate::rules::{Out, RuleContext};
use crate::sections::{HarborRedis, HarborRegistry};

pub(super) const HB_016: Rule = Rule::error(
    "HB-016",
    "core's Redis database is not 0, or two components or installations share one",
    "\
Core always uses database 0; the number can't be changed. Jobservice (1), registry (2), Trivy (5), Harbor (6) and the cache
layer (7) each need one of their own, or they delete each other's keys. Two Harbors on one Redis share all of them, which
ends the same way (a warning, as their numbers may be kept apart).

    redis: {db: 0, jobserviceDatabaseIndex: 1, registryDatabaseIndex: 2, trivyAdapterIndex: 5}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    if harbor.redis.enabled {
        hb_016_databases(&harbor.redis, out);
    }
}

fn hb_016_databases(redis: &HarborRedis, out: &mut Out<'_, '_>) {
    if redis.db > 0 {
        out.at(
            "redis.db",
            HB_016,
            format!("core uses database 0 always, and not {}", redis.db),
        )
        .help("write 0");
    }
    let indices = [
        (
            "jobserviceDatabaseIndex",
            redis.jobservice_database_index.or(Some(1)),
        ),
        ("registryDatabaseIndex", redis.registry_database_index.or(Some(2))),
        ("trivyAdapterIndex", redis.trivy_adapter_index.or(Some(5))),
        ("harborDatabaseIndex", redis.harbor_database_index),
        ("cacheLayerDatabaseIndex", redis.cache_layer_database_index),
    ];
    let mut taken = vec![("db", 0)];
    for (field, index) in indices {
        let Some(index) = index else { continue };
        if let Some((other, _)) = taken.iter().find(|(_, it)| *it == index) {
            out.at(
                &format!("redis.{field}"),
                HB_016,
                format!("database {index} is that of `{other}` too"),
            )
            .help("give each a number of its own; Harbor's are 0, 1, 2, 5, 6 and 7");
        }
        taken.push((field, index));
    }
}

/// Two Harbors whose Redis is the same one.
pub(super) fn check_neighbours(
    context: &RuleContext<'_>,
    document: &Document,
    harbor: &HarborRegistry,
    out: &mut Out<'_, '_>,
) {
    let redis = &harbor.redis;
    let mut others = context
        .harbor_registries()
        .filter(|(other, _)| !std::ptr::eq(*other, document));
    let shared = others.find(|(_, other)| {
        !other.redis.managed && (&other.redis.host, other.redis.port) == (&redis.host, redis.port)
    });
    if let Some((other, _)) = shared.filter(|_| !redis.managed) {
        out.at(
            "redis.host",
            HB_016,
            format!("the Harbor `{}` uses the same Redis", other.base_name),
        )
        .level(Level::Warning)
        .help("give each a Redis of its own, or numbers that don't meet");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};
    use crate::rules::testing::lines_in;

    #[test]
    fn hb_016_fires_when_databases_meet_and_not_otherwise() {
        fires(
            "HB-016",
            &[
                "redis: {db: 3}",
                "redis: {jobserviceDatabaseIndex: 2}",
                "redis: {harborDatabaseIndex: 0}",
                "redis: {cacheLayerDatabaseIndex: 6, harborDatabaseIndex: 6}",
            ],
        );
        silent(
            "HB-016",
            &[
                "{}",
                "redis: {jobserviceDatabaseIndex: 3, harborDatabaseIndex: 6, cacheLayerDatabaseIndex: 7}",
            ],
        );
    }

    #[test]
    fn hb_016_fires_when_two_harbors_share_a_redis_and_not_otherwise() {
        let two = |host: &str| {
            let one = "{apiVersion: berth.dev/v1, kind: HarborRegistry, metadata: {name: a}, spec: {redis: {host: r1}}}";
            format!(
                "{one}\n---\n{}",
                one.replace("name: a", "name: b").replace("r1", host)
            )
        };
        assert_eq!(lines_in("HB-016", &two("r1")).len(), 2);
        assert_eq!(lines_in("HB-016", &two("r2")).len(), 0);
    }
}
