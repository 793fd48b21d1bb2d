//! Users and passwords, with a client that logs in.

use std::path::Path;
use std::process::Command;

use berth_drive::{Image, Server, needed, quickstart, write_layout};

use crate::program::run;
use crate::start::{berth_program, folder};

#[test]
fn the_first_start_makes_an_admin_whose_password_is_told_once_and_stays() {
    let Some(skopeo) = needed("skopeo") else { return };
    let (scene, image) = (folder(), Image::tiny(100));
    // Without `auth` the defaults hold: authentication is on, and nobody is a user yet.
    let document = quickstart(&scene.path().join("data")).replace("  auth: {enabled: false}\n", "");
    let server = Server::berth(berth_program(), scene.path(), &document).unwrap();
    let password = made_password(&server.log()).expect("the first start tells the password");
    write_layout(&scene.path().join("in"), "v1", &image).unwrap();
    assert!(!push(&skopeo, scene.path(), &server, None), "a stranger pushed");
    assert!(
        !push(&skopeo, scene.path(), &server, Some("admin:wrong")),
        "a wrong password is taken"
    );
    assert!(push(
        &skopeo,
        scene.path(),
        &server,
        Some(&format!("admin:{password}"))
    ));
    server.stop().unwrap();

    let server = Server::berth(berth_program(), scene.path(), &document).unwrap();
    assert_eq!(made_password(&server.log()), None, "another password is made");
    assert!(!server.log().contains(&password));
    let there = format!("docker://{}/story/login:v1", server.address());
    let raw = run(
        &skopeo,
        [
            "inspect",
            "--raw",
            "--tls-verify=false",
            "--creds",
            &format!("admin:{password}"),
            &there,
        ],
    );
    assert_eq!(raw.as_bytes(), image.manifest);
}

#[test]
fn the_users_of_an_htpasswd_file_may_push_and_no_others() {
    let Some(skopeo) = needed("skopeo") else { return };
    let (scene, image) = (folder(), Image::tiny(101));
    let users = scene.path().join("users");
    std::fs::write(
        &users,
        format!("ann:{}\n", bcrypt::hash("correct horse", 4).unwrap()),
    )
    .unwrap();
    let auth = format!("auth: {{scheme: basic, htpasswd: {{path: {}}}}}", users.display());
    let document = quickstart(&scene.path().join("data")).replace("auth: {enabled: false}", &auth);
    let server = Server::berth(berth_program(), scene.path(), &document).unwrap();
    assert_eq!(made_password(&server.log()), None);
    write_layout(&scene.path().join("in"), "v1", &image).unwrap();
    assert!(!push(&skopeo, scene.path(), &server, None), "a stranger pushed");
    assert!(
        !push(&skopeo, scene.path(), &server, Some("bob:correct horse")),
        "an unknown user pushed"
    );
    assert!(push(&skopeo, scene.path(), &server, Some("ann:correct horse")));
    assert!(!server.log().contains("correct horse"));
}

/// The password that a start tells.
fn made_password(log: &str) -> Option<String> {
    let after = log.split("first start: user `admin`, password `").nth(1)?;
    after.split('`').next().map(str::to_owned)
}

/// Whether skopeo could push with these credentials.
fn push(skopeo: &Path, folder: &Path, server: &Server, credentials: Option<&str>) -> bool {
    let mut command = Command::new(skopeo);
    command.args(["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]);
    match credentials {
        Some(credentials) => command.args(["--dest-creds", credentials]),
        None => command.arg("--dest-no-creds"),
    };
    command.arg(format!("oci:{}:v1", folder.join("in").display()));
    command.arg(format!("docker://{}/story/login:v1", server.address()));
    command.output().unwrap().status.success()
}
