use berth_config::sections::DockerTls;

use crate::render::docker_registry::secrets::{self, CERTIFICATE, KEY};
use crate::render::docker_registry::settled::Settled;
use crate::render::fields::Fields;

/// How it listens.
pub(super) fn http(settled: &Settled<'_>) -> Fields {
    let http = &settled.spec.http;
    let headers = http.headers.iter().fold(Fields::new(), |fields, (name, values)| {
        fields.with(name, values.clone())
    });
    Fields::new()
        .with("addr", settled.address.as_str())
        .with_written("net", Some(&http.net))
        .with_some("host", settled.host.as_deref())
        .with_some("prefix", http.prefix.as_deref())
        .with_some("relativeurls", settled.relative_urls)
        .with("draintimeout", settled.drain.as_str())
        .with_section("headers", headers)
        .with_section("tls", tls(settled))
        .with_some(
            "http2",
            http.http2
                .as_ref()
                .map(|http2| Fields::new().with("disabled", http2.disabled)),
        )
        .with_section("debug", debug(settled))
}

fn tls(settled: &Settled<'_>) -> Fields {
    if !settled.spec.http.tlsenabled {
        return Fields::new();
    }
    let more = settled.spec.http.tls.clone().unwrap_or_default();
    let authorities = more.clientcas.iter().enumerate();
    let authorities = authorities.map(|(index, _)| settled.secret(&secrets::client_authority(index)));
    let fields = match &more.letsencrypt {
        Some(_) if settled.uses_letsencrypt() => letsencrypt(&more),
        _ => Fields::new()
            .with("certificate", settled.secret(CERTIFICATE))
            .with("key", settled.secret(KEY)),
    };
    fields
        .with_list("clientcas", authorities)
        .with_written("minimumtls", more.minimumtls.as_ref())
}

fn letsencrypt(tls: &DockerTls) -> Fields {
    let given = tls.letsencrypt.clone().unwrap_or_default();
    let fields = Fields::new()
        .with("cachefile", given.cachefile)
        .with("email", given.email)
        .with_list("hosts", given.hosts);
    Fields::new().with_section("letsencrypt", fields)
}

fn debug(settled: &Settled<'_>) -> Fields {
    let Some(metrics) = &settled.metrics else {
        return Fields::new();
    };
    let prometheus = Fields::new()
        .with("enabled", metrics.prometheus)
        .with("path", metrics.path.as_str());
    Fields::new()
        .with("addr", metrics.address.as_str())
        .with("prometheus", prometheus)
}
