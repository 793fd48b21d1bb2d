//! Docker's registry 2.8 and Berth serve each other's folders: they keep the same layout.

use std::collections::BTreeMap;
use std::path::Path;

use berth_drive::{Client, Image, Index, PulledManifest, Server, needed, sha256};

use crate::start::{berth, folder};

const REPOSITORIES: [&str; 2] = ["flat", "deep/er/name"];

#[test]
fn dockers_registry_serves_a_folder_that_berth_wrote() {
    let Some(program) = needed("docker-registry") else {
        return;
    };
    let scene = folder();
    let there = fill_and_read(berth(scene.path()));
    let peer = Server::docker_registry(&program, scene.path()).unwrap();
    assert_eq!(everything(&mut peer.client()), there);
    check_content(&there);
}

#[test]
fn berth_serves_a_folder_that_dockers_registry_wrote() {
    let Some(program) = needed("docker-registry") else {
        return;
    };
    let scene = folder();
    let there = fill_and_read(Server::docker_registry(&program, scene.path()).unwrap());
    let server = berth(scene.path());
    assert_eq!(everything(&mut server.client()), there);
    check_content(&there);
}

#[test]
fn a_folder_goes_to_dockers_registry_and_comes_back_with_what_was_pushed_there() {
    let Some(program) = needed("docker-registry") else {
        return;
    };
    let (scene, added) = (folder(), Image::tiny(35));
    fill_and_read(berth(scene.path()));
    let there = {
        let peer = Server::docker_registry(&program, scene.path()).unwrap();
        peer.client().push_image("added", "v1", &added).unwrap();
        peer.client().push_image("flat", "v2", &added).unwrap();
        let there = everything(&mut peer.client());
        peer.stop().unwrap();
        there
    };
    let server = berth(scene.path());
    let mut client = server.client();
    assert_eq!(everything(&mut client), there);
    assert_eq!(client.tags("added").unwrap(), ["v1"]);
    assert_eq!(client.pull_manifest("added", "v1").unwrap().bytes, added.manifest);
    assert_eq!(client.pull_manifest("flat", "v2").unwrap().bytes, added.manifest);
}

#[test]
fn berth_starts_anew_from_the_layout_alone() {
    let scene = folder();
    let there = fill_and_read(berth(scene.path()));
    remove_private_folder(&scene.path().join("data"));
    let server = berth(scene.path());
    assert_eq!(everything(&mut server.client()), there);
}

/// What Berth keeps beside the layout.
fn remove_private_folder(data: &Path) {
    let private = data.join(".berth");
    if private.exists() {
        std::fs::remove_dir_all(private).unwrap();
    }
}

/// Every tag, manifest and blob of the repositories.
#[derive(Debug, PartialEq, Eq)]
struct Everything {
    tags: BTreeMap<String, Vec<String>>,
    manifests: BTreeMap<String, PulledManifest>,
    blobs: BTreeMap<String, Vec<u8>>,
}

/// Pushes images, an index, a moved tag and shared layers; reads it all; stops the server.
fn fill_and_read(server: Server) -> Everything {
    let mut client = server.client();
    for repository in REPOSITORIES {
        client.push_image(repository, "v1", &Image::tiny(30)).unwrap();
        client.push_image(repository, "latest", &Image::tiny(30)).unwrap();
        client.push_image(repository, "latest", &Image::tiny(31)).unwrap();
        client.push_index(repository, "multi", &Index::tiny(32)).unwrap();
    }
    let there = everything(&mut client);
    server.stop().unwrap();
    there
}

fn everything(client: &mut Client) -> Everything {
    let mut there = Everything {
        tags: BTreeMap::new(),
        manifests: BTreeMap::new(),
        blobs: BTreeMap::new(),
    };
    let (first, second, index) = (Image::tiny(30), Image::tiny(31), Index::tiny(32));
    let images = [&first, &second].into_iter().chain(&index.images);
    let blobs: Vec<_> = images
        .clone()
        .flat_map(Image::blobs)
        .map(|blob| sha256(blob))
        .collect();
    let digests: Vec<_> = images.map(Image::digest).chain([index.digest()]).collect();
    for repository in REPOSITORIES {
        let mut tags = client.tags(repository).unwrap();
        tags.sort();
        for reference in tags.iter().chain(&digests) {
            let pulled = client.pull_manifest(repository, reference).unwrap();
            there
                .manifests
                .insert(format!("{repository} {reference}"), pulled);
        }
        for digest in &blobs {
            let bytes = client.pull_blob(repository, digest).unwrap();
            there.blobs.insert(format!("{repository} {digest}"), bytes);
        }
        there.tags.insert(repository.to_owned(), tags);
    }
    there
}

/// That what was compared is what was pushed.
fn check_content(there: &Everything) {
    assert_eq!(there.manifests["flat v1"].digest, Image::tiny(30).digest());
    assert_eq!(there.manifests["flat latest"].digest, Image::tiny(31).digest());
    assert_eq!(
        there.manifests["deep/er/name multi"].digest,
        Index::tiny(32).digest()
    );
    for (name, manifest) in &there.manifests {
        assert_eq!(sha256(&manifest.bytes), manifest.digest, "{name}");
    }
    for (name, bytes) in &there.blobs {
        assert!(name.ends_with(&sha256(bytes)), "{name}");
    }
}
