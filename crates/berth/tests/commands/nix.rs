//! Documents in Nix, through real Nix and the repository's own library.

use berth_drive::needed;
use serde_json::{Value, json};

use crate::scene::{Run, Scene, repository};

/// A scene with a `.nix` document; `${library}` stands for the repository's library.
fn scene(expression: &str) -> Scene {
    let scene = Scene::new();
    scene.file("berth.nix", with_library(expression));
    scene
}

fn with_library(expression: &str) -> String {
    let library = repository().join("nix");
    expression.replace("./nix", &library.display().to_string())
}

fn shown(expression: &str) -> Value {
    let run = scene(expression).berth(&["show", "-o", "json"]);
    serde_json::from_str(&run.result()).unwrap()
}

fn names(shown: &Value) -> Vec<&str> {
    let shown = shown.as_array().unwrap().iter();
    shown
        .map(|document| document["baseName"].as_str().unwrap())
        .collect()
}

fn check(expression: &str) -> Run {
    scene(expression).berth(&["check", "berth.nix", "-o", "json"])
}

#[test]
fn a_single_result_of_a_builder_is_a_document() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let shown = shown(r#"(import ./nix { }).mkDockerRegistry "one" { replicas = 1; auth.enabled = false; }"#);
    assert_eq!(names(&shown), ["one"]);
    let config = json!({"replicas": 1, "auth": {"enabled": false}});
    assert_eq!(shown[0], berth_config::builders::docker_registry("one", config));
}

#[test]
fn a_list_and_a_nested_set_of_results_are_documents() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let list =
        r#"with import ./nix { }; [ (mkDockerRegistry "one" { }) (mkImageRetentionPolicy "two" { }) ]"#;
    assert_eq!(names(&shown(list)), ["one", "two"]);
    let set = r#"with import ./nix { }; {
        team.a.registry = mkDockerRegistry "one" { };
        team.policies = [ (mkImageScanPolicy "two" { }) ];
    }"#;
    let mut found = shown(set);
    let mut found = names(&found.take())
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    found.sort();
    assert_eq!(found, ["one", "two"]);
}

#[test]
fn the_neighbours_results_become_access_a_scan_policy_and_cost_labels() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let shown = shown(
        r#"with import ./nix { }; {
            registry = mkHarborRegistry "main" { };
            rbac = mkRBACPolicy "admins" {
              subjects = [ { kind = "ServiceAccount"; name = "admin"; } ];
              resources = [ "secrets" ];
            };
            scan = mkSecurityScan { name = "nightly"; };
            cost = mkCostAllocation { registryName = "main"; costCenter = "platform"; owner = "team-a"; };
        }"#,
    );
    let all = shown.as_array().unwrap();
    let one = |name: &str| {
        let found = all.iter().find(|document| document["baseName"] == name);
        found.unwrap_or_else(|| panic!("{name} in {shown:#}"))
    };
    assert_eq!(one("admins")["kubernetes"][0]["resources"], json!(["secrets"]));
    assert_eq!(
        one("admins")["kubernetes"][0]["verbs"],
        json!(["get", "list", "watch"])
    );
    assert_eq!(one("nightly")["policyType"], "image-scan");
    let cost = &one("main")["cost"];
    assert!(cost.to_string().contains("platform"), "{shown:#}");
}

#[test]
fn a_finding_tells_the_attribute_in_place_of_line_and_column() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let set =
        r#"{ team = [ ((import ./nix { }).mkDockerRegistry "one" { storage.driver = "filesystm"; }) ]; }"#;
    let run = check(set);
    assert_eq!(run.code, Some(4), "{run}");
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["code"] == "DR-001")
        .unwrap();
    assert_eq!(finding["attribute"], "team[0].storage.driver");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&Value::Null, &Value::Null)
    );
    let text = scene(set).berth(&["check", "berth.nix"]).stdout;
    assert!(text.contains("--> berth.nix: team[0].storage.driver\n"), "{text}");
}

#[test]
fn an_unknown_field_in_nix_has_its_attribute_and_the_nearest_name() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let run =
        check(r#"(import ./nix { }).mkDockerRegistry "one" { storage.filesystem.rootDirectory = "/a"; }"#);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["code"] == "K-014")
        .unwrap();
    assert_eq!(finding["attribute"], "storage.filesystem.rootDirectory");
    assert_eq!(finding["help"], "did you mean `rootdirectory`?");
}

#[test]
fn the_examples_of_the_builders_documentation_have_no_errors() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let wrapper = with_library(
        "let containerRegistry = import ./nix { }; rbacModule = import ./nix { }; securityScanning = import ./nix \
         { }; costModule = import ./nix { }; in with containerRegistry;\n",
    );
    let examples = examples();
    assert_eq!(examples.len(), 11);
    for example in examples {
        let run = scene(&format!("{wrapper}{example}")).berth(&["check"]);
        assert_eq!(run.code, Some(0), "{run}\n{example}");
    }
}

