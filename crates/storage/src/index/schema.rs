use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

/// Raised whenever the tables change; an index of another number is made anew from the layout.
const SCHEMA: i64 = 2;

/// `digest.hash` is the hash itself: its length tells the algorithm. `sig` columns say how the file looked when
/// the row was written (`disk::Sig`), times are nanoseconds since 1970. `repo.state` is 0 for a repository that
/// this process made, 1 for one whose rows agree with its folders at `dir_sigs`, 2 while they are to be read; `blob.state` is 1 when its bytes were hashed as they are now; `ref.kind` is 0 for blobs,
/// 1 for manifests. `condemned` is for what a sweep is about to remove: kind 0 for edges, 1 for bytes. `damaged` has the revisions whose manifests
/// can't be read: nobody knows what they need.
const TABLES: &str = "
CREATE TABLE meta(layout_id TEXT NOT NULL, epoch INTEGER NOT NULL, clean INTEGER NOT NULL, schema INTEGER NOT NULL);
CREATE TABLE repo(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state INTEGER NOT NULL DEFAULT 0,
    dir_sigs BLOB);
CREATE TABLE digest(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE blob(digest INTEGER PRIMARY KEY, size INTEGER NOT NULL, state INTEGER NOT NULL, sig BLOB NOT NULL,
    verified_at INTEGER);
CREATE TABLE edge(repo INTEGER NOT NULL, digest INTEGER NOT NULL, target INTEGER NOT NULL,
    linked_at INTEGER NOT NULL, sig BLOB NOT NULL, PRIMARY KEY(repo, digest)) WITHOUT ROWID;
CREATE INDEX edge_target ON edge(target);
CREATE TABLE manifest(repo INTEGER NOT NULL, digest INTEGER NOT NULL, type TEXT NOT NULL, artifact_type TEXT,
    subject INTEGER, size INTEGER NOT NULL, annotations TEXT, pushed_at INTEGER NOT NULL,
    untagged_since INTEGER, state INTEGER NOT NULL, sig BLOB NOT NULL,
    PRIMARY KEY(repo, digest)) WITHOUT ROWID;
CREATE INDEX manifest_digest ON manifest(digest);
CREATE TABLE damaged(repo INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY(repo, digest)) WITHOUT ROWID;
CREATE INDEX manifest_subject ON manifest(repo, subject) WHERE subject IS NOT NULL;
CREATE TABLE ref(repo INTEGER NOT NULL, manifest INTEGER NOT NULL, target INTEGER NOT NULL, kind INTEGER NOT NULL,
    PRIMARY KEY(repo, manifest, target)) WITHOUT ROWID;
CREATE INDEX ref_target ON ref(target, repo);
CREATE TABLE tag(repo INTEGER NOT NULL, name TEXT NOT NULL, manifest INTEGER NOT NULL, pushed_at INTEGER NOT NULL,
    sig BLOB NOT NULL, PRIMARY KEY(repo, name)) WITHOUT ROWID;
CREATE INDEX tag_manifest ON tag(repo, manifest);
CREATE TABLE intent(id INTEGER PRIMARY KEY, path TEXT NOT NULL, old TEXT);
CREATE TABLE condemned(kind INTEGER NOT NULL, repo INTEGER NOT NULL, digest INTEGER NOT NULL,
    since INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY(kind, repo, digest)) WITHOUT ROWID;
";

/// Which layout an index was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) layout_id: String,
    /// How often the layout was opened.
    pub(crate) epoch: u64,
}

/// Opens the connection that writes; makes the tables where there are none.
pub(crate) fn create(
    path: &Path,
    identity: &Identity,
    each_commit_synced: bool,
) -> rusqlite::Result<Connection> {
    let mut connection = connect(path, each_commit_synced)?;
    let transaction = connection.transaction()?;
    if transaction.prepare("SELECT 1 FROM meta").is_err() {
        transaction.execute_batch(TABLES)?;
        transaction.execute(
            "INSERT INTO meta(layout_id, epoch, clean, schema) VALUES (?1, ?2, 0, ?3)",
            (&identity.layout_id, identity.epoch, SCHEMA),
        )?;
    }
    transaction.execute(
        "UPDATE meta SET layout_id = ?1, epoch = ?2, clean = 0",
        (&identity.layout_id, identity.epoch),
    )?;
    transaction.commit()?;
    Ok(connection)
}

/// The layout that the index at `path` was made from. `None` where it can't be used: missing, of another
/// schema, damaged.
pub(crate) fn identity(path: &Path) -> Option<Identity> {
    let connection = connect(path, false).ok()?;
    is_usable(&connection).then_some(())?;
    connection
        .query_row(
            "SELECT layout_id, epoch FROM meta WHERE schema = ?1",
            [SCHEMA],
            |row| {
                Ok(Identity {
                    layout_id: row.get(0)?,
                    epoch: row.get(1)?,
                })
            },
        )
        .optional()
        .ok()
        .flatten()
}

/// Whether `SQLite` itself finds nothing wrong with the parts that a quick look covers.
fn is_usable(connection: &Connection) -> bool {
    let tables = "SELECT (SELECT count(*) FROM intent) + (SELECT max(rowid) FROM repo) IS NULL";
    connection.query_row(tables, [], |_| Ok(())).is_ok()
}

fn connect(path: &Path, each_commit_synced: bool) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With `syncfs` the barrier that follows a commit makes the log durable with everything else.
    connection.pragma_update(
        None,
        "synchronous",
        if each_commit_synced { "FULL" } else { "NORMAL" },
    )?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    Ok(connection)
}
