//! Bytes that rot while nobody looks: the served registry finds them by itself.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use berth_drive::{Body, Client, sha256};

use crate::program::run;
use crate::start::{berth, berth_program, folder};

#[test]
fn a_served_registry_finds_a_flipped_byte_by_itself_tells_it_and_heals_by_a_push() {
    let scene = folder();
    let server = berth(scene.path());
    let digest = server.client().push_blob("rot", b"will rot").unwrap();
    server.stop().unwrap();
    flip(scene.path(), &digest);
    let fsck = Command::new(berth_program())
        .arg("fsck")
        .arg(scene.path().join("data"))
        .output()
        .unwrap();
    assert_eq!(fsck.status.code(), Some(1), "{fsck:?}");

    let server = berth(scene.path());
    let mut client = server.client();
    wait_for_health(&mut client, Some(1));
    assert!(server.log().contains(&digest), "{}", server.log());
    let path = format!("/v2/rot/blobs/{digest}");
    assert_eq!(client.send("GET", &path, &[], Body::Empty).unwrap().0.status, 404);
    client.push_blob("rot", b"will rot").unwrap();
    wait_for_health(&mut client, None);
    assert_eq!(client.pull_blob("rot", &digest).unwrap(), b"will rot");
    server.stop().unwrap();
    run(
        berth_program(),
        ["fsck".as_ref(), scene.path().join("data").as_os_str()],
    );
}

fn flip(folder: &Path, digest: &str) {
    let hex = digest.strip_prefix("sha256:").unwrap();
    let path = format!("data/docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2]);
    let mut bytes = fs::read(folder.join(&path)).unwrap();
    bytes[2] ^= 0x20;
    fs::write(folder.join(&path), &bytes).unwrap();
    assert_ne!(sha256(&bytes), digest);
}

/// Waits until the health answer tells of so many damaged blobs.
fn wait_for_health(client: &mut Client, damaged: Option<u64>) {
    let start = Instant::now();
    loop {
        let (head, body) = client.send("GET", "/healthz", &[], Body::Empty).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(head.status, 200, "{body}");
        if body["damaged"].as_u64() == damaged {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(180), "{body}");
        sleep(Duration::from_millis(20));
    }
}
