use std::collections::HashSet;

use berth_oci::{Digest, Manifest, RepositoryName};

use super::{Check, FsckFault};
use crate::StorageError;
use crate::disk;
use crate::layout::Key;
use crate::scan::{self, Link};

/// Follows every link of one repository.
pub(super) fn check(check: &mut Check<'_>, name: &RepositoryName) -> Result<(), StorageError> {
    check.report.repositories += 1;
    let layers = check.disk.layout.edges(name);
    if disk::stat(&layers)?.is_none() {
        check.find(&layers, FsckFault::NoLayersFolder);
    }
    let edges = edges(check, name)?;
    let revisions = revisions(check, name, &edges)?;
    tags(check, name, &revisions)
}

/// The blobs that the repository may read, and has.
fn edges(check: &mut Check<'_>, name: &RepositoryName) -> Result<HashSet<Digest>, StorageError> {
    let mut readable = HashSet::new();
    for digest in scan::edges(check.disk, name)? {
        let key = Key::Edge(name.clone(), digest);
        let path = check.disk.layout.path(&key);
        match scan::link(check.disk, &key)? {
            Link::Absent => {}
            Link::Torn => check.find(&path, FsckFault::TornLink),
            Link::To(target) if check.present.contains(&target) => drop(readable.insert(digest)),
            Link::To(target) => check.find(&path, FsckFault::DanglingLink { digest: target }),
        }
    }
    Ok(readable)
}

/// The manifests that the repository has, whole or not.
fn revisions(
    check: &mut Check<'_>,
    name: &RepositoryName,
    edges: &HashSet<Digest>,
) -> Result<HashSet<Digest>, StorageError> {
    let mut present = HashSet::new();
    for digest in scan::revisions(check.disk, name)? {
        let key = Key::Revision(name.clone(), digest);
        let path = check.disk.layout.path(&key);
        match scan::link(check.disk, &key)? {
            Link::Absent => {}
            Link::To(target) if target == digest => {
                check.report.manifests += 1;
                if check.present.contains(&digest) {
                    present.insert(digest);
                } else {
                    check.find(&path, FsckFault::NoManifest { digest });
                }
            }
            Link::Torn | Link::To(_) => check.find(&path, FsckFault::TornLink),
        }
    }
    for digest in &present {
        content(check, name, digest, edges, &present)?;
    }
    Ok(present)
}

fn content(
    check: &mut Check<'_>,
    name: &RepositoryName,
    digest: &Digest,
    edges: &HashSet<Digest>,
    revisions: &HashSet<Digest>,
) -> Result<(), StorageError> {
    let bytes = disk::read(&check.disk.layout.bytes(digest))?.unwrap_or_default();
    let told = scan::told_media_type(check.disk, name, digest)?;
    let path = check.disk.layout.path(&Key::Revision(name.clone(), *digest));
    let Ok(manifest) = Manifest::parse(&bytes, told.as_ref()) else {
        check.find(&path, FsckFault::UnknownManifest { digest: *digest });
        return Ok(());
    };
    if check.options.allow_sparse {
        return Ok(());
    }
    let blobs = manifest
        .required_blobs()
        .into_iter()
        .filter(|blob| !edges.contains(blob));
    let children = manifest.children().into_iter();
    let children = children.filter(|child| !revisions.contains(child));
    for digest in blobs.chain(children) {
        check.find(&path, FsckFault::MissingContent { digest });
    }
    Ok(())
}

fn tags(
    check: &mut Check<'_>,
    name: &RepositoryName,
    revisions: &HashSet<Digest>,
) -> Result<(), StorageError> {
    for tag in scan::tags(check.disk, name)? {
        let key = Key::Tag(name.clone(), tag);
        let path = check.disk.layout.path(&key);
        match scan::link(check.disk, &key)? {
            Link::Absent | Link::Torn => check.find(&path, FsckFault::TornLink),
            Link::To(digest) if revisions.contains(&digest) => check.report.tags += 1,
            Link::To(digest) => check.find(&path, FsckFault::DanglingTag { digest }),
        }
    }
    Ok(())
}
