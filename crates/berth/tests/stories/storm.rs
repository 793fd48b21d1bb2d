//! A storm of pushes, deletes and promises over a sweep that never rests, with the shortest of graces.
//!
//! `cargo xtask soak sweep --seconds N` runs the same for longer.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use berth_drive::{Body, Client, Image, MANIFEST_TYPE, Platform, Random, sha256};
use serde_json::Value;

use crate::kill::fsck_is_clean;
use crate::program::finish;
use crate::start::{berth_program, berth_with_grace, folder};

const SECONDS: u64 = 10;
const PUSHERS: u64 = 16;
const REPOSITORIES: u64 = 3;
const LAYERS: u64 = 6;
const GRACE: Duration = Duration::from_secs(2);
/// How long it may take until everything that can go has gone.
const PATIENCE: Duration = Duration::from_secs(180);

#[test]
fn every_tag_pulls_whole_through_a_storm_of_pushes_deletes_and_sweeps() {
    let seconds = std::env::var("BERTH_STORM_SECONDS").map_or(SECONDS, |seconds| seconds.parse().unwrap());
    let scene = folder();
    let server = berth_with_grace(scene.path(), "2s");
    let address = server.address();
    let end = Instant::now() + Duration::from_secs(seconds);
    let removed = AtomicU64::new(0);
    let mut standing = BTreeMap::new();
    thread::scope(|scope| {
        let pushers: Vec<_> = (0..PUSHERS)
            .map(|number| {
                let mut pusher = Pusher::new(number, Client::new(address));
                scope.spawn(move || pusher.run_until(end))
            })
            .collect();
        scope.spawn(|| {
            while Instant::now() < end {
                let report = gc(scene.path());
                removed.fetch_add(report["removedBlobs"].as_u64().unwrap(), Ordering::Relaxed);
            }
        });
        for pusher in pushers {
            standing.extend(pusher.join().unwrap());
        }
    });
    let mut client = server.client();
    for ((repository, tag), image) in &standing {
        pull_whole(&mut client, repository, tag, image);
    }
    for repository in (0..REPOSITORIES).map(repository) {
        for tag in client.tags(&repository).unwrap() {
            assert!(
                standing.contains_key(&(repository.clone(), tag.clone())),
                "{repository}:{tag} was deleted"
            );
        }
    }
    let removed = removed.into_inner() + free_the_rest(scene.path());
    for ((repository, tag), image) in &standing {
        pull_whole(&mut client, repository, tag, image);
    }
    assert!(removed > 0, "nothing was ever swept");
    server.stop().unwrap();
    fsck_is_clean(scene.path());
}

