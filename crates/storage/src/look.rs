//! Reads the layout at one key, and says what the index should hold of it.

use std::collections::BTreeMap;

use berth_oci::{Digest, MANIFEST_SIZE_LIMIT, Manifest, MediaType, RepositoryName, TagName};

use crate::StorageError;
use crate::disk::{self, Disk};
use crate::index::{Fact, ManifestFact, Read};
use crate::layout::Key;
use crate::scan::{self, Link};
use crate::upload::hash_file;

/// What is hashed while it is read anew; larger blobs wait for their first pull.
const HASHED_AT_ONCE: u64 = 4 << 20;

/// What the layout holds at one key.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) facts: Vec<Fact>,
    /// A link that names nothing: its revision or its bytes are not there.
    pub(crate) dangling: bool,
    /// A link whose text is lost, with the digest that its path tells.
    pub(crate) torn: Option<Digest>,
    /// Bytes that are not what their name says.
    pub(crate) damaged: Option<Digest>,
    /// A link by SHA-512 to bytes that are stored by SHA-256, as Docker's registry writes it. Its garbage
    /// collection takes such a layer away from a live image.
    pub(crate) alias: Option<Digest>,
}

/// Reads the layout at `key`.
pub(crate) fn look(disk: &Disk, read: &Read<'_>, key: &Key) -> Result<Found, StorageError> {
    match key {
        Key::Bytes(digest) => bytes(disk, read, digest),
        Key::Edge(repository, digest) => edge(disk, repository, digest),
        Key::Revision(repository, digest) => revision(disk, repository, digest),
        Key::Tag(repository, tag) => self::tag(disk, read, repository, tag),
    }
}

fn bytes(disk: &Disk, read: &Read<'_>, digest: &Digest) -> Result<Found, StorageError> {
    let path = disk.layout.bytes(digest);
    let sig = disk::stat(&path)?;
    let known = read.blob(digest)?;
    let same = sig.map(|sig| sig.bytes())
        == known
            .expected
            .into_iter()
            .next()
            .and_then(|expected| expected.sig);
    let mut found = Found::default();
    let mut verified = false;
    if let Some(sig) = sig
        && !(same && known.value.is_some_and(|blob| blob.verified))
        && sig.size <= HASHED_AT_ONCE
    {
        verified = hash_file(&path, digest.algorithm())? == *digest;
        found.damaged = (!verified).then_some(*digest);
    }
    found.facts.push(Fact::Bytes {
        digest: *digest,
        present: sig.is_some() && found.damaged.is_none(),
        verified,
    });
    Ok(found)
}

fn edge(disk: &Disk, repository: &RepositoryName, digest: &Digest) -> Result<Found, StorageError> {
    let key = Key::Edge(repository.clone(), *digest);
    let link = scan::link(disk, &key)?;
    let target = match link {
        Link::Absent => None,
        Link::Torn => Some(*digest),
        Link::To(target) => Some(target),
    };
    let mut found = Found::default();
    if let Some(target) = target {
        found = stored(disk, &target)?;
        let present = found
            .facts
            .iter()
            .any(|fact| matches!(fact, Fact::Bytes { present: true, .. }));
        found.dangling = !present;
        if present {
            found.torn = (link == Link::Torn).then_some(*digest);
            found.alias = (target != *digest).then_some(*digest);
            found.facts.push(Fact::Edge {
                repository: repository.clone(),
                digest: *digest,
                target: Some(*digest),
            });
            if found.alias.is_some() {
                found.facts.push(Fact::Bytes {
                    digest: *digest,
                    present: true,
                    verified: false,
                });
            }
            return Ok(found);
        }
    }
    found.facts.push(Fact::Edge {
        repository: repository.clone(),
        digest: *digest,
        target: None,
    });
    Ok(found)
}

/// The bytes behind a link: as the index knows them if they look as they did, else as they are, to be hashed
/// when they are first pulled.
fn stored(disk: &Disk, digest: &Digest) -> Result<Found, StorageError> {
    let present = disk::stat(&disk.layout.bytes(digest))?.is_some();
    let fact = Fact::Bytes {
        digest: *digest,
        present,
        verified: false,
    };
    Ok(Found {
        facts: vec![fact],
        ..Found::default()
    })
}

