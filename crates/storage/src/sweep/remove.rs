use std::collections::BTreeSet;
use std::sync::Arc;

use berth_oci::{Digest, RepositoryName};

use super::freed::Measured;
use super::pass::receives;
use super::{BATCH, SweepOptions, SweepReport};
use crate::StorageError;
use crate::commit::{Change, Outcome, SweepBytes, SweepEdge};
use crate::index::{Condemned, Kind};
use crate::layout::Key;
use crate::store::Inner;

/// The position before the first row.
const START: (i64, i64) = (-1, 0);

/// Counts what a sweep would decide now.
pub(super) fn count_due(inner: &Inner, report: &mut SweepReport) -> Result<(), StorageError> {
    for kind in [Kind::Edge, Kind::Bytes] {
        each_batch(inner, kind, |batch| {
            report.due += batch.len() as u64;
            Ok(())
        })?;
    }
    Ok(())
}

/// Removes the edges whose grace is over, and at once the bytes to which only they led.
pub(super) fn edges(
    inner: &Inner,
    options: SweepOptions,
    report: &mut SweepReport,
    progress: &dyn Fn(&SweepReport),
) -> Result<(), StorageError> {
    each_batch(inner, Kind::Edge, |batch| {
        report.due += batch.len() as u64;
        let mut closed = Vec::new();
        for condemned in batch {
            let Some(name) = condemned.repository else {
                continue;
            };
            if close(inner, &name, &condemned.digest)? {
                closed.push((name, condemned.digest));
            } else {
                report.leased += 1;
            }
        }
        let removed = remove_edges(inner, &closed, report);
        for (name, digest) in &closed {
            inner.leases.open_again(name, digest);
        }
        remove_bytes(inner, removed?, report, false)?;
        progress(report);
        std::thread::sleep(options.pause);
        Ok(())
    })
}

/// Removes the bytes whose grace is over.
pub(super) fn bytes(
    inner: &Inner,
    options: SweepOptions,
    report: &mut SweepReport,
    progress: &dyn Fn(&SweepReport),
) -> Result<(), StorageError> {
    each_batch(inner, Kind::Bytes, |batch| {
        report.due += batch.len() as u64;
        let digests = batch.into_iter().map(|condemned| condemned.digest).collect();
        remove_bytes(inner, digests, report, true)?;
        progress(report);
        std::thread::sleep(options.pause);
        Ok(())
    })
}

/// Ends promising the blob, unless somebody builds on it.
fn close(inner: &Inner, name: &RepositoryName, digest: &Digest) -> Result<bool, StorageError> {
    if !inner.leases.close(name, digest) {
        return Ok(false);
    }
    // After the closing: an upload that begins from now finds the blob gone, and sends it.
    let receives = receives(inner, name);
    if !matches!(receives, Ok(false)) {
        inner.leases.open_again(name, digest);
    }
    receives.map(|receives| !receives)
}

/// The blobs to which the removed edges led.
fn remove_edges(
    inner: &Inner,
    closed: &[(RepositoryName, Digest)],
    report: &mut SweepReport,
) -> Result<BTreeSet<Digest>, StorageError> {
    let taken_back_from = inner.grace_began();
    let mut changes: Vec<Box<dyn Change>> = Vec::new();
    let mut measured = Vec::new();
    for (name, digest) in closed {
        let path = inner.disk.layout.path(&Key::Edge(name.clone(), *digest));
        measured.push(Measured::before(&path));
        changes.push(Box::new(SweepEdge {
            repository: name.clone(),
            digest: *digest,
            state: Arc::clone(&inner.state),
            taken_back_from,
        }));
    }
    let outcomes = inner.committer.commit_all_blocking(changes)?;
    let mut removed = BTreeSet::new();
    for ((outcome, measured), (_, digest)) in outcomes.into_iter().zip(measured).zip(closed) {
        match outcome? {
            Outcome::Done => {
                report.removed_edges += 1;
                report.freed_bytes += measured.freed().0;
                removed.insert(*digest);
            }
            Outcome::Referenced(_) => report.needed += 1,
            Outcome::Absent | Outcome::Missing(_) => {}
        }
    }
    Ok(removed)
}

fn remove_bytes(
    inner: &Inner,
    digests: BTreeSet<Digest>,
    report: &mut SweepReport,
    condemned: bool,
) -> Result<(), StorageError> {
    let taken_back_from = inner.grace_began();
    let mut changes: Vec<Box<dyn Change>> = Vec::new();
    let mut measured = Vec::new();
    for digest in digests {
        measured.push(Measured::before(&inner.disk.layout.bytes(&digest)));
        changes.push(Box::new(SweepBytes {
            digest,
            state: Arc::clone(&inner.state),
            taken_back_from,
        }));
    }
    let outcomes = inner.committer.commit_all_blocking(changes)?;
    for (outcome, measured) in outcomes.into_iter().zip(measured) {
        match outcome? {
            Outcome::Done => {
                let (freed, held) = measured.freed();
                report.removed_blobs += 1;
                report.freed_bytes += freed;
                report.held_bytes += held;
            }
            Outcome::Referenced(_) if condemned => report.needed += 1,
            _ => {}
        }
    }
    Ok(())
}

fn each_batch(
    inner: &Inner,
    kind: Kind,
    mut each: impl FnMut(Vec<Condemned>) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let until = inner.grace_began();
    let mut after = START;
    loop {
        let found = inner
            .readers
            .read(|read| read.condemned(kind, until, after, BATCH))?;
        let Some((last, _)) = found.last() else {
            return Ok(());
        };
        after = *last;
        each(found.into_iter().map(|(_, condemned)| condemned).collect())?;
    }
}
