use std::fmt;

use serde::{Deserialize, Serialize};

/// A media type without parameters, as it stands in a `Content-Type` or a `mediaType` field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaType(String);

impl MediaType {
    pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
    pub const OCI_EMPTY: &str = "application/vnd.oci.empty.v1+json";
    pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
    pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// Takes a header's or a field's text; parameters (`; charset=utf-8`) are dropped. `None` for what is not
    /// `type/subtype` in printable ASCII of at most 255 characters.
    pub fn parse(text: &str) -> Option<Self> {
        let essence = text.split(';').next().unwrap_or_default().trim();
        let (kind, subtype) = essence.split_once('/')?;
        let name = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !b"/,\"<>".contains(&b))
        };
        (essence.len() <= 255 && name(kind) && name(subtype)).then(|| Self(essence.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Layers of these types may stay away from the registry (image specification, "Non-distributable layers").
    pub fn is_nondistributable(&self) -> bool {
        self.0
            .starts_with("application/vnd.oci.image.layer.nondistributable.")
            || self.0 == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_dropped() {
        assert_eq!(
            MediaType::parse("application/json; charset=utf-8").map(|m| m.to_string()),
            Some("application/json".into())
        );
    }

    #[test]
    fn a_line_break_never_reaches_a_header() {
        for text in ["", "json", "a/", "/b", "a/b\r\nx: y", "a/b c"] {
            assert_eq!(MediaType::parse(text), None, "{text:?}");
        }
    }
}
