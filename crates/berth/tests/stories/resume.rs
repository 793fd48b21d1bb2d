//! Uploads that outlive the process they began in.

use berth_drive::{Body, Client, Random, sha256};

use crate::start::{berth, folder};

#[test]
fn an_upload_goes_on_after_a_stop_and_a_start() {
    let scene = folder();
    let bytes = Random::new(95).bytes(300_000);
    let server = berth(scene.path());
    let upload = begin(&mut server.client(), &bytes[..100_000]);
    assert_eq!(server.stop().unwrap().code(), Some(0));

    let server = berth(scene.path());
    let mut client = server.client();
    assert_eq!(received(&mut client, &upload), 100_000);
    finish(&mut client, &upload, &bytes);
}

#[test]
fn an_upload_goes_on_after_a_kill_from_where_the_registry_says() {
    let scene = folder();
    let bytes = Random::new(96).bytes(300_000);
    let server = berth(scene.path());
    let upload = begin(&mut server.client(), &bytes[..100_000]);
    server.kill().unwrap();

    let server = berth(scene.path());
    let mut client = server.client();
    assert_eq!(
        received(&mut client, &upload),
        100_000,
        "an acknowledged chunk is gone"
    );
    finish(&mut client, &upload, &bytes);
}

/// Begins an upload with one chunk, and gives where it goes on.
fn begin(client: &mut Client, chunk: &[u8]) -> String {
    let (head, _) = client
        .send("POST", "/v2/resumed/blobs/uploads/", &[], Body::Empty)
        .unwrap();
    assert_eq!(head.status, 202);
    patch(client, head.location().unwrap(), 0, chunk)
}

/// How many bytes the registry says it has.
fn received(client: &mut Client, upload: &str) -> usize {
    let (head, _) = client.send("GET", upload, &[], Body::Empty).unwrap();
    assert_eq!(head.status, 204, "the upload is gone");
    let last: usize = head
        .field("range")
        .unwrap()
        .strip_prefix("0-")
        .unwrap()
        .parse()
        .unwrap();
    last + 1
}

fn finish(client: &mut Client, upload: &str, bytes: &[u8]) {
    let from = received(client, upload);
    let upload = patch(client, upload, from, &bytes[from..]);
    let digest = sha256(bytes);
    let mark = if upload.contains('?') { '&' } else { '?' };
    let (head, _) = client
        .send("PUT", &format!("{upload}{mark}digest={digest}"), &[], Body::Empty)
        .unwrap();
    assert_eq!(head.status, 201);
    assert_eq!(client.pull_blob("resumed", &digest).unwrap(), bytes);
}

fn patch(client: &mut Client, upload: &str, from: usize, chunk: &[u8]) -> String {
    let range = format!("{from}-{}", from + chunk.len() - 1);
    let fields = [
        ("content-type", "application/octet-stream"),
        ("content-range", range.as_str()),
    ];
    let (head, answer) = client.send("PATCH", upload, &fields, Body::Bytes(chunk)).unwrap();
    assert_eq!(head.status, 202, "{}", String::from_utf8_lossy(&answer));
    head.location().unwrap().to_owned()
}
