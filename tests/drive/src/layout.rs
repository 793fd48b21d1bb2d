//! Images as folders and files that clients read: the OCI image layout, and the archive that `docker load` takes.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::image::{INDEX_TYPE, Image, Index, MANIFEST_TYPE, descriptor, sha256};
use crate::tar::tar;

/// What a layout can hold.
pub trait InLayout {
    /// The media type of what the tag points at.
    fn media_type(&self) -> &'static str;
    /// The bytes of what the tag points at.
    fn root(&self) -> &[u8];
    /// All other bytes.
    fn rest(&self) -> Vec<&[u8]>;
}

impl InLayout for Image {
    fn media_type(&self) -> &'static str {
        MANIFEST_TYPE
    }

    fn root(&self) -> &[u8] {
        &self.manifest
    }

    fn rest(&self) -> Vec<&[u8]> {
        self.blobs().map(Vec::as_slice).collect()
    }
}

impl InLayout for Index {
    fn media_type(&self) -> &'static str {
        INDEX_TYPE
    }

    fn root(&self) -> &[u8] {
        &self.index
    }

    fn rest(&self) -> Vec<&[u8]> {
        self.images
            .iter()
            .flat_map(|image| image.rest().into_iter().chain([image.root()]))
            .collect()
    }
}

/// Writes an OCI image layout in which `tag` is the image or index.
pub fn write_layout(folder: &Path, tag: &str, content: &impl InLayout) -> Result<()> {
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).with_context(|| format!("making {}", blobs.display()))?;
    for bytes in content.rest().into_iter().chain([content.root()]) {
        fs::write(blobs.join(sha256(bytes).trim_start_matches("sha256:")), bytes)?;
    }
    let mut entry = descriptor(content.media_type(), content.root());
    entry["annotations"] = json!({"org.opencontainers.image.ref.name": tag});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [entry]});
    fs::write(folder.join("index.json"), index.to_string())?;
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    Ok(())
}

/// Writes the archive that `docker load` takes, in which the image is called `name`.
pub fn write_archive(file: &Path, name: &str, image: &Image) -> Result<()> {
    let layers: Vec<_> = (0..image.archives.len())
        .map(|number| format!("layer-{number}.tar"))
        .collect();
    let manifest = json!([{"Config": "config.json", "RepoTags": [name], "Layers": layers}]).to_string();
    let mut files = vec![
        ("manifest.json", manifest.as_bytes()),
        ("config.json", image.config.as_slice()),
    ];
    files.extend(
        layers
            .iter()
            .map(String::as_str)
            .zip(image.archives.iter().map(Vec::as_slice)),
    );
    fs::write(file, tar(&files)).with_context(|| format!("writing {}", file.display()))
}
