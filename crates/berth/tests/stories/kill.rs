//! Crashes during pushes: what was acknowledged is there afterwards, and intact.
//!
//! `cargo xtask soak kill --rounds N` runs more rounds of the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use berth_drive::{Body, Client, Image, MANIFEST_TYPE, Platform, Random, Server, sha256};

use crate::program::run;
use crate::start::{berth_program, berth_with_deletes, folder};

const ROUNDS: u64 = 20;
const WRITERS: u64 = 6;

#[test]
fn acknowledged_pushes_survive_twenty_kills_and_the_folder_stays_clean() {
    let rounds = std::env::var("BERTH_KILL_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let scene = folder();
    let mut all = Acknowledged::default();
    let mut random = Random::new(50);
    for round in 0..rounds {
        let pause = Duration::from_millis(random.between(20, 400));
        let new = push_until_killed(berth_with_deletes(scene.path()), round, pause);
        assert!(
            !new.blobs.is_empty(),
            "round {round} ended before anything was acknowledged"
        );
        fsck_is_clean(scene.path());
        let server = berth_with_deletes(scene.path());
        new.check(&mut server.client())
            .unwrap_or_else(|error| panic!("round {round}: {error:#}"));
        server.kill().unwrap();
        all.add(new);
    }
    let server = berth_with_deletes(scene.path());
    all.check(&mut server.client())
        .unwrap_or_else(|error| panic!("after all rounds: {error:#}"));
}

/// What a registry has promised.
#[derive(Default)]
struct Acknowledged {
    /// Repository and digest of each blob.
    blobs: BTreeSet<(String, String)>,
    /// Repository, digest and bytes of each manifest, by repository and tag.
    tags: BTreeMap<(String, String), String>,
    /// Repository and digest of each deleted manifest.
    deleted: BTreeSet<(String, String)>,
    /// The digests that a moving tag may point at: the last acknowledged, and one that was under way.
    moving: BTreeMap<String, Vec<String>>,
}

impl Acknowledged {
    fn add(&mut self, other: Self) {
        self.blobs.extend(other.blobs);
        self.tags.extend(other.tags);
        self.deleted.extend(other.deleted);
        self.moving.extend(other.moving);
    }

    fn check(&self, client: &mut Client) -> Result<()> {
        for (repository, digest) in &self.blobs {
            let bytes = client.pull_blob(repository, digest)?;
            ensure!(
                &sha256(&bytes) == digest,
                "blob {digest} of {repository} has other bytes"
            );
        }
        for ((repository, tag), digest) in &self.tags {
            for reference in [tag, digest] {
                let pulled = client.pull_manifest(repository, reference)?;
                ensure!(
                    &pulled.digest == digest,
                    "{repository}:{tag} is {}, not {digest}",
                    pulled.digest
                );
                ensure!(
                    &sha256(&pulled.bytes) == digest,
                    "manifest {digest} of {repository} has other bytes"
                );
            }
        }
        for (repository, digest) in &self.deleted {
            let path = format!("/v2/{repository}/manifests/{digest}");
            let (head, _) = client.send("GET", &path, &[("accept", MANIFEST_TYPE)], Body::Empty)?;
            ensure!(
                head.status == 404,
                "the deleted {digest} of {repository} is back: {}",
                head.status
            );
        }
        for (repository, digests) in &self.moving {
            let pulled = client.pull_manifest(repository, "latest")?;
            ensure!(
                digests.contains(&pulled.digest),
                "{repository}:latest is {}",
                pulled.digest
            );
        }
        Ok(())
    }
}

/// Writers push until the server is killed under them, `pause` after they began.
fn push_until_killed(server: Server, round: u64, pause: Duration) -> Acknowledged {
    let acknowledged = Mutex::new(Acknowledged::default());
    let address = server.address();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let acknowledged = &acknowledged;
            scope.spawn(move || {
                let repository = format!("round-{round}/writer-{writer}");
                let mut client = Client::new(address);
                // The first failure is the kill: what failed wasn't promised.
                let mut number = 0;
                while push(&mut client, &repository, number, acknowledged).is_ok() {
                    number += 1;
                }
            });
        }
        // A slow machine gets the time that one acknowledged blob takes.
        while acknowledged.lock().unwrap().blobs.is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(pause);
        server.kill().unwrap();
    });
    acknowledged.into_inner().unwrap()
}

fn push(
    client: &mut Client,
    repository: &str,
    number: u64,
    acknowledged: &Mutex<Acknowledged>,
) -> Result<()> {
    let image = image(repository, number);
    for blob in image.blobs() {
        let digest = client.push_blob(repository, blob)?;
        acknowledged
            .lock()
            .unwrap()
            .blobs
            .insert((repository.to_owned(), digest));
    }
    let (tag, digest) = (format!("v{number}"), image.digest());
    client.push_manifest(repository, &tag, MANIFEST_TYPE, &image.manifest)?;
    let key = (repository.to_owned(), tag);
    acknowledged
        .lock()
        .unwrap()
        .tags
        .insert(key.clone(), digest.clone());

    if number % 4 == 3 {
        // From here on until the answer, both answers are right.
        acknowledged.lock().unwrap().tags.remove(&key);
        let path = format!("/v2/{repository}/manifests/{digest}");
        client.expect(202, "DELETE", &path, &[], Body::Empty, &mut std::io::sink())?;
        acknowledged
            .lock()
            .unwrap()
            .deleted
            .insert((repository.to_owned(), digest));
        return Ok(());
    }
    let moving = |digests: Vec<String>| {
        acknowledged
            .lock()
            .unwrap()
            .moving
            .insert(repository.to_owned(), digests)
    };
    if let Some(mut before) = moving(Vec::new()).filter(|before| !before.is_empty()) {
        before.push(digest.clone());
        moving(before);
    } else {
        acknowledged.lock().unwrap().moving.remove(repository);
    }
    client.push_manifest(repository, "latest", MANIFEST_TYPE, &image.manifest)?;
    moving(vec![digest]);
    Ok(())
}

/// Small images mostly, now and then one that takes many writes.
fn image(repository: &str, number: u64) -> Image {
    let seed = repository.bytes().fold(number, |seed, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let size = if number % 7 == 6 { 3_000_000 } else { 3_000 };
    Image::new(Platform("linux", "amd64"), &[Random::new(seed).bytes(size)])
}

pub(crate) fn fsck_is_clean(folder: &Path) {
    run(
        berth_program(),
        ["fsck".as_ref(), folder.join("data").as_os_str()],
    );
}
