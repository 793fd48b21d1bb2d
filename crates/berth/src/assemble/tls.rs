use anyhow::Context;
use berth_config::serve::{PemSource, ServeTls};
use berth_config::value::TlsVersion as Minimum;
use berth_registry::{TlsConfig, TlsFiles, TlsVersion};

use crate::secrets;

/// Reads certificate and key. Files are followed when they change; what the document or the environment holds
/// stays as it is.
pub(super) fn load(tls: &ServeTls) -> anyhow::Result<TlsConfig> {
    let minimum = match tls.minimum {
        Minimum::Tls13 => TlsVersion::V1_3,
        _ => TlsVersion::V1_2,
    };
    let loaded = match (&tls.certificate, &tls.key) {
        (PemSource::File(certificate), PemSource::File(key)) => {
            TlsConfig::load(TlsFiles { certificate: certificate.clone(), key: key.clone(), minimum })
        }
        (certificate, key) => TlsConfig::from_pem(&text(certificate)?, &text(key)?, minimum),
    };
    loaded.context("setting up TLS from `http.tlscertificate` and `http.tlskey`")
}

fn text(source: &PemSource) -> anyhow::Result<secrets::Text> {
    match source {
        PemSource::File(path) => secrets::of_file(path),
        PemSource::Given(secret) => secrets::resolve(secret),
    }
}
