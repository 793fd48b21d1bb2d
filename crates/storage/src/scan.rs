//! What stands in the layout, read without the index.

use berth_oci::{Algorithm, Digest, MediaType, RepositoryName, TagName};

use crate::StorageError;
use crate::disk::{self, Disk};
use crate::layout::Key;

/// What a link file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Absent,
    /// Not a digest: cut short by a crash of Docker's registry, or written by nobody who knew.
    Torn,
    To(Digest),
}

pub(crate) fn link(disk: &Disk, key: &Key) -> Result<Link, StorageError> {
    let Some(bytes) = disk::read(&disk.layout.path(key))? else {
        return Ok(Link::Absent);
    };
    let digest = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.parse().ok());
    Ok(digest.map_or(Link::Torn, Link::To))
}

/// The media type that a push named and the manifest's body doesn't tell.
pub(crate) fn told_media_type(
    disk: &Disk,
    repository: &RepositoryName,
    digest: &Digest,
) -> Result<Option<MediaType>, StorageError> {
    let Some(bytes) = disk::read(&disk.layout.media_type(repository, digest))? else {
        return Ok(None);
    };
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok(value
        .get("mediaType")
        .and_then(|text| MediaType::parse(text.as_str()?)))
}

/// Every repository: what has `_layers` or `_manifests`, in no order.
pub(crate) fn repositories(disk: &Disk) -> Result<Vec<RepositoryName>, StorageError> {
    repositories_with(disk, |name| name == "_layers" || name == "_manifests")
}

/// What has a folder of the wanted names, in no order.
pub(crate) fn repositories_with(
    disk: &Disk,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<RepositoryName>, StorageError> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let path = disk.layout.repositories().join(&folder);
        let mut is_repository = false;
        for name in disk::list(&path)? {
            if name.starts_with('_') {
                is_repository |= wanted(&name);
            } else {
                let separator = if folder.is_empty() { "" } else { "/" };
                folders.push(format!("{folder}{separator}{name}"));
            }
        }
        if let (true, Ok(name)) = (is_repository, folder.parse()) {
            found.push(name);
        }
    }
    Ok(found)
}

pub(crate) fn tags(disk: &Disk, repository: &RepositoryName) -> Result<Vec<TagName>, StorageError> {
    let names = disk::list(&disk.layout.tags(repository))?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

pub(crate) fn revisions(disk: &Disk, repository: &RepositoryName) -> Result<Vec<Digest>, StorageError> {
    digests(&disk.layout.revisions(repository))
}

pub(crate) fn edges(disk: &Disk, repository: &RepositoryName) -> Result<Vec<Digest>, StorageError> {
    digests(&disk.layout.edges(repository))
}

/// What was set aside because its bytes were not those of its digest.
pub(crate) fn damaged(disk: &Disk) -> Result<Vec<Digest>, StorageError> {
    let names = disk::list(&disk.layout.private("damaged"))?;
    let digests = names
        .iter()
        .filter_map(|name| name.replacen('-', ":", 1).parse().ok());
    Ok(digests.collect())
}

fn digests(folder: &std::path::Path) -> Result<Vec<Digest>, StorageError> {
    let mut found = Vec::new();
    for algorithm in Algorithm::ALL {
        let names = disk::list(&folder.join(algorithm.name()))?;
        found.extend(
            names
                .iter()
                .filter_map(|hex| Digest::from_hex(algorithm, hex).ok()),
        );
    }
    Ok(found)
}
