//! `berth explain`.

use berth_plan::catalog;

use crate::scene::Scene;

#[test]
fn every_code_of_the_catalog_is_explained() {
    let scene = Scene::new();
    for rule in catalog().rules() {
        let page = scene.berth(&["explain", rule.code.as_str()]).result();
        let first = page.lines().next().unwrap_or_default();
        assert_eq!(first, format!("{}: {}", rule.code, rule.summary));
        assert!(page.contains(rule.explain.trim()), "{page}");
        let raised = rule.level != rule.prod_level;
        assert_eq!(page.contains("under --profile prod\n"), raised, "{page}");
    }
}

#[test]
fn without_a_code_all_are_listed_in_order() {
    let list = Scene::new().berth(&["explain"]).result();
    let listed: Vec<_> = list.lines().map(|line| line.split(' ').next().unwrap()).collect();
    let all = catalog();
    let codes: Vec<_> = all.rules().iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(listed, codes);
    for (line, rule) in list.lines().zip(all.rules()) {
        assert!(line.ends_with(rule.summary), "{line}");
    }
}

#[test]
fn a_page_tells_level_reason_and_way_out() {
    insta::assert_snapshot!("explain_page", Scene::new().berth(&["explain", "dr-017"]));
}

#[test]
fn an_unknown_code_is_wrong_usage_and_the_nearest_is_told() {
    let scene = Scene::new();
    scene
        .berth(&["explain", "DR-O17"])
        .refused(64, &["there is no code DR-O17; did you mean DR-017?"]);
    scene.berth(&["explain", "dr17"]).refused(64, &["DR-017"]);
    scene
        .berth(&["explain", "banana"])
        .refused(64, &["`berth explain` lists them"]);
}
