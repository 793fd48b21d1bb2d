//! Images made on the spot: a config, a layer or more, a manifest; and an index over several platforms.

use std::io::{self, Read};

use aws_lc_rs::digest::{Context, Digest, SHA256, digest};
use serde_json::json;

use crate::random::Random;
use crate::tar::{gzip, tar};

/// Media type of an image manifest.
pub const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of an image index.
pub const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// An image that real clients accept: each layer is a gzipped tar archive.
#[derive(Debug, Clone)]
pub struct Image {
    /// The bytes of the config.
    pub config: Vec<u8>,
    /// The bytes of each layer, as they travel.
    pub layers: Vec<Vec<u8>>,
    /// The bytes of the manifest.
    pub manifest: Vec<u8>,
    /// Each layer before it was packed: a tar archive.
    pub(crate) archives: Vec<Vec<u8>>,
    platform: Platform,
}

/// What an image runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform(pub &'static str, pub &'static str);

/// An index and the images it points at.
#[derive(Debug, Clone)]
pub struct Index {
    /// One image for each platform.
    pub images: Vec<Image>,
    /// The bytes of the index.
    pub index: Vec<u8>,
}

impl Image {
    /// An image for `linux/amd64` with one small layer that no other seed has.
    pub fn tiny(seed: u64) -> Self {
        Self::new(Platform("linux", "amd64"), &[Random::new(seed).bytes(10_000)])
    }

    /// An image whose layers hold one file each with these contents.
    pub fn new(platform: Platform, contents: &[Vec<u8>]) -> Self {
        let files = contents.iter().enumerate();
        let archives: Vec<_> = files
            .map(|(number, content)| tar(&[(&format!("file-{number}"), content)]))
            .collect();
        let layers: Vec<_> = archives.iter().map(|archive| gzip(archive)).collect();
        let diff_ids: Vec<_> = archives.iter().map(|archive| sha256(archive)).collect();
        let config = json!({
            "architecture": platform.1,
            "os": platform.0,
            "created": "2026-01-01T00:00:00Z",
            "config": {"Cmd": ["/file-0"]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        });
        let config = config.to_string().into_bytes();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": descriptor(CONFIG_TYPE, &config),
            "layers": layers.iter().map(|layer| descriptor(LAYER_TYPE, layer)).collect::<Vec<_>>(),
        });
        Self {
            config,
            layers,
            manifest: manifest.to_string().into_bytes(),
            archives,
            platform,
        }
    }

    /// The digest of the manifest.
    pub fn digest(&self) -> String {
        sha256(&self.manifest)
    }

    /// Every blob: the layers, then the config.
    pub fn blobs(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.layers.iter().chain([&self.config])
    }
}

impl Index {
    /// Two platforms, with layers that no other seed has.
    pub fn tiny(seed: u64) -> Self {
        let platforms = [Platform("linux", "amd64"), Platform("linux", "arm64")];
        let mut random = Random::new(seed);
        let images: Vec<_> = platforms
            .into_iter()
            .map(|platform| Image::new(platform, &[random.bytes(5_000)]))
            .collect();
        let manifests = images.iter().map(|image| {
            let mut entry = descriptor(MANIFEST_TYPE, &image.manifest);
            entry["platform"] = json!({"os": image.platform.0, "architecture": image.platform.1});
            entry
        });
        let index = json!({
            "schemaVersion": 2,
            "mediaType": INDEX_TYPE,
            "manifests": manifests.collect::<Vec<_>>(),
            "annotations": {"org.example.note": "kept to the byte,  spaces and all"},
        });
        Self {
            index: index.to_string().into_bytes(),
            images,
        }
    }

    /// The digest of the index.
    pub fn digest(&self) -> String {
        sha256(&self.index)
    }
}

/// The digest of these bytes, `sha256:` and all.
pub fn sha256(bytes: &[u8]) -> String {
    written(&digest(&SHA256, bytes))
}

/// The digest of all that can be read.
pub fn sha256_of(from: &mut impl Read) -> io::Result<String> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(written(&context.finish())),
            count => context.update(&buffer[..count]),
        }
    }
}

fn written(digest: &Digest) -> String {
    use std::fmt::Write as _;
    let mut text = "sha256:".to_owned();
    for byte in digest.as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

pub(crate) fn descriptor(media_type: &str, bytes: &[u8]) -> serde_json::Value {
    json!({"mediaType": media_type, "digest": sha256(bytes), "size": bytes.len()})
}
