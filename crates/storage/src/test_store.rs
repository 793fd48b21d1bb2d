//! Stores for the tests of this crate's inside: on a folder of their own, with faults to order.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use berth_oci::{Digest, Manifest, RepositoryName, TagName, TagOrDigest};
use bytes::Bytes;

use crate::answers::{FinishUpload, ManifestPut, PutManifest};
use crate::disk::Disk;
use crate::faults::Faults;
use crate::layout::Layout;
use crate::power_cut::Unsynced;
use crate::store::{Store, StoreOptions};
use crate::{Clock, Random, StorageError};

/// A folder, the store on it, and the faults of that store's disk.
pub(crate) struct TestStore {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Option<Store>,
    pub(crate) faults: Arc<Faults>,
    unsynced: Arc<Unsynced>,
    pub(crate) clock: Arc<Hands>,
}

pub(crate) const GRACE: Duration = Duration::from_secs(24 * 3600);

/// A clock that stands still until it is moved.
pub(crate) struct Hands(AtomicU64);

struct Counter(AtomicU64);

impl TestStore {
    pub(crate) async fn new() -> Self {
        // In memory, where there is such a place: these tests start thousands of stores. Those through the public
        // interface are on a disk, and have its kind of barrier.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let mut test = Self {
            folder: folder.unwrap(),
            store: None,
            faults: Arc::default(),
            unsynced: Arc::default(),
            clock: Arc::new(Hands(AtomicU64::new(1_700_000_000))),
        };
        test.start().await;
        test
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    pub(crate) fn layout(&self) -> Layout {
        Layout::new(self.folder.path().to_owned())
    }

    pub(crate) async fn start(&mut self) {
        self.faults = Arc::default();
        let mut disk = Disk::new(self.layout());
        disk.faults = Arc::clone(&self.faults);
        self.unsynced = Arc::clone(&disk.unsynced);
        self.store = Some(Store::open_on(disk, self.options()).await.unwrap());
    }

    fn options(&self) -> StoreOptions {
        StoreOptions {
            clock: self.clock.clone(),
            ..options(self.folder.path())
        }
    }

    /// Ends the store as `kill -9` or a power cut would: nothing reaches the disk any more, not even the index's last
    /// word, and of what no barrier covered, what `pattern` chooses is lost.
    pub(crate) async fn cut_power(&mut self, pattern: u64) {
        self.faults.die(1);
        drop(self.store.take());
        self.unsynced
            .cut(|number| pattern.rotate_right(u32::try_from(number % 64).unwrap()) & 1 == 1);
        self.start().await;
    }

    pub(crate) async fn restart(&mut self) {
        self.store.take().unwrap().close().await.unwrap();
        self.start().await;
    }

    pub(crate) async fn upload(&self, repository: &str, content: &[u8]) -> Result<Digest, StorageError> {
        let digest = Digest::sha256(content);
        let mut session = self.store().start_upload(&name(repository), None).await?;
        session.append(Bytes::copy_from_slice(content)).await?;
        let finished = session.finish(&digest).await?;
        assert!(matches!(finished, FinishUpload::Stored { .. }));
        Ok(digest)
    }

    /// Pushes an image of one layer.
    pub(crate) async fn push(
        &self,
        repository: &str,
        tag: &str,
        layer: &str,
    ) -> Result<Digest, StorageError> {
        self.upload(repository, b"{}").await?;
        self.upload(repository, layer.as_bytes()).await?;
        self.put(repository, tag, layer).await
    }

    pub(crate) async fn put(&self, repository: &str, tag: &str, layer: &str) -> Result<Digest, StorageError> {
        let put = image(layer, tag);
        let digest = put.digest;
        let answer = self.store().put_manifest(&name(repository), put).await?;
        assert_eq!(answer, PutManifest::Stored);
        Ok(digest)
    }

    /// The manifest that the tag points at, if it and all that it names can be read.
    pub(crate) async fn pull(&self, repository: &str, tag: &str) -> Option<Digest> {
        let reference = TagOrDigest::Tag(tag.parse().unwrap());
        let stored = self
            .store()
            .get_manifest(&name(repository), &reference)
            .await
            .unwrap()?;
        let manifest = Manifest::parse(&stored.bytes, Some(&stored.media_type)).unwrap();
        for blob in manifest.required_blobs() {
            let reader = self.store().open_blob(&name(repository), &blob).await.unwrap();
            let mut reader = reader.unwrap_or_else(|| panic!("{repository}:{tag} lacks {blob}"));
            let mut content = Vec::new();
            while let Some(chunk) = reader.next_chunk().await.unwrap() {
                content.extend_from_slice(&chunk);
            }
            assert_eq!(Digest::sha256(&content), blob);
        }
        Some(stored.digest)
    }
}

pub(crate) fn options(root: &Path) -> StoreOptions {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    StoreOptions {
        root: root.to_owned(),
        clock: Arc::new(Hands(AtomicU64::new(1_700_000_000))),
        random: Arc::new(Counter(AtomicU64::new(
            NEXT.fetch_add(1, Ordering::Relaxed) << 40,
        ))),
        allow_sparse: false,
        upload_expiry: Duration::from_secs(7 * 24 * 3600),
        grace: GRACE,
    }
}

pub(crate) fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

pub(crate) fn tag(text: &str) -> TagName {
    text.parse().unwrap()
}

/// An image of the config `{}` and one layer.
pub(crate) fn image(layer: &str, tag: &str) -> ManifestPut {
    let descriptor = |media_type: &str, content: &[u8]| serde_json::json!({"mediaType": media_type, "digest": Digest::sha256(content), "size": content.len()});
    let json = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": berth_oci::MediaType::OCI_MANIFEST,
        "config": descriptor("application/vnd.oci.image.config.v1+json", b"{}"),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", layer.as_bytes())],
    });
    let bytes = Bytes::from(json.to_string());
    ManifestPut {
        manifest: Manifest::parse(&bytes, None).unwrap(),
        digest: Digest::sha256(&bytes),
        bytes,
        tags: vec![self::tag(tag)],
    }
}

impl Hands {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed);
            part.copy_from_slice(&next.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()[..part.len()]);
        }
    }
}
