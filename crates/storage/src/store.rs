use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use berth_oci::{Algorithm, Descriptor, Digest, MediaType, RepositoryName, TagName, TagOrDigest};

use crate::answers::{
    BlobDeletion, ManifestPut, Page, PutManifest, ResumedUpload, StoreHealth, StoredManifest,
};
use crate::disk::Disk;
use crate::layout::Layout;
use crate::lock::OwnerLock;
use crate::thin::Thin;
use crate::upload::{Sessions, UploadSession};
use crate::{BlobReader, Clock, Random, StorageError, UploadId};

/// Blobs, manifests, tags and uploads below one folder. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

/// What a store is opened with.
#[derive(Clone)]
pub struct StoreOptions {
    /// The root folder (`rootdirectory` of Docker's registry).
    pub root: PathBuf,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Whether an index may name manifests that are not in the repository.
    pub allow_sparse_index: bool,
    /// The age at which an upload session is removed.
    pub upload_expiry: Duration,
}

pub(crate) struct Inner {
    pub(crate) disk: Disk,
    pub(crate) options: StoreOptions,
    pub(crate) sessions: Sessions,
    pub(crate) one_at_a_time: Mutex<()>,
    _lock: OwnerLock,
}

impl Store {
    /// Opens the folder, and makes it where there is none.
    pub async fn open(options: StoreOptions) -> Result<Self, StorageError> {
        blocking(move || {
            let disk = Disk::new(Layout::new(options.root.clone()));
            disk.make_folder(&disk.layout.private("tmp"))?;
            let lock = OwnerLock::acquire(&disk.layout)?;
            disk.make_folder(&disk.layout.repositories())?;
            Ok(Self {
                inner: Arc::new(Inner {
                    disk,
                    options,
                    sessions: Sessions::default(),
                    one_at_a_time: Mutex::default(),
                    _lock: lock,
                }),
            })
        })
        .await
    }

    /// Ends the store in order. Writes that were begun are finished first.
    pub async fn close(self) -> Result<(), StorageError> {
        blocking(move || {
            drop(self);
            Ok(())
        })
        .await
    }

    /// Whether writes are taken.
    pub fn health(&self) -> StoreHealth {
        StoreHealth::Writable
    }

    /// The blob's size in bytes, where the repository has it.
    pub async fn stat_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<u64>, StorageError> {
        let (repository, digest) = (repository.clone(), *digest);
        let found = self.run(move |thin| thin.size(&repository, &digest)).await?;
        Ok(found.map(|(_, size)| size))
    }

    /// A reader of the blob, where the repository has it.
    pub async fn open_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<BlobReader>, StorageError> {
        let (repository, digest) = (repository.clone(), *digest);
        self.run(move |thin| match thin.size(&repository, &digest)? {
            Some((target, size)) => BlobReader::open(thin.disk.layout.bytes(&target), size).map(Some),
            None => Ok(None),
        })
        .await
    }

