use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Descriptor, Digest, MediaType, strict_json};

/// The largest manifest that is accepted, in bytes: the least that the distribution specification asks a
/// registry to take, and what other registries take at the most ("Pushing manifests").
pub const MANIFEST_SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// What kind of document a manifest is, which says where its references stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestKind {
    /// `config` and `layers`: an OCI image manifest, or Docker's schema 2.
    Image,
    /// `manifests`: an OCI image index, or Docker's manifest list.
    Index,
}

/// A manifest or an index, read. The bytes stay with whoever holds them; this is what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub kind: ManifestKind,
    pub media_type: MediaType,
    /// The manifest's own, else the config's media type for an image ("Listing Referrers").
    pub artifact_type: Option<MediaType>,
    pub config: Option<Descriptor>,
    pub layers: Vec<Descriptor>,
    pub manifests: Vec<Descriptor>,
    pub subject: Option<Descriptor>,
    pub annotations: BTreeMap<String, String>,
}

/// Why bytes are not a manifest that can be stored.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error(
        "the manifest has {found} bytes; at most {} are accepted",
        MANIFEST_SIZE_LIMIT
    )]
    TooLarge { found: usize },
    #[error("the manifest is not JSON that every reader reads alike: {0}")]
    NotJson(#[source] serde_json::Error),
    #[error("the manifest is not a JSON object")]
    NotAnObject,
    #[error("`schemaVersion` is not 2")]
    SchemaVersion,
    #[error(
        "the field `{found}` differs from `{expected}` only in case, which some clients read as the same"
    )]
    AmbiguousField { found: String, expected: &'static str },
    #[error("`{field}` can't be read: {source}")]
    Field {
        field: &'static str,
        source: serde_json::Error,
    },
    #[error("the request's Content-Type is `{header}`, the manifest says `{body}`")]
    MediaTypeMismatch { header: MediaType, body: MediaType },
    #[error("neither the Content-Type nor `mediaType` says what the manifest is")]
    NoMediaType,
    #[error("a manifest has either `manifests` or `config` and `layers`, never both")]
    BothKinds,
    #[error("`{media_type}` goes with `{field}`, which is not there")]
    MissingField {
        media_type: MediaType,
        field: &'static str,
    },
}

impl Manifest {
    /// Reads `bytes`; `content_type` is what the request or the store says they are.
    ///
    /// A media type that Berth does not know is judged by what stands in the body, and stored as it is.
    pub fn parse(bytes: &[u8], content_type: Option<&MediaType>) -> Result<Self, ManifestError> {
        if bytes.len() > MANIFEST_SIZE_LIMIT {
            return Err(ManifestError::TooLarge { found: bytes.len() });
        }
        let value = strict_json::parse(bytes).map_err(ManifestError::NotJson)?;
        let Value::Object(fields) = &value else {
            return Err(ManifestError::NotAnObject);
        };
        refuse_ambiguous_fields(fields)?;
        if fields.get("schemaVersion").and_then(Value::as_u64) != Some(2) {
            return Err(ManifestError::SchemaVersion);
        }
        let media_type = agreed_media_type(field(fields, "mediaType")?, content_type, fields)?;
        let config: Option<Descriptor> = field(fields, "config")?;
        let artifact_type: Option<MediaType> = field(fields, "artifactType")?;
        let manifest = Self {
            kind: kind_of(fields, &media_type)?,
            artifact_type: artifact_type
                .filter(|own| !own.as_str().is_empty())
                .or_else(|| config.as_ref().map(|config| config.media_type.clone())),
            config,
            layers: field(fields, "layers")?.unwrap_or_default(),
            manifests: field(fields, "manifests")?.unwrap_or_default(),
            subject: field(fields, "subject")?,
            annotations: field(fields, "annotations")?.unwrap_or_default(),
            media_type,
        };
        Ok(manifest)
    }

    /// The blobs that must be in the repository before the manifest is accepted: config and layers, less
    /// those that need not be distributed. Each digest once, in the manifest's order.
    pub fn required_blobs(&self) -> Vec<Digest> {
        let layers = self
            .layers
            .iter()
            .filter(|layer| !layer.media_type.is_nondistributable());
        once(
            self.config
                .iter()
                .chain(layers)
                .map(|descriptor| descriptor.digest),
        )
    }

    /// The manifests that an index names. Each digest once, in the index's order.
    pub fn children(&self) -> Vec<Digest> {
        once(self.manifests.iter().map(|descriptor| descriptor.digest))
    }
}

fn once(digests: impl Iterator<Item = Digest>) -> Vec<Digest> {
    let mut seen = std::collections::HashSet::new();
    digests.filter(|digest| seen.insert(*digest)).collect()
}

type Fields = serde_json::Map<String, Value>;

/// Absent and `null` are the same to the clients that wrote these.
fn field<T: serde::de::DeserializeOwned>(
    fields: &Fields,
    name: &'static str,
) -> Result<Option<T>, ManifestError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::deserialize(value)
            .map(Some)
            .map_err(|source| ManifestError::Field { field: name, source }),
    }
}

fn refuse_ambiguous_fields(fields: &Fields) -> Result<(), ManifestError> {
    const NAMES: [&str; 8] = [
        "schemaVersion",
        "mediaType",
        "config",
        "layers",
        "manifests",
        "subject",
        "artifactType",
        "annotations",
    ];
    for found in fields.keys() {
        if let Some(expected) = NAMES
            .into_iter()
            .find(|name| found != name && found.eq_ignore_ascii_case(name))
        {
            return Err(ManifestError::AmbiguousField {
                found: found.clone(),
                expected,
            });
        }
    }
    Ok(())
}

