//! Any order of pushes, mounts, moves, deletes, restores, sweeps, hours, restarts and crashes leaves what a map would hold.

use std::collections::{BTreeMap, BTreeSet};

use berth_oci::{Digest, Manifest, TagOrDigest};
use berth_storage::{BlobDeletion, PutManifest, Restored};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::harness::{Registry, image, name, tag};

#[derive(Clone, Debug)]
enum Step {
    Upload(usize, usize),
    Mount(usize, usize, usize),
    Put(usize, usize, usize),
    DeleteTag(usize, usize),
    DeleteManifest(usize, usize),
    DeleteBlob(usize, usize),
    /// Asks whether a layer is there, as a client does that means to build on it.
    Ask(usize, usize),
    RestoreTag(usize, usize),
    Sweep,
    /// Hours.
    Wait(u32),
    Restart,
    Crash,
    LoseIndex,
}

const REPOSITORIES: [&str; 3] = ["a", "a/b", "c"];
const LAYERS: [&str; 3] = ["one", "two", "three"];
const TAGS: [&str; 3] = ["v1", "v1-rc", "latest"];

/// What was acknowledged, by repository.
#[derive(Default)]
struct Model {
    blobs: BTreeSet<(usize, Digest)>,
    manifests: BTreeMap<(usize, Digest), usize>,
    tags: BTreeMap<(usize, usize), Digest>,
    known: BTreeSet<usize>,
    hours: u32,
    /// When a client was last told that a blob is there.
    told: BTreeMap<(usize, Digest), u32>,
    /// When something was last deleted that needs a blob.
    deleted: BTreeMap<(usize, Digest), u32>,
    /// The last deletes of tags: what they pointed at, and when.
    deleted_tags: BTreeMap<(usize, usize), (Digest, u32)>,
}

/// The grace of the store, in hours. No sum of waits meets it.
const GRACE_HOURS: u32 = 24;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (r, l, t) = (0..REPOSITORIES.len(), 0..LAYERS.len(), 0..TAGS.len());
    let step = prop_oneof![
        4 => (r.clone(), l.clone()).prop_map(|(r, l)| Step::Upload(r, l)),
        2 => (r.clone(), r.clone(), l.clone()).prop_map(|(from, to, l)| Step::Mount(from, to, l)),
        6 => (r.clone(), l.clone(), t.clone()).prop_map(|(r, l, t)| Step::Put(r, l, t)),
        2 => (r.clone(), t.clone()).prop_map(|(r, t)| Step::DeleteTag(r, t)),
        2 => (r.clone(), l.clone()).prop_map(|(r, l)| Step::DeleteManifest(r, l)),
        2 => (r.clone(), l.clone()).prop_map(|(r, l)| Step::DeleteBlob(r, l)),
        2 => (r.clone(), l.clone()).prop_map(|(r, l)| Step::Ask(r, l)),
        2 => (r.clone(), t.clone()).prop_map(|(r, t)| Step::RestoreTag(r, t)),
        4 => Just(Step::Sweep),
        4 => prop_oneof![Just(10_u32), Just(50)].prop_map(Step::Wait),
        1 => Just(Step::Restart),
        1 => Just(Step::Crash),
        1 => Just(Step::LoseIndex),
    ];
    prop::collection::vec(step, 1..25)
}

