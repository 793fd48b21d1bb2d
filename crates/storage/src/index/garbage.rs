//! Queries of the sweep: what nothing needs.

use berth_oci::{Digest, RepositoryName};
use rusqlite::params;

use super::read::{Read, digest, repository_name, row_count};
use crate::StorageError;

/// What can be condemned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Edge = 0,
    Bytes = 1,
}

/// An edge, or bytes, that nothing needed when it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condemned {
    /// Of an edge; none of bytes.
    pub(crate) repository: Option<RepositoryName>,
    pub(crate) digest: Digest,
    /// Of the blob; for an edge, those that it leads to.
    pub(crate) bytes: u64,
}

/// Where a row stands in the order of the condemned.
pub(crate) type Place = (i64, i64);

impl Condemned {
    pub(crate) fn kind(&self) -> Kind {
        if self.repository.is_some() {
            Kind::Edge
        } else {
            Kind::Bytes
        }
    }
}

/// An edge that no manifest of its repository names, under either of its digests, in a repository whose manifests can
/// all be read.
const UNNEEDED_EDGE: &str = "
    NOT EXISTS (SELECT 1 FROM ref WHERE ref.target = edge.digest AND ref.repo = edge.repo)
    AND NOT EXISTS (SELECT 1 FROM ref WHERE ref.target = edge.target AND ref.repo = edge.repo)
    AND NOT EXISTS (SELECT 1 FROM damaged WHERE damaged.repo = edge.repo)";

/// Bytes to which nothing leads.
const UNNEEDED_BYTES: &str = "
    NOT EXISTS (SELECT 1 FROM edge WHERE edge.target = blob.digest)
    AND NOT EXISTS (SELECT 1 FROM ref WHERE ref.target = blob.digest)
    AND NOT EXISTS (SELECT 1 FROM manifest WHERE manifest.digest = blob.digest)
    AND NOT EXISTS (SELECT 1 FROM damaged WHERE damaged.digest = blob.digest)";

impl Read<'_> {
    /// Edges of the repository that nothing needs, by digest, from the one after `after` in the index's own order.
    pub(crate) fn unneeded_edges(
        &self,
        repository: &RepositoryName,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Condemned)>, StorageError> {
        self.all(
            &format!(
                "SELECT edge.digest, digest.hash, coalesce(blob.size, 0) FROM edge
                 JOIN digest ON digest.id = edge.digest LEFT JOIN blob ON blob.digest = edge.target
                 WHERE edge.repo = (SELECT id FROM repo WHERE name = ?1) AND edge.digest > ?2 AND {UNNEEDED_EDGE}
                 ORDER BY edge.digest LIMIT ?3"
            ),
            params![repository.as_str(), after, row_count(limit)],
            |row| {
                let edge = Condemned {
                    repository: Some(repository.clone()),
                    digest: digest(row, 1)?,
                    bytes: row.get(2)?,
                };
                Ok((row.get(0)?, edge))
            },
        )
    }

    /// Bytes that nothing needs.
    pub(crate) fn unneeded_bytes(
        &self,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Condemned)>, StorageError> {
        self.all(
            &format!(
                "SELECT blob.digest, digest.hash, blob.size FROM blob JOIN digest ON digest.id = blob.digest
                 WHERE blob.digest > ?1 AND {UNNEEDED_BYTES} ORDER BY blob.digest LIMIT ?2"
            ),
            params![after, row_count(limit)],
            |row| {
                let bytes = Condemned {
                    repository: None,
                    digest: digest(row, 1)?,
                    bytes: row.get(2)?,
                };
                Ok((row.get(0)?, bytes))
            },
        )
    }

    /// What was condemned at `until` (nanoseconds since 1970) or before, from the one after `after`.
    pub(crate) fn condemned(
        &self,
        kind: Kind,
        until: i64,
        after: Place,
        limit: usize,
    ) -> Result<Vec<(Place, Condemned)>, StorageError> {
        self.all(
            "SELECT condemned.repo, condemned.digest, repo.name, digest.hash, condemned.bytes FROM condemned
             JOIN digest ON digest.id = condemned.digest LEFT JOIN repo ON repo.id = condemned.repo
             WHERE kind = ?1 AND since <= ?2 AND (condemned.repo, condemned.digest) > (?3, ?4)
                AND (kind = 1 OR repo.name IS NOT NULL)
             ORDER BY condemned.repo, condemned.digest LIMIT ?5",
            params![kind as i64, until, after.0, after.1, row_count(limit)],
            |row| {
                let repository = match kind {
                    Kind::Edge => Some(repository_name(row, 2)?),
                    Kind::Bytes => None,
                };
                let condemned = Condemned {
                    repository,
                    digest: digest(row, 3)?,
                    bytes: row.get(4)?,
                };
                Ok(((row.get(0)?, row.get(1)?), condemned))
            },
        )
    }

    /// Whether something still needs the edge.
    pub(crate) fn needs_edge(
        &self,
        repository: &RepositoryName,
        edge: &Digest,
    ) -> Result<bool, StorageError> {
        let unneeded = self.one(
            &format!(
                "SELECT 1 FROM edge WHERE edge.repo = (SELECT id FROM repo WHERE name = ?1)
                    AND edge.digest = (SELECT id FROM digest WHERE hash = ?2) AND {UNNEEDED_EDGE}"
            ),
            params![repository.as_str(), edge.as_bytes()],
            |_| Ok(()),
        )?;
        Ok(unneeded.is_none())
    }

    /// Whether something still needs the bytes.
    pub(crate) fn needs_bytes(&self, bytes: &Digest) -> Result<bool, StorageError> {
        let unneeded = self.one(
            &format!(
                "SELECT 1 FROM blob WHERE blob.digest = (SELECT id FROM digest WHERE hash = ?1) AND {UNNEEDED_BYTES}"
            ),
            [bytes.as_bytes()],
            |_| Ok(()),
        )?;
        Ok(unneeded.is_none())
    }

    /// Everything that the manifest names and can't do without.
    pub(crate) fn references(
        &self,
        repository: &RepositoryName,
        manifest: &Digest,
    ) -> Result<Vec<Digest>, StorageError> {
        self.all(
            "SELECT digest.hash FROM ref JOIN digest ON digest.id = ref.target
             WHERE ref.repo = (SELECT id FROM repo WHERE name = ?1)
                AND ref.manifest = (SELECT id FROM digest WHERE hash = ?2)",
            params![repository.as_str(), manifest.as_bytes()],
            |row| digest(row, 0),
        )
    }

    /// Repositories in which a manifest can't be read, so that nothing of theirs is removed.
    pub(crate) fn frozen(&self, limit: usize) -> Result<Vec<RepositoryName>, StorageError> {
        self.all(
            "SELECT DISTINCT repo.name FROM damaged JOIN repo ON repo.id = damaged.repo ORDER BY repo.name LIMIT ?1",
            [row_count(limit)],
            |row| repository_name(row, 0),
        )
    }
}
