//! Passwords that were right a moment ago, so that a push of 50 requests costs one bcrypt and not 50.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use tokio::time::Instant;

/// A keyed hash of each right password, for a while. The key is made at start and never leaves the process,
/// so what is remembered says nothing to who reads it.
pub(super) struct Remembered {
    key: hmac::Key,
    entries: HashMap<Arc<str>, Entry>,
}

struct Entry {
    tag: hmac::Tag,
    until: Instant,
}

impl Remembered {
    /// How long a right password is taken without asking bcrypt again.
    pub(super) const FOR: Duration = Duration::from_secs(300);
    /// How many users are remembered.
    pub(super) const LIMIT: usize = 1024;

    /// `None` where the system has no randomness to give; then every password is checked in full.
    pub(super) fn new() -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).ok()?;
        Some(Self {
            key,
            entries: HashMap::new(),
        })
    }

    /// Compares in constant time.
    pub(super) fn holds(&self, user: &str, password: &str, now: Instant) -> bool {
        self.entries.get(user).is_some_and(|entry| {
            entry.until > now && hmac::verify(&self.key, password.as_bytes(), entry.tag.as_ref()).is_ok()
        })
    }

    pub(super) fn keep(&mut self, user: Arc<str>, password: &str, now: Instant) {
        if self.entries.len() >= Self::LIMIT {
            self.entries.retain(|_, entry| entry.until > now);
        }
        if self.entries.len() >= Self::LIMIT {
            self.entries.clear();
        }
        let tag = hmac::sign(&self.key, password.as_bytes());
        self.entries.insert(
            user,
            Entry {
                tag,
                until: now + Self::FOR,
            },
        );
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_in_time_and_number() {
        let start = Instant::now();
        let mut remembered = Remembered::new().unwrap();
        remembered.keep(Arc::from("bob"), "secret", start);
        assert!(remembered.holds("bob", "secret", start));
        assert!(!remembered.holds("bob", "wrong", start));
        assert!(!remembered.holds("eve", "secret", start));
        assert!(!remembered.holds("bob", "secret", start + Remembered::FOR));
        for number in 0..Remembered::LIMIT * 2 {
            remembered.keep(Arc::from(number.to_string()), "x", start);
            assert!(remembered.entries.len() <= Remembered::LIMIT);
        }
    }
}