impl Model {
    async fn take(&mut self, step: &Step, registry: &mut Registry) {
        match *step {
            Step::Upload(r, l) => {
                for content in ["{}", LAYERS[l]] {
                    let digest = registry.upload(REPOSITORIES[r], content.as_bytes()).await;
                    self.blobs.insert((r, digest));
                    self.told.insert((r, digest), self.hours);
                }
                self.known.insert(r);
            }
            Step::Mount(from, to, l) => {
                let digest = Digest::sha256(LAYERS[l].as_bytes());
                let (source, target) = (name(REPOSITORIES[from]), name(REPOSITORIES[to]));
                let mounted = registry
                    .store()
                    .mount_blob(Some(&source), &target, &digest)
                    .await
                    .unwrap();
                assert_eq!(mounted, self.blobs.contains(&(from, digest)));
                if mounted {
                    self.blobs.insert((to, digest));
                    self.told.insert((to, digest), self.hours);
                    self.known.insert(to);
                }
            }
            Step::Put(r, l, t) => self.put(r, l, t, registry).await,
            Step::DeleteTag(r, t) => {
                let deleted = registry
                    .store()
                    .delete_tag(&name(REPOSITORIES[r]), &tag(TAGS[t]), "tester")
                    .await
                    .unwrap();
                let before = self.tags.remove(&(r, t));
                assert_eq!(deleted, before.is_some());
                if let Some(digest) = before {
                    self.note_deleted(r, digest);
                    self.deleted_tags.insert((r, t), (digest, self.hours));
                }
            }
            Step::DeleteManifest(r, l) => self.delete_manifest(r, l, registry).await,
            Step::DeleteBlob(r, l) => self.delete_blob(r, l, registry).await,
            Step::Ask(r, l) => self.ask(r, l, registry).await,
            Step::RestoreTag(r, t) => self.restore_tag(r, t, registry).await,
            Step::Sweep => self.sweep(registry).await,
            Step::Wait(hours) => {
                self.hours += hours;
                registry.advance(std::time::Duration::from_secs(3600) * hours);
            }
            Step::Restart => registry.restart().await,
            Step::Crash => registry.crash().await,
            Step::LoseIndex => {
                registry.stop().await;
                std::fs::remove_file(registry.root().join(".berth/index.sqlite")).unwrap();
                registry.start().await;
            }
        }
    }

    async fn ask(&mut self, r: usize, l: usize, registry: &Registry) {
        let digest = Digest::sha256(LAYERS[l].as_bytes());
        let told = registry.store().stat_blob(&name(REPOSITORIES[r]), &digest).await;
        assert_eq!(told.unwrap().is_some(), self.blobs.contains(&(r, digest)));
        if self.blobs.contains(&(r, digest)) {
            self.told.insert((r, digest), self.hours);
        }
    }

    async fn delete_manifest(&mut self, r: usize, l: usize, registry: &Registry) {
        let digest = image(LAYERS[l], &[]).digest;
        let deleted = registry
            .store()
            .delete_manifest(&name(REPOSITORIES[r]), &digest, "tester")
            .await
            .unwrap();
        if deleted {
            self.note_deleted(r, digest);
            for t in (0..TAGS.len()).filter(|t| self.tags.get(&(r, *t)) == Some(&digest)) {
                self.deleted_tags.insert((r, t), (digest, self.hours));
            }
        }
        assert_eq!(deleted, self.manifests.remove(&(r, digest)).is_some());
        self.tags.retain(|(tagged, _), on| *tagged != r || *on != digest);
    }

    /// What a deleted manifest needs stays for a grace.
    fn note_deleted(&mut self, r: usize, manifest: Digest) {
        for layer in LAYERS.iter().filter(|layer| image(layer, &[]).digest == manifest) {
            for content in ["{}", layer] {
                self.deleted
                    .insert((r, Digest::sha256(content.as_bytes())), self.hours);
            }
        }
    }

    /// A blob that must be there: a manifest needs it, a client was told of it, or a delete could be taken back.
    fn must_stay(&self, r: usize, digest: Digest) -> bool {
        let recent = |at: Option<&u32>| at.is_some_and(|at| self.hours.saturating_sub(*at) < GRACE_HOURS);
        self.manifests.iter().any(|((at, _), layer)| {
            let of_image = ["{}", LAYERS[*layer]].map(|content| Digest::sha256(content.as_bytes()));
            *at == r && of_image.contains(&digest)
        }) || recent(self.told.get(&(r, digest)))
            || recent(self.deleted.get(&(r, digest)))
    }

    async fn sweep(&mut self, registry: &Registry) {
        crate::sweep::sweep(registry).await;
        for (r, digest) in self.blobs.clone() {
            if registry.read(REPOSITORIES[r], &digest).await.is_none() {
                assert!(!self.must_stay(r, digest), "{} lost {digest}", REPOSITORIES[r]);
                self.blobs.remove(&(r, digest));
            }
        }
    }

