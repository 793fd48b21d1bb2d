//! Where documents come from: files, folders, lists, the standard input; and files that can't be read.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scene::{Run, Scene, document, quiet};

/// The names of the documents that a `show -o json` shows.
fn names(run: Run) -> Vec<String> {
    let shown: Value = serde_json::from_str(&run.result()).unwrap();
    let shown = shown.as_array().unwrap().iter();
    shown
        .map(|document| document["baseName"].as_str().unwrap().to_owned())
        .collect()
}

/// Code and file of each error that `check` finds.
fn errors(scene: &Scene, arguments: &[&str]) -> Vec<(String, String)> {
    let run = scene.berth(&[&["check", "-o", "json"], arguments].concat());
    assert_eq!(run.code, Some(4), "{run}");
    let report = run.json();
    let errors = report["findings"].as_array().unwrap().iter();
    errors
        .filter(|finding| finding["level"] == "error")
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            (text("code"), text("file"))
        })
        .collect()
}

fn pair(code: &str, file: &str) -> (String, String) {
    (code.to_owned(), file.to_owned())
}

#[test]
fn a_file_holds_several_documents() {
    let scene = Scene::with(&format!("{}---\n{}---\n", quiet("one"), quiet("two")));
    assert_eq!(names(scene.berth(&["show", "-o", "json"])), ["one", "two"]);
    scene.berth(&["check"]).refused(0, &["documents: 2"]);
}

#[test]
fn a_folder_is_read_whole_in_the_order_of_its_names_and_hidden_files_are_not() {
    let scene = Scene::new();
    for name in ["b.yaml", "a.yml", "c/deep/d.json", "c/.hidden.yaml"] {
        scene.file(&format!("docs/{name}"), quiet(&name.replace(['/', '.'], "-")));
    }
    scene.file(
        "docs/c/deep/d.json",
        r#"{"apiVersion": "berth.dev/v1", "kind": "ImageScanPolicy", "metadata": {"name": "json"}}"#,
    );
    scene.file("docs/README.md", "not a document");
    assert_eq!(
        names(scene.berth(&["show", "-o", "json", "docs"])),
        ["a-yml", "b-yaml", "json"]
    );
}

#[test]
fn files_and_folders_are_read_together() {
    let scene = Scene::new();
    scene.file("one.yaml", quiet("one"));
    scene.file("docs/two.yaml", quiet("two"));
    assert_eq!(
        names(scene.berth(&["show", "-o", "json", "docs", "one.yaml"])),
        ["two", "one"]
    );
}

#[test]
fn a_dash_reads_the_standard_input() {
    let scene = Scene::new();
    let run = scene.berth_reads(&["show", "-o", "json", "-"], &quiet("piped"));
    assert_eq!(names(run), ["piped"]);
    let run = scene.berth_reads(&["check", "-", "-o", "json"], "kind: X\n");
    assert_eq!(run.code, Some(4));
    assert_eq!(run.json()["findings"][0]["file"], "-");
}

#[test]
fn json_is_read_from_files_and_from_the_standard_input_also_with_tabs() {
    let scene = Scene::new();
    let text = "{\n\t\"apiVersion\": \"berth.dev/v1\",\n\t\"kind\": \"ImageScanPolicy\",\n\t\"metadata\": {\n\t\t\"name\": \"gate\"\n\t}\n}\n";
    scene.file("gate.json", text);
    scene.file("gate.conf", text);
    assert_eq!(names(scene.berth(&["show", "-o", "json", "gate.json"])), ["gate"]);
    assert_eq!(names(scene.berth(&["show", "-o", "json", "gate.conf"])), ["gate"]);
    assert_eq!(
        names(scene.berth_reads(&["show", "-o", "json", "-"], text)),
        ["gate"]
    );
}

#[test]
fn a_kubernetes_list_holds_documents() {
    let items: String = ["one", "two"]
        .map(|name| {
            let text = quiet(name).replace('\n', "\n    ");
            format!("  - {}\n", text.trim_end())
        })
        .concat();
    let scene = Scene::with(&format!("apiVersion: v1\nkind: List\nitems:\n{items}"));
    assert_eq!(names(scene.berth(&["show", "-o", "json"])), ["one", "two"]);
}

#[test]
fn a_file_that_can_t_be_read_is_a_finding_among_the_others() {
    let scene = Scene::new();
    scene.file("bad.yaml", document("DockerRegistry", "a", "{replicas: x}"));
    assert_eq!(
        errors(&scene, &["absent.yaml", "bad.yaml"]),
        [pair("DOC-001", "absent.yaml"), pair("K-014", "bad.yaml")]
    );
    insta::assert_snapshot!(scene.berth(&["check", "absent.yaml"]), @r"
    exit: 4
    --- stdout
    error[DOC-001]: the file can't be read: No such file or directory (os error 2)
    --> absent.yaml
     = help: name a file or folder that can be read

    1 error
    ");
}

#[test]
fn a_folder_without_documents_is_a_finding() {
    let scene = Scene::new();
    scene.file("empty/README.md", "");
    insta::assert_snapshot!(scene.berth(&["check", "empty"]), @r"
    exit: 4
    --- stdout
    error[DOC-001]: the folder holds no document: no .yaml, .yml, .json or .nix file
    --> empty
     = help: name the folder that holds the documents; hidden files are passed over

    1 error
    ");
}

#[test]
fn two_documents_of_one_kind_and_name_are_found_across_files() {
    let scene = Scene::new();
    scene.file("one.yaml", quiet("same"));
    scene.file("two.yaml", quiet("same"));
    let found = errors(&scene, &["one.yaml", "two.yaml"]);
    assert!(found.contains(&pair("DOC-009", "two.yaml")), "{found:?}");
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let scene = Scene::new();
    scene.file("latin.yaml", b"apiVersion: berth.dev/v1\nkind: \xe4\n");
    assert_eq!(errors(&scene, &["latin.yaml"]), [pair("DOC-002", "latin.yaml")]);
}

#[test]
fn a_file_over_the_limit_is_a_finding_and_so_is_an_endless_one() {
    let scene = Scene::new();
    scene.file(
        "big.yaml",
        " ".repeat(berth_config::document::MAX_SOURCE_BYTES + 1),
    );
    assert_eq!(errors(&scene, &["big.yaml"]), [pair("DOC-004", "big.yaml")]);
    assert_eq!(errors(&scene, &["/dev/zero"])[0].1, "/dev/zero");
}

#[test]
fn a_bomb_of_aliases_is_refused_in_no_time() {
    use std::fmt::Write as _;
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let start = Instant::now();
    let scene = Scene::with(&bomb);
    let found = errors(&scene, &["berth.yaml"]);
    assert!(found.contains(&pair("DOC-005", "berth.yaml")), "{found:?}");
    assert!(start.elapsed() < Duration::from_secs(10));
}
