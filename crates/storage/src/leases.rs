//! What clients were told is there, and may build on for one grace. In memory; kept across an end in order.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use berth_oci::{Digest, RepositoryName};

use crate::disk::{self, Disk};
use crate::{Clock, StorageError};

/// Leases of one set; with more, everything counts as leased while the set lives.
const MOST: usize = 1 << 18;
/// The note of a process that ended in order. Only the next start reads it, and takes it away.
const NOTE: &str = "leases.json";

/// Promises and the sweep meet here, under one mutex: a blob is promised, or it is closing, and never both.
///
/// A promise is recorded *before* the index is asked. Two sets take turns, so that one lives for one to two graces.
pub(crate) struct Leases {
    grace: Duration,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    young: Set,
    old: Set,
    turned: SystemTime,
    closing: HashSet<Name>,
}

#[derive(Default)]
struct Set {
    names: HashSet<Name>,
    /// Everything is leased: the set is too full, or nobody knows what an earlier process promised.
    all: bool,
}

/// A hash of repository and digest. Two that share one keep each other, which is no harm.
type Name = [u8; 16];

impl Leases {
    /// With what the process before left behind, if it ended in order; else everything is leased for one grace.
    pub(crate) fn open(disk: &Disk, grace: Duration, clock: Arc<dyn Clock>) -> Result<Self, StorageError> {
        let path = disk.layout.private(NOTE);
        let kept = disk::read(&path)?;
        if kept.is_some() {
            disk.remove(&path)?;
            // Else a power cut would bring back what this process has promised more than.
            disk.sync(&disk.layout.private(""))?;
        }
        let kept: Option<Vec<Name>> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let is_new = disk::stat(&disk.layout.repositories())?.is_none();
        let young = Set {
            all: kept.is_none() && !is_new,
            names: kept.unwrap_or_default().into_iter().collect(),
        };
        Ok(Self {
            grace,
            state: Mutex::new(State {
                young,
                old: Set::default(),
                turned: clock.now(),
                closing: HashSet::new(),
            }),
            clock,
        })
    }

    /// Writes the leases down for the next process. They begin anew then.
    pub(crate) fn keep(&self, disk: &Disk) -> Result<(), StorageError> {
        let state = self.turned();
        if state.young.all || state.old.all {
            return Ok(());
        }
        let names: Vec<Name> = state.young.names.union(&state.old.names).copied().collect();
        let bytes = serde_json::to_vec(&names).unwrap_or_default();
        drop(state);
        let draft = disk.layout.private("tmp").join(NOTE);
        disk.write(&draft, &bytes)?;
        disk.sync(&draft)?;
        disk.rename(&draft, &disk.layout.private(NOTE))?;
        disk.sync(&disk.layout.private(""))
    }

    /// Promises that the blob stays for a grace, before anybody looks whether it is there. False while it is on its
    /// way out: then it must not be promised.
    pub(crate) fn lease(&self, repository: &RepositoryName, digest: &Digest) -> bool {
        let name = name(repository, digest);
        let mut state = self.turned();
        if state.young.names.len() < MOST {
            state.young.names.insert(name);
        } else {
            state.young.all = true;
        }
        !state.closing.contains(&name)
    }

    /// Whether everything is leased.
    pub(crate) fn cover_all(&self) -> bool {
        let state = self.turned();
        state.young.all || state.old.all
    }

    /// Promises the blob to nobody from now. False where it is leased.
    pub(crate) fn close(&self, repository: &RepositoryName, digest: &Digest) -> bool {
        let name = name(repository, digest);
        let mut state = self.turned();
        let leased = [&state.young, &state.old]
            .iter()
            .any(|set| set.all || set.names.contains(&name));
        if !leased {
            state.closing.insert(name);
        }
        !leased
    }

    /// Whether it is, is settled.
    pub(crate) fn open_again(&self, repository: &RepositoryName, digest: &Digest) {
        self.turned().closing.remove(&name(repository, digest));
    }

    fn turned(&self) -> MutexGuard<'_, State> {
        let now = self.clock.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes leases longer.
        let passed = now.duration_since(state.turned).unwrap_or_default();
        if passed >= self.grace {
            let young = std::mem::take(&mut state.young);
            let outlived = passed >= self.grace.saturating_mul(2);
            state.old = if outlived { Set::default() } else { young };
            state.turned = now;
        }
        state
    }
}

fn name(repository: &RepositoryName, digest: &Digest) -> Name {
    let hash = Digest::sha256(format!("{repository}@{digest}").as_bytes());
    let mut name = Name::default();
    name.copy_from_slice(&hash.as_bytes()[..16]);
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layout;

    struct Hands(Mutex<SystemTime>);

    impl Clock for Hands {
        fn now(&self) -> SystemTime {
            *self.0.lock().unwrap()
        }
    }

    const GRACE: Duration = Duration::from_secs(10);

    fn world() -> (tempfile::TempDir, Disk, Arc<Hands>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".berth/tmp")).unwrap();
        let disk = Disk::new(Layout::new(folder.path().to_owned()));
        (folder, disk, Arc::new(Hands(Mutex::new(SystemTime::UNIX_EPOCH))))
    }

    #[test]
    fn a_promise_holds_for_a_grace_and_not_for_ever() {
        let (_folder, disk, clock) = world();
        let leases = Leases::open(&disk, GRACE, clock.clone()).unwrap();
        let (repository, digest) = ("a".parse().unwrap(), Digest::sha256(b"x"));
        assert!(leases.lease(&repository, &digest));
        *clock.0.lock().unwrap() += GRACE / 2;
        assert!(!leases.close(&repository, &digest));
        *clock.0.lock().unwrap() += GRACE * 2;
        assert!(leases.close(&repository, &digest));
    }

    #[test]
    fn what_is_closing_is_promised_to_nobody() {
        let (_folder, disk, clock) = world();
        let leases = Leases::open(&disk, GRACE, clock).unwrap();
        let (repository, digest) = ("a".parse().unwrap(), Digest::sha256(b"x"));
        assert!(leases.close(&repository, &digest));
        assert!(!leases.lease(&repository, &digest));
        leases.open_again(&repository, &digest);
        assert!(leases.lease(&repository, &digest));
    }

    #[test]
    fn promises_outlive_an_end_in_order_and_a_kill_leases_everything() {
        let (folder, disk, clock) = world();
        let (repository, digest) = ("a".parse().unwrap(), Digest::sha256(b"x"));
        let leases = Leases::open(&disk, GRACE, clock.clone()).unwrap();
        leases.lease(&repository, &digest);
        leases.keep(&disk).unwrap();
        std::fs::create_dir_all(folder.path().join("docker/registry/v2/repositories")).unwrap();
        let leases = Leases::open(&disk, GRACE, clock.clone()).unwrap();
        assert!(!leases.close(&repository, &digest));
        assert!(leases.close(&repository, &Digest::sha256(b"y")));
        // Killed: nobody knows what was promised.
        let leases = Leases::open(&disk, GRACE, clock.clone()).unwrap();
        assert!(leases.cover_all() && !leases.close(&repository, &Digest::sha256(b"y")));
        *clock.0.lock().unwrap() += GRACE * 2;
        assert!(leases.close(&repository, &digest));
    }
}