    async fn restore_tag(&mut self, r: usize, t: usize, registry: &Registry) {
        let reference = TagOrDigest::Tag(tag(TAGS[t]));
        let back = registry
            .store()
            .restore(&name(REPOSITORIES[r]), &reference)
            .await
            .unwrap();
        let deleted = self.deleted_tags.get(&(r, t));
        let deleted = deleted.filter(|(_, at)| self.hours - at < GRACE_HOURS).copied();
        match back {
            Restored::Done { digest, tags } => {
                assert_eq!(tags, [tag(TAGS[t])]);
                let layer = LAYERS
                    .iter()
                    .position(|layer| image(layer, &[]).digest == digest)
                    .unwrap();
                self.manifests.insert((r, digest), layer);
                self.tags.insert((r, t), digest);
                for content in ["{}", LAYERS[layer]] {
                    self.blobs.insert((r, Digest::sha256(content.as_bytes())));
                }
            }
            Restored::Occupied { by } => assert_eq!(self.tags.get(&(r, t)), Some(&by)),
            // An older delete of the same tag may still be known; the last one must be, unless it was taken back.
            Restored::Unknown => assert!(deleted.is_none() || self.tags.contains_key(&(r, t))),
            Restored::Lost(lost) => panic!("{deleted:?} lost {lost:?}"),
        }
    }

    async fn put(&mut self, r: usize, l: usize, t: usize, registry: &Registry) {
        let put = image(LAYERS[l], &[TAGS[t]]);
        let digest = put.digest;
        let missing: Vec<Digest> = put
            .manifest
            .required_blobs()
            .into_iter()
            .filter(|blob| !self.blobs.contains(&(r, *blob)))
            .collect();
        let answer = registry
            .store()
            .put_manifest(&name(REPOSITORIES[r]), put)
            .await
            .unwrap();
        if missing.is_empty() {
            assert_eq!(answer, PutManifest::Stored);
            self.manifests.insert((r, digest), l);
            self.tags.insert((r, t), digest);
        } else {
            assert_eq!(answer, PutManifest::MissingContent(missing));
        }
    }

    async fn delete_blob(&mut self, r: usize, l: usize, registry: &Registry) {
        let digest = Digest::sha256(LAYERS[l].as_bytes());
        let by = self
            .manifests
            .iter()
            .find(|((at, _), layer)| *at == r && **layer == l);
        let expected = match by {
            Some(((_, by), _)) => BlobDeletion::Referenced { by: *by },
            None if self.blobs.remove(&(r, digest)) => BlobDeletion::Deleted,
            None => BlobDeletion::NotFound,
        };
        let answer = registry
            .store()
            .delete_blob(&name(REPOSITORIES[r]), &digest, "tester")
            .await
            .unwrap();
        assert_eq!(answer, expected);
    }

    /// Everything that was acknowledged reads whole, and nothing else is there.
    async fn check(&self, registry: &Registry) {
        let known: Vec<&str> = self.known.iter().map(|r| REPOSITORIES[*r]).collect();
        assert_eq!(registry.repositories().await, known);
        for (r, repository) in REPOSITORIES.iter().enumerate() {
            if self.known.contains(&r) {
                let mut tags: Vec<&str> = (0..TAGS.len())
                    .filter(|t| self.tags.contains_key(&(r, *t)))
                    .map(|t| TAGS[t])
                    .collect();
                tags.sort_unstable();
                assert_eq!(registry.tags(repository).await, tags);
            }
            for (t, text) in TAGS.iter().enumerate() {
                assert_eq!(
                    registry.tag(repository, text).await,
                    self.tags.get(&(r, t)).copied()
                );
            }
            for layer in LAYERS {
                let digest = Digest::sha256(layer.as_bytes());
                let expected = self.blobs.contains(&(r, digest)).then(|| layer.to_owned());
                assert_eq!(registry.read(repository, &digest).await, expected);
                let digest = image(layer, &[]).digest;
                let reference = TagOrDigest::Digest(digest);
                let stored = registry
                    .store()
                    .get_manifest(&name(repository), &reference)
                    .await
                    .unwrap();
                assert_eq!(stored.is_some(), self.manifests.contains_key(&(r, digest)));
                if let Some(stored) = stored {
                    Manifest::parse(&stored.bytes, Some(&stored.media_type)).unwrap();
                }
            }
        }
    }
}

#[test]
fn any_order_of_operations_leaves_what_was_acknowledged() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let config = Config {
        cases: std::env::var("PROPTEST_CASES")
            .ok()
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(12),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    };
    let tried = TestRunner::new(config).run(&steps(), |steps| {
        runtime.block_on(async {
            let mut registry = Registry::new().await;
            let mut model = Model::default();
            for step in &steps {
                model.take(step, &mut registry).await;
                model.check(&registry).await;
            }
            model.take(&Step::LoseIndex, &mut registry).await;
            model.check(&registry).await;
        });
        Ok(())
    });
    tried.unwrap();
}
