use std::time::{Duration, SystemTime, UNIX_EPOCH};

use berth_oci::{Digest, RepositoryName, TagName};
use rusqlite::{Row, params};

use super::{StateStore, failed};
use crate::StorageError;
use crate::layout::Key;

pub(super) const TABLES: &str = "
    CREATE TABLE deleted_link (
        id INTEGER PRIMARY KEY,
        act INTEGER NOT NULL,  -- the same for all that one request deleted
        path TEXT NOT NULL,  -- below docker/registry/v2
        content TEXT NOT NULL,  -- the digest that the link held
        media_type TEXT,  -- where the manifest's body doesn't tell it
        deleted_at INTEGER NOT NULL,  -- nanoseconds since 1970
        deleted_by TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deleted_link_time ON deleted_link(deleted_at);
    CREATE TABLE deleted_need (
        act INTEGER NOT NULL,
        repository TEXT NOT NULL,
        digest TEXT NOT NULL,  -- what must stay for the link to be of use again
        deleted_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX deleted_need_digest ON deleted_need(digest, repository, deleted_at);
";

/// What one request is about to delete.
pub(crate) struct Deletions<'a> {
    pub(crate) repository: &'a RepositoryName,
    /// The links, with what they hold.
    pub(crate) links: Vec<(Key, Digest)>,
    pub(crate) media_type: Option<String>,
    /// Everything that must stay for as long as this can be taken back.
    pub(crate) needs: Vec<Digest>,
    /// Nanoseconds since 1970.
    pub(crate) at: i64,
    pub(crate) by: &'a str,
}

/// A link that was deleted and can be written again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    pub repository: RepositoryName,
    pub what: Deleted,
    /// The digest that the link held.
    pub digest: Digest,
    pub at: SystemTime,
    /// The principal who asked for it.
    pub by: String,
    pub(crate) id: i64,
    pub(crate) act: i64,
    pub(crate) media_type: Option<String>,
}

/// What a link was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    Tag(TagName),
    Manifest,
    Blob,
}

impl StateStore {
    /// Writes down what is about to be deleted. It is durable when this returns.
    pub(crate) fn record_deletions(&self, deletions: &Deletions<'_>) -> Result<(), StorageError> {
        let write = || {
            let mut connection = self.locked();
            let transaction = connection.transaction()?;
            let act: i64 = transaction.query_row(
                "SELECT coalesce(max(act), 0) + 1 FROM (SELECT act FROM deleted_link UNION SELECT act FROM deleted_need)",
                [],
                |row| row.get(0),
            )?;
            for (key, content) in &deletions.links {
                transaction.execute(
                    "INSERT INTO deleted_link(act, path, content, media_type, deleted_at, deleted_by)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        act,
                        key.relative(),
                        content.to_string(),
                        deletions.media_type,
                        deletions.at,
                        deletions.by
                    ],
                )?;
            }
            for digest in &deletions.needs {
                transaction.execute(
                    "INSERT INTO deleted_need(act, repository, digest, deleted_at) VALUES (?1, ?2, ?3, ?4)",
                    params![
                        act,
                        deletions.repository.as_str(),
                        digest.to_string(),
                        deletions.at
                    ],
                )?;
            }
            transaction.commit()
        };
        write().map_err(|source| failed("writing down what is deleted", source))
    }

    /// What was deleted at `from` (nanoseconds since 1970) or later, the latest first.
    pub(crate) fn deletions(&self, from: i64) -> Result<Vec<Deletion>, StorageError> {
        let read = || {
            let connection = self.locked();
            let mut query = connection.prepare(
                "SELECT id, act, path, content, media_type, deleted_at, deleted_by FROM deleted_link
                 WHERE deleted_at >= ?1 ORDER BY id DESC",
            )?;
            let rows = query.query_map([from], deletion)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let found: Vec<Option<Deletion>> =
            read().map_err(|source| failed("reading what was deleted", source))?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Whether something that was deleted at `from` or later can't be taken back without this edge.
    pub(crate) fn needs_edge(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        from: i64,
    ) -> Result<bool, StorageError> {
        self.is_needed(
            "SELECT EXISTS (SELECT 1 FROM deleted_need WHERE digest = ?1 AND deleted_at >= ?2 AND repository = ?3)",
            params![digest.to_string(), from, repository.as_str()],
        )
    }

    /// Whether something that was deleted at `from` or later can't be taken back without these bytes.
    pub(crate) fn needs_bytes(&self, digest: &Digest, from: i64) -> Result<bool, StorageError> {
        self.is_needed(
            "SELECT EXISTS (SELECT 1 FROM deleted_need WHERE digest = ?1 AND deleted_at >= ?2)",
            params![digest.to_string(), from],
        )
    }

    /// Forgets what was taken back. What it needs is needed by itself again.
    pub(crate) fn forget_deletion(&self, id: i64) -> Result<(), StorageError> {
        self.locked()
            .execute("DELETE FROM deleted_link WHERE id = ?1", [id])
            .map(drop)
            .map_err(|source| failed("forgetting what was taken back", source))
    }

    /// Forgets what was deleted before `from`.
    pub(crate) fn forget_deletions_before(&self, from: i64) -> Result<(), StorageError> {
        let connection = self.locked();
        ["deleted_link", "deleted_need"].iter().try_for_each(|table| {
            connection
                .execute(&format!("DELETE FROM {table} WHERE deleted_at < ?1"), [from])
                .map(drop)
                .map_err(|source| failed("forgetting what was deleted", source))
        })
    }

    fn is_needed(&self, query: &str, parameters: impl rusqlite::Params) -> Result<bool, StorageError> {
        self.locked()
            .prepare_cached(query)
            .and_then(|mut query| query.query_row(parameters, |row| row.get(0)))
            .map_err(|source| failed("asking what was deleted", source))
    }
}

/// `None` for a row that a later version wrote.
fn deletion(row: &Row<'_>) -> rusqlite::Result<Option<Deletion>> {
    let (path, content): (String, String) = (row.get(2)?, row.get(3)?);
    let (repository, what) = match Key::parse(&path) {
        Some(Key::Tag(repository, tag)) => (repository, Deleted::Tag(tag)),
        Some(Key::Revision(repository, _)) => (repository, Deleted::Manifest),
        Some(Key::Edge(repository, _)) => (repository, Deleted::Blob),
        Some(Key::Bytes(_)) | None => return Ok(None),
    };
    let Ok(digest) = content.parse() else {
        return Ok(None);
    };
    let at: i64 = row.get(5)?;
    Ok(Some(Deletion {
        repository,
        what,
        digest,
        at: UNIX_EPOCH + Duration::from_nanos(u64::try_from(at).unwrap_or_default()),
        by: row.get(6)?,
        id: row.get(0)?,
        act: row.get(1)?,
        media_type: row.get(4)?,
    }))
}
