use berth_oci::{Descriptor, Digest, MediaType, RepositoryName, TagName};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::failed;
use crate::StorageError;
use crate::layout::Key;

type Sql<T> = rusqlite::Result<T>;

/// Queries, on one state of the index.
pub(crate) struct Read<'a> {
    connection: &'a Connection,
}

/// What the index says, and how the files must look for it to be true.
#[derive(Debug)]
pub(crate) struct Found<T> {
    pub(crate) value: T,
    pub(crate) expected: Vec<Expected>,
}

/// How one file looked when its row was written (`disk::Sig`); `None` where there is no row.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) key: Key,
    pub(crate) sig: Option<Vec<u8>>,
}

/// The bytes behind an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlobRow {
    pub(crate) target: Digest,
    /// Bytes.
    pub(crate) size: u64,
    /// They were hashed as they are now.
    pub(crate) verified: bool,
}

/// A repository, with its folders' times as they were when its rows last agreed with them; `None` if they may not.
pub(crate) type Scanned = (RepositoryName, Option<Vec<u8>>);

impl<'a> Read<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// Where a tag points.
    pub(crate) fn tag(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
    ) -> Result<Found<Option<Digest>>, StorageError> {
        let row = self.one(
            "SELECT digest.hash, tag.sig FROM tag JOIN repo ON repo.id = tag.repo
             JOIN digest ON digest.id = tag.manifest WHERE repo.name = ?1 AND tag.name = ?2",
            params![repository.as_str(), tag.as_str()],
            |row| Ok((digest(row, 0)?, row.get(1)?)),
        )?;
        Ok(Found::new(Key::Tag(repository.clone(), tag.clone()), row))
    }

    /// The media type of a manifest that is in the repository.
    pub(crate) fn manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Found<Option<MediaType>>, StorageError> {
        let row = self.one(
            "SELECT manifest.type, manifest.sig FROM manifest JOIN repo ON repo.id = manifest.repo
             WHERE repo.name = ?1 AND digest = (SELECT id FROM digest WHERE hash = ?2)",
            params![repository.as_str(), digest.as_bytes()],
            |row| Ok((media_type(row, 0)?, row.get(1)?)),
        )?;
        Ok(Found::new(Key::Revision(repository.clone(), *digest), row))
    }

    /// The blob that the repository may read under this digest.
    pub(crate) fn edge(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Found<Option<BlobRow>>, StorageError> {
        let row = self.one(
            "SELECT digest.hash, edge.sig FROM edge JOIN repo ON repo.id = edge.repo
             JOIN digest ON digest.id = edge.target
             WHERE repo.name = ?1 AND edge.digest = (SELECT id FROM digest WHERE hash = ?2)",
            params![repository.as_str(), digest.as_bytes()],
            |row| Ok((self::digest(row, 0)?, row.get(1)?)),
        )?;
        let Found { value, mut expected } = Found::new(Key::Edge(repository.clone(), *digest), row);
        let mut blob = None;
        if let Some(target) = value {
            let found = self.blob(&target)?;
            expected.extend(found.expected);
            blob = found.value;
        }
        Ok(Found {
            value: blob,
            expected,
        })
    }

    pub(crate) fn blob(&self, digest: &Digest) -> Result<Found<Option<BlobRow>>, StorageError> {
        let row = self.one(
            "SELECT size, state, sig FROM blob WHERE digest = (SELECT id FROM digest WHERE hash = ?1)",
            [digest.as_bytes()],
            |row| {
                let blob = BlobRow {
                    target: *digest,
                    size: row.get(0)?,
                    verified: row.get(1)?,
                };
                Ok((blob, row.get(2)?))
            },
        )?;
        Ok(Found::new(Key::Bytes(*digest), row))
    }

    /// A repository that has the blob.
    pub(crate) fn holder(&self, digest: &Digest) -> Result<Option<RepositoryName>, StorageError> {
        self.one(
            "SELECT repo.name FROM edge JOIN repo ON repo.id = edge.repo
             WHERE edge.target = (SELECT id FROM digest WHERE hash = ?1) AND edge.digest = edge.target LIMIT 1",
            [digest.as_bytes()],
            |row| repository_name(row, 0),
        )
    }

    /// A manifest of the repository that can't do without this blob.
    pub(crate) fn referenced_by(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<Digest>, StorageError> {
        self.one(
            "SELECT digest.hash FROM ref JOIN repo ON repo.id = ref.repo JOIN digest ON digest.id = ref.manifest
             WHERE ref.target = (SELECT id FROM digest WHERE hash = ?2) AND repo.name = ?1 AND ref.kind = 0 LIMIT 1",
            params![repository.as_str(), digest.as_bytes()],
            |row| self::digest(row, 0),
        )
    }

    pub(crate) fn tags_on(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Vec<TagName>, StorageError> {
        self.all(
            "SELECT tag.name FROM tag JOIN repo ON repo.id = tag.repo
             WHERE repo.name = ?1 AND tag.manifest = (SELECT id FROM digest WHERE hash = ?2)",
            params![repository.as_str(), digest.as_bytes()],
            |row| tag_name(row, 0),
        )
    }

    pub(crate) fn knows(&self, repository: &RepositoryName) -> Result<bool, StorageError> {
        let row = self.one(
            "SELECT 1 FROM repo WHERE name = ?1",
            [repository.as_str()],
            |_| Ok(()),
        )?;
        Ok(row.is_some())
    }

    pub(crate) fn tags(
        &self,
        repository: &RepositoryName,
        after: &str,
        limit: usize,
    ) -> Result<Vec<TagName>, StorageError> {
        self.all(
            "SELECT tag.name FROM tag WHERE repo = (SELECT id FROM repo WHERE name = ?1) AND tag.name > ?2
             ORDER BY tag.name LIMIT ?3",
            params![repository.as_str(), after, row_count(limit)],
            |row| tag_name(row, 0),
        )
    }

    pub(crate) fn repositories(
        &self,
        after: &str,
        limit: usize,
    ) -> Result<Vec<RepositoryName>, StorageError> {
        self.all(
            "SELECT name FROM repo WHERE name > ?1 ORDER BY name LIMIT ?2",
            params![after, row_count(limit)],
            |row| repository_name(row, 0),
        )
    }

    pub(crate) fn scanned(&self) -> Result<Vec<Scanned>, StorageError> {
        self.all(
            "SELECT name, iif(state = 1, dir_sigs, NULL) FROM repo",
            [],
            |row| Ok((repository_name(row, 0)?, row.get(1)?)),
        )
    }

    pub(crate) fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
    ) -> Result<Vec<Descriptor>, StorageError> {
        self.all(
            "SELECT digest.hash, type, artifact_type, size, annotations FROM manifest
             JOIN digest ON digest.id = manifest.digest
             WHERE repo = (SELECT id FROM repo WHERE name = ?1)
                AND subject = (SELECT id FROM digest WHERE hash = ?2) ORDER BY pushed_at, digest.hash",
            params![repository.as_str(), subject.as_bytes()],
            |row| {
                let artifact_type: Option<String> = row.get(2)?;
                let annotations: Option<String> = row.get(4)?;
                Ok(Descriptor {
                    digest: digest(row, 0)?,
                    media_type: media_type(row, 1)?,
                    artifact_type: artifact_type.as_deref().and_then(MediaType::parse),
                    size: row.get(3)?,
                    annotations: annotations
                        .and_then(|json| serde_json::from_str(&json).ok())
                        .unwrap_or_default(),
                })
            },
        )
    }

    /// Every key of the repository that has a row.
    pub(crate) fn keys(&self, name: &RepositoryName) -> Result<Vec<Key>, StorageError> {
        let mut keys = self.all(
            "SELECT hash FROM manifest JOIN digest ON digest.id = manifest.digest
             WHERE repo = (SELECT id FROM repo WHERE name = ?1)",
            [name.as_str()],
            |row| Ok(Key::Revision(name.clone(), digest(row, 0)?)),
        )?;
        keys.extend(self.all(
            "SELECT hash FROM edge JOIN digest ON digest.id = edge.digest
             WHERE repo = (SELECT id FROM repo WHERE name = ?1)",
            [name.as_str()],
            |row| Ok(Key::Edge(name.clone(), digest(row, 0)?)),
        )?);
        keys.extend(self.all(
            "SELECT name FROM tag WHERE repo = (SELECT id FROM repo WHERE name = ?1)",
            [name.as_str()],
            |row| Ok(Key::Tag(name.clone(), tag_name(row, 0)?)),
        )?);
        Ok(keys)
    }

    /// The paths that an earlier process was about to change.
    pub(crate) fn intents(&self) -> Result<Vec<(i64, String)>, StorageError> {
        self.all("SELECT id, path FROM intent ORDER BY id", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    pub(super) fn one<T>(
        &self,
        query: &str,
        parameters: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> Sql<T>,
    ) -> Result<Option<T>, StorageError> {
        self.connection
            .prepare_cached(query)
            .and_then(|mut query| query.query_row(parameters, read).optional())
            .map_err(failed("looking up"))
    }

    pub(super) fn all<T>(
        &self,
        query: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> Sql<T>,
    ) -> Result<Vec<T>, StorageError> {
        self.connection
            .prepare_cached(query)
            .and_then(|mut query| query.query_map(parameters, read)?.collect())
            .map_err(failed("listing"))
    }
}

impl<T> Found<Option<T>> {
    fn new(key: Key, row: Option<(T, Vec<u8>)>) -> Self {
        let (value, sig) = row.unzip();
        Self {
            value,
            expected: vec![Expected { key, sig }],
        }
    }
}

pub(super) fn row_count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// What the index holds was parsed before it was written: another text means that the file is damaged.
fn foreign(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text)
}

pub(super) fn digest(row: &Row<'_>, column: usize) -> Sql<Digest> {
    let hash: Vec<u8> = row.get(column)?;
    let sha256 = <[u8; 32]>::try_from(hash.as_slice()).map(Digest::Sha256);
    sha256
        .or_else(|_| <[u8; 64]>::try_from(hash.as_slice()).map(Digest::Sha512))
        .map_err(|_| foreign(column))
}

fn media_type(row: &Row<'_>, column: usize) -> Sql<MediaType> {
    MediaType::parse(row.get_ref(column)?.as_str()?).ok_or_else(|| foreign(column))
}

fn tag_name(row: &Row<'_>, column: usize) -> Sql<TagName> {
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|_| foreign(column))
}

pub(super) fn repository_name(row: &Row<'_>, column: usize) -> Sql<RepositoryName> {
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|_| foreign(column))
}
