use std::collections::BTreeSet;

use berth_oci::{Digest, RepositoryName};

use super::{Check, FsckFault, FsckLine};
use crate::StorageError;
use crate::disk::{self, Disk};
use crate::index::{Fact, Read, Readers, identity};
use crate::layout::Key;
use crate::look::look;
use crate::scan;

/// Compares the index with what the layout holds. Where a write was cut off they differ until the next start.
pub(super) fn check(check: &mut Check<'_>, repositories: &[RepositoryName]) -> Result<(), StorageError> {
    let path = check.disk.layout.private("index.sqlite");
    if disk::stat(&path)?.is_none() {
        return Ok(());
    }
    if identity(&path).is_none() {
        check.find(&path, FsckFault::IndexUnusable);
        return Ok(());
    }
    let disk = check.disk;
    let (unfinished, differing) = Readers::new(path).read(|read| compare(read, disk, repositories))?;
    for key in &unfinished {
        check.find(&disk.layout.path(key), FsckFault::Unfinished);
    }
    check
        .report
        .lines
        .retain(|line| !is_about(disk, line, &unfinished));
    for key in differing.difference(&unfinished) {
        check.find(&disk.layout.path(key), FsckFault::IndexDiffers);
    }
    Ok(())
}

type Compared = (BTreeSet<Key>, BTreeSet<Key>);

fn compare(read: &Read<'_>, disk: &Disk, repositories: &[RepositoryName]) -> Result<Compared, StorageError> {
    let intents = read.intents()?;
    let unfinished: BTreeSet<Key> = intents.iter().filter_map(|(_, path)| Key::parse(path)).collect();
    let mut differing = BTreeSet::new();
    for (name, scanned) in read.scanned()? {
        // What was never read in, or changed since, the next start reads.
        if scanned != Some(crate::recover::folder_times(disk, &name)?) || !repositories.contains(&name) {
            continue;
        }
        let known: BTreeSet<Key> = read.keys(&name)?.into_iter().collect();
        let there = there(read, disk, &name)?;
        differing.extend(known.symmetric_difference(&there).cloned());
        for key in known.intersection(&there) {
            if !agrees(read, disk, key)? {
                differing.insert(key.clone());
            }
        }
    }
    Ok((unfinished, differing))
}

/// The keys that the layout has, as a rebuild would take them.
fn there(read: &Read<'_>, disk: &Disk, name: &RepositoryName) -> Result<BTreeSet<Key>, StorageError> {
    let digests = |digests: Vec<Digest>, key: fn(RepositoryName, Digest) -> Key| {
        digests.into_iter().map(move |digest| key(name.clone(), digest))
    };
    let mut keys: Vec<Key> = digests(scan::edges(disk, name)?, Key::Edge).collect();
    keys.extend(digests(scan::revisions(disk, name)?, Key::Revision));
    keys.extend(
        scan::tags(disk, name)?
            .into_iter()
            .map(|tag| Key::Tag(name.clone(), tag)),
    );
    let mut there = BTreeSet::new();
    for key in keys {
        let found = look(disk, read, &key)?;
        if found
            .facts
            .iter()
            .any(|fact| fact.key() == key && fact.is_present())
        {
            there.insert(key);
        }
    }
    Ok(there)
}

/// Whether a tag's row points where its link does.
fn agrees(read: &Read<'_>, disk: &Disk, key: &Key) -> Result<bool, StorageError> {
    let Key::Tag(repository, tag) = key else {
        return Ok(true);
    };
    let row = read.tag(repository, tag)?.value;
    let facts = look(disk, read, key)?.facts;
    Ok(facts.iter().all(|fact| match fact {
        Fact::Tag { manifest, .. } => *manifest == row,
        _ => true,
    }))
}

fn is_about(disk: &Disk, line: &FsckLine, keys: &BTreeSet<Key>) -> bool {
    line.what != FsckFault::Unfinished
        && keys
            .iter()
            .any(|key| disk.layout.root().join(&line.path) == disk.layout.path(key))
}
