//! What several replicas must share.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::BlobDescriptorCache;

pub(super) const DR_021: Rule = Rule::error(
    "DR-021",
    "several replicas share no http secret",
    "\
The state of an upload is signed with `http.secret`. Unset, each process makes its own, and an upload that starts on one
replica fails on another. On a cluster a secret that isn't given is made once and kept (a remark); an empty one can't
be shared.

    http:
      secret: {secretKeyRef: {name: registry-http, key: secret}}
",
);

pub(super) const DR_022: Rule = Rule::warning(
    "DR-022",
    "several replicas each keep a cache of their own in memory",
    "\
A blob that one replica deletes stays in the cache of another, which goes on to announce it. Use Redis for the cache, or
none.

    storage: {cache: {blobdescriptor: redis}}
    redis: {addr: \"redis.registry.svc:6379\"}
",
);

pub(super) const DR_023: Rule = Rule::error(
    "DR-023",
    "the Redis cache can't work as configured",
    "\
`storage.cache.blobdescriptor: redis` needs `redis.addr` (host:port), or the registry stops at start. Sentinel is known
only to Harbor's build of the registry.

    storage: {cache: {blobdescriptor: redis}}
    redis: {addr: \"redis.registry.svc:6379\"}
",
);

const DR_021_MADE_ONCE: Rule = Rule {
    level: Level::Info,
    prod_level: Level::Info,
    ..DR_021
};

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    if facts::most_replicas(registry) > 1 && place.is_cluster() {
        http_secret(registry, out);
        cache_in_memory(registry, out);
    }
    redis(registry, place, out);
}

fn http_secret(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    match &registry.http.secret {
        None => {
            out.at(
                "http.secret",
                DR_021_MADE_ONCE,
                "the secret that replicas share is made once and kept",
            )
            .help("nothing to do; give `http.secret` to choose it yourself");
        }
        Some(secret) if secret.is_empty() => {
            out.at(
                "http.secret",
                DR_021,
                "an empty secret can't be shared by several replicas",
            )
            .help("take `http.secret` out, and one is made");
        }
        Some(_) => {}
    }
}

fn cache(registry: &DockerRegistry) -> Option<BlobDescriptorCache> {
    registry
        .storage
        .cache
        .as_ref()?
        .blobdescriptor
        .as_ref()?
        .value()
        .copied()
}

fn cache_in_memory(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if cache(registry) == Some(BlobDescriptorCache::Inmemory) {
        out.at(
            "storage.cache.blobdescriptor",
            DR_022,
            "each replica keeps a cache of its own",
        )
        .help("set it to redis, or take `storage.cache` out");
    }
}

fn redis(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    let no_address = registry.redis.as_ref().is_none_or(|redis| redis.addr.is_empty());
    if cache(registry) == Some(BlobDescriptorCache::Redis) && no_address {
        out.at(
            "redis.addr",
            DR_023,
            "the cache is redis, but `redis.addr` is missing",
        )
        .help("write host:port");
    }
    if place.is_written("redis.sentinelMasterSet") {
        out.at("redis", DR_023, "Docker's registry doesn't know Redis Sentinel")
            .help("give the address of the master, or of a proxy before it, in `redis.addr`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    #[test]
    fn dr_021_tells_of_the_secret_that_replicas_share_and_refuses_an_empty_one() {
        assert_eq!(level_of("DR-021", &registry("replicas: 2")), ["info", "info"]);
        assert_eq!(
            level_of("DR-021", &registry("{replicas: 2, http: {secret: ''}}")),
            ["error", "error"]
        );
        assert!(!fires(
            "DR-021",
            &registry("{replicas: 2, http: {secret: {env: S}}}")
        ));
        assert!(!fires("DR-021", &registry("{}")));
    }

    #[test]
    fn dr_022_fires_when_replicas_cache_in_memory_and_not_otherwise() {
        let with = |replicas: u8, cache: &str| {
            registry(&format!(
                "{{replicas: {replicas}, storage: {{cache: {{blobdescriptor: {cache}}}}}}}"
            ))
        };
        assert!(fires("DR-022", &with(2, "inmemory")));
        assert!(!fires("DR-022", &with(1, "inmemory")));
        assert!(!fires("DR-022", &with(2, "redis")));
    }

    #[test]
    fn dr_023_fires_on_a_redis_cache_that_can_not_work_and_not_on_one_that_can() {
        let cache = "storage: {cache: {blobdescriptor: redis}}";
        assert!(fires("DR-023", &registry(cache)));
        assert!(fires(
            "DR-023",
            &registry(&format!("{{{cache}, redis: {{addr: redis}}}}"))
        ));
        assert!(fires(
            "DR-023",
            &registry("redis: {addr: 'redis:6379', sentinelMasterSet: m}")
        ));
        assert!(!fires(
            "DR-023",
            &registry(&format!("{{{cache}, redis: {{addr: 'redis:6379'}}}}"))
        ));
        assert!(!fires("DR-023", &registry("{}")));
    }
}
