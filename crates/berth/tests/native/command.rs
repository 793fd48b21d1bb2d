//! `berth render --native`: files on the disk, and what is printed without a folder.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::berth;

const DOCUMENT: &str = "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: team}\nspec: {}\n";

#[test]
fn files_with_secrets_are_their_owner_s_alone_and_name_each_other_by_where_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("berth.yaml"), DOCUMENT).unwrap();
    let arguments = ["render", "--native", "--secrets", "kept.json", "--out", "out"];
    let output = berth(folder.path(), &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let team = folder.path().join("out/team");
    for (name, mode) in [
        ("config.yml", 0o644),
        ("compose.yaml", 0o644),
        ("team.service", 0o644),
        ("registry.env", 0o600),
        ("secrets/htpasswd", 0o600),
    ] {
        let there = fs::metadata(team.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(there.permissions().mode() & 0o777, mode, "{name}");
    }
    let config = fs::read_to_string(team.join("config.yml")).unwrap();
    let htpasswd = team.join("secrets/htpasswd");
    assert!(config.contains(htpasswd.to_str().unwrap()), "{config}");
    let users = fs::read_to_string(htpasswd).unwrap();
    assert!(users.starts_with("admin:$2y$"), "{users}");
    let again = berth(folder.path(), &arguments);
    assert!(again.status.success());
    assert_eq!(fs::read_to_string(team.join("secrets/htpasswd")).unwrap(), users);
}

#[test]
fn without_a_folder_secrets_are_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("berth.yaml"), DOCUMENT).unwrap();
    let arguments = [
        "render",
        "--native",
        "--secrets",
        "kept.json",
        "--at",
        "/srv/berth",
    ];
    let printed = berth(folder.path(), &arguments);
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(
        printed.contains("path: /srv/berth/team/secrets/htpasswd"),
        "{printed}"
    );
    let listed = berth(folder.path(), &[&arguments[..], &["-o", "json"]].concat());
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let files = listed["files"].as_array().unwrap();
    let hidden = files.iter().filter(|file| file["mode"] == "0600");
    assert!(
        hidden.clone().count() >= 2 && hidden.clone().all(|file| file["text"].is_null()),
        "{listed}"
    );
    let kept: Value = serde_json::from_slice(&fs::read(folder.path().join("kept.json")).unwrap()).unwrap();
    for (_, secret) in kept["registry/team-made-once"].as_object().unwrap() {
        let secret = secret.as_str().unwrap().trim();
        assert!(!printed.contains(secret) && !listed.to_string().contains(secret));
    }
}
