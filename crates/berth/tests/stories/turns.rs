//! Docker's registry and Berth take turns on one folder.

use std::collections::{BTreeMap, BTreeSet};

use berth_drive::{Body, Client, Image, MANIFEST_TYPE, Server, needed, sha256};

use crate::program::run;
use crate::start::{berth_program, berth_with_deletes, folder};

const ROUNDS: u64 = 20;
const REPOSITORIES: [&str; 2] = ["flat", "deep/er/name"];

/// What both have promised.
#[derive(Default)]
struct Promised {
    /// The image's number, by repository and tag.
    tags: BTreeMap<(&'static str, String), u64>,
    /// Repositories and numbers of the images that were deleted.
    deleted: BTreeSet<(&'static str, u64)>,
}

#[test]
fn dockers_registry_and_berth_take_twenty_turns_and_each_serves_what_the_other_wrote() {
    let Some(program) = needed("docker-registry") else {
        return;
    };
    let scene = folder();
    let mut promised = Promised::default();
    for round in 0..ROUNDS {
        let server = if round % 2 == 0 {
            berth_with_deletes(scene.path())
        } else {
            Server::docker_registry(&program, scene.path()).unwrap()
        };
        let mut client = server.client();
        promised.check(&mut client, round);
        promised.change(&mut client, round);
        promised.check(&mut client, round);
        server.stop().unwrap();
    }
    run(
        berth_program(),
        ["fsck".as_ref(), scene.path().join("data").as_os_str()],
    );
}

#[test]
fn a_tag_that_dockers_registry_moved_while_berth_was_down_is_right_at_the_first_answer() {
    let Some(program) = needed("docker-registry") else {
        return;
    };
    let scene = folder();
    let (first, second) = (Image::tiny(900), Image::tiny(901));
    let server = berth_with_deletes(scene.path());
    let mut client = server.client();
    client.push_image("moved", "v1", &first).unwrap();
    client.push_image("moved", "v1", &second).unwrap();
    // Served from memory by now.
    assert_eq!(
        client.pull_manifest("moved", "v1").unwrap().digest,
        second.digest()
    );
    server.stop().unwrap();

    // Back to where it pointed before: no folder's time tells of that.
    let peer = Server::docker_registry(&program, scene.path()).unwrap();
    let mut client = peer.client();
    client
        .push_manifest("moved", "v1", MANIFEST_TYPE, &first.manifest)
        .unwrap();
    peer.stop().unwrap();

    let server = berth_with_deletes(scene.path());
    let answer = server.client().pull_manifest("moved", "v1").unwrap();
    assert_eq!(answer.digest, first.digest());
    assert_eq!(answer.bytes, first.manifest);
}

impl Promised {
    fn check(&self, client: &mut Client, round: u64) {
        for repository in REPOSITORIES {
            let of_it = self.tags.keys().filter(|(name, _)| *name == repository);
            let expected: Vec<String> = of_it.map(|(_, tag)| tag.clone()).collect();
            if !expected.is_empty() {
                let mut found = client.tags(repository).unwrap();
                found.sort();
                assert_eq!(found, expected, "round {round}: tags of {repository}");
            }
        }
        for ((repository, tag), number) in &self.tags {
            let image = Image::tiny(*number);
            for reference in [tag, &image.digest()] {
                let pulled = client.pull_manifest(repository, reference).unwrap();
                assert_eq!(
                    pulled.bytes, image.manifest,
                    "round {round}: {repository}:{reference}"
                );
            }
            for blob in image.blobs() {
                let pulled = client.pull_blob(repository, &sha256(blob)).unwrap();
                assert_eq!(pulled, *blob, "round {round}: a blob of {repository}:{tag}");
            }
        }
        for (repository, number) in &self.deleted {
            let path = format!("/v2/{repository}/manifests/{}", Image::tiny(*number).digest());
            let (head, _) = client
                .send("GET", &path, &[("accept", MANIFEST_TYPE)], Body::Empty)
                .unwrap();
            assert_eq!(head.status, 404, "round {round}: {path} is back");
        }
    }

    /// Pushes an image, moves a tag forth or back, and deletes what was pushed some rounds ago.
    fn change(&mut self, client: &mut Client, round: u64) {
        for (place, repository) in (0..).zip(REPOSITORIES) {
            let number = 1_000 + round * 10 + place;
            let mut tag = |tag: String, number| {
                client.push_image(repository, &tag, &Image::tiny(number)).unwrap();
                self.tags.insert((repository, tag), number);
            };
            tag(format!("v{round}"), number);
            tag(
                "latest".to_owned(),
                if round % 3 == 2 { number - 10 } else { number },
            );
            if round % 4 == 3 {
                self.delete(client, repository, number - 20);
            }
        }
    }

    fn delete(&mut self, client: &mut Client, repository: &'static str, number: u64) {
        let path = format!("/v2/{repository}/manifests/{}", Image::tiny(number).digest());
        client
            .expect(202, "DELETE", &path, &[], Body::Empty, &mut std::io::sink())
            .unwrap();
        self.tags
            .retain(|(name, _), tagged| *name != repository || *tagged != number);
        self.deleted.insert((repository, number));
    }
}
