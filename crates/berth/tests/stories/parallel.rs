//! Many pushes at once.

use std::sync::Barrier;
use std::thread;

use berth_drive::{Client, Image, Platform, Random, sha256};

use crate::start::{berth, folder};

const CLIENTS: u64 = 8;
const IMAGES: u64 = 25;

/// 200 connections push at the same moment, those of a client into its own repository; all images share a layer.
#[test]
fn two_hundred_parallel_pushes_from_eight_clients_come_back_whole() {
    let scene = folder();
    let server = berth(scene.path());
    let shared = Random::new(40).bytes(200_000);
    let image = |client: u64, number: u64| {
        let own = Random::new(1_000 + client * IMAGES + number).bytes(10_000);
        Image::new(Platform("linux", "amd64"), &[shared.clone(), own])
    };

    let start = Barrier::new(usize::try_from(CLIENTS * IMAGES).unwrap());
    thread::scope(|scope| {
        for (client, number) in every_image() {
            let (image, start, address) = (&image, &start, server.address());
            scope.spawn(move || {
                let image = image(client, number);
                start.wait();
                let name = format!("client-{client}");
                Client::new(address)
                    .push_image(&name, &format!("v{number}"), &image)
                    .unwrap();
            });
        }
    });

    let mut reader = server.client();
    for (client, number) in every_image() {
        let (image, name) = (image(client, number), format!("client-{client}"));
        assert_eq!(
            reader.pull_manifest(&name, &format!("v{number}")).unwrap().bytes,
            image.manifest
        );
        for blob in image.blobs() {
            assert_eq!(
                &reader.pull_blob(&name, &sha256(blob)).unwrap(),
                blob,
                "{name} v{number}"
            );
        }
    }
    for client in 0..CLIENTS {
        let tags = reader.tags(&format!("client-{client}")).unwrap();
        assert_eq!(tags.len() as u64, IMAGES, "{tags:?}");
    }
}

fn every_image() -> impl Iterator<Item = (u64, u64)> {
    (0..CLIENTS).flat_map(|client| (0..IMAGES).map(move |number| (client, number)))
}
