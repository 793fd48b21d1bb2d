use std::path::PathBuf;

use berth_finding::Finding;

use super::codes::{SV_002, SV_008, SV_009, refuse};
use crate::document::Document;
use crate::sections::DockerRegistry;
use crate::value::{SecretValue, TlsVersion};

/// TLS as it is spoken.
#[derive(Clone, Debug, PartialEq)]
pub struct ServeTls {
    /// The server's certificate, and those between it and the root.
    pub certificate: PemSource,
    /// Its private key.
    pub key: PemSource,
    /// The oldest version that is spoken: 1.2 or 1.3.
    pub minimum: TlsVersion,
    /// Files of the authorities whose clients are let in; without any, clients need no certificate.
    pub client_authorities: Vec<PathBuf>,
    /// Whether HTTP/2 is offered.
    pub http2: bool,
}

/// Where PEM comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum PemSource {
    /// A file, read again when it changes.
    File(PathBuf),
    /// The document or the environment.
    Given(SecretValue),
}

impl ServeTls {
    /// The oldest version, as people call it.
    pub const fn minimum_name(&self) -> &'static str {
        match self.minimum {
            TlsVersion::Tls13 => "1.3 on",
            _ => "1.2 on",
        }
    }
}

pub(super) fn of(
    document: &Document,
    spec: &DockerRegistry,
    findings: &mut Vec<Finding>,
) -> Option<ServeTls> {
    if !spec.http.tlsenabled {
        return None;
    }
    let certificate = pem(&SecretValue::from(spec.http.tlscertificate.as_str()));
    let key = pem(&spec.http.tlskey);
    for (path, source) in [("http.tlscertificate", &certificate), ("http.tlskey", &key)] {
        match source {
            Some(PemSource::Given(SecretValue::SecretKeyRef(_))) => {
                let message = format!("`{path}` lies in a cluster");
                findings.push(
                    refuse(document, path, SV_008, message).help("give it as {file: PATH} or {env: NAME}"),
                );
            }
            Some(_) => {}
            None => {
                let message = format!("`http.tlsenabled` needs `{path}`");
                findings.push(refuse(document, path, SV_009, message).help("name a PEM file"));
            }
        }
    }
    let more = spec.http.tls.as_ref();
    Some(ServeTls {
        certificate: certificate?,
        key: key?,
        minimum: minimum(document, spec, findings),
        client_authorities: more
            .map(|tls| tls.clientcas.iter().map(PathBuf::from).collect())
            .unwrap_or_default(),
        http2: spec.http.http2.as_ref().is_none_or(|http2| !http2.disabled),
    })
}

/// A text that begins like PEM is PEM; any other names a file.
fn pem(value: &SecretValue) -> Option<PemSource> {
    match value {
        SecretValue::Plain(text) if text.is_empty() => None,
        SecretValue::Plain(text) if !text.trim_start().starts_with("-----BEGIN") => {
            Some(PemSource::File(PathBuf::from(text.as_str())))
        }
        SecretValue::File(path) => Some(PemSource::File(PathBuf::from(path))),
        other => Some(PemSource::Given(other.clone())),
    }
}

fn minimum(document: &Document, spec: &DockerRegistry, findings: &mut Vec<Finding>) -> TlsVersion {
    let asked = spec
        .http
        .tls
        .as_ref()
        .and_then(|tls| tls.minimumtls.as_ref()?.value().copied());
    if let Some(TlsVersion::Tls10 | TlsVersion::Tls11) = asked {
        let message = "TLS before 1.2 is broken, and `berth serve` doesn't speak it";
        findings.push(refuse(document, "http.tls.minimumtls", SV_002, message).help("use tls1.2 or tls1.3"));
    }
    asked.unwrap_or(TlsVersion::Tls12)
}
