//! Harbor's Redis: sessions, the job queue, the caches.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::{HarborRedis, HarborRegistry};

pub(super) const HB_015: Rule = Rule::error(
    "HB-015",
    "Redis is turned off, and Harbor can't run without it",
    "\
Sessions, the queue of jobs, the caches of the registry and of Trivy all live in Redis. Core doesn't start without it.

    redis: {enabled: true, host: redis.example.com}
",
);

pub(super) const HB_017: Rule = Rule::error(
    "HB-017",
    "the Redis is a cluster, which has only one database",
    "\
Redis Cluster knows database 0 alone, and Harbor needs several. Use a single server, or a sentinel in front of a replicated
one. On ElastiCache that is a group with cluster mode off, whose address has no `clustercfg`.

    redis: {host: harbor.abc123.ng.0001.euc1.cache.amazonaws.com}
",
);

pub(super) const HB_018: Rule = Rule::error(
    "HB-018",
    "several Redis addresses without the name of the sentinel's master set",
    "\
A list of addresses is a list of sentinels, and sentinels are asked for a master set by its name. Without it no component
finds the server. Sentinels that ask for a password of their own are not supported by Harbor.

    redis: {host: \"sentinel-0:26379,sentinel-1:26379\", sentinelMasterSet: mymaster}
",
);

pub(super) const HB_019: Rule = Rule::error(
    "HB-019",
    "the Redis user is not the default one",
    "\
Harbor's registry can send Redis a password but no user name. An ACL user other than `default` therefore locks it out.
Leave `username` away, and give the default user a password.

    redis: {passwordSecret: harbor-redis-password}
",
);

pub(super) const HB_021: Rule = Rule::error(
    "HB-021",
    "Redis is to be reached over TLS, which Harbor 2.10 can't",
    "\
Neither jobservice nor the registry of Harbor 2.10 speaks TLS to Redis. Give the bare host name of a server without TLS, and
keep others away from it with a NetworkPolicy; or end the TLS in a proxy beside it.

    redis: {host: redis.example.com, port: 6379}
",
);

pub(super) const HB_022: Rule = Rule::error(
    "HB-022",
    "the Secret of the Redis password can't be one, or lacks the key REDIS_PASSWORD",
    "\
`redis.passwordSecret` names a Secret in Harbor's namespace; its key must be `REDIS_PASSWORD`. Whether it is there and has the key is
seen when a plan is made.

    redis: {passwordSecret: harbor-redis-password}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let redis = &harbor.redis;
    if !redis.enabled {
        out.at(
            "redis.enabled",
            HB_015,
            "Redis is turned off, and no part of Harbor runs without it",
        )
        .help("leave it on; `redis.managed: true` brings a small one");
        return;
    }
    hb_017_cluster(redis, out);
    hb_018_sentinel(redis, out);
    hb_019_user(redis, out);
    hb_021_tls(redis, out);
}

fn hb_017_cluster(redis: &HarborRedis, out: &mut Out<'_, '_>) {
    let message = "a Redis Cluster has one database, and Harbor needs several";
    let help = "use a single server, or sentinels with `sentinelMasterSet`";
    if redis.cluster == Some(true) {
        out.at("redis.cluster", HB_017, message).help(help);
    } else if redis.host.contains(".clustercfg.") {
        out.at("redis.host", HB_017, message).help(help);
    }
}

fn hb_018_sentinel(redis: &HarborRedis, out: &mut Out<'_, '_>) {
    let master = redis
        .sentinel_master_set
        .as_deref()
        .is_some_and(|name| !name.is_empty());
    if redis.host.contains(',') && !master {
        out.at(
            "redis.host",
            HB_018,
            "several addresses are sentinels, and the name of their master set isn't given",
        )
        .help("name it in `redis.sentinelMasterSet`, such as mymaster");
    }
    if redis.host.starts_with("redis://") || redis.host.starts_with("redis+sentinel://") {
        out.at("redis.host", HB_018, "the host of Redis is a URL")
            .help("write the host alone, or host:port,host:port");
    }
    if redis.sentinel_password.as_ref().is_some_and(|it| !it.is_empty()) {
        out.at(
            "redis.sentinelPassword",
            HB_018,
            "Harbor can't send sentinels a password",
        )
        .help("use sentinels without one, and keep others away by a NetworkPolicy");
    }
}

fn hb_019_user(redis: &HarborRedis, out: &mut Out<'_, '_>) {
    if redis
        .username
        .as_deref()
        .is_some_and(|name| !["", "default"].contains(&name))
    {
        out.at(
            "redis.username",
            HB_019,
            "Harbor's registry can't send Redis a user name",
        )
        .help("leave it out, and use the default user with a password");
    }
}

fn hb_021_tls(redis: &HarborRedis, out: &mut Out<'_, '_>) {
    let message = "Harbor 2.10 can't speak TLS to Redis";
    let help = "use a server without TLS, or end the TLS in a proxy beside Harbor";
    if redis.tls == Some(true) {
        out.at("redis.tls", HB_021, message).help(help);
    } else if redis.host.starts_with("rediss://") {
        out.at("redis.host", HB_021, message).help(help);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_015_fires_when_redis_is_off_and_not_otherwise() {
        fires("HB-015", &["redis: {enabled: false}"]);
        silent("HB-015", &["redis: {enabled: true}", "{}"]);
    }

    #[test]
    fn hb_017_fires_on_a_redis_cluster_and_not_otherwise() {
        fires(
            "HB-017",
            &[
                "redis: {cluster: true}",
                "redis: {host: a.b.clustercfg.euc1.cache.amazonaws.com}",
            ],
        );
        silent(
            "HB-017",
            &[
                "redis: {cluster: false}",
                "redis: {host: a.b.ng.0001.euc1.cache.amazonaws.com}",
            ],
        );
    }

    #[test]
    fn hb_018_fires_when_sentinels_can_not_be_asked_and_not_otherwise() {
        fires(
            "HB-018",
            &[
                "redis: {host: 'a:26379,b:26379'}",
                "redis: {host: 'redis://a'}",
                "redis: {host: 'a:26379,b:26379', sentinelMasterSet: m, sentinelPassword: {env: P}}",
            ],
        );
        silent(
            "HB-018",
            &[
                "redis: {host: a}",
                "redis: {host: 'a:26379,b:26379', sentinelMasterSet: m}",
            ],
        );
    }

    #[test]
    fn hb_019_fires_on_a_redis_user_and_not_otherwise() {
        fires("HB-019", &["redis: {username: harbor}"]);
        silent(
            "HB-019",
            &["redis: {username: default}", "redis: {username: ''}", "{}"],
        );
    }

    #[test]
    fn hb_021_fires_on_redis_over_tls_and_not_otherwise() {
        fires(
            "HB-021",
            &["redis: {tls: true}", "redis: {host: 'rediss://r.example.com'}"],
        );
        silent("HB-021", &["redis: {tls: false}", "redis: {host: r.example.com}"]);
    }

    #[test]
    fn hb_022_fires_on_a_name_that_no_secret_has_and_not_otherwise() {
        fires("HB-022", &["redis: {passwordSecret: 'Harbor Redis'}"]);
        silent(
            "HB-022",
            &[
                "redis: {passwordSecret: harbor-redis}",
                "redis: {passwordSecret: ''}",
                "{}",
            ],
        );
    }
}
