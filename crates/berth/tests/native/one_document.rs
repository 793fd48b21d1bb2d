//! A document with `engine: berth` means the same on a laptop and in a pod, address and folder aside.

use std::fs;
use std::path::Path;

use berth_drive::Server;

use crate::script::{run, stored};
use crate::{HASH, berth, pod};

const PASSWORD: &str = "correct horse";

/// Documents by what they show; `ROOT` stands for the folder of the images.
fn declared() -> Vec<(&'static str, String)> {
    let users = format!("{{scheme: basic, htpasswd: {{realm: Place, users: {{anna: '{HASH}'}}}}}}");
    let document = |fields: &str| {
        format!(
            "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: team}}\nspec:\n  engine: berth\n{fields}"
        )
    };
    let storage = "storage: {filesystem: {rootdirectory: ROOT}";
    vec![
        (
            "open",
            document(&format!(
                "  {storage}}}\n  http: {{addr: '127.0.0.1:5000'}}\n  auth: {{enabled: false}}\n"
            )),
        ),
        (
            "open, with deletes and a header",
            document(&format!(
                "  {storage}, delete: {{enabled: true}}}}\n  http: {{addr: '127.0.0.1:5000', headers: {{X-Place: [here]}}}}\n  \
                 auth: {{enabled: false}}\n"
            )),
        ),
        (
            "with users",
            document(&format!(
                "  {storage}, delete: {{enabled: true}}}}\n  http: {{addr: '127.0.0.1:5000'}}\n  auth: {users}\n"
            )),
        ),
    ]
}

/// Serves a document in a folder: what it answered to a stranger and to a user, and what it stored.
fn served(document: &str, folder: &Path) -> (Vec<String>, std::collections::BTreeMap<String, Vec<u8>>) {
    let program = Path::new(env!("CARGO_BIN_EXE_berth"));
    let server = Server::berth(program, folder, document).unwrap();
    let mut client = server.client();
    let mut said = run(&mut client, None);
    for user in [("anna", "wrong"), ("anna", PASSWORD)] {
        said.extend(run(&mut client, Some(user)));
    }
    drop(client);
    assert!(server.stop().unwrap().success());
    (said, stored(&folder.join("data")))
}

#[test]
fn one_document_answers_and_stores_the_same_on_a_laptop_and_in_a_pod() {
    for (name, text) in declared() {
        let (laptop, cluster) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let here = text.replace("ROOT", laptop.path().join("data").to_str().unwrap());
        let (said, kept) = served(&here, laptop.path());
        let of_pod = pod::document(&text.replace("ROOT", "./data"), cluster.path());
        let (said_there, kept_there) = served(&of_pod, cluster.path());
        assert!(said.len() > 90, "{name}: {}", said.len());
        for (one, other) in said.iter().zip(&said_there) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(said.len(), said_there.len(), "{name}");
        assert!(
            said.iter().any(|line| line.contains("-> 201")),
            "{name}: nothing was pushed: {said:#?}"
        );
        assert_eq!(
            name == "with users",
            said.iter().any(|line| line.contains("-> 401")),
            "{name}: {said:#?}"
        );
        let names =
            |kept: &std::collections::BTreeMap<String, Vec<u8>>| kept.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&kept), names(&kept_there), "{name}");
        assert!(
            kept == kept_there,
            "{name}: files of the same names hold other bytes"
        );
        assert!(kept.len() > 5, "{name}: only {} files", kept.len());
    }
}

/// The codes of the errors in a text.
fn refusals(text: &str) -> Vec<String> {
    let mut codes: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once("error[")?.1.split_once(']'))
        .map(|(code, _)| code.to_owned())
        .filter(|code| code.starts_with("SV-"))
        .collect();
    codes.sort();
    codes
}

#[test]
fn what_is_refused_on_a_laptop_is_refused_for_a_pod_by_the_same_codes() {
    let document = |fields: &str| {
        format!(
            "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: team}}\nspec:\n  engine: berth\n  \
             storage: {{filesystem: {{rootdirectory: ./data}}}}\n  auth: {{enabled: false}}\n  \
             http: {{addr: '127.0.0.1:0'}}\n{fields}"
        )
    };
    let access = "---\napiVersion: berth.dev/v1\nkind: RegistryAccess\nmetadata: {name: rules}\nspec:\n  \
                  subjects: [{kind: User, name: anna}]\n  rules: [{repositories: ['a/*'], actions: [pull]}]\n";
    for (name, text) in [
        (
            "a cache",
            document("  proxy: {remoteurl: 'https://registry-1.docker.io'}\n"),
        ),
        ("checks", document("  health: {tcp: [{addr: 'localhost:1'}]}\n")),
        (
            "events",
            document("  notifications: {endpoints: [{name: a, url: 'http://127.0.0.1:9/'}]}\n"),
        ),
        ("fields of the log", document("  log: {fields: {place: here}}\n")),
        ("rules of access", document("") + access),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("declared.yaml");
        fs::write(&file, &text).unwrap();
        let file = file.to_str().unwrap();
        let laptop = berth(folder.path(), &["serve", file]);
        let pod = berth(folder.path(), &["render", file]);
        let said = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(laptop.status.code(), Some(4), "{name}: {}", said(&laptop));
        assert_eq!(pod.status.code(), Some(4), "{name}: {}", said(&pod));
        let refused = refusals(&said(&laptop));
        assert!(!refused.is_empty(), "{name}: {}", said(&laptop));
        assert_eq!(refused, refusals(&said(&pod)), "{name}: {}", said(&pod));
    }
}