fn agreed_media_type(
    body: Option<MediaType>,
    header: Option<&MediaType>,
    fields: &Fields,
) -> Result<MediaType, ManifestError> {
    match (header, body) {
        (Some(header), Some(body)) if *header != body => Err(ManifestError::MediaTypeMismatch {
            header: header.clone(),
            body,
        }),
        (_, Some(body)) => Ok(body),
        (Some(header), None) => Ok(header.clone()),
        // What Docker's registry derives for a body without a type.
        (None, None) if fields.contains_key("manifests") => Ok(well_known(MediaType::OCI_INDEX)),
        (None, None) if fields.contains_key("layers") => Ok(well_known(MediaType::OCI_MANIFEST)),
        (None, None) => Err(ManifestError::NoMediaType),
    }
}

fn well_known(text: &str) -> MediaType {
    MediaType::parse(text).expect("the constants are media types")
}

fn kind_of(fields: &Fields, media_type: &MediaType) -> Result<ManifestKind, ManifestError> {
    let has = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    let missing = |field| {
        Err(ManifestError::MissingField {
            media_type: media_type.clone(),
            field,
        })
    };
    if has("manifests") && (has("layers") || has("config")) {
        return Err(ManifestError::BothKinds);
    }
    match media_type.as_str() {
        MediaType::OCI_INDEX | MediaType::DOCKER_LIST if !has("manifests") => missing("manifests"),
        MediaType::OCI_MANIFEST | MediaType::DOCKER_MANIFEST if !has("config") => missing("config"),
        MediaType::OCI_MANIFEST | MediaType::DOCKER_MANIFEST if !has("layers") => missing("layers"),
        _ if has("manifests") => Ok(ManifestKind::Index),
        _ => Ok(ManifestKind::Image),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn descriptor(media_type: &str, content: &[u8]) -> Value {
        json!({"mediaType": media_type, "digest": Digest::sha256(content), "size": content.len()})
    }

    fn image() -> Value {
        json!({
            "schemaVersion": 2,
            "mediaType": MediaType::OCI_MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", b"{}"),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", b"layer")],
        })
    }

    fn parse(value: &Value) -> Result<Manifest, ManifestError> {
        Manifest::parse(&serde_json::to_vec(value).unwrap(), None)
    }

    #[test]
    fn an_image_names_its_blobs_once_each() {
        let mut value = image();
        let layer = value["layers"][0].clone();
        value["layers"].as_array_mut().unwrap().push(layer);
        let manifest = parse(&value).unwrap();
        assert_eq!(
            manifest.required_blobs(),
            [Digest::sha256(b"{}"), Digest::sha256(b"layer")]
        );
        assert_eq!(
            manifest.artifact_type.unwrap().as_str(),
            "application/vnd.oci.image.config.v1+json"
        );
    }

    #[test]
    fn a_layer_that_need_not_be_distributed_is_not_required() {
        let mut value = image();
        value["layers"] = json!([descriptor(
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            b"far"
        )]);
        assert_eq!(parse(&value).unwrap().required_blobs(), [Digest::sha256(b"{}")]);
    }

    #[test]
    fn a_document_of_two_kinds_is_refused() {
        let mut value = image();
        value["manifests"] = json!([]);
        assert!(matches!(parse(&value), Err(ManifestError::BothKinds)));
    }

    #[test]
    fn a_key_written_twice_is_refused() {
        let bytes = br#"{"schemaVersion": 2, "layers": [], "layers": [], "config": null}"#;
        assert!(matches!(
            Manifest::parse(bytes, None),
            Err(ManifestError::NotJson(_))
        ));
    }

    #[test]
    fn a_field_that_go_would_read_as_another_is_refused() {
        let mut value = image();
        value["Layers"] = json!([]);
        assert!(matches!(parse(&value), Err(ManifestError::AmbiguousField { .. })));
    }

    #[test]
    fn the_header_and_the_body_must_agree() {
        let docker = MediaType::parse(MediaType::DOCKER_MANIFEST);
        let bytes = serde_json::to_vec(&image()).unwrap();
        assert!(matches!(
            Manifest::parse(&bytes, docker.as_ref()),
            Err(ManifestError::MediaTypeMismatch { .. })
        ));
    }

    #[test]
    fn a_body_without_a_type_takes_the_header_s() {
        let mut value = image();
        value.as_object_mut().unwrap().remove("mediaType");
        let docker = MediaType::parse(MediaType::DOCKER_MANIFEST);
        let manifest = Manifest::parse(&serde_json::to_vec(&value).unwrap(), docker.as_ref()).unwrap();
        assert_eq!(manifest.media_type.as_str(), MediaType::DOCKER_MANIFEST);
    }

    #[test]
    fn an_index_without_children_and_an_image_without_layers_are_whole() {
        let index = json!({"schemaVersion": 2, "mediaType": MediaType::OCI_INDEX, "manifests": []});
        assert_eq!(parse(&index).unwrap().kind, ManifestKind::Index);
        let mut bare = image();
        bare["layers"] = json!([]);
        assert_eq!(parse(&bare).unwrap().required_blobs().len(), 1);
    }

    #[test]
    fn a_manifest_over_the_limit_is_refused_before_it_is_read() {
        let bytes = vec![b' '; MANIFEST_SIZE_LIMIT + 1];
        assert!(matches!(
            Manifest::parse(&bytes, None),
            Err(ManifestError::TooLarge { .. })
        ));
    }
}
