//! Berth's own image, as `cargo xtask image` built it: one static program that runs without any right.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use berth_drive::packing::{PackedImage, own_image};
use berth_drive::{Client, Image, Podman, free_address, quickstart};

use crate::start::folder;

/// Everything an image gives is what the container shows: podman adds nothing but the rights of a restricted pod.
fn podman(folder: &Path) -> Option<(Podman, PackedImage)> {
    let image = own_image(berth_plan::render::BERTH_IMAGE)?;
    let podman = Podman::in_folder(folder)?;
    podman.load(&image).unwrap();
    Some((podman, image))
}

fn mount(folder: &Path, name: &str, at: &str) -> (PathBuf, String) {
    let path = folder.join(name);
    fs::create_dir_all(&path).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o777)).unwrap();
    let option = format!("--volume={}:{at}", path.display());
    (path, option)
}

#[test]
fn the_own_image_serves_as_a_user_without_rights() {
    let scene = folder();
    let Some((podman, image)) = podman(scene.path()) else {
        return;
    };
    let (data, data_mount) = mount(scene.path(), "data", "/data");
    let (documents, documents_mount) = mount(scene.path(), "documents", "/etc/berth");
    fs::write(
        documents.join("berth.yaml"),
        quickstart(Path::new("/data")).replace("127.0.0.1:5000", "127.0.0.1:0"),
    )
    .unwrap();
    let address = free_address().unwrap();
    let listen = address.to_string();
    let words = ["serve", "/etc/berth/berth.yaml", "--listen", &listen];
    let container = podman
        .start(&image, "own", &[&data_mount, &documents_mount], &words)
        .unwrap();
    let mut client = Client::new(address);
    let pushed = Image::tiny(41);
    let start = Instant::now();
    while client.push_image("own/image", "v1", &pushed).is_err() {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", container.log());
        sleep(Duration::from_millis(100));
        client = Client::new(address);
    }
    assert_eq!(
        client.pull_manifest("own/image", "v1").unwrap().bytes,
        pushed.manifest
    );
    let stored = fs::metadata(data.join("docker/registry/v2/repositories/own/image")).unwrap();
    assert_eq!((stored.uid(), stored.gid()), (1000, 1000));
    assert!(
        container.stop().unwrap(),
        "it drains and ends well when asked to stop"
    );
}

#[test]
fn the_own_image_holds_one_program_and_says_its_version() {
    let scene = folder();
    let Some((podman, image)) = podman(scene.path()) else {
        return;
    };
    let said = podman.run(&image, &[], &["--version"]).unwrap();
    assert_eq!(said.trim(), concat!("berth ", env!("CARGO_PKG_VERSION")));
    assert!(
        podman
            .run(&image, &["--entrypoint=/bin/sh"], &["-c", "true"])
            .is_err(),
        "there is no shell in it"
    );
    let megabytes = fs::metadata(&image.archive).unwrap().len() / 1_000_000;
    assert!(megabytes < 25, "{megabytes} MB: what made it grow?");
}
