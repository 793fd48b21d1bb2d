mod deletions;

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use deletions::Deletions;
pub use deletions::{Deleted, Deletion};
use rusqlite::{Connection, OptionalExtension};

use crate::StorageError;

/// What the layout of Docker's registry has no room for and nothing can rebuild: users, and what was deleted
/// and can be taken back.
///
/// `<root>/.berth/state.sqlite`. Every write is synced before it returns. Open it only under the store's lock.
#[derive(Debug)]
pub struct StateStore {
    connection: Mutex<Connection>,
}

/// The version of the tables. A later one is refused: an older program must not write what it doesn't know.
const FORMAT: i64 = 2;

const TABLES: &str = "
    CREATE TABLE user (
        name TEXT PRIMARY KEY,
        password_hash TEXT NOT NULL,
        changed_at INTEGER NOT NULL  -- seconds since 1970
    ) STRICT;
";

impl StateStore {
    /// Opens the state of the registry in `root`, and makes it where there is none.
    pub fn open(root: &Path) -> Result<Self, StorageError> {
        let path = root.join(".berth/state.sqlite");
        make_private(&path)?;
        let connection = Connection::open(&path).map_err(|source| failed("opening it", source))?;
        prepare(&connection, &path)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// The hash of a user's password, in the form of an htpasswd line's second field.
    pub fn password_hash(&self, user: &str) -> Result<Option<String>, StorageError> {
        self.locked()
            .query_row("SELECT password_hash FROM user WHERE name = ?1", [user], |row| {
                row.get(0)
            })
            .optional()
            .map_err(|source| failed("reading a user", source))
    }

    /// Makes a user or changes the password of one.
    pub fn set_password_hash(&self, user: &str, hash: &str, now: SystemTime) -> Result<(), StorageError> {
        let seconds = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs().cast_signed());
        self.locked()
            .execute(
                "INSERT INTO user (name, password_hash, changed_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET password_hash = ?2, changed_at = ?3",
                (user, hash, seconds),
            )
            .map(drop)
            .map_err(|source| failed("writing a user", source))
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Connection> {
        // A statement is a transaction: whoever panicked left nothing half done.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the file where there is none, for nobody else to read: it holds the hashes of passwords. The files that
/// the database puts beside it get the same rights.
fn make_private(path: &Path) -> Result<(), StorageError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match file {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(StorageError::io("making", path, source)),
    }
}

fn prepare(connection: &Connection, path: &Path) -> Result<(), StorageError> {
    let set_up = |statement: &str| {
        connection
            .execute_batch(statement)
            .map_err(|source| failed("setting up its tables", source))
    };
    set_up("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let found: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|source| failed("reading its format", source))?;
    match found {
        0 => set_up(&format!(
            "BEGIN; {TABLES} {} PRAGMA user_version = {FORMAT}; COMMIT;",
            deletions::TABLES
        )),
        // What a deletion is, was not kept then.
        1 => set_up(&format!(
            "BEGIN; {} PRAGMA user_version = {FORMAT}; COMMIT;",
            deletions::TABLES
        )),
        FORMAT => Ok(()),
        later => Err(StorageError::LaterFormat {
            path: path.to_path_buf(),
            found: later.cast_unsigned(),
        }),
    }
}

fn failed(doing: &'static str, source: rusqlite::Error) -> StorageError {
    StorageError::State {
        doing,
        source: Box::new(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(".berth")).unwrap();
        root
    }

    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let root = root();
        let state = StateStore::open(root.path()).unwrap();
        state.set_password_hash("admin", "$2y$10$x", UNIX_EPOCH).unwrap();
        for file in std::fs::read_dir(root.path().join(".berth")).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
        }
    }

    #[test]
    fn a_password_outlives_the_process() {
        let root = root();
        StateStore::open(root.path())
            .unwrap()
            .set_password_hash("admin", "$2y$10$x", UNIX_EPOCH)
            .unwrap();
        let state = StateStore::open(root.path()).unwrap();
        assert_eq!(state.password_hash("admin").unwrap().as_deref(), Some("$2y$10$x"));
        assert_eq!(state.password_hash("nobody").unwrap(), None);
    }

    #[test]
    fn the_last_password_wins() {
        let root = root();
        let state = StateStore::open(root.path()).unwrap();
        state.set_password_hash("admin", "old", UNIX_EPOCH).unwrap();
        state.set_password_hash("admin", "new", UNIX_EPOCH).unwrap();
        assert_eq!(state.password_hash("admin").unwrap().as_deref(), Some("new"));
    }

    #[test]
    fn the_state_of_a_later_version_is_not_touched() {
        let root = root();
        StateStore::open(root.path())
            .unwrap()
            .locked()
            .execute_batch("PRAGMA user_version = 9")
            .unwrap();
        assert!(matches!(
            StateStore::open(root.path()),
            Err(StorageError::LaterFormat { found: 9, .. })
        ));
    }
}