/// The example blocks of the documentation; bare bindings go into braces.
fn examples() -> Vec<String> {
    let text =
        std::fs::read_to_string(repository().join("crates/config/tests/fixtures/builders.md")).unwrap();
    let (mut blocks, mut is_example) = (Vec::new(), true);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("### ") {
            is_example = true;
        } else if line.starts_with("**") {
            is_example = !matches!(line, "**Signature:**" | "**Config Options:**");
        } else if line == "```nix" {
            let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            let block = block.join("\n");
            let is_binding = block.split_whitespace().nth(1) == Some("=");
            if is_example {
                blocks.push(if is_binding {
                    format!("{{ {block}\n}}")
                } else {
                    block
                });
            }
        }
    }
    blocks
}

/// Each makes Nix fail in a way of its own, with a secret nearby.
const FAILURES: [(&str, &str); 13] = [
    (
        "{ password = \"CANARY\" + nowhere; }",
        "undefined variable 'nowhere'",
    ),
    ("{ password = \"CANARY\" b }", "syntax error"),
    ("{ a = 1 + \"CANARY\"; }", "cannot add a string to an integer"),
    (
        "{ a = { password = \"CANARY\"; } + \"\"; }",
        "cannot coerce a set to a string",
    ),
    (
        "{ a = x: x; password = \"CANARY\"; }",
        "cannot convert a function to JSON",
    ),
    ("{ a = assert \"CANARY\" == \"b\"; 1; }", "assertion"),
    (
        "{ a = builtins.fromJSON ''{\"password\": CANARY}''; }",
        "parse error",
    ),
    ("{ a = builtins.fromJSON ''{\"CANARY it's \"}''; }", "parse error"),
    ("{ a = builtins.fromTOML \"password = CANARY\"; }", "TOML"),
    (
        "{ a = builtins.trace \"CANARY\\nCANARY\" (1 + { }); }",
        "cannot add a set to an integer",
    ),
    ("{ a = builtins.readFile \"CANARY of old\"; }", "absolute path"),
    ("builtins.match \"CANARY (\" \"x\"", "invalid regular expression"),
    (
        "{ a = \"CANARY\n  CANARY\n  3| CANARY\n\" + y; }",
        "undefined variable 'y'",
    ),
];

#[test]
fn an_error_of_nix_is_told_without_source_lines_and_without_values() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    for (expression, told) in FAILURES {
        let scene = scene(&expression.replace("CANARY", "zq4f9d"));
        for format in ["text", "json", "sarif"] {
            let run = scene.berth(&["check", "-o", format]);
            assert_eq!(run.code, Some(4), "{run}");
            // A parser of Nix's own quotes the beginning of what it read.
            assert!(!run.to_string().contains("zq"), "{run}\n{expression}");
            assert!(run.stdout.contains(told), "{told} in {run}");
        }
    }
}

#[test]
fn an_error_of_nix_says_where_it_is() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let scene = scene("{\n  a = nowhere;\n}\n");
    let run = scene.berth(&["check", "berth.nix"]).to_string();
    insta::assert_snapshot!(run.replace(&scene.path().display().to_string(), "[folder]"), @r"
    exit: 4
    --- stdout
    error[DOC-001]: the file can't be evaluated: undefined variable 'nowhere', at [folder]/berth.nix:2:7
    --> berth.nix
     = help: `nix-instantiate --eval --strict --json FILE` shows it with the source lines

    1 error
    ");
}

#[test]
fn a_message_that_the_file_throws_is_told() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let run = scene("{ a = throw \"choose a driver:\\nfilesystem or s3\"; }").berth(&["check", "berth.nix"]);
    assert!(run.stdout.contains("choose a driver: filesystem or s3"), "{run}");
}

#[test]
fn without_nix_the_error_says_how_to_get_it() {
    let scene = scene("{ }");
    let mut command = scene.command(&["check", "berth.nix"]);
    let run = Run::of(&command.env("PATH", "").output().unwrap());
    insta::assert_snapshot!(run, @r"
    exit: 4
    --- stdout
    error[DOC-001]: the file can't be evaluated: `nix-instantiate` is not on the PATH
    --> berth.nix
     = help: install Nix (Debian: `apt install nix-bin`), or write the document as YAML

    1 error
    ");
}

#[test]
fn a_value_that_is_no_builder_s_result_is_a_finding() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    for expression in ["1", "\"text\"", "{ }", "{ a = 1; }"] {
        let run = check(expression);
        assert!(
            run.json()["findings"]
                .as_array()
                .is_some_and(|all| !all.is_empty()),
            "{expression}: {run}"
        );
    }
}
