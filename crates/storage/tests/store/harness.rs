use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use berth_oci::{Digest, Manifest, RepositoryName, TagName, TagOrDigest};
use berth_storage::{
    Clock, FinishUpload, ManifestPut, PutManifest, Random, ResumedUpload, StorageError, Store, StoreOptions,
    UploadId, UploadSession,
};
use bytes::Bytes;

/// How long a promise holds.
pub(crate) const GRACE: Duration = Duration::from_secs(24 * 3600);

/// A store on a folder of its own.
pub(crate) struct Registry {
    folder: tempfile::TempDir,
    clock: Arc<SetClock>,
    store: Option<Store>,
}

/// A clock that stands still until it is moved.
pub(crate) struct SetClock(Mutex<SystemTime>);

struct Counter(AtomicU64);

impl Registry {
    pub(crate) async fn new() -> Self {
        let mut registry = Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(SetClock(Mutex::new(
                SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
            ))),
            store: None,
        };
        registry.store = Some(registry.open_again().await.unwrap());
        registry
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path below `docker/registry/v2`.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root().join("docker/registry/v2").join(below)
    }

    pub(crate) fn advance(&self, by: Duration) {
        *self.clock.0.lock().unwrap() += by;
    }

    pub(crate) async fn open_again(&self) -> Result<Store, StorageError> {
        Store::open(StoreOptions {
            root: self.root().to_owned(),
            clock: self.clock.clone(),
            random: Arc::new(Counter(AtomicU64::new(fresh()))),
            allow_sparse: false,
            upload_expiry: Duration::from_secs(7 * 24 * 3600),
            grace: GRACE,
        })
        .await
    }

    /// Stops in order and starts again.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    pub(crate) async fn stop(&mut self) {
        self.store.take().unwrap().close().await.unwrap();
    }

    pub(crate) async fn start(&mut self) {
        self.store = Some(self.open_again().await.unwrap());
    }

    /// Lets go of the store without a word.
    pub(crate) async fn kill(&mut self) {
        drop(self.store.take());
        // The last holder may be a thread of the store's own that is about to end.
        let lock = std::fs::File::open(self.root().join(".berth/lock")).unwrap();
        while lock.try_lock().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    pub(crate) async fn crash(&mut self) {
        self.kill().await;
        self.start().await;
    }

    pub(crate) async fn upload(&self, repository: &str, content: &[u8]) -> Digest {
        let digest = Digest::sha256(content);
        let mut session = self.store().start_upload(&name(repository), None).await.unwrap();
        session.append(Bytes::copy_from_slice(content)).await.unwrap();
        let finished = session.finish(&digest).await.unwrap();
        assert_eq!(
            finished,
            FinishUpload::Stored {
                size: content.len() as u64
            }
        );
        digest
    }

    /// Pushes an image of one layer.
    pub(crate) async fn push(&self, repository: &str, tag: &str, layer: &str) -> Digest {
        self.upload(repository, b"{}").await;
        self.upload(repository, layer.as_bytes()).await;
        self.put(repository, image(layer, &[tag])).await
    }

    pub(crate) async fn put(&self, repository: &str, put: ManifestPut) -> Digest {
        let digest = put.digest;
        let answer = self.store().put_manifest(&name(repository), put).await.unwrap();
        assert_eq!(answer, PutManifest::Stored);
        digest
    }

    /// The whole blob, if the repository has it.
    pub(crate) async fn read(&self, repository: &str, digest: &Digest) -> Option<String> {
        let mut reader = self.store().open_blob(&name(repository), digest).await.unwrap()?;
        let mut content = Vec::new();
        while let Some(chunk) = reader.next_chunk().await.unwrap() {
            content.extend_from_slice(&chunk);
        }
        Some(String::from_utf8(content).unwrap())
    }

    pub(crate) async fn tag(&self, repository: &str, text: &str) -> Option<Digest> {
        let reference = TagOrDigest::Tag(tag(text));
        let stored = self.store().get_manifest(&name(repository), &reference).await;
        stored.unwrap().map(|stored| stored.digest)
    }

    pub(crate) async fn tags(&self, repository: &str) -> Vec<String> {
        let page = self
            .store()
            .list_tags(&name(repository), None, 1000)
            .await
            .unwrap();
        page.unwrap().items.iter().map(ToString::to_string).collect()
    }

    pub(crate) async fn repositories(&self) -> Vec<String> {
        let page = self.store().list_repositories(None, 1000).await.unwrap();
        page.items.iter().map(ToString::to_string).collect()
    }

    /// Resumes a session as soon as its last holder has let go.
    pub(crate) async fn resume(&self, repository: &str, id: UploadId) -> UploadSession {
        loop {
            match self.store().resume_upload(&name(repository), id).await.unwrap() {
                ResumedUpload::Session(session) => return session,
                ResumedUpload::Busy => tokio::task::yield_now().await,
                ResumedUpload::Unknown => panic!("the session {id} is gone"),
            }
        }
    }
}

pub(crate) fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

pub(crate) fn tag(text: &str) -> TagName {
    text.parse().unwrap()
}

/// An image of the config `{}` and one layer.
pub(crate) fn image(layer: &str, tags: &[&str]) -> ManifestPut {
    let json = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[{}]}}"#,
        descriptor("application/vnd.oci.image.config.v1+json", b"{}"),
        descriptor("application/vnd.oci.image.layer.v1.tar", layer.as_bytes()),
    );
    manifest(json, tags)
}

pub(crate) fn descriptor(media_type: &str, content: &[u8]) -> String {
    format!(
        r#"{{"mediaType":"{media_type}","digest":"{}","size":{}}}"#,
        Digest::sha256(content),
        content.len()
    )
}

pub(crate) fn manifest(json: String, tags: &[&str]) -> ManifestPut {
    ManifestPut {
        manifest: Manifest::parse(json.as_bytes(), None).unwrap(),
        digest: Digest::sha256(json.as_bytes()),
        bytes: json.into(),
        tags: tags.iter().map(|text| tag(text)).collect(),
    }
}

impl Clock for SetClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let next = self
                .0
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            part.copy_from_slice(&next.to_le_bytes()[..part.len()]);
        }
    }
}

/// Numbers that no other store of this process counts through.
fn fresh() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed) << 40
}
