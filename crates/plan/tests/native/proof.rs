//! Docker's registry runs on what a host gets, however its parts are put together; a client pushes and pulls.

mod combination;
mod listener;
mod parts;
mod tokens;

use std::fmt::Write as _;
use std::path::Path;

use berth_drive::{Body, Client, Image, free_address, needed, program};

use crate::on_host;
use crate::scene::documents;
use crate::start::{Running, write};
use combination::{Authentication, Combination, Storage};
use parts::Parts;

/// How many ways there are to put the parts together.
const COMBINATIONS: usize = 2 * 2 * 3 * 2 * 2;

#[test]
fn docker_s_registry_runs_on_every_combination_and_a_client_pushes_and_pulls() {
    let Some(registry) = needed("docker-registry") else {
        return;
    };
    let Some(gateway) = program("versitygw", "versitygw") else {
        return;
    };
    let Some(redis) = needed("redis-server") else {
        return;
    };
    let parts = Parts::start(&gateway, &redis);
    let all = Combination::all();
    let mut failed = String::new();
    let (mut done, mut seed) = (0, 0);
    for combination in all {
        seed += 1;
        match prove(&registry, &combination, &parts, seed) {
            Ok(()) => done += 1,
            Err(error) => writeln!(failed, "{combination}: {error}").unwrap(),
        }
    }
    assert!(failed.is_empty(), "{failed}");
    assert_eq!(done, COMBINATIONS);
    assert!(parts.remembered() > 0, "Redis holds no descriptor");
}

/// Runs one of them, pushes, pulls, and looks for what each part has to show.
fn prove(program: &Path, combination: &Combination, parts: &Parts, seed: u64) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address().unwrap();
    let document = combination.document(parts, folder.path(), address);
    let native = on_host(&documents(&document), folder.path().to_str().unwrap(), parts);
    write(&native, folder.path());
    let there = folder.path().join("team");
    let config = there.join("config.yml");
    let arguments = ["serve", config.to_str().unwrap()];
    let environment = there.join("registry.env");
    let mut running = Running::start(program, &arguments, (folder.path(), Some(&environment)), &[]);
    running.listens(address)?;
    let named = |error: &dyn std::fmt::Display| format!("{error}: {}", running.log());

    let stranger = combination.client(parts, address, None);
    let status = status(stranger).map_err(|error| named(&error))?;
    let open = combination.authentication == Authentication::None;
    if status != if open { 200 } else { 401 } {
        return Err(named(&format!("a stranger gets {status}")));
    }
    if combination.authentication == Authentication::Bearer {
        let forged = combination.client(parts, address, Some(&parts.forger));
        let status = self::status(forged).map_err(|error| named(&error))?;
        if status != 401 {
            return Err(named(&format!("a token of somebody else gets {status}")));
        }
    }
    let mut client = combination.client(parts, address, Some(&parts.signer));
    let image = Image::tiny(seed);
    client
        .push_image(combination::REPOSITORY, "v1", &image)
        .map_err(|error| named(&format!("{error:#}")))?;
    pull(&mut client, &image).map_err(|error| named(&error))?;
    let folder = match combination.storage {
        Storage::Filesystem => folder.path().join("images"),
        Storage::S3 => parts.bucket(),
    };
    if !folder.join("docker/registry/v2/blobs").is_dir() {
        return Err(named(&format!("no images in {}", folder.display())));
    }
    if combination.notifications {
        parts
            .listener
            .hears_of(&image.digest())
            .map_err(|error| named(&error))?;
    }
    Ok(())
}

fn status(mut client: Client) -> Result<u16, String> {
    let answer = client.send("GET", "/v2/", &[], Body::Empty);
    answer
        .map(|(head, _)| head.status)
        .map_err(|error| format!("{error:#}"))
}

/// Pulls an image, following where the registry leads to.
fn pull(client: &mut Client, image: &Image) -> Result<(), String> {
    let repository = combination::REPOSITORY;
    let manifest = client
        .pull_manifest(repository, "v1")
        .map_err(|error| format!("{error:#}"))?;
    if manifest.bytes != image.manifest {
        return Err("another manifest came back".to_owned());
    }
    for blob in image.blobs() {
        let path = format!("/v2/{repository}/blobs/{}", berth_drive::sha256(blob));
        let (head, mut bytes) = client
            .send("GET", &path, &[], Body::Empty)
            .map_err(|error| format!("{error:#}"))?;
        if head.status == 307 {
            let whole = head.field("location").unwrap();
            let authority = whole.split('/').nth(2).unwrap().parse().unwrap();
            let path = head.location().unwrap();
            bytes = Client::new(authority)
                .send("GET", path, &[], Body::Empty)
                .map_err(|error| format!("{error:#}"))?
                .1;
        }
        if bytes != *blob {
            return Err(format!(
                "another blob came back ({} bytes, {})",
                bytes.len(),
                head.status
            ));
        }
    }
    Ok(())
}
