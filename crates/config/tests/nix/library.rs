//! The parts of the Nix library that have no documentation block of their own.

use berth_config::builders;
use serde_json::json;

use crate::evaluate::{evaluate, nix_is_here, value_of};

#[test]
fn the_library_takes_a_lib_and_does_without() {
    if !nix_is_here() {
        return;
    }
    let names = value_of("builtins.attrNames (import ./nix { })");
    assert_eq!(
        value_of("builtins.attrNames (import ./nix { lib = { }; })"),
        names
    );
    assert_eq!(
        value_of("let lib = { }; in builtins.attrNames (import ./nix { inherit lib; })"),
        names
    );
}

#[test]
fn framework_is_the_same_in_rust_and_nix() {
    if !nix_is_here() {
        return;
    }
    assert_eq!(value_of("(import ./nix { }).framework"), builders::framework());
}

#[test]
fn an_rbac_policy_reads_by_default_and_takes_other_verbs() {
    if !nix_is_here() {
        return;
    }
    let built = value_of(
        r#"with import ./nix { }; [
             (mkRBACPolicy "admin" { resources = [ "secrets" ]; berthType = "mine"; })
             (mkRBACPolicy "admin" { verbs = [ "delete" ]; name = "other"; }) ]"#,
    );
    assert_eq!(
        built[0],
        json!({
            "berthType": "rbac-policy", "name": "admin", "subjects": [],
            "resources": ["secrets"], "verbs": ["get", "list", "watch"],
        })
    );
    assert_eq!(built[1]["verbs"], json!(["delete"]));
    assert_eq!(built[1]["name"], "other");
}

#[test]
fn a_security_scan_and_a_cost_allocation_carry_their_marker() {
    if !nix_is_here() {
        return;
    }
    let built = value_of(
        r#"with import ./nix { }; [
             (mkSecurityScan { scanTargets = [ "hub" ]; })
             (mkCostAllocation { costCenter = "platform"; }) ]"#,
    );
    assert_eq!(
        built,
        json!([
            {"berthType": "security-scan", "scanType": "image-scan", "scanTargets": ["hub"]},
            {"berthType": "cost-allocation", "costCenter": "platform"},
        ])
    );
}

#[test]
fn a_config_that_is_no_attribute_set_is_named_in_the_error() {
    if !nix_is_here() {
        return;
    }
    let error = evaluate(r#"(import ./nix { }).mkHarborRegistry "hub" 5"#).unwrap_err();
    assert!(
        error.contains("mkHarborRegistry: the config of `hub` is an integer, expected an attribute set"),
        "{error}"
    );
}

#[test]
fn validation_and_estimate_answer_for_anything() {
    if !nix_is_here() {
        return;
    }
    for config in [
        json!(5),
        json!(null),
        json!([]),
        json!("x"),
        json!({"framework": null}),
    ] {
        let nix = value_of(&format!(
            "with import ./nix {{ }}; let c = builtins.fromJSON ''{config}''; in \
             [ (validateRegistryConfig c) (calculateStorageRequirements c) ]"
        ));
        assert_eq!(
            nix[0],
            json!(builders::validate_registry_config(&config)),
            "{config}"
        );
        assert_eq!(
            nix[1],
            json!(builders::calculate_storage_requirements(&config)),
            "{config}"
        );
    }
}

#[test]
fn the_flake_gives_the_library_and_a_check_for_each_system() {
    if !nix_is_here() {
        return;
    }
    let flake = value_of(
        "let outputs = (import ./flake.nix).outputs { self = outputs; }; in {
           names = builtins.attrNames outputs.lib == builtins.attrNames (import ./nix { });
           checks = builtins.mapAttrs (system: checks: checks.builders.name) outputs.checks;
         }",
    );
    assert_eq!(flake["names"], true);
    assert_eq!(flake["checks"]["x86_64-linux"], "berth-builders");
    assert_eq!(flake["checks"]["aarch64-darwin"], "berth-builders");
}
