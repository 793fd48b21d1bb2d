//! The text of a password file: `user:hash` lines, bcrypt alone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// The users of a password file. Hashes are never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Htpasswd {
    hashes: HashMap<Arc<str>, String>,
}

/// Why a password file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum HtpasswdError {
    #[error("reading the password file {} failed", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("line {line} of the password file is not `user:hash`")]
    NotAnEntry { line: usize },
    #[error(
        "line {line} of the password file has {found}, which is not accepted: only bcrypt is; \
         write the line with `htpasswd -B`"
    )]
    NotBcrypt { line: usize, found: &'static str },
    #[error("line {line} of the password file has a damaged bcrypt hash; write the line with `htpasswd -B`")]
    DamagedHash { line: usize },
    #[error(
        "line {line} of the password file has a bcrypt cost of {cost}; at most {} is accepted",
        Htpasswd::COST_LIMIT
    )]
    TooCostly { line: usize, cost: u32 },
    #[error("line {line} of the password file names a user for the second time; remove one of the two lines")]
    Duplicate { line: usize },
}

impl Htpasswd {
    /// The highest bcrypt cost that is accepted: each step doubles the time, this one takes about 4 seconds.
    pub const COST_LIMIT: u32 = 16;

    /// Reads the text of a password file. Empty lines and those that start with `#` don't count.
    pub fn parse(text: &str) -> Result<Self, HtpasswdError> {
        let mut hashes = HashMap::new();
        for (index, text) in text.lines().enumerate() {
            let (line, text) = (index + 1, text.trim());
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (user, hash) = text.split_once(':').ok_or(HtpasswdError::NotAnEntry { line })?;
            if user.is_empty() {
                return Err(HtpasswdError::NotAnEntry { line });
            }
            check_hash(hash, line)?;
            match hashes.entry(Arc::from(user)) {
                Entry::Occupied(_) => return Err(HtpasswdError::Duplicate { line }),
                Entry::Vacant(entry) => entry.insert(hash.to_owned()),
            };
        }
        Ok(Self { hashes })
    }

    /// How many users there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub(super) fn get(&self, user: &str) -> Option<(&Arc<str>, &str)> {
        self.hashes
            .get_key_value(user)
            .map(|(user, hash)| (user, hash.as_str()))
    }

    /// The cost that most of the time of a check is spent at.
    pub(super) fn highest_cost(&self) -> Option<u32> {
        self.hashes.values().filter_map(|hash| cost_of(hash)).max()
    }
}

impl fmt::Debug for Htpasswd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Htpasswd")
            .field("users", &self.hashes.len())
            .finish_non_exhaustive()
    }
}

fn check_hash(hash: &str, line: usize) -> Result<(), HtpasswdError> {
    if !["$2a$", "$2b$", "$2x$", "$2y$"]
        .iter()
        .any(|prefix| hash.starts_with(prefix))
    {
        return Err(HtpasswdError::NotBcrypt {
            line,
            found: format_of(hash),
        });
    }
    let cost = hash
        .parse::<bcrypt::HashParts>()
        .map_err(|_| HtpasswdError::DamagedHash { line })?
        .get_cost();
    if cost > Htpasswd::COST_LIMIT {
        return Err(HtpasswdError::TooCostly { line, cost });
    }
    Ok(())
}

fn cost_of(hash: &str) -> Option<u32> {
    hash.parse::<bcrypt::HashParts>()
        .ok()
        .map(|parts| parts.get_cost())
}

fn format_of(hash: &str) -> &'static str {
    if hash.starts_with("$apr1$") {
        "an MD5 hash"
    } else if hash.starts_with("{SHA}") || hash.starts_with("$5$") || hash.starts_with("$6$") {
        "an SHA hash"
    } else {
        "a crypt hash or a plain password"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `bcrypt("secret", cost 4)`, made by `bcrypt::hash`.
    fn bcrypt_line(user: &str) -> String {
        format!("{user}:{}", bcrypt::hash("secret", 4).unwrap())
    }

    #[test]
    fn comments_and_empty_lines_are_skipped() {
        let text = format!("# users\n\n{}\r\n  {}  \n", bcrypt_line("a"), bcrypt_line("b"));
        let parsed = Htpasswd::parse(&text).unwrap();
        assert_eq!(parsed.len(), 2);
        assert_eq!(parsed.highest_cost(), Some(4));
    }

    #[test]
    fn every_refusal_names_its_line() {
        let good = bcrypt_line("a");
        for (bad, expected) in [
            ("b", "line 3 of the password file is not"),
            (":x", "line 3 of the password file is not"),
            ("b:$apr1$x$y", "line 3 of the password file has an MD5 hash"),
            ("b:{SHA}x", "line 3 of the password file has an SHA hash"),
            (
                "b:hunter2",
                "line 3 of the password file has a crypt hash or a plain password",
            ),
            ("b:$2y$10$short", "line 3 of the password file has a damaged"),
            (
                &good,
                "line 3 of the password file names a user for the second time",
            ),
        ] {
            let error = Htpasswd::parse(&format!("# x\n{good}\n{bad}\n"))
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(expected), "{error}");
            assert!(!error.contains("hunter2"));
        }
    }

    #[test]
    fn a_cost_that_would_take_hours_is_refused() {
        let costly = bcrypt_line("a").replace("$04$", "$31$");
        assert!(matches!(
            Htpasswd::parse(&costly),
            Err(HtpasswdError::TooCostly { line: 1, cost: 31 })
        ));
    }
}
