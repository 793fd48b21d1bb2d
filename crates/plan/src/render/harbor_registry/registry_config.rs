//! What the registry and its controller read. No secret stands in it: those come by the environment and as files.

use berth_config::show::to_yaml;

use super::certificates;
use super::registry::PASSWORDS;
use super::settled::Settled;
use crate::render::fields::Fields;

/// `config.yml` of the registry, which the controller reads too.
pub(super) fn registry(settled: &Settled<'_>) -> String {
    let htpasswd = Fields::new()
        .with("realm", "harbor-registry-basic-realm")
        .with("path", settled.registry.site.path(PASSWORDS, "registry/passwd"));
    let fields = Fields::new().with("service", "registry");
    let log = Fields::new().with("level", "info").with_section("fields", fields);
    let schema1 = Fields::new().with("enabled", true);
    let config = Fields::new()
        .with("version", 0.1)
        .with_section("log", log)
        .with_section("storage", storage(settled))
        .with_section("redis", settled.redis.of_registry())
        .with_section("http", http(settled))
        .with_section("auth", Fields::new().with_section("htpasswd", htpasswd))
        .with_section("validation", Fields::new().with("disabled", true))
        .with_section("compatibility", Fields::new().with_section("schema1", schema1));
    to_yaml(&config.into())
}

fn storage(settled: &Settled<'_>) -> Fields {
    let purging = Fields::new()
        .with("enabled", true)
        .with("age", "168h")
        .with("interval", "24h")
        .with("dryrun", false);
    let redirect = Fields::new().with("disable", settled.storage.redirect_disabled);
    Fields::new()
        .with(settled.storage.kind.as_str(), settled.storage.driver.clone())
        .with_section("cache", Fields::new().with("layerinfo", "redis"))
        .with_section(
            "maintenance",
            Fields::new().with_section("uploadpurging", purging),
        )
        .with_section("delete", Fields::new().with("enabled", true))
        .with_section("redirect", redirect)
}

fn http(settled: &Settled<'_>) -> Fields {
    let folder = certificates::folder(settled, "registry");
    let tls = Fields::new()
        .with("certificate", format!("{folder}/tls.crt"))
        .with("key", format!("{folder}/tls.key"))
        .with("minimumtls", "tls1.2");
    let debug = settled.metrics.as_ref().map(|metrics| {
        let prometheus = Fields::new()
            .with("enabled", true)
            .with("path", metrics.path.as_str());
        Fields::new()
            .with("addr", format!(":{}", settled.metrics_port("registry", metrics)))
            .with_section("prometheus", prometheus)
    });
    Fields::new()
        .with("addr", format!(":{}", settled.listens("registry")))
        .with("relativeurls", false)
        .with_some("tls", settled.tls.then_some(tls))
        .with_some("debug", debug)
}

/// `config.yml` of the controller.
pub(super) fn controller(settled: &Settled<'_>, level: &str) -> String {
    let folder = certificates::folder(settled, "registry");
    let tls = Fields::new()
        .with("cert", format!("{folder}/tls.crt"))
        .with("key", format!("{folder}/tls.key"));
    let config = Fields::new()
        .with("protocol", settled.scheme())
        .with("port", settled.listens("registryctl").to_string())
        .with_some("https_config", settled.tls.then_some(tls))
        .with("log_level", level)
        .with(
            "registry_config",
            settled
                .registry
                .site
                .path("/etc/registry/config.yml", "registry/config.yml"),
        );
    to_yaml(&config.into())
}
