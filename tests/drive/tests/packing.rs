//! The packed images behave as the official ones do, in what manifests use of them.
#![expect(clippy::unwrap_used, reason = "a test whose scene can't be set has failed")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use berth_drive::packing::{Build, PackedImage, build_image, postgres_image, redis_image, registry_image};
use berth_drive::{Client, Container, Image, Podman, free_address, is_root, needed};

/// The scene: podman in a folder of its own, with one image.
fn scene(
    program: &str,
    pack: fn() -> anyhow::Result<PackedImage>,
) -> Option<(tempfile::TempDir, Podman, PackedImage)> {
    for program in ["buildah", "busybox", program] {
        needed(program)?;
    }
    let folder = tempfile::tempdir().unwrap();
    let podman = Podman::in_folder(folder.path())?;
    let image = pack().unwrap();
    podman.load(&image).unwrap();
    Some((folder, podman, image))
}

/// A folder that a container may write to, and the option that mounts it.
fn writable(folder: &Path, name: &str, at: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(&path).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o777)).unwrap();
    format!("--volume={}:{at}", path.display())
}

/// Asks until the answer is there; `container` says why it never is.
fn wait_for<T>(container: &Container<'_>, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{}", container.log());
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_registry_takes_images_and_its_collector_runs_beside_it() {
    let Some((folder, podman, image)) = scene("docker-registry", registry_image) else {
        return;
    };
    let data = writable(folder.path(), "data", "/var/lib/registry");
    let address = free_address().unwrap();
    let listen = format!("--env=REGISTRY_HTTP_ADDR={address}");
    let options = ["--user=1000:1000", &data, &listen];
    let container = podman
        .start(
            &image,
            "registry",
            &options,
            &["serve", "/etc/docker/registry/config.yml"],
        )
        .unwrap();
    let mut client = Client::new(address);
    let pushed = Image::tiny(31);
    wait_for(&container, || client.push_image("a/b", "v1", &pushed).ok());

    let collected = podman
        .run(
            &image,
            &["--user=1000:1000", &data, "--entrypoint=/bin/sh"],
            &[
                "-c",
                "registry garbage-collect /etc/docker/registry/config.yml && echo $?",
            ],
        )
        .unwrap();
    assert!(collected.contains("a/b"), "{collected}");
    assert_eq!(client.pull_manifest("a/b", "v1").unwrap().bytes, pushed.manifest);
}

#[test]
fn postgresql_makes_the_user_and_the_database_that_its_environment_names() {
    let Some((folder, podman, image)) = scene("pg_ctlcluster", postgres_image) else {
        return;
    };
    let port = free_address().unwrap().port().to_string();
    let volumes = [
        writable(folder.path(), "data", "/var/lib/postgresql/data"),
        writable(folder.path(), "run", "/var/run/postgresql"),
        writable(folder.path(), "tmp", "/tmp"),
    ];
    let mut options: Vec<_> = volumes.iter().map(String::as_str).collect();
    options.extend([
        "--user=999:999",
        "--env=PGDATA=/var/lib/postgresql/data/pgdata",
        "--env=POSTGRES_USER=harbor",
        "--env=POSTGRES_DB=registry",
        "--env=POSTGRES_PASSWORD=it's a secret",
    ]);
    let words = ["-c", "max_connections=20", "-p", &port];
    let container = podman.start(&image, "database", &options, &words).unwrap();
    let ready = ["pg_isready", "-h", "127.0.0.1", "-U", "harbor", "-p", &port];
    wait_for(&container, || container.exec(&ready).ok());

    let ask = |password: &str| {
        let address = format!("postgresql://harbor@127.0.0.1:{port}/registry");
        let query = "select current_user, current_database(), current_setting('max_connections')";
        let password = format!("PGPASSWORD={password}");
        container.exec(&["env", &password, "psql", "-At", &address, "-c", query])
    };
    assert_eq!(ask("it's a secret").unwrap().trim(), "harbor|registry|20");
    assert!(ask("wrong").is_err());
}

#[test]
fn redis_asks_for_the_password_that_its_configuration_has() {
    let Some((folder, podman, image)) = scene("redis-server", redis_image) else {
        return;
    };
    let port = free_address().unwrap().port().to_string();
    let data = writable(folder.path(), "data", "/data");
    let script = format!("exec redis-server - <<END\ndir /data\nport {port}\nrequirepass \"secret\"\nEND\n");
    let container = podman
        .start(
            &image,
            "redis",
            &["--user=999:999", &data],
            &["/bin/sh", "-c", &script],
        )
        .unwrap();
    let ask = |password: &str| {
        let variable = format!("REDISCLI_AUTH={password}");
        container.exec(&["env", &variable, "redis-cli", "-p", &port, "ping"])
    };
    wait_for(&container, || {
        ask("secret").ok().filter(|said| said.contains("PONG"))
    });
    assert!(ask("wrong").unwrap().contains("NOAUTH"));
}

#[test]
fn the_same_files_make_the_same_bytes() {
    let Some(_) = needed("buildah").filter(|_| is_root("buildah with storage of its own")) else {
        return;
    };
    let build = |content: &str| {
        let folder = tempfile::tempdir().unwrap();
        let (containerfile, archive) = (folder.path().join("Containerfile"), folder.path().join("a.tar"));
        fs::write(folder.path().join("file"), content).unwrap();
        fs::write(&containerfile, "FROM scratch\nCOPY file /file\n").unwrap();
        build_image(&Build {
            containerfile: &containerfile,
            context: folder.path(),
            arguments: &[],
            name: "registry.test/same:1",
            archive: &archive,
        })
        .unwrap();
        fs::read(archive).unwrap()
    };
    let first = build("one");
    sleep(Duration::from_millis(1100));
    assert!(build("one") == first, "a second later the bytes are others");
    assert!(build("two") != first, "what is in it doesn't matter");
}
