//! The start of `berth serve`: from documents to a registry that tells what it does.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::scene::{Scene, document, quiet, repository};
use crate::serving::{Serving, command, hash};

/// A registry with a login, whose password is made at the first start.
const LOGIN: &str =
    "{storage: {filesystem: {rootdirectory: ./data}}, auth: {scheme: basic}, log: {format: text}}";

#[test]
fn where_no_document_is_found_the_example_is_printed_and_served() {
    let scene = Scene::new();
    let serving = Serving::start(&scene, &[]);
    let example = fs::read_to_string(repository().join("examples/quickstart.yaml")).unwrap();
    let said = serving.said();
    assert!(
        said.starts_with("no document here or above; serving this example, built in:\n"),
        "{said}"
    );
    assert!(said.contains(&example), "{said}");
    assert_eq!(serving.get("/v2/", None).0, 200);
    assert!(scene.path().join("data").is_dir());
    let run = serving.stop();
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run}");
}

#[test]
fn the_example_is_not_taken_where_the_named_document_is_missing() {
    command(&Scene::new(), &["absent.yaml"])
        .output()
        .map(|output| crate::scene::Run::of(&output).refused(4, &["absent.yaml", "can't be read"]))
        .unwrap();
}

#[test]
fn the_start_tells_where_it_listens_what_it_honours_and_what_to_type() {
    let scene = Scene::with(&quiet("local"));
    let serving = Serving::start(&scene, &[]);
    insta::assert_snapshot!("serve_start", serving.talk(&scene));
}

#[test]
fn the_start_with_a_login_tells_how_to_log_in() {
    let scene = Scene::with(&document("DockerRegistry", "local", LOGIN));
    let serving = Serving::start(&scene, &["--registry", "local"]);
    let password = password_in(&serving.said()).unwrap();
    let said = serving.talk(&scene).replace(&password, "PASSWORD");
    let (_, said) = said.split_at(said.find("first start").unwrap());
    insta::assert_snapshot!("serve_start_login", said);
}

/// The password that a first start tells.
fn password_in(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("user `admin`, password `")?;
    Some(rest.split_once('`')?.0.to_owned())
}

#[test]
fn the_first_start_makes_an_admin_password_once_and_it_goes_on_working() {
    let scene = Scene::with(&document("DockerRegistry", "local", LOGIN));
    let first = Serving::start(&scene, &[]);
    let password = password_in(&first.said()).unwrap();
    assert_eq!(first.login("admin", &password), 200);
    assert_eq!(first.login("admin", "wrong"), 401);
    assert_eq!(first.get("/v2/", None).0, 401);
    let run = first.stop();
    assert_eq!(run.stderr.matches(&password).count(), 1, "{run}");
    assert!(!run.stdout.contains(&password), "{run}");

    let second = Serving::start(&scene, &[]);
    assert_eq!(second.login("admin", &password), 200);
    let said = second.stop().stderr;
    assert_eq!(password_in(&said), None, "{said}");
    assert!(!said.contains(&password), "{said}");
}

