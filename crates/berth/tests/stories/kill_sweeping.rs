//! Crashes under everything at once: pushes, pulls, deletes, moving tags, and a sweep that never rests.
//!
//! `cargo xtask soak kill --rounds N` runs more rounds of the same.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use berth_drive::{Body, Client, Image, MANIFEST_TYPE, Platform, Random, sha256};

use crate::kill::fsck_is_clean;
use crate::start::{berth_program, berth_with_grace, folder};

const ROUNDS: u64 = 20;
const WRITERS: u64 = 4;
const TAGS: u64 = 4;

/// For each tag what it may show: the last that was acknowledged, and what was under way since. `None` is "nothing".
type Promised = BTreeMap<(String, String), Vec<Option<u64>>>;

#[test]
fn acknowledged_images_survive_kills_under_pushes_pulls_deletes_and_sweeps() {
    let rounds = std::env::var("BERTH_KILL_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let scene = folder();
    let mut random = Random::new(51);
    let mut promised = Promised::new();
    for round in 0..rounds {
        let pause = Duration::from_millis(random.between(50, 1200));
        promised = run_until_killed(scene.path(), round, pause, promised);
        fsck_is_clean(scene.path());
        let server = berth_with_grace(scene.path(), "300ms");
        let mut client = server.client();
        for ((repository, tag), may_show) in &mut promised {
            let shown = look(&mut client, repository, tag);
            assert!(
                may_show.contains(&shown),
                "round {round}: {repository}:{tag} shows {shown:?}, not one of {may_show:?}"
            );
            *may_show = vec![shown];
        }
        server.kill().unwrap();
    }
}

fn run_until_killed(folder: &Path, round: u64, pause: Duration, promised: Promised) -> Promised {
    let server = berth_with_grace(folder, "300ms");
    let address = server.address();
    let promised = Mutex::new(promised);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let promised = &promised;
            let over = &over;
            scope.spawn(move || {
                let random = Random::new(round * WRITERS + writer + 1);
                write(address, writer, random, promised, over);
            });
        }
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                let mut gc = Command::new(berth_program());
                gc.arg("gc").arg(folder.join("data"));
                // Killed under its feet it fails, and may find nobody to ask: then it sweeps here.
                drop(gc.stdout(Stdio::null()).stderr(Stdio::null()).status());
            }
        });
        thread::sleep(pause);
        // No sweep may begin on a folder that nobody serves: the next start would wait for it.
        over.store(true, Ordering::SeqCst);
        server.kill().unwrap();
    });
    promised.into_inner().unwrap()
}

/// Pushes, moves, deletes and pulls until the server is gone.
fn write(
    address: SocketAddr,
    writer: u64,
    mut random: Random,
    promised: &Mutex<Promised>,
    over: &AtomicBool,
) {
    let repository = format!("writer-{writer}");
    let mut client = Client::new(address);
    while !over.load(Ordering::SeqCst) {
        let tag = format!("v{}", random.between(0, TAGS));
        let key = (repository.clone(), tag.clone());
        let choice = random.between(0, 8);
        if choice == 0 {
            let before = promised.lock().unwrap().get(&key).cloned();
            if before.is_some_and(|before| before.iter().any(Option::is_some)) {
                may_show(promised, &key, None);
                let path = format!("/v2/{repository}/manifests/{tag}");
                match client.send("DELETE", &path, &[], Body::Empty) {
                    Ok((head, _)) if head.status == 202 => shows(promised, &key, None),
                    _ => continue,
                }
            }
            continue;
        }
        let seed = random.between(0, 12);
        if push(&mut client, &repository, seed).is_none() {
            continue;
        }
        may_show(promised, &key, Some(seed));
        let pushed = client.push_manifest(&repository, &tag, MANIFEST_TYPE, &image(seed).manifest);
        // One refused for a layer that went meanwhile was promised to nobody.
        if pushed.is_ok() {
            shows(promised, &key, Some(seed));
            if let Ok(pulled) = client.pull_manifest(&repository, &tag) {
                assert_eq!(pulled.digest, image(seed).digest(), "{repository}:{tag}");
            }
        }
    }
}

fn push(client: &mut Client, repository: &str, seed: u64) -> Option<()> {
    for blob in image(seed).blobs() {
        if !client.has_blob(repository, &sha256(blob)).ok()? {
            client.push_blob(repository, blob).ok()?;
        }
    }
    Some(())
}

fn may_show(promised: &Mutex<Promised>, key: &(String, String), what: Option<u64>) {
    let mut promised = promised.lock().unwrap();
    promised
        .entry(key.clone())
        .or_insert_with(|| vec![None])
        .push(what);
}

fn shows(promised: &Mutex<Promised>, key: &(String, String), what: Option<u64>) {
    promised.lock().unwrap().insert(key.clone(), vec![what]);
}

/// The image under the tag, pulled whole; `None` where there is none.
fn look(client: &mut Client, repository: &str, tag: &str) -> Option<u64> {
    let path = format!("/v2/{repository}/manifests/{tag}");
    let answer = client.send("GET", &path, &[("accept", MANIFEST_TYPE)], Body::Empty);
    let (head, bytes) = answer.unwrap();
    if head.status == 404 {
        return None;
    }
    assert_eq!(head.status, 200, "{path}");
    let seed = (0..12)
        .find(|seed| image(*seed).manifest == bytes)
        .unwrap_or_else(|| panic!("{path} has bytes that nobody pushed"));
    for blob in image(seed).blobs() {
        let digest = sha256(blob);
        let pulled = client
            .pull_blob(repository, &digest)
            .unwrap_or_else(|error| panic!("{path} lacks {digest}: {error:#}"));
        assert_eq!(sha256(&pulled), digest);
    }
    Some(seed)
}

/// Images that share layers: what one no longer needs, another does.
fn image(seed: u64) -> Image {
    let layers = [Random::new(seed % 4).bytes(5_000), seed.to_le_bytes().to_vec()];
    Image::new(Platform("linux", "amd64"), &layers)
}