    /// Lets `to` read a blob that `from` (or, without it, any repository) has. False where that has it not.
    pub async fn mount_blob(
        &self,
        from: Option<&RepositoryName>,
        to: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, StorageError> {
        let (from, to, digest) = (from.cloned(), to.clone(), *digest);
        self.run(move |thin| thin.mount(from.as_ref(), &to, &digest))
            .await
    }

    /// Ends the repository's access to a blob. The bytes go when no repository needs them.
    pub async fn delete_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<BlobDeletion, StorageError> {
        let (repository, digest) = (repository.clone(), *digest);
        self.run(move |thin| thin.delete_blob(&repository, &digest)).await
    }

    /// The manifest that the tag points at, or that has the digest.
    pub async fn get_manifest(
        &self,
        repository: &RepositoryName,
        reference: &TagOrDigest,
    ) -> Result<Option<StoredManifest>, StorageError> {
        let (repository, reference) = (repository.clone(), reference.clone());
        self.run(move |thin| thin.get(&repository, &reference)).await
    }

    /// Stores a manifest and moves its tags to it.
    pub async fn put_manifest(
        &self,
        repository: &RepositoryName,
        put: ManifestPut,
    ) -> Result<PutManifest, StorageError> {
        let repository = repository.clone();
        self.run(move |thin| thin.put(&repository, &put)).await
    }

    /// Removes a manifest and every tag that points at it. False where it wasn't there.
    pub async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, StorageError> {
        let (repository, digest) = (repository.clone(), *digest);
        self.run(move |thin| thin.delete_manifest(&repository, &digest))
            .await
    }

    /// Removes one tag; the manifest and its other tags stay. False where it wasn't there.
    pub async fn delete_tag(&self, repository: &RepositoryName, tag: &TagName) -> Result<bool, StorageError> {
        let (repository, tag) = (repository.clone(), tag.clone());
        self.run(move |thin| thin.delete_tag(&repository, &tag)).await
    }

    /// The repository's tags in ASCII order, after `after` (which need not exist). `None`: no such repository.
    pub async fn list_tags(
        &self,
        repository: &RepositoryName,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<Page<TagName>>, StorageError> {
        let (repository, after) = (repository.clone(), after.map(str::to_owned));
        let tags = self.run(move |thin| thin.tags(&repository)).await?;
        Ok(tags.map(|tags| page(tags, TagName::as_str, after.as_deref(), limit)))
    }

    /// The repositories in ASCII order, after `after` (which need not exist).
    pub async fn list_repositories(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<RepositoryName>, StorageError> {
        let mut names = self.run(|thin| crate::scan::repositories(thin.disk)).await?;
        names.sort();
        Ok(page(names, RepositoryName::as_str, after, limit))
    }

    /// Descriptors of the manifests whose subject is `subject`, those of its fallback tag among them, each once.
    pub async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Vec<Descriptor>, StorageError> {
        let (repository, subject, artifact_type) = (repository.clone(), *subject, artifact_type.cloned());
        self.run(move |thin| thin.referrers(&repository, &subject, artifact_type.as_ref()))
            .await
    }

    /// Begins an upload. `algorithm`: the one that the digest at its end will have, where that is known.
    pub async fn start_upload(
        &self,
        repository: &RepositoryName,
        algorithm: Option<Algorithm>,
    ) -> Result<UploadSession, StorageError> {
        UploadSession::start(self.clone(), repository.clone(), algorithm).await
    }

    /// Goes on with an upload, also one from before a restart.
    pub async fn resume_upload(
        &self,
        repository: &RepositoryName,
        id: UploadId,
    ) -> Result<ResumedUpload, StorageError> {
        UploadSession::resume(self.clone(), repository.clone(), id).await
    }

    /// Bytes that the session has; `None` where there is no such session.
    pub async fn upload_offset(
        &self,
        repository: &RepositoryName,
        id: UploadId,
    ) -> Result<Option<u64>, StorageError> {
        UploadSession::offset_of(self.clone(), repository.clone(), id).await
    }

    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Thin<'_>) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let _one = inner.one_at_a_time.lock();
            work(&Thin {
                disk: &inner.disk,
                random: &*inner.options.random,
                allow_sparse_index: inner.options.allow_sparse_index,
            })
        })
        .await
    }
}

fn page<T>(sorted: Vec<T>, name: impl Fn(&T) -> &str, after: Option<&str>, limit: usize) -> Page<T> {
    let mut items: Vec<T> = sorted
        .into_iter()
        .filter(|item| after.is_none_or(|after| name(item) > after))
        .take(limit.saturating_add(1))
        .collect();
    let more = items.len() > limit;
    items.truncate(limit);
    Page { items, more }
}

/// Runs work that waits for the disk off the threads that serve requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    // A panic in the work has been reported by its own hook; to the caller the store is in an unknown state.
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StorageError::Closed))
}
