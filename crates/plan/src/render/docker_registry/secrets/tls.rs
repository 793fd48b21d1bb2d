use berth_config::value::SecretValue;

use super::{CERTIFICATE, KEY, client_authority};
use crate::object::KeySelector;
use crate::render::Rendering;
use crate::render::docker_registry::settled::Settled;
use crate::render::secret_parts::SecretParts;

/// Certificate, key and authorities, where TLS is spoken.
pub(super) fn gather(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let http = &settled.spec.http;
    if !http.tlsenabled || settled.uses_letsencrypt() {
        return;
    }
    let more = http.tls.as_ref();
    let name = more.and_then(|tls| tls.secret_name.as_ref()?.value());
    if let Some(name) = name {
        for key in [CERTIFICATE, KEY] {
            parts.file_at(key, &KeySelector::of(name.as_str(), key));
        }
    } else {
        let certificate = SecretValue::from(http.tlscertificate.as_str());
        let certificate = file_or_text(&certificate);
        parts.file(CERTIFICATE, ("http.tlscertificate", &certificate), rendering);
        parts.file(KEY, ("http.tlskey", &file_or_text(&http.tlskey)), rendering);
    }
    let authorities = more.map(|tls| tls.clientcas.as_slice()).unwrap_or_default();
    for (index, path) in authorities.iter().enumerate() {
        let field = format!("http.tls.clientcas[{index}]");
        let authority = SecretValue::from(path.as_str());
        parts.file(
            &client_authority(index),
            (&field, &file_or_text(&authority)),
            rendering,
        );
    }
}

/// A text that begins like PEM is PEM; any other names a file.
pub(super) fn file_or_text(value: &SecretValue) -> SecretValue {
    match value.reveal() {
        Some(text) if !text.trim_start().starts_with("-----BEGIN") => SecretValue::File(text.to_owned()),
        _ => value.clone(),
    }
}
