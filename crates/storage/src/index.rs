//! The index: what must be answered fast, in `SQLite`. Not the truth (the layout is), but the order of events: its
//! transactions serialise what is decided.

mod facts;
mod garbage;
mod read;
mod schema;
mod write;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

pub(crate) use facts::{Fact, ManifestFact};
pub(crate) use garbage::{Condemned, Kind};
pub(crate) use read::{BlobRow, Expected, Found, Read};
pub(crate) use schema::{Identity, create, identity};
pub(crate) use write::Write;

use crate::StorageError;

/// Connections that read, handed out one at a time and kept for the next.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Mutex::default(),
        }
    }

    /// Runs queries that all see one state of the index.
    pub(crate) fn read<T>(
        &self,
        queries: impl FnOnce(&Read<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let pooled = self.idle().pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => self.connect().map_err(failed("opening a reader"))?,
        };
        let transaction = connection
            .unchecked_transaction()
            .map_err(failed("beginning to read"))?;
        let answer = queries(&Read::new(&transaction));
        drop(transaction);
        self.idle().push(connection);
        answer
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 0;")?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names what was being done, and hides whose error it is.
pub(crate) fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StorageError {
    move |error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => StorageError::NoSpace {
            doing,
            path: PathBuf::from("index.sqlite"),
            source: std::io::ErrorKind::StorageFull.into(),
        },
        _ => StorageError::Index {
            doing,
            source: error.into(),
        },
    }
}
