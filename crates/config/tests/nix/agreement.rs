//! Rust and Nix give the same results for the same generated inputs.

use std::fs;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::cases::{BUILDERS, Case, case};
use crate::evaluate::{evaluate, nix_is_here};

/// Cases for each builder that Nix is asked about at once.
const BATCH: u32 = 100;
/// Steps towards a smaller failing case; each costs one start of Nix.
const SHRINKING: usize = 200;

/// 900 cases; more when `PROPTEST_CASES` asks for more.
#[test]
fn rust_and_nix_agree_on_generated_inputs() {
    if !nix_is_here() {
        return;
    }
    let mut runner = TestRunner::default();
    let rounds = runner.config().cases.div_ceil(BATCH * 9);
    for _ in 0..rounds {
        let mut trees: Vec<_> = BUILDERS
            .into_iter()
            .flat_map(|builder| (0..BATCH).map(move |_| builder))
            .map(|builder| case(builder).new_tree(&mut runner).unwrap())
            .collect();
        let cases: Vec<_> = trees.iter().map(ValueTree::current).collect();
        if let Err(failure) = agree(&cases) {
            let place = failure
                .place
                .or_else(|| cases.iter().position(|case| agree_on(case).is_err()));
            let place = place.unwrap_or_else(|| panic!("only as a batch: {}", failure.reason));
            panic!("{}", smallest_failure(&mut trees[place]));
        }
    }
}

struct Failure {
    /// Which case of the batch; unknown when Nix itself stopped.
    place: Option<usize>,
    reason: String,
}

/// Asks Nix once about all cases. Nix compares exactly; what it printed is compared again, as far as its six digits
/// of a float go, because that is what the loader reads.
fn agree(cases: &[Case]) -> Result<(), Failure> {
    let asked: Vec<_> = cases.iter().map(Case::with_answers).collect();
    let answers = answers(&asked).map_err(|error| {
        // A batch is too long to print; the single case that stops Nix is found next.
        let case = if let [case] = asked.as_slice() {
            format!("case: {case:#}\n")
        } else {
            String::new()
        };
        Failure {
            place: None,
            reason: format!("{case}nix: {error}"),
        }
    })?;
    for (place, (asked, answer)) in asked
        .iter()
        .zip(answers.as_array().into_iter().flatten())
        .enumerate()
    {
        let printed_alike = same(&asked["rust"], &answer["nix"]);
        if answer["agrees"] != true || !printed_alike {
            let reason = format!("case: {asked:#}\nnix: {:#}", answer["nix"]);
            return Err(Failure {
                place: Some(place),
                reason,
            });
        }
    }
    assert_eq!(answers.as_array().map(Vec::len), Some(cases.len()));
    Ok(())
}

fn agree_on(case: &Case) -> Result<(), Failure> {
    agree(std::slice::from_ref(case))
}

fn answers(asked: &[Value]) -> Result<Value, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("cases.json");
    fs::write(
        &file,
        serde_json::to_vec(asked).map_err(|error| error.to_string())?,
    )
    .map_err(|error| error.to_string())?;
    evaluate(&format!(
        "let
           berth = import ./nix {{ }};
           answer = case: rec {{
             agrees = nix == case.rust;
             nix = rec {{
               result = berth.${{case.builder}} case.name case.config;
               valid = map berth.validateRegistryConfig [ result case.config ];
               needs = map berth.calculateStorageRequirements [ result case.config ];
             }};
           }};
         in
         map answer (builtins.fromJSON (builtins.readFile {}))",
        file.display()
    ))
}

/// Equal, with numbers compared by value and floats to Nix's six digits.
fn same(rust: &Value, nix: &Value) -> bool {
    match (rust, nix) {
        (Value::Object(rust), Value::Object(nix)) => {
            rust.len() == nix.len()
                && rust
                    .iter()
                    .all(|(key, value)| nix.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(rust), Value::Array(nix)) => {
            rust.len() == nix.len() && rust.iter().zip(nix).all(|(rust, nix)| same(rust, nix))
        }
        (Value::Number(rust), Value::Number(nix)) if rust.is_f64() => {
            let (rust, nix) = (
                rust.as_f64().unwrap_or_default(),
                nix.as_f64().unwrap_or_default(),
            );
            (rust - nix).abs() <= rust.abs() * 1e-5
        }
        _ => rust == nix,
    }
}

fn smallest_failure(tree: &mut impl ValueTree<Value = Case>) -> String {
    let mut smallest = agree_on(&tree.current()).err();
    for _ in 0..SHRINKING {
        match agree_on(&tree.current()) {
            Err(failure) => {
                smallest = Some(failure);
                if !tree.simplify() {
                    break;
                }
            }
            Ok(()) => {
                if !tree.complicate() {
                    break;
                }
            }
        }
    }
    smallest.map_or_else(
        || "the failure doesn't come again".to_owned(),
        |failure| failure.reason,
    )
}
