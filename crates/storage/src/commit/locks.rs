use std::collections::{HashMap, HashSet};

use crate::layout::Key;

/// A key that a change needs for itself, or that must only stay as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) key: Key,
    pub(crate) exclusive: bool,
}

/// The keys of the changes in flight. Only the committer's thread has them, so nothing ever waits while it holds
/// one, and no order of taking them can be wrong.
#[derive(Default)]
pub(crate) struct Locks {
    /// Holders that share the key, or `None` for one that doesn't.
    held: HashMap<Key, Option<usize>>,
}

/// The keys that changes ahead in the queue wait for: nobody overtakes them.
#[derive(Default)]
pub(crate) struct Ahead(HashSet<Key>);

impl Lock {
    pub(crate) fn exclusive(key: Key) -> Self {
        Self { key, exclusive: true }
    }

    pub(crate) fn shared(key: Key) -> Self {
        Self {
            key,
            exclusive: false,
        }
    }
}

impl Locks {
    /// Takes all of them or none.
    pub(crate) fn take(&mut self, wanted: &[Lock], ahead: &Ahead) -> bool {
        let free = |lock: &Lock| {
            !ahead.0.contains(&lock.key)
                && match self.held.get(&lock.key) {
                    None => true,
                    Some(None) => false,
                    Some(Some(_)) => !lock.exclusive,
                }
        };
        if !wanted.iter().all(free) {
            return false;
        }
        for lock in wanted {
            let holders = self.held.entry(lock.key.clone()).or_insert(Some(0));
            // A change that names a key twice holds it as it said first.
            *holders = match (lock.exclusive, *holders) {
                (false, Some(sharing)) => Some(sharing + 1),
                _ => None,
            };
        }
        true
    }

    pub(crate) fn release(&mut self, taken: &[Lock]) {
        for lock in taken {
            match self.held.get_mut(&lock.key) {
                Some(Some(sharing)) if *sharing > 1 => *sharing -= 1,
                _ => drop(self.held.remove(&lock.key)),
            }
        }
    }
}

impl Ahead {
    pub(crate) fn add(&mut self, wanted: &[Lock]) {
        self.0.extend(wanted.iter().map(|lock| lock.key.clone()));
    }
}

#[cfg(test)]
mod tests {
    use berth_oci::Digest;

    use super::*;

    fn key(content: &[u8]) -> Key {
        Key::Bytes(Digest::sha256(content))
    }

    #[test]
    fn a_key_is_shared_by_many_or_held_by_one() {
        let mut locks = Locks::default();
        let none = Ahead::default();
        let (shared, exclusive) = (vec![Lock::shared(key(b"a"))], vec![Lock::exclusive(key(b"a"))]);
        assert!(locks.take(&shared, &none) && locks.take(&shared, &none));
        assert!(!locks.take(&exclusive, &none));
        locks.release(&shared);
        assert!(!locks.take(&exclusive, &none));
        locks.release(&shared);
        assert!(locks.take(&exclusive, &none));
        assert!(!locks.take(&shared, &none));
        locks.release(&exclusive);
        assert!(locks.take(&shared, &none));
    }

    #[test]
    fn who_waits_is_not_overtaken() {
        let mut locks = Locks::default();
        let mut ahead = Ahead::default();
        ahead.add(&[Lock::exclusive(key(b"a"))]);
        assert!(!locks.take(&[Lock::shared(key(b"a"))], &ahead));
        assert!(locks.take(&[Lock::shared(key(b"b"))], &ahead));
    }

    #[test]
    fn all_or_none_are_taken() {
        let mut locks = Locks::default();
        let none = Ahead::default();
        assert!(locks.take(&[Lock::exclusive(key(b"b"))], &none));
        assert!(!locks.take(&[Lock::exclusive(key(b"a")), Lock::exclusive(key(b"b"))], &none));
        assert!(locks.take(&[Lock::exclusive(key(b"a"))], &none));
    }
}
