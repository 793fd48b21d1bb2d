//! A full disk, a real one of 64 MB: refused clearly and early, read from and deleted from, and well again by itself.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use berth_drive::{Body, Client, Image, MANIFEST_TYPE, Platform, Random, Server, is_root, sha256};
use tempfile::TempDir;

use crate::program::run;
use crate::start::{berth_program, berth_with_deletes, folder};

#[test]
fn a_full_disk_refuses_pushes_serves_and_deletes_what_it_has_and_recovers_by_itself() {
    let scene = folder();
    let Some(small) = SmallDisk::below(&scene) else {
        return;
    };
    let server = berth_with_deletes(scene.path());
    let mut client = server.client();
    let image = Image::new(Platform("linux", "amd64"), &[Random::new(1).bytes(100_000)]);
    client.push_image("kept", "v1", &image).unwrap();
    client.push_image("gone", "v1", &image).unwrap();
    assert_eq!(health(&mut client), 200);

    // Early: nothing of what doesn't fit is taken, and the answer is the specification's.
    let refused = announce(&server, 1_000_000_000);
    assert_eq!(refused.0, 507, "{refused:?}");
    is_oci_error(refused.1.as_bytes());
    assert_eq!(health(&mut client), 200);

    // Somebody else's file takes all that is left, while pushes go on.
    let filler = small.path.join("filler");
    fs::write(&filler, vec![1; 30_000_000]).unwrap();
    let acknowledged = push_until_full(&mut client);
    assert_eq!(health(&mut client), 503);

    // Reads and deletes go on, and nothing that was acknowledged is lost.
    let mut other = server.client();
    for digest in &acknowledged {
        assert_eq!(&sha256(&other.pull_blob("full", digest).unwrap()), digest);
    }
    assert_eq!(other.pull_manifest("kept", "v1").unwrap().digest, image.digest());
    delete(&mut other, "gone", &image);
    assert_eq!(other.pull_manifest("kept", "v1").unwrap().digest, image.digest());

    // Room again: no restart, nobody's hand.
    fs::remove_file(&filler).unwrap();
    assert_eq!(health(&mut other), 200);
    other.push_image("after", "v1", &image).unwrap();
    assert_eq!(other.pull_manifest("after", "v1").unwrap().digest, image.digest());
    server.stop().unwrap();
    run(
        berth_program(),
        ["fsck".as_ref(), scene.path().join("data").as_os_str()],
    );
}

/// A file system of 64 MB where the data goes, for as long as this value lives.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    fn below(scene: &TempDir) -> Option<Self> {
        if !is_root("mounting a file system of 64 MB") {
            return None;
        }
        let path = scene.path().join("data");
        fs::create_dir(&path).unwrap();
        run(
            Path::new("mount"),
            [
                "-t",
                "tmpfs",
                "-o",
                "size=64m",
                "berth-small-disk",
                path.to_str().unwrap(),
            ],
        );
        Some(Self { path })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server that a failed test leaves still has files in it.
        let _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}

/// Pushes blobs of 1 MB until one is refused; what was acknowledged before.
fn push_until_full(client: &mut Client) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0..100 {
        let bytes = Random::new(1_000 + number).bytes(1_000_000);
        let digest = sha256(&bytes);
        let path = format!("/v2/full/blobs/uploads/?digest={digest}");
        let (head, body) = client.send("POST", &path, &[], Body::Bytes(&bytes)).unwrap();
        if head.status != 201 {
            assert_eq!(head.status, 507, "{}", String::from_utf8_lossy(&body));
            is_oci_error(&body);
            assert!(number > 3, "only {number} blobs fitted");
            return acknowledged;
        }
        acknowledged.push(digest);
    }
    panic!("100 MB fitted on a disk of 64");
}

fn is_oci_error(body: &[u8]) {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    assert_eq!(body["errors"][0]["code"], "DENIED", "{body}");
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("full"), "{body}");
}

/// Announces so many bytes, and waits for the answer before it sends the first.
fn announce(server: &Server, bytes: u64) -> (u16, String) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let digest = sha256(b"never sent");
    write!(
        stream,
        "POST /v2/full/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: berth\r\nContent-Length: {bytes}\r\n\
         Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn health(client: &mut Client) -> u16 {
    client.send("GET", "/healthz", &[], Body::Empty).unwrap().0.status
}

fn delete(client: &mut Client, repository: &str, image: &Image) {
    let manifest = format!("/v2/{repository}/manifests/{}", image.digest());
    client
        .expect(
            202,
            "DELETE",
            &manifest,
            &[("accept", MANIFEST_TYPE)],
            Body::Empty,
            &mut std::io::sink(),
        )
        .unwrap();
    for blob in image.blobs() {
        let path = format!("/v2/{repository}/blobs/{}", sha256(blob));
        client
            .expect(202, "DELETE", &path, &[], Body::Empty, &mut std::io::sink())
            .unwrap();
    }
}