/// Sweeps until nothing is left to go. What it says it freed is what the disk got back. Gives the blobs removed.
fn free_the_rest(folder: &Path) -> u64 {
    let data = folder.join("data/docker");
    let start = Instant::now();
    let before = disk_use(&data);
    let (mut freed, mut removed) = (0, 0);
    loop {
        let report = gc(folder);
        freed += report["freedBytes"].as_u64().unwrap();
        removed += report["removedBlobs"].as_u64().unwrap();
        if report["unneeded"] == 0 {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "it isn't all gone: {report}");
        thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(freed, before - disk_use(&data), "{removed} blobs were removed");
    removed
}

/// One client with tags of its own, on layers that all share.
struct Pusher {
    number: u64,
    client: Client,
    random: Random,
    standing: BTreeMap<(String, String), Image>,
}

impl Pusher {
    fn new(number: u64, client: Client) -> Self {
        Self {
            number,
            client,
            random: Random::new(number + 1),
            standing: BTreeMap::new(),
        }
    }

    fn run_until(&mut self, end: Instant) -> BTreeMap<(String, String), Image> {
        while Instant::now() < end {
            let repository = repository(self.random.between(0, REPOSITORIES));
            let tag = format!("pusher-{}-{}", self.number, self.random.between(0, 3));
            let layer = Random::new(self.random.between(0, LAYERS)).bytes(30_000);
            let own = self.number.to_le_bytes().to_vec();
            let image = Image::new(Platform("linux", "amd64"), &[layer, own]);
            match self.random.between(0, 4) {
                0 => self.delete(repository, tag),
                1 => self.build_on_a_promise(repository, tag, image),
                _ => self.push(repository, tag, image),
            }
        }
        std::mem::take(&mut self.standing)
    }

    /// As clients push: what is there already isn't sent.
    fn push(&mut self, repository: String, tag: String, image: Image) {
        let told = Instant::now();
        for blob in image.blobs() {
            if !self.client.has_blob(&repository, &sha256(blob)).unwrap() {
                self.client.push_blob(&repository, blob).unwrap();
            }
        }
        self.put(repository, tag, image, told);
    }

    /// Asks what is there, waits, and then sends the manifest alone.
    fn build_on_a_promise(&mut self, repository: String, tag: String, image: Image) {
        let told = Instant::now();
        for blob in image.blobs() {
            if !self.client.has_blob(&repository, &sha256(blob)).unwrap() {
                return;
            }
        }
        thread::sleep(Duration::from_millis(self.random.between(0, 1500)));
        self.put(repository, tag, image, told);
    }

    /// Within the grace, who was told that everything is there is never told that something is missing.
    fn put(&mut self, repository: String, tag: String, image: Image, told: Instant) {
        let path = format!("/v2/{repository}/manifests/{tag}");
        let fields = [("content-type", MANIFEST_TYPE)];
        let answer = self
            .client
            .send("PUT", &path, &fields, Body::Bytes(&image.manifest));
        let (head, body) = answer.unwrap();
        if head.status == 201 {
            self.standing.insert((repository, tag), image);
            return;
        }
        let waited = told.elapsed();
        assert!(
            head.status == 404 && waited >= GRACE,
            "{path} was refused after {waited:?}: {} {}",
            head.status,
            String::from_utf8_lossy(&body)
        );
    }

    fn delete(&mut self, repository: String, tag: String) {
        let key = (repository, tag);
        let Some(image) = self.standing.remove(&key) else {
            return;
        };
        let by_digest = self.random.between(0, 2) == 0;
        let reference = if by_digest { image.digest() } else { key.1.clone() };
        let path = format!("/v2/{}/manifests/{reference}", key.0);
        let answer = self.client.send("DELETE", &path, &[], Body::Empty).unwrap();
        assert_eq!(answer.0.status, 202, "{path}");
        if by_digest {
            // Every tag on it went along. Nobody else pushes this image.
            self.standing
                .retain(|(of, _), standing| *of != key.0 || standing.digest() != image.digest());
        }
    }
}

fn pull_whole(client: &mut Client, repository: &str, tag: &str, image: &Image) {
    let pulled = client
        .pull_manifest(repository, tag)
        .unwrap_or_else(|error| panic!("{repository}:{tag}: {error:#}"));
    assert_eq!(pulled.digest, image.digest(), "{repository}:{tag}");
    for blob in image.blobs() {
        let digest = sha256(blob);
        let bytes = client
            .pull_blob(repository, &digest)
            .unwrap_or_else(|error| panic!("{repository}:{tag} lacks {digest}: {error:#}"));
        assert_eq!(sha256(&bytes), digest, "{repository}:{tag}");
    }
}

/// Has the running server sweep.
pub(crate) fn gc(folder: &Path) -> Value {
    let mut command = Command::new(berth_program());
    command.arg("gc").arg(folder.join("data")).args(["-o", "json"]);
    serde_json::from_str(&finish(&mut command)).unwrap()
}

fn repository(number: u64) -> String {
    format!("storm/{number}")
}

/// Whole blocks below a folder, as `du` counts them.
fn disk_use(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let own = std::fs::symlink_metadata(folder).map_or(0, |found| found.blocks() * 512);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    own + entries.map(|entry| disk_use(&entry.path())).sum::<u64>()
}
