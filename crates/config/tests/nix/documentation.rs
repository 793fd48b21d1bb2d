//! The module's documentation, block by block: what it shows as defaults are the defaults, and its examples evaluate
//! as written, behind the wrapper that `nix/README.md` shows.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::evaluate::{nix_is_here, text_of, value_of};

const DOCUMENTATION: &str = include_str!("../fixtures/builders.md");

/// What a block is for, by the bold line or the heading above it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Role {
    Signature,
    Defaults,
    Example,
}

struct Block {
    role: Role,
    heading: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let (mut heading, mut role) = (String::new(), Role::Example);
    let mut blocks = Vec::new();
    let mut lines = DOCUMENTATION.lines();
    while let Some(line) = lines.next() {
        if let Some(text) = line.strip_prefix("### ") {
            (heading, role) = (text.to_owned(), Role::Example);
        } else if line.starts_with("**") {
            role = match line {
                "**Signature:**" => Role::Signature,
                "**Config Options:**" => Role::Defaults,
                _ => Role::Example,
            };
        } else if line == "```nix" {
            let text = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .collect::<Vec<_>>()
                .join("\n");
            blocks.push(Block {
                role,
                heading: heading.clone(),
                text,
            });
        }
    }
    blocks
}

fn blocks_of(role: Role, expected: usize) -> Vec<Block> {
    let found: Vec<_> = blocks().into_iter().filter(|block| block.role == role).collect();
    assert_eq!(found.len(), expected, "{role:?} blocks in builders.md");
    found
}

/// The block of the README that shows the wrapper.
fn shown_wrapper() -> String {
    let readme = text_of("nix/README.md");
    let mut lines = readme
        .lines()
        .skip_while(|line| !line.starts_with("<!-- wrapper"));
    assert!(lines.next().is_some(), "nix/README.md marks its wrapper");
    lines
        .skip(1)
        .take_while(|line| *line != "```")
        .collect::<Vec<_>>()
        .join("\n")
}

/// The README's wrapper, down to and with its `with`.
fn wrapper() -> String {
    const LAST: &str = "with containerRegistry;\n";
    let shown = shown_wrapper();
    let end = shown
        .find(LAST)
        .expect("the wrapper brings the builders into scope")
        + LAST.len();
    for module in [
        "containerRegistry",
        "rbacModule",
        "securityScanning",
        "costModule",
    ] {
        assert!(
            shown[..end].contains(&format!("{module} = import ./nix {{ }};")),
            "{module}"
        );
    }
    shown[..end].to_owned()
}

/// A block as the body of the wrapper: an expression as it is, bare bindings in braces.
fn body(text: &str) -> String {
    let first_word_then = text.trim_start().split_once(' ').map_or("", |(_, rest)| rest);
    if first_word_then.starts_with("= ") {
        format!("{{\n{text}\n}}")
    } else {
        text.to_owned()
    }
}

fn defaults() -> Map<String, Value> {
    serde_json::from_str(&text_of("nix/defaults.json")).expect("nix/defaults.json is valid JSON")
}

#[test]
fn every_signature_of_the_documentation_is_a_function() {
    if !nix_is_here() {
        return;
    }
    for block in blocks_of(Role::Signature, 11) {
        let (name, _) = block.text.split_once(" = ").unwrap();
        let is_function = value_of(&format!("builtins.isFunction (import ./nix {{ }}).{name}"));
        assert_eq!(is_function, true, "{name}");
    }
}

#[test]
fn the_config_options_of_the_documentation_are_the_defaults() {
    if !nix_is_here() {
        return;
    }
    let documented: Vec<_> = blocks_of(Role::Defaults, 9)
        .into_iter()
        .map(|block| {
            (
                block.heading.strip_prefix("mk").unwrap().to_owned(),
                value_of(&block.text),
            )
        })
        .collect();
    let defaults = defaults();
    assert_eq!(defaults.len(), documented.len());
    for (kind, options) in documented {
        assert_eq!(defaults[&kind], options, "{kind}");
    }
}

#[test]
fn the_defaults_stand_in_the_order_of_the_documentation() {
    fn keys(value: &Value, found: &mut Vec<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            found.push(key.clone());
            keys(value, found);
        }
    }
    let defaults = defaults();
    for block in blocks_of(Role::Defaults, 9) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        keys(&defaults[block.heading.strip_prefix("mk").unwrap()], &mut ours);
        for line in block.text.lines() {
            let code = line.split("  #").next().unwrap_or_default();
            let words: Vec<_> = code.split_whitespace().collect();
            theirs.extend(
                words
                    .windows(2)
                    .filter(|pair| pair[1] == "=")
                    .map(|pair| pair[0].to_owned()),
            );
        }
        assert_eq!(ours, theirs, "{}", block.heading);
    }
}

/// `BLESS=1` writes the golden files anew; a change to one is a decision.
#[test]
fn every_example_of_the_documentation_evaluates_as_written() {
    if !nix_is_here() {
        return;
    }
    let wrapper = wrapper();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/examples");
    for block in blocks_of(Role::Example, 11) {
        let value = value_of(&format!("{wrapper}{}", body(&block.text)));
        assert!(carries_marker(&value), "{}: {value}", block.heading);
        let name = block.heading.to_lowercase().replace(": ", "-").replace(' ', "-");
        let path = folder.join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        assert_eq!(
            text,
            fs::read_to_string(&path).unwrap_or_default(),
            "{}",
            path.display()
        );
    }
}

/// Whether a value is a builder's result, or an attribute set that holds one.
fn carries_marker(value: &Value) -> bool {
    const MARKERS: [&str; 5] = ["framework", "secretType", "policyType", "configType", "berthType"];
    let marked = |value: &Value| MARKERS.iter().any(|marker| value.get(marker).is_some());
    marked(value)
        || value
            .as_object()
            .is_some_and(|fields| fields.values().any(marked))
}

#[test]
fn the_readmes_examples_evaluate_as_shown() {
    if !nix_is_here() {
        return;
    }
    assert_eq!(value_of(&shown_wrapper())["rbac"]["berthType"], "rbac-policy");
    let readme = text_of("nix/README.md");
    let (_, usage) = readme
        .split_once("## Using it")
        .expect("nix/README.md shows how to use it");
    let (_, block) = usage.split_once("```nix\n").expect("there is a block");
    let (shown, _) = block.split_once("\n```").expect("the block ends");
    let value = value_of(shown);
    assert_eq!(
        value["registry"]["storage"]["filesystem"]["rootdirectory"],
        "./data"
    );
    assert_eq!(value["cleanup"]["retentionDays"], 14);
}
