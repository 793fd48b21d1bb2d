use anyhow::{Context, bail};
use berth_config::serve::{PemSource, ServeTls};
use berth_config::value::TlsVersion as Minimum;
use berth_registry::{Pem, TlsConfig, TlsOptions, TlsVersion};

use crate::secrets;

/// Reads certificate and key. Files are followed when they change; what the document or the environment holds
/// stays as it is.
pub(super) fn load(tls: &ServeTls) -> anyhow::Result<TlsConfig> {
    told_apart(&tls.key)?;
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

/// A key that was meant as text but isn't PEM is taken for the name of a file, and names of files are told.
/// What doesn't look like a path might be a secret, and isn't.
fn told_apart(key: &PemSource) -> anyhow::Result<()> {
    match key {
        PemSource::File(path) if !path.to_string_lossy().starts_with(['/', '.']) && !path.exists() => {
            bail!("`http.tlskey` is no PEM, and no file has that name")
        }
        _ => Ok(()),
    }
}

fn pem(source: &PemSource) -> anyhow::Result<Pem> {
    Ok(match source {
        PemSource::File(path) => Pem::File(path.clone()),
        PemSource::Given(secret) => Pem::Text(secrets::resolve(secret)?),
    })
}
