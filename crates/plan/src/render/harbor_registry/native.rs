//! Harbor's programs on a host: a folder for each, with its configuration and its environment. Each listens on a port
//! of its own, and finds the others there.

use berth_config::document::Document;
use berth_config::sections::HarborRegistry;
use berth_config::show::to_yaml;

use super::settled::{LOG_LEVEL, Settled};
use super::{
    PRODUCT, core, exporter, jobservice, launch, not_applied, portal, proxy, registry, registry_config, trivy,
};
use crate::native::{Host, codes};
use crate::object::EnvVar;
use crate::output::OutputFile;
use crate::render::Rendering;
use crate::render::registry::Registry;
use crate::render::site::Site;

/// The file of a program's environment.
const ENVIRONMENT: &str = "env";
/// Fields that a host has nothing for.
const OF_PODS: [&str; 7] = [
    "components",
    "coreReplicas",
    "database.managed",
    "jobserviceReplicas",
    "redis.managed",
    "registryReplicas",
    "version",
];

/// What Harbor's programs read on a host, below a folder.
pub(in crate::render) fn on_host(
    document: &Document,
    spec: &HarborRegistry,
    folder: &str,
    rendering: &mut Rendering<'_>,
) -> Vec<OutputFile> {
    let site = Site::Host(format!("{folder}/{}", document.base_name));
    let Some(of) = Registry::on(site, document, PRODUCT) else {
        return Vec::new();
    };
    let settled = Settled::of(&of, spec, rendering);
    let mut host = Host::new(&of);
    let mut programs = vec![
        ("core", of_core(&settled)),
        ("jobservice", jobservice::environment(&settled).finish(&of)),
        ("registry", registry::storage_variables(&settled).finish(&of)),
        ("registryctl", registry::of_controller(&settled).finish(&of)),
    ];
    if spec.trivy.enabled {
        programs.push(("trivy", trivy::environment(&settled).finish(&of)));
    }
    if let Some(metrics) = &settled.metrics {
        programs.push(("exporter", exporter::environment(&settled, metrics).finish(&of)));
    }
    for (program, variables) in programs {
        let variables = host.variables(&variables, &settled.given.parts, rendering);
        let variables = with_passwords(variables);
        let name = format!("{program}/{ENVIRONMENT}");
        host.environment(&name, &variables, &settled.given.parts, rendering);
    }
    texts(&settled, &mut host, rendering);
    keys(&settled, &mut host, rendering);
    tell_certificates(&settled, rendering);
    not_applied::tell(&settled, rendering);
    of.tell_pods_only(&OF_PODS, rendering);
    host.finish(rendering)
}

/// Tells where the certificates must be that the programs show each other: they expire, so nobody makes them once.
fn tell_certificates(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if !settled.tls {
        return;
    }
    let place = settled.registry.site.path("", "PROGRAM/ssl");
    let message =
        format!("the certificates must be there: ca.crt, tls.crt and tls.key in `{place}` of each program");
    rendering
        .tell(settled.document, "internalTLS", codes::RN_031, message)
        .help("make them for 127.0.0.1 with an authority of your own, and renew them");
}

/// Core looks for its keys in its image unless it is told otherwise.
fn of_core(settled: &Settled<'_>) -> Vec<EnvVar> {
    let site = &settled.registry.site;
    let mut variables = core::program(settled, "").env;
    for (name, file) in [
        ("KEY_PATH", "core/key"),
        ("TOKEN_PRIVATE_KEY_PATH", "core/private_key.pem"),
    ] {
        variables.push(EnvVar::plain(name, site.path("", file)));
    }
    variables
}

/// The configurations: none of them holds a secret.
fn texts(settled: &Settled<'_>, host: &mut Host<'_>, rendering: &mut Rendering<'_>) {
    host.file("core/app.conf", core::app_conf(settled));
    let logs = jobservice::logs(settled, rendering);
    let config = to_yaml(&jobservice::config(settled, &logs).into());
    host.file("jobservice/config.yml", config);
    host.file("registry/config.yml", registry_config::registry(settled));
    host.file(
        "registryctl/config.yml",
        registry_config::controller(settled, LOG_LEVEL),
    );
    host.file("portal/nginx.conf", portal::conf(settled));
    host.file("nginx/nginx.conf", proxy::conf(settled));
}

/// The files of secrets.
fn keys(settled: &Settled<'_>, host: &mut Host<'_>, rendering: &mut Rendering<'_>) {
    let secrets = &settled.secrets;
    let gcs = settled.storage.gcs_key.as_ref();
    for (file, at) in [
        ("core/key", Some(&secrets.secret_key)),
        ("core/private_key.pem", Some(&secrets.token_key)),
        ("registry/passwd", Some(&secrets.registry_htpasswd)),
        ("registry/gcs-key.json", gcs),
    ] {
        if let Some(at) = at {
            host.secret_of(file, at, &settled.given.parts, rendering);
        }
    }
}

/// The variables with the password of Redis in the URLs that want it, where no shell puts it in.
fn with_passwords(variables: Vec<(String, String)>) -> Vec<EnvVar> {
    let password = variables.iter().find(|(name, _)| name == launch::PASSWORD);
    let encoded = password
        .map(|(_, password)| encoded(password))
        .unwrap_or_default();
    variables
        .into_iter()
        .filter(|(name, _)| name != launch::PASSWORD)
        .map(|(name, value)| {
            let is_url = value.starts_with("redis");
            let value = if is_url {
                value.replacen("://:@", &format!("://:{encoded}@"), 1)
            } else {
                value
            };
            EnvVar::plain(name, value)
        })
        .collect()
}

/// Text as a URL takes it.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"._~-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string doesn't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_stands_percent_encoded_in_the_urls_that_want_it() {
        let variables = [
            ("URL", "redis://:@redis:6379/0"),
            (launch::PASSWORD, "a@b/c:d%é"),
            ("OTHER", "http://:@here"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            with_passwords(variables.to_vec()),
            [
                EnvVar::plain("URL", "redis://:a%40b%2Fc%3Ad%25%C3%A9@redis:6379/0"),
                EnvVar::plain("OTHER", "http://:@here"),
            ]
        );
    }
}
