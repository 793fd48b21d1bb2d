use anyhow::Context;
use berth_config::serve::{PemSource, ServeTls};
use berth_config::value::TlsVersion as Minimum;
use berth_registry::{Pem, TlsConfig, TlsOptions, TlsVersion};

use crate::secrets;

/// Reads certificate and key. Files are followed when they change; what the document or the environment holds
/// stays as it is.
pub(super) fn load(tls: &ServeTls) -> anyhow::Result<TlsConfig> {
    let options = TlsOptions {
        certificate: pem(&tls.certificate)?,
        key: pem(&tls.key)?,
        minimum: match tls.minimum {
            Minimum::Tls13 => TlsVersion::V1_3,
            _ => TlsVersion::V1_2,
        },
        client_authorities: tls.client_authorities.iter().cloned().map(Pem::File).collect(),
        http2: tls.http2,
    };
    TlsConfig::load(options).context("setting up TLS from `http.tlscertificate` and `http.tlskey`")
}

fn pem(source: &PemSource) -> anyhow::Result<Pem> {
    Ok(match source {
        PemSource::File(path) => Pem::File(path.clone()),
        PemSource::Given(secret) => Pem::Text(secrets::resolve(secret)?),
    })
}