#[test]
fn the_admin_password_is_written_nowhere_and_its_hash_in_the_state_alone() {
    let scene = Scene::with(&document("DockerRegistry", "local", LOGIN));
    let serving = Serving::start(&scene, &[]);
    let password = password_in(&serving.said()).unwrap();
    assert_eq!(serving.login("admin", &password), 200);
    assert_eq!(serving.stop().code, Some(0));

    let data = scene.path().join("data");
    let mut holders = Vec::new();
    for file in files_below(&data) {
        let bytes = fs::read(&file).unwrap();
        assert!(!contains(&bytes, password.as_bytes()), "{}", file.display());
        if contains(&bytes, b"$2b$") || contains(&bytes, b"$2y$") {
            holders.push(file.strip_prefix(&data).unwrap().display().to_string());
        }
    }
    assert_eq!(holders, [".berth/state.sqlite"]);
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_may_read_the_state() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::with(&document("DockerRegistry", "local", LOGIN));
    let serving = Serving::start(&scene, &[]);
    for file in files_below(&scene.path().join("data/.berth")) {
        if file.to_string_lossy().contains("state.sqlite") {
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", file.display());
        }
    }
    drop(serving);
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn the_products_that_run_on_clusters_are_refused_with_the_way_there() {
    for kind in ["HarborRegistry", "NexusRegistry", "ArtifactoryRegistry"] {
        let run = Scene::with(&document(kind, "main", "{}")).berth(&["serve"]);
        let what = format!("a {kind} is not served, it is deployed to a cluster");
        run.refused(
            4,
            &[
                "SV-001",
                &what,
                "write a DockerRegistry",
                "the declaration can't be served",
            ],
        );
    }
}

#[test]
fn one_of_several_registries_is_chosen_by_its_name() {
    let two = format!("{}---\n{}", quiet("one"), quiet("two"));
    let scene = Scene::with(&two);
    scene
        .berth(&["serve"])
        .refused(4, &["SV-006", "choose one with --registry: one, two"]);
    scene
        .berth(&["serve", "--registry", "tow"])
        .refused(4, &["SV-006", "did you mean `two`?"]);
    let serving = Serving::start(&scene, &["--registry", "two"]);
    assert!(serving.said().contains("berth: `two` is listening on"));
}

#[test]
fn a_registry_beside_products_of_clusters_is_served() {
    let both = format!(
        "{}---\n{}",
        document("HarborRegistry", "main", "{}"),
        quiet("local")
    );
    let scene = Scene::with(&both);
    assert_eq!(Serving::start(&scene, &[]).get("/v2/", None).0, 200);
}

/// An address that no machine has: whoever tries to listen on it got past all refusals.
const NOBODYS: &str = "192.0.2.1:5000";

#[test]
fn no_login_off_loopback_is_refused_unless_that_is_allowed() {
    let scene = Scene::with(&quiet("local"));
    scene
        .berth(&["serve", "--listen", NOBODYS])
        .refused(4, &["SV-003", "--allow-anonymous"]);
    let allowed = scene.berth(&["serve", "--listen", NOBODYS, "--allow-anonymous"]);
    allowed.refused(
        1,
        &["listening on 192.0.2.1:5000", "no interface of this machine"],
    );
    let written = document(
        "DockerRegistry",
        "a",
        "{storage: {filesystem: {rootdirectory: ./data}}, http: {addr: \"192.0.2.1:5000\"}, auth: {enabled: false}}",
    );
    let scene = Scene::with(&written);
    scene.berth(&["serve"]).refused(4, &["SV-003", "berth.yaml"]);
    assert_eq!(Serving::start(&scene, &[]).get("/v2/", None).0, 200);
}

#[test]
fn an_address_that_is_none_is_wrong_usage() {
    for address in ["banana", "127.0.0.1", "127.0.0.1:99999"] {
        Scene::new()
            .berth(&["serve", "--listen", address])
            .refused(64, &["--listen"]);
    }
}

const PROTECTING: [(&str, &str); 2] = [
    ("ImageScanPolicy", "{}"),
    (
        "RegistryAccess",
        "{subjects: [{kind: User, name: me}], rules: [{repositories: [\"**\"], actions: [pull]}]}",
    ),
];

#[test]
fn what_protects_and_can_t_be_enforced_refuses_unless_that_is_accepted_and_then_it_is_repeated() {
    for (kind, spec) in PROTECTING {
        let scene = Scene::with(&format!(
            "{}---\n{}",
            quiet("local"),
            document(kind, "guard", spec)
        ));
        let title = format!("{kind}/guard");
        scene
            .berth(&["serve"])
            .refused(4, &["SV-005", &title, "--ignore-unenforced"]);
        let serving = Serving::start(&scene, &["--ignore-unenforced"]);
        let note = format!("{title} is not enforced");
        assert!(
            serving.said().contains(&format!("WARNING: {note}\n")),
            "{}",
            serving.said()
        );
        assert_eq!(serving.health(), json!({"status": "ok", "notes": [note]}));
    }
}

#[test]
fn what_doesn_t_protect_is_served_without_and_that_is_said() {
    let policy = document("ImageRetentionPolicy", "cleanup", "{}");
    let scene = Scene::with(&format!("{}---\n{policy}", quiet("local")));
    let serving = Serving::start(&scene, &[]);
    assert!(serving.said().contains("warning[SV-007]"), "{}", serving.said());
    assert_eq!(serving.health(), json!({"status": "ok", "notes": []}));
}

#[test]
fn a_field_that_can_t_be_honoured_refuses_with_its_place() {
    let spec = "{storage: {filesystem: {rootdirectory: ./data}}, auth: {enabled: false},\n  proxy: {remoteurl: \"https://registry-1.docker.io\"}}";
    let scene = Scene::with(&document("DockerRegistry", "cache", spec));
    let run = scene.berth(&["serve", "--listen", "127.0.0.1:0", "berth.yaml"]);
    run.refused(4, &["error[SV-002]", "berth.yaml:5:"]);
    assert_eq!(run.stdout, "");
}

#[test]
fn the_users_of_a_password_file_are_let_in_and_changes_count_at_once() {
    let scene = Scene::with(&document(
        "DockerRegistry",
        "local",
        "{storage: {filesystem: {rootdirectory: ./data}}, auth: {scheme: basic, htpasswd: {realm: team, path: ./users}}}",
    ));
    scene.file("users", format!("# people\nalice:{}\n", hash("wonderland")));
    let serving = Serving::start(&scene, &[]);
    assert_eq!(serving.login("alice", "wonderland"), 200);
    assert_eq!(serving.login("alice", "looking-glass"), 401);
    assert_eq!(password_in(&serving.said()), None);
    scene.file(
        "users",
        format!("alice:{}\nbob:{}\n", hash("wonderland"), hash("builder")),
    );
    let start = std::time::Instant::now();
    while serving.login("bob", "builder") != 200 {
        assert!(
            start.elapsed() < std::time::Duration::from_secs(10),
            "bob is never let in"
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_missing_password_file_is_an_error_that_names_it() {
    let spec =
        "{storage: {filesystem: {rootdirectory: ./data}}, auth: {scheme: basic, htpasswd: {path: ./absent}}}";
    let scene = Scene::with(&document("DockerRegistry", "local", spec));
    let run = scene.berth(&["serve", "--listen", "127.0.0.1:0"]);
    run.refused(1, &["./absent"]);
}

#[test]
fn the_users_of_the_document_are_let_in_whatever_their_hash_comes_from() {
    let spec = format!(
        "{{storage: {{filesystem: {{rootdirectory: ./data}}}}, auth: {{scheme: basic, htpasswd: {{users: {{alice: '{}', bob: {{env: BOB}}, carol: {{file: ./carol}}}}}}}}}}",
        hash("a")
    );
    let scene = Scene::with(&document("DockerRegistry", "local", &spec));
    scene.file("carol", format!("{}\n", hash("c")));
    let serving = Serving::of(&scene, command(&scene, &[]).env("BOB", hash("b")));
    for (user, password) in [("alice", "a"), ("bob", "b"), ("carol", "c")] {
        assert_eq!(serving.login(user, password), 200, "{user}");
        assert_eq!(serving.login(user, "x"), 401, "{user}");
    }
    assert_eq!(serving.login("admin", "a"), 401);
}

#[test]
fn the_log_has_the_form_and_the_level_of_the_document() {
    for (log, form, requests) in [
        ("{level: info, format: json}", '{', true),
        ("{level: info, format: text}", '2', true),
        (
            "{level: info, format: json, accesslog: {disabled: true}}",
            '{',
            false,
        ),
        ("{level: error, format: json}", '{', false),
    ] {
        let spec = format!(
            "{{storage: {{filesystem: {{rootdirectory: ./data}}}}, auth: {{enabled: false}}, log: {log}}}"
        );
        let scene = Scene::with(&document("DockerRegistry", "local", &spec));
        let serving = Serving::start(&scene, &[]);
        serving.get("/v2/_catalog", None);
        let said = serving.stop().stderr;
        let line = said.lines().find(|line| line.contains("/v2/_catalog"));
        assert_eq!(line.is_some(), requests, "{log}: {said}");
        assert!(line.is_none_or(|line| line.starts_with(form)), "{log}: {said}");
    }
}