fn revision(disk: &Disk, repository: &RepositoryName, digest: &Digest) -> Result<Found, StorageError> {
    let key = Key::Revision(repository.clone(), *digest);
    let link = scan::link(disk, &key)?;
    let mut found = Found::default();
    let mut manifest = None;
    if link == Link::Torn || link == Link::To(*digest) {
        manifest = read_manifest(disk, repository, digest)?;
        found.dangling = manifest.is_none();
        found.torn = (link == Link::Torn && manifest.is_some()).then_some(*digest);
    }
    if manifest.is_some() {
        found.facts.push(Fact::Bytes {
            digest: *digest,
            present: true,
            verified: true,
        });
    }
    found.facts.push(Fact::Revision {
        repository: repository.clone(),
        digest: *digest,
        manifest,
    });
    Ok(found)
}

fn tag(
    disk: &Disk,
    read: &Read<'_>,
    repository: &RepositoryName,
    tag: &TagName,
) -> Result<Found, StorageError> {
    let mut found = Found::default();
    let mut manifest = None;
    let key = Key::Tag(repository.clone(), tag.clone());
    if let Link::To(digest) = scan::link(disk, &key)? {
        if read.manifest(repository, &digest)?.value.is_some() {
            manifest = Some(digest);
        } else {
            found = revision(disk, repository, &digest)?;
            let is_whole = |fact: &Fact| {
                matches!(
                    fact,
                    Fact::Revision {
                        manifest: Some(_),
                        ..
                    }
                )
            };
            manifest = found.facts.iter().any(is_whole).then_some(digest);
        }
    }
    // Docker's registry takes a folder for a tag even when no link is in it.
    let folder = disk.layout.tags(repository).join(tag.as_str());
    found.dangling = manifest.is_none() && disk::stat(&folder)?.is_some();
    found.facts.push(Fact::Tag {
        repository: repository.clone(),
        tag: tag.clone(),
        manifest,
    });
    found.torn = None;
    Ok(found)
}

/// What a stored manifest says. `None` where its bytes are missing, too many, or not those of the digest. A
/// document that nobody here can read keeps every digest that stands in it.
fn read_manifest(
    disk: &Disk,
    repository: &RepositoryName,
    digest: &Digest,
) -> Result<Option<ManifestFact>, StorageError> {
    let path = disk.layout.bytes(digest);
    if disk::stat(&path)?.is_none_or(|sig| sig.size > MANIFEST_SIZE_LIMIT as u64) {
        return Ok(None);
    }
    let Some(bytes) = disk::read(&path)? else {
        return Ok(None);
    };
    if Digest::of(digest.algorithm(), &bytes) != *digest {
        return Ok(None);
    }
    let told = scan::told_media_type(disk, repository, digest)?;
    Ok(Some(match Manifest::parse(&bytes, told.as_ref()) {
        Ok(manifest) => ManifestFact::new(&manifest, bytes.len()),
        Err(_) => unknown(&bytes, told),
    }))
}

fn unknown(bytes: &[u8], told: Option<MediaType>) -> ManifestFact {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let own = value
        .get("mediaType")
        .and_then(|text| MediaType::parse(text.as_str()?));
    let octets = || MediaType::parse("application/octet-stream").expect("it is a media type");
    let mut blobs = Vec::new();
    if let serde_json::Value::Object(fields) = value {
        let kept = fields.into_iter().filter(|(name, _)| name != "subject");
        kept.for_each(|(_, value)| every_digest(&value, &mut blobs));
    }
    blobs.sort();
    blobs.dedup();
    ManifestFact {
        media_type: told.or(own).unwrap_or_else(octets),
        artifact_type: None,
        subject: None,
        size: bytes.len() as u64,
        annotations: BTreeMap::new(),
        blobs,
        children: Vec::new(),
    }
}

fn every_digest(value: &serde_json::Value, found: &mut Vec<Digest>) {
    match value {
        serde_json::Value::String(text) => found.extend(text.parse::<Digest>().ok()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| every_digest(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| every_digest(field, found)),
        _ => {}
    }
}
