//! Any order of pushes, mounts, moves, deletes, restarts and crashes leaves what a map would hold.

use std::collections::{BTreeMap, BTreeSet};

use berth_oci::{Digest, Manifest, TagOrDigest};
use berth_storage::{BlobDeletion, PutManifest};
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
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (r, l, t) = (0..REPOSITORIES.len(), 0..LAYERS.len(), 0..TAGS.len());
    let step = prop_oneof![
        4 => (r.clone(), l.clone()).prop_map(|(r, l)| Step::Upload(r, l)),
        2 => (r.clone(), r.clone(), l.clone()).prop_map(|(from, to, l)| Step::Mount(from, to, l)),
        6 => (r.clone(), l.clone(), t.clone()).prop_map(|(r, l, t)| Step::Put(r, l, t)),
        2 => (r.clone(), t).prop_map(|(r, t)| Step::DeleteTag(r, t)),
        2 => (r.clone(), l.clone()).prop_map(|(r, l)| Step::DeleteManifest(r, l)),
        2 => (r, l).prop_map(|(r, l)| Step::DeleteBlob(r, l)),
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
                assert_eq!(deleted, self.tags.remove(&(r, t)).is_some());
            }
            Step::DeleteManifest(r, l) => {
                let digest = image(LAYERS[l], &[]).digest;
                let deleted = registry
                    .store()
                    .delete_manifest(&name(REPOSITORIES[r]), &digest, "tester")
                    .await
                    .unwrap();
                assert_eq!(deleted, self.manifests.remove(&(r, digest)).is_some());
                self.tags.retain(|(tagged, _), on| *tagged != r || *on != digest);
            }
            Step::DeleteBlob(r, l) => self.delete_blob(r, l, registry).await,
            Step::Restart => registry.restart().await,
            Step::Crash => registry.crash().await,
            Step::LoseIndex => {
                registry.stop().await;
                std::fs::remove_file(registry.root().join(".berth/index.sqlite")).unwrap();
                registry.start().await;
            }
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
