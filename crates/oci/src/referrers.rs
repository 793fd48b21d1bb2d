use serde_json::json;

use crate::{Descriptor, Digest, MediaType};

/// The answer to "which manifests name this one as their subject": an image index of their descriptors
/// (distribution specification, "Listing Referrers").
pub fn referrers_index(referrers: &[Descriptor]) -> Vec<u8> {
    let index = json!({"schemaVersion": 2, "mediaType": MediaType::OCI_INDEX, "manifests": referrers});
    index.to_string().into_bytes()
}

/// The tag under which clients of registries without that API keep the same index: the algorithm cut to 32
/// characters, the hexadecimal part to 64 ("Referrers Tag Schema").
pub fn fallback_tag(subject: &Digest) -> String {
    let hex = subject.hex();
    format!("{}-{}", subject.algorithm(), &hex[..hex.len().min(64)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, TagName};

    #[test]
    fn an_empty_list_is_an_array_and_not_null() {
        let text = String::from_utf8(referrers_index(&[])).unwrap();
        assert!(text.contains(r#""manifests":[]"#), "{text}");
    }

    #[test]
    fn the_fallback_of_a_long_digest_is_still_a_tag() {
        let tag = fallback_tag(&Digest::of(Algorithm::Sha512, b""));
        assert_eq!(tag.len(), "sha512-".len() + 64);
        assert!(tag.parse::<TagName>().is_ok());
    }
}
