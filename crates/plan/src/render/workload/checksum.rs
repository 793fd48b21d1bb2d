use std::fmt::Write as _;

use aws_lc_rs::{digest, hmac};

use crate::object::{ConfigMap, Labels, SecretText};
use crate::render::Rendering;
use crate::render::registry::Registry;
use crate::render::secret_parts::SecretParts;

/// The annotations by which pods start anew when their configuration or their secrets change.
pub(crate) fn checksums(
    registry: &Registry<'_>,
    config: &ConfigMap,
    parts: &SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) -> Labels {
    let config: String = config.data.values().map(String::as_str).collect();
    let mut checksums = Labels::from([("berth.dev/checksum-config".to_owned(), of_text(&config))]);
    let key = rendering.checksum_key(registry);
    let secrets = key.map(|key| of_secrets(parts, &key));
    checksums.extend(secrets.map(|digest| ("berth.dev/checksum-secrets".to_owned(), digest)));
    checksums
}

/// The SHA-256 of a text, to restart pods when it changes.
pub(crate) fn of_text(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// A digest of secrets under a key that is secret itself: a short password can't be guessed from it.
pub(crate) fn of_secrets(parts: &SecretParts<'_>, key: &SecretText) -> String {
    of_values(parts.values(), key)
}

/// The same of secrets by their names.
pub(crate) fn of_values<'a>(
    values: impl IntoIterator<Item = (&'a str, &'a SecretText)>,
    key: &SecretText,
) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    let mut context = hmac::Context::with_key(&key);
    for (name, value) in values {
        for part in [name, value.reveal()] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
    }
    hex(context.sign().as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string doesn't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
