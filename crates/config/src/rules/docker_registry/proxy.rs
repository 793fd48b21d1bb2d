//! The registry as a read-only cache of another one.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerProxy, DockerRegistry};
use crate::value::HttpUrl;

pub(super) const DR_049: Rule = Rule::error(
    "DR-049",
    "a registry that is a read-only cache is asked to hold images of its own",
    "\
With `proxy.remoteurl` Docker's registry only caches: it refuses pushes and deletes. A replication can't end there, and
a retention policy can't remove anything. Use a second registry for what is pushed.

    kind: DockerRegistry
    metadata: {name: cache}
    spec: {proxy: {remoteurl: \"https://registry-1.docker.io\"}}
",
);

pub(super) const DR_050: Rule = Rule::error(
    "DR-050",
    "the cache's credentials are incomplete, or several replicas share its state",
    "\
`proxy.username` without `proxy.password` (or the reverse) can't log in to the upstream. Several replicas on one store
are a warning: each keeps the expiry times of all blobs in one file there, and they overwrite each other's.

    replicas: 1
    proxy:
      remoteurl: https://registry-1.docker.io
      username: team
      password: {secretKeyRef: {name: hub, key: password}}
",
);

pub(super) const DR_051: Rule = Rule::warning(
    "DR-051",
    "private images of the upstream become readable through the cache",
    "\
The cache logs in upstream with its own user. Whoever may pull from the cache can pull all that this user may, whether
or not the person could upstream. Give the cache a user that sees only what everyone here may see.

    proxy: {remoteurl: \"https://registry-1.docker.io\"}
",
);

const DR_049_BY_DEFAULT: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_049
};
const DR_050_SHARED: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_050
};

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    let Some(proxy) = &registry.proxy else {
        return;
    };
    credentials(proxy, out);
    shared_state(registry, out);
    private_images(registry, proxy, out);
    own_images(registry, place, out);
}

fn credentials(proxy: &DockerProxy, out: &mut Out<'_, '_>) {
    if proxy.remoteurl.is_empty() {
        out.at("proxy.remoteurl", DR_050, "the registry to cache is missing")
            .help("such as https://registry-1.docker.io");
    }
    let user = proxy.username.as_deref().is_some_and(|user| !user.is_empty());
    let password = proxy
        .password
        .as_ref()
        .is_some_and(|password| !password.is_empty());
    let missing = match (user, password) {
        (true, false) => "proxy.password",
        (false, true) => "proxy.username",
        _ => return,
    };
    out.at(
        missing,
        DR_050,
        format!("`{missing}` is missing beside its other half"),
    )
    .help("set both or neither");
}

fn shared_state(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if facts::most_replicas(registry) > 1 {
        out.at(
            "replicas",
            DR_050_SHARED,
            "replicas of a cache overwrite each other's expiry times",
        )
        .help("set replicas to 1");
    }
}

fn private_images(registry: &DockerRegistry, proxy: &DockerProxy, out: &mut Out<'_, '_>) {
    let user = proxy.username.as_deref().is_some_and(|user| !user.is_empty());
    if user && facts::is_distribution(registry) {
        out.at(
            "proxy.username",
            DR_051,
            "all that this user may pull upstream, everyone may pull here",
        )
        .help("use a user that sees only what everyone here may see");
    }
}

fn own_images(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    for (policy, named) in place.retention_policies() {
        let rule = if named { DR_049 } else { DR_049_BY_DEFAULT };
        let message = format!(
            "the retention policy `{}` can't remove anything from a cache",
            policy.name
        );
        out.at("proxy", rule, message)
            .help("name the policy's registries, without this one");
    }
    for (policy, destination) in place.replications() {
        if is_destination(destination, registry, place) {
            let message = format!(
                "the replication `{}` ends here, but a cache refuses pushes",
                policy.name
            );
            out.at("proxy", DR_049, message)
                .help("replicate to another registry");
        }
    }
}

/// Whether a replication that ends at `destination` ends at this registry.
fn is_destination(destination: &str, registry: &DockerRegistry, place: &Place<'_>) -> bool {
    let outside = registry
        .external_url
        .as_ref()
        .and_then(|url| url.value())
        .map(HttpUrl::host);
    let host = destination
        .split_once("://")
        .map_or(destination, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    place.is_named(destination) || outside == Some(host)
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy, registry};

    const CACHE: &str = "proxy: {remoteurl: 'https://registry-1.docker.io'}";

    #[test]
    fn dr_049_fires_when_a_cache_is_to_hold_images_and_not_otherwise() {
        let with = |kind: &str, spec: &str| format!("{}\n---\n{}", registry(CACHE), policy(kind, spec));
        let named = with("ImageRetentionPolicy", "registries: [local]");
        assert_eq!(level_of("DR-049", &named), ["error", "error"]);
        assert_eq!(
            level_of("DR-049", &with("ImageRetentionPolicy", "{}")),
            ["warning", "warning"]
        );
        assert!(fires(
            "DR-049",
            &with("ImageReplicationPolicy", "destination: {registry: local}")
        ));
        assert!(!fires(
            "DR-049",
            &with("ImageReplicationPolicy", "destination: {registry: other}")
        ));
        assert!(!fires(
            "DR-049",
            &with("ImageRetentionPolicy", "registries: [other]")
        ));
        let plain = format!(
            "{}\n---\n{}",
            registry("{}"),
            policy("ImageRetentionPolicy", "{}")
        );
        assert!(!fires("DR-049", &plain));
    }

    #[test]
    fn dr_050_fires_on_half_credentials_and_shared_state_and_not_otherwise() {
        let with = |fields: &str| {
            registry(&format!(
                "proxy: {{remoteurl: 'https://r.example.com', {fields}}}"
            ))
        };
        assert!(fires("DR-050", &with("username: team")));
        assert!(fires("DR-050", &with("password: {env: P}")));
        assert!(fires("DR-050", &registry("proxy: {}")));
        assert!(!fires("DR-050", &with("username: team, password: {env: P}")));
        assert_eq!(
            level_of("DR-050", &registry(&format!("{{replicas: 2, {CACHE}}}"))),
            ["warning", "warning"]
        );
        assert!(!fires("DR-050", &registry(CACHE)));
    }

    #[test]
    fn dr_051_fires_when_a_cache_has_a_user_upstream_and_not_without() {
        let user = "proxy: {remoteurl: 'https://r.example.com', username: team, password: {env: P}}";
        assert!(fires("DR-051", &registry(user)));
        assert!(!fires("DR-051", &registry(CACHE)));
    }
}
