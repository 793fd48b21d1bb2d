//! The sweep: frees what nothing needs, while everything else goes on.
//!
//! What nothing needs is condemned first, and goes when a full grace has passed and nothing needs it still: an edge
//! (a repository's access to a blob) when no manifest of the repository names it and nobody was promised it, bytes when
//! nothing leads to them. Each is decided on its own, in the committer, with only its own key held. Tags, and manifests
//! with a tag or without, are never swept: clusters deploy by digest.

mod condemn;
mod freed;
#[cfg(test)]
mod guards;
mod pass;
mod remove;

pub(crate) use freed::tree_bytes;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use berth_oci::RepositoryName;

use crate::StorageError;
use crate::recover::scan_one;
use crate::store::{Inner, Store};
use crate::upload::expire;

/// Keys that are decided together; between two batches others have their turn.
const BATCH: usize = 256;

/// Frozen repositories that a report names at most.
const NAMED: usize = 100;

/// How a sweep goes about it.
#[derive(Clone, Copy, Debug)]
pub struct SweepOptions {
    /// Look, and change nothing.
    pub dry_run: bool,
    /// The wait between two batches of 256.
    pub pause: Duration,
}

/// What a sweep did, or in a dry run, what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    pub dry_run: bool,
    /// Edges and bytes that nothing needs, and their bytes, each blob counted once for every repository.
    pub unneeded: u64,
    pub unneeded_bytes: u64,
    /// Of these, how many had their grace behind them.
    pub due: u64,
    /// Edges that were removed: a repository's access to a blob.
    pub removed_edges: u64,
    /// Blobs whose bytes were removed.
    pub removed_blobs: u64,
    /// Bytes that the disk got back: whole blocks of files and folders whose last name went.
    pub freed_bytes: u64,
    /// Bytes that it gets back when those who still read them are done; not in `freed_bytes`.
    pub held_bytes: u64,
    /// Due, but promised to a client within the grace, or in a repository with an upload under way.
    pub leased: u64,
    /// Due, but needed again, or by what was deleted and can still be taken back.
    pub needed: u64,
    /// Upload sessions that were older than the store keeps them.
    pub removed_uploads: u64,
    /// The process before ended without a word: what it promised is not known, so everything counts as promised for a grace.
    pub all_leased: bool,
    /// Repositories (the first 100) in which nothing is removed, for a manifest of theirs can't be read.
    pub frozen: Vec<RepositoryName>,
}

/// What sweeps share: one runs at a time.
#[derive(Default)]
pub(crate) struct Sweeper {
    /// Whether every link was compared with the index since the start.
    passed: Mutex<bool>,
}

impl Default for SweepOptions {
    fn default() -> Self {
        Self {
            dry_run: false,
            pause: Duration::from_millis(5),
        }
    }
}

impl Store {
    /// Frees what nothing needs. Reads, pushes and deletes go on meanwhile; a second sweep waits for the first.
    ///
    /// The first one since the start compares every link with the index before: somebody else may have written to
    /// the folder. `progress` is called after each batch with the report as it stands.
    pub async fn sweep(
        &self,
        options: SweepOptions,
        progress: impl Fn(&SweepReport) + Send + 'static,
    ) -> Result<SweepReport, StorageError> {
        self.run(move |inner| sweep(inner, options, &progress)).await
    }
}

fn sweep(
    inner: &Inner,
    options: SweepOptions,
    progress: &dyn Fn(&SweepReport),
) -> Result<SweepReport, StorageError> {
    let mut passed = inner
        .sweeper
        .passed
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let mut report = SweepReport {
        dry_run: options.dry_run,
        ..SweepReport::default()
    };
    while let Some(name) = inner.scans.next() {
        scan_one(inner, &name)?;
    }
    if !*passed {
        pass::compare(inner, options.pause)?;
        *passed = true;
    }
    report.frozen = inner.readers.read(|read| read.frozen(NAMED))?;
    report.all_leased = inner.leases.cover_all();
    condemn::edges(inner, options, &mut report, progress)?;
    condemn::bytes(inner, options, &mut report, progress)?;
    if options.dry_run {
        remove::count_due(inner, &mut report)?;
        return Ok(report);
    }
    remove::edges(inner, options, &mut report, progress)?;
    remove::bytes(inner, options, &mut report, progress)?;
    let freed = expire(inner)?;
    report.removed_uploads = freed.sessions;
    report.freed_bytes += freed.bytes;
    inner.state.forget_deletions_before(inner.grace_began())?;
    progress(&report);
    Ok(report)
}
