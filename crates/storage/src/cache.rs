use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use berth_oci::Digest;

use crate::answers::StoredManifest;
use crate::index::BlobRow;
use crate::layout::Key;

const SHARDS: usize = 16;
/// Entries of one shard; when it is full it starts anew.
const ENTRIES: usize = 4096;
/// Bytes of manifests in one shard.
const BYTES: usize = 4 << 20;
/// A larger manifest is not kept.
const LARGEST: usize = 256 << 10;

/// Answers that are asked for again and again, each checked against the disk when it came in.
///
/// What a commit changes is forgotten after the commit and before its answer. An answer that was looked up
/// before a commit and arrives after it is not taken: see [`Ticket`].
pub(crate) struct Cache {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

#[derive(Default)]
struct Shard {
    entries: HashMap<Key, Cached>,
    bytes: usize,
    /// Commits that touched the shard.
    version: u64,
}

/// What is known of one key.
#[derive(Clone)]
pub(crate) enum Cached {
    Tag(Digest),
    Manifest(StoredManifest),
    Edge(Digest),
    Bytes(BlobRow),
}

/// Drawn before a look-up, handed in with its answer.
#[derive(Clone, Copy)]
pub(crate) struct Ticket(u64);

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Cached> {
        self.shard(key).entries.get(key).cloned()
    }

    pub(crate) fn ticket(&self, key: &Key) -> Ticket {
        Ticket(self.shard(key).version)
    }

    pub(crate) fn keep(&self, key: Key, ticket: Ticket, cached: Cached) {
        let size = cached.size();
        let mut shard = self.shard(&key);
        if shard.version != ticket.0 || size > LARGEST {
            return;
        }
        if shard.entries.len() >= ENTRIES || shard.bytes + size > BYTES {
            shard.entries.clear();
            shard.bytes = 0;
        }
        shard.bytes += size;
        if let Some(old) = shard.entries.insert(key, cached) {
            shard.bytes -= old.size();
        }
    }

    /// A commit changed the key.
    pub(crate) fn forget(&self, key: &Key) {
        let mut shard = self.shard(key);
        shard.version += 1;
        if let Some(old) = shard.entries.remove(key) {
            shard.bytes -= old.size();
        }
    }

    fn shard(&self, key: &Key) -> MutexGuard<'_, Shard> {
        let hash = self.hasher.hash_one(key);
        let number = usize::try_from(hash % SHARDS as u64).unwrap_or_default();
        self.shards[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cached {
    fn size(&self) -> usize {
        match self {
            Self::Manifest(stored) => stored.bytes.len(),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_older_than_a_commit_is_not_kept() {
        let cache = Cache::new();
        let (old, new) = (Digest::sha256(b"old"), Digest::sha256(b"new"));
        let key = Key::Tag("a".parse().unwrap(), "v1".parse().unwrap());
        let before = cache.ticket(&key);
        cache.forget(&key);
        cache.keep(key.clone(), before, Cached::Tag(old));
        assert!(cache.get(&key).is_none());
        cache.keep(key.clone(), cache.ticket(&key), Cached::Tag(new));
        assert!(matches!(cache.get(&key), Some(Cached::Tag(found)) if found == new));
        cache.forget(&key);
        assert!(cache.get(&key).is_none());
    }
}
