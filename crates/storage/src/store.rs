use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use crate::answers::StoreHealth;
use crate::cache::Cache;
use crate::commit::{By, Committer, MARGIN, Reconcile, room};
use crate::disk::{self, Disk};
use crate::index::{Found, Read, Readers};
use crate::layout::{Key, Layout};
use crate::leases::Leases;
use crate::lock::OwnerLock;
use crate::recover::{self, Scans};
use crate::sweep::Sweeper;
use crate::upload::{LastLook, Sessions, expire, keep_sessions};
use crate::{Clock, Random, StateStore, StorageError};

/// Blobs, manifests, tags and uploads below one folder. A clone is the same store.
///
/// Every operation that changes something answers after it is durable; nothing is visible to others before.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

/// What a store is opened with.
#[derive(Clone)]
pub struct StoreOptions {
    /// The root folder (`rootdirectory` of Docker's registry).
    pub root: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Whether a manifest may name blobs, and an index manifests, that are not in the repository.
    pub allow_sparse: bool,
    /// The age at which an upload session is removed.
    pub upload_expiry: Duration,
    /// How long what a client was told is there stays for it to build on, how long what nothing needs is kept before it is
    /// swept, and how long what was deleted can be taken back.
    pub grace: Duration,
}

/// What all clones share. The committer ends before the lock is let go.
pub(crate) struct Inner {
    pub(crate) committer: Committer,
    pub(crate) disk: Disk,
    pub(crate) readers: Readers,
    pub(crate) cache: Arc<Cache>,
    pub(crate) scans: Scans,
    pub(crate) sessions: Sessions,
    pub(crate) state: Arc<StateStore>,
    pub(crate) leases: Leases,
    pub(crate) sweeper: Sweeper,
    pub(crate) last_look: LastLook,
    /// The machine stopped since the last start without an end in order: what was not synced may be gone.
    pub(crate) cache_was_lost: bool,
    pub(crate) options: StoreOptions,
    _lock: OwnerLock,
}

impl Store {
    /// Opens the folder, and makes it where there is none.
    ///
    /// What an earlier process left half done is finished or undone first. An index that is missing, damaged, or
    /// made from another folder is made anew while the store already serves: single tags, manifests and blobs
    /// are answered at once, a list when its repository was read.
    pub async fn open(options: StoreOptions) -> Result<Self, StorageError> {
        let disk = Disk::new(Layout::new(options.root.clone()));
        Self::open_on(disk, options).await
    }

    pub(crate) async fn open_on(disk: Disk, options: StoreOptions) -> Result<Self, StorageError> {
        let inner = blocking(move || {
            for made in disk.make_folder(&disk.layout.private(""))? {
                made.parent().map_or(Ok(()), |folder| disk.sync(folder))?;
            }
            let lock = OwnerLock::acquire(&disk.layout)?;
            let cache = Arc::new(Cache::new());
            let leases = Leases::open(&disk, options.grace, Arc::clone(&options.clock))?;
            let state = Arc::new(StateStore::open(disk.layout.root())?);
            let started = recover::start(&disk, &options, &cache)?;
            Ok(Arc::new(Inner {
                committer: started.committer,
                readers: Readers::new(disk.layout.private("index.sqlite")),
                disk,
                cache,
                scans: started.scans,
                sessions: Sessions::default(),
                state,
                leases,
                sweeper: Sweeper::default(),
                last_look: LastLook::default(),
                cache_was_lost: started.cache_was_lost,
                options,
                _lock: lock,
            }))
        })
        .await?;
        let rest: Weak<Inner> = Arc::downgrade(&inner);
        tokio::task::spawn_blocking(move || {
            recover::scan_all(&rest);
            let Some(inner) = rest.upgrade() else { return };
            if let Err(error) = expire(&inner) {
                tracing::warn!(%error, "old upload sessions could not be removed");
            }
        });
        Ok(Self { inner })
    }

    /// Ends the store in order: what was begun is finished, nothing more is taken, the index is marked clean.
    pub async fn close(self) -> Result<(), StorageError> {
        blocking(move || {
            let kept = keep_sessions(&self.inner);
            self.inner.committer.close();
            kept.and_then(|()| self.inner.leases.keep(&self.inner.disk))
        })
        .await
    }

    /// Whether writes are taken.
    pub fn health(&self) -> StoreHealth {
        match self.inner.committer.read_only() {
            None if room(&self.inner.disk, MARGIN).is_err() => StoreHealth::Full,
            None => StoreHealth::Writable,
            Some(because) => StoreHealth::ReadOnly {
                because: because.to_owned(),
            },
        }
    }

    /// Whether so many bytes more would fit; [`StorageError::NoSpace`] where not. What is refused before it is sent
    /// costs nobody anything.
    pub fn room_for(&self, bytes: u64) -> Result<(), StorageError> {
        room(&self.inner.disk, bytes)
    }

    /// Runs work that waits for the disk off the threads that serve requests.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let inner = Arc::clone(&self.inner);
        blocking(move || work(&inner)).await
    }
}

impl Inner {
    /// Asks the index, and checks on the disk that it is right: the first use of a name is where a change behind
    /// Berth's back is found. What differs is read anew before the answer.
    pub(crate) fn lookup<T>(
        &self,
        query: impl Fn(&Read<'_>) -> Result<Found<T>, StorageError>,
    ) -> Result<T, StorageError> {
        let mut reconciled = Vec::new();
        loop {
            let found = self.readers.read(&query)?;
            let mut differing = Vec::new();
            for expected in found.expected {
                let sig = disk::stat(&self.disk.layout.path(&expected.key))?.map(|sig| sig.bytes());
                if sig != expected.sig && !reconciled.contains(&expected.key) {
                    differing.push(expected.key);
                }
            }
            if differing.is_empty() {
                return Ok(found.value);
            }
            reconciled.extend(differing.iter().cloned());
            match self.reconcile(differing) {
                Ok(()) => {}
                // A store that can't write still answers what it knew.
                Err(StorageError::ReadOnly { .. }) => return Ok(found.value),
                Err(error) => return Err(error),
            }
        }
    }

    /// Nanoseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        let since = self.options.clock.now().duration_since(SystemTime::UNIX_EPOCH);
        i64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(i64::MAX)
    }

    /// The time since when a full grace has passed. Nanoseconds since 1970.
    pub(crate) fn grace_began(&self) -> i64 {
        let grace = i64::try_from(self.options.grace.as_nanos()).unwrap_or(i64::MAX);
        self.now().saturating_sub(grace)
    }

    pub(crate) fn by(&self, principal: &str) -> By {
        By {
            state: Arc::clone(&self.state),
            principal: principal.to_owned(),
            at: self.now(),
        }
    }

    /// Makes the index agree with the layout at these keys.
    pub(crate) fn reconcile(&self, keys: Vec<Key>) -> Result<(), StorageError> {
        let change = Reconcile::new(keys, false, Arc::clone(&self.options.random));
        self.committer.commit_blocking(change).map(drop)
    }
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    // A panic in the work has been reported by its own hook; to the caller the store is in an unknown state.
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StorageError::Closed))
}
