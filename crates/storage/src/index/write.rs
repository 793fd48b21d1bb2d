use berth_oci::{Digest, RepositoryName, TagName};
use rusqlite::{Connection, OptionalExtension, params};

use super::facts::{Fact, ManifestFact};
use super::failed;
use super::garbage::{Condemned, Kind};
use super::read::Read;
use crate::StorageError;
use crate::disk::Sig;
use crate::layout::Key;

type Sql<T> = rusqlite::Result<T>;

/// The rows, within the committer's transaction.
pub(crate) struct Write<'a> {
    connection: &'a Connection,
    /// Nanoseconds since 1970.
    now: i64,
}

impl<'a> Write<'a> {
    pub(crate) fn new(connection: &'a Connection, now: i64) -> Self {
        Self { connection, now }
    }

    pub(crate) fn read(&self) -> Read<'a> {
        Read::new(self.connection)
    }

    /// Takes back what `work` wrote if it fails.
    pub(crate) fn attempt<T>(
        &self,
        work: impl FnOnce() -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.run("SAVEPOINT attempt", [])
            .map_err(failed("setting a savepoint"))?;
        let worked = work();
        if worked.is_err() {
            self.run("ROLLBACK TO attempt", [])
                .map_err(failed("going back to a savepoint"))?;
        }
        self.run("RELEASE attempt", [])
            .map_err(failed("leaving a savepoint"))?;
        worked
    }

    /// Names a path that is about to be changed, so that the next start looks at it if this one doesn't end.
    pub(crate) fn add_intent(&self, key: &Key) -> Result<i64, StorageError> {
        self.connection
            .prepare_cached("INSERT INTO intent(path) VALUES (?1)")
            .and_then(|mut insert| insert.insert([key.relative()]))
            .map_err(failed("writing an intent"))
    }

    pub(crate) fn drop_intent(&self, id: i64) -> Result<(), StorageError> {
        self.run("DELETE FROM intent WHERE id = ?1", [id])
            .map_err(failed("dropping an intent"))
    }

    /// Makes the repository known, so that its name is listed.
    pub(crate) fn add_repository(&self, name: &RepositoryName) -> Result<(), StorageError> {
        self.repo(name).map(drop).map_err(failed("naming a repository"))
    }

    /// Records that the rows agree with the repository's folders as they were at `folders`.
    pub(crate) fn set_scanned(&self, name: &RepositoryName, folders: &[u8]) -> Result<(), StorageError> {
        let update = "UPDATE repo SET state = 1, dir_sigs = ?2 WHERE name = ?1";
        self.run(update, params![name.as_str(), folders])
            .map_err(failed("marking a repository"))
    }

    /// Records that the folders must be read before the rows can be believed.
    pub(crate) fn set_unscanned(&self, name: &RepositoryName) -> Result<(), StorageError> {
        self.run(
            "UPDATE repo SET state = 2, dir_sigs = NULL WHERE name = ?1",
            [name.as_str()],
        )
        .map_err(failed("marking a repository"))
    }

    /// Has the next sweeps remove it, once the grace is over and if nothing needs it then.
    pub(crate) fn condemn(&self, condemned: &Condemned) -> Result<(), StorageError> {
        let add = || {
            let repo = match &condemned.repository {
                Some(name) => self.repo(name)?,
                None => 0,
            };
            self.run(
                "INSERT OR IGNORE INTO condemned(kind, repo, digest, since, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    condemned.kind() as i64,
                    repo,
                    self.digest(&condemned.digest)?,
                    self.now,
                    condemned.bytes
                ],
            )
        };
        add().map_err(failed("condemning"))
    }

    /// What was written anew, or is needed again, begins its grace anew too.
    fn pardon(&self, kind: Kind, repo: i64, digest: i64) -> Sql<()> {
        self.run(
            "DELETE FROM condemned WHERE kind = ?1 AND repo = ?2 AND digest = ?3",
            params![kind as i64, repo, digest],
        )
    }

    /// [`Write::set_scanned`] for one that only this process changed, unless its folders are still to be read.
    pub(crate) fn set_left(&self, name: &RepositoryName, folders: &[u8]) -> Result<(), StorageError> {
        let update = "UPDATE repo SET state = 1, dir_sigs = ?2 WHERE name = ?1 AND state <> 2";
        self.run(update, params![name.as_str(), folders])
            .map_err(failed("marking a repository"))
    }

    pub(crate) fn drop_repository(&self, name: &RepositoryName) -> Result<(), StorageError> {
        let repo = self.repo(name).map_err(failed("dropping a repository"))?;
        for delete in [
            "DELETE FROM tag WHERE repo = ?1",
            "DELETE FROM ref WHERE repo = ?1",
            "DELETE FROM manifest WHERE repo = ?1",
            "DELETE FROM damaged WHERE repo = ?1",
            "DELETE FROM edge WHERE repo = ?1",
            "DELETE FROM repo WHERE id = ?1",
        ] {
            self.run(delete, [repo])
                .map_err(failed("dropping a repository"))?;
        }
        Ok(())
    }

    pub(crate) fn set_clean(&self) -> Result<(), StorageError> {
        self.run("UPDATE meta SET clean = 1", [])
            .map_err(failed("marking the index clean"))
    }

    /// References stand before the manifest does, so that nothing it needs is removed meanwhile.
    pub(crate) fn add_references(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        manifest: &ManifestFact,
    ) -> Result<(), StorageError> {
        let add = || {
            let (repo, digest) = (self.repo(repository)?, self.digest(digest)?);
            self.references(repo, digest, manifest)
        };
        add().map_err(failed("writing references"))
    }

    /// Makes the rows of one key say `fact`; `sig` is how its file looks, `None` if it is gone.
    pub(crate) fn state(&self, fact: &Fact, sig: Option<Sig>) -> Result<(), StorageError> {
        let stated = match fact {
            Fact::Bytes {
                digest,
                present,
                verified,
            } => self.state_bytes(digest, sig.filter(|_| *present), *verified),
            Fact::Edge {
                repository,
                digest,
                target,
            } => self.state_edge(repository, digest, target.zip(sig)),
            Fact::Revision {
                repository,
                digest,
                manifest,
            } => self
                .state_damaged(repository, digest, manifest.is_none() && sig.is_some())
                .and_then(|()| self.state_revision(repository, digest, manifest.as_ref().zip(sig))),
            Fact::Tag {
                repository,
                tag,
                manifest,
            } => self.state_tag(repository, tag, manifest.zip(sig)),
        };
        stated.map_err(failed("writing what was found"))
    }

    fn state_bytes(&self, digest: &Digest, found: Option<Sig>, verified: bool) -> Sql<()> {
        let digest = self.digest(digest)?;
        self.pardon(Kind::Bytes, 0, digest)?;
        let Some(sig) = found else {
            return self.run("DELETE FROM blob WHERE digest = ?1", [digest]);
        };
        self.run(
            "INSERT INTO blob(digest, size, state, sig, verified_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET size = ?2, sig = ?4,
                state = max(?3, state * (sig = ?4)), verified_at = coalesce(?5, verified_at)",
            params![
                digest,
                sig.size,
                verified,
                sig.bytes(),
                verified.then_some(self.now)
            ],
        )
    }

    fn state_edge(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        found: Option<(Digest, Sig)>,
    ) -> Sql<()> {
        let (repo, digest) = (self.repo(repository)?, self.digest(digest)?);
        self.pardon(Kind::Edge, repo, digest)?;
        let Some((target, sig)) = found else {
            return self.run("DELETE FROM edge WHERE repo = ?1 AND digest = ?2", [repo, digest]);
        };
        self.run(
            "INSERT OR REPLACE INTO edge(repo, digest, target, linked_at, sig) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![repo, digest, self.digest(&target)?, sig.modified, sig.bytes()],
        )
    }

    /// A revision that is there and can't be read keeps everything in its repository.
    fn state_damaged(&self, repository: &RepositoryName, digest: &Digest, is_damaged: bool) -> Sql<()> {
        let (repo, digest) = (self.repo(repository)?, self.digest(digest)?);
        let change = if is_damaged {
            "INSERT OR IGNORE INTO damaged(repo, digest) VALUES (?1, ?2)"
        } else {
            "DELETE FROM damaged WHERE repo = ?1 AND digest = ?2"
        };
        self.run(change, [repo, digest])
    }

    fn state_revision(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        found: Option<(&ManifestFact, Sig)>,
    ) -> Sql<()> {
        let (repo, digest) = (self.repo(repository)?, self.digest(digest)?);
        self.run(
            "DELETE FROM ref WHERE repo = ?1 AND manifest = ?2",
            [repo, digest],
        )?;
        let Some((manifest, sig)) = found else {
            return self.run(
                "DELETE FROM manifest WHERE repo = ?1 AND digest = ?2",
                [repo, digest],
            );
        };
        self.references(repo, digest, manifest)?;
        let subject = manifest
            .subject
            .as_ref()
            .map(|subject| self.digest(subject))
            .transpose()?;
        self.run(
            "INSERT INTO manifest(repo, digest, type, artifact_type, subject, size, annotations, pushed_at,
                untagged_since, state, sig)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)
             ON CONFLICT DO UPDATE SET type = ?3, artifact_type = ?4, subject = ?5, size = ?6, annotations = ?7,
                pushed_at = ?8, sig = ?10",
            params![
                repo,
                digest,
                manifest.media_type.as_str(),
                manifest.artifact_type.as_ref().map(berth_oci::MediaType::as_str),
                subject,
                manifest.size,
                serde_json::to_string(&manifest.annotations).unwrap_or_default(),
                sig.modified,
                self.now,
                sig.bytes(),
            ],
        )
    }

    fn references(&self, repo: i64, digest: i64, manifest: &ManifestFact) -> Sql<()> {
        for (target, kind) in manifest.references() {
            let target = self.digest(target)?;
            self.run(
                "INSERT OR IGNORE INTO ref(repo, manifest, target, kind) VALUES (?1, ?2, ?3, ?4)",
                params![repo, digest, target, kind],
            )?;
            self.pardon(Kind::Edge, repo, target)?;
        }
        Ok(())
    }

    fn state_tag(&self, repository: &RepositoryName, tag: &TagName, found: Option<(Digest, Sig)>) -> Sql<()> {
        let repo = self.repo(repository)?;
        let before: Option<i64> = self
            .connection
            .prepare_cached("SELECT manifest FROM tag WHERE repo = ?1 AND name = ?2")?
            .query_row(params![repo, tag.as_str()], |row| row.get(0))
            .optional()?;
        let mut after = None;
        if let Some((digest, sig)) = found {
            let digest = self.digest(&digest)?;
            after = Some(digest);
            self.run(
                "INSERT OR REPLACE INTO tag(repo, name, manifest, pushed_at, sig) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![repo, tag.as_str(), digest, sig.modified, sig.bytes()],
            )?;
        } else {
            self.run(
                "DELETE FROM tag WHERE repo = ?1 AND name = ?2",
                params![repo, tag.as_str()],
            )?;
        }
        for manifest in before.into_iter().chain(after) {
            self.run(
                "UPDATE manifest SET untagged_since =
                    CASE WHEN EXISTS (SELECT 1 FROM tag WHERE repo = ?1 AND manifest = ?2) THEN NULL
                    ELSE coalesce(untagged_since, ?3) END
                 WHERE repo = ?1 AND digest = ?2",
                params![repo, manifest, self.now],
            )?;
        }
        Ok(())
    }

    fn repo(&self, name: &RepositoryName) -> Sql<i64> {
        let found = self
            .connection
            .prepare_cached("SELECT id FROM repo WHERE name = ?1")?
            .query_row([name.as_str()], |row| row.get(0))
            .optional()?;
        match found {
            Some(id) => Ok(id),
            None => self
                .connection
                .prepare_cached("INSERT INTO repo(name) VALUES (?1)")?
                .insert([name.as_str()]),
        }
    }

    fn digest(&self, digest: &Digest) -> Sql<i64> {
        let found = self
            .connection
            .prepare_cached("SELECT id FROM digest WHERE hash = ?1")?
            .query_row([digest.as_bytes()], |row| row.get(0))
            .optional()?;
        match found {
            Some(id) => Ok(id),
            None => self
                .connection
                .prepare_cached("INSERT INTO digest(hash) VALUES (?1)")?
                .insert([digest.as_bytes()]),
        }
    }

    fn run(&self, statement: &str, parameters: impl rusqlite::Params) -> Sql<()> {
        self.connection
            .prepare_cached(statement)?
            .execute(parameters)
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Identity, create};

    #[test]
    fn a_repository_that_is_still_to_be_read_is_so_after_an_end_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity {
            layout_id: "id".to_owned(),
            epoch: 1,
        };
        let connection = create(&folder.path().join("index.sqlite"), &identity, false).unwrap();
        let write = Write::new(&connection, 0);
        let (unread, own) = ("unread".parse().unwrap(), "own".parse().unwrap());
        for name in [&unread, &own] {
            write.add_repository(name).unwrap();
        }
        write.set_unscanned(&unread).unwrap();
        for name in [&unread, &own] {
            write.set_left(name, b"times").unwrap();
        }
        let scanned = write.read().scanned().unwrap();
        assert!(scanned.contains(&(unread.clone(), None)));
        assert!(scanned.contains(&(own, Some(b"times".to_vec()))));
        write.set_scanned(&unread, b"times").unwrap();
        let scanned = write.read().scanned().unwrap();
        assert!(scanned.contains(&(unread, Some(b"times".to_vec()))));
    }
}
