//! `docs/charts.md`, held to what is rendered: what it says that Berth renders in the place of a chart's object is in some
//! sample, and what Berth lacks has a reason.

use std::collections::BTreeSet;

use crate::explained::renderings;

const TABLE: &str = include_str!("../../../../docs/charts.md");
const PRODUCTS: [&str; 4] = ["docker-registry", "harbor", "nexus", "artifactory"];
const INSTANCE: &str = "app.kubernetes.io/instance";

/// Kinds and what follows the registry's name: `Deployment -core`, `Deployment`.
fn rendered_for(product: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, objects) in renderings() {
        for object in objects {
            let metadata = object.metadata();
            let is_own = metadata
                .labels
                .get("framework")
                .is_some_and(|framework| framework == product);
            let Some(instance) = metadata.labels.get(INSTANCE).filter(|_| is_own) else {
                continue;
            };
            let suffix = metadata.name.strip_prefix(instance.as_str()).unwrap();
            found.insert(
                format!("{} {}", object.kind(), without_digest(suffix))
                    .trim()
                    .to_owned(),
            );
        }
    }
    found
}

/// A Job is named by a digest of what it does.
fn without_digest(suffix: &str) -> String {
    match suffix.rsplit_once('-') {
        Some((name, digest)) if digest.len() == 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{name}-HASH")
        }
        _ => suffix.to_owned(),
    }
}

/// The section of a product.
fn section(product: &str) -> &'static str {
    let start = TABLE.find(&format!("\n## {product}\n")).unwrap() + 4;
    let rest = &TABLE[start..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// The rows: the chart's object, Berth's, and what is different.
fn rows(product: &str) -> Vec<[&'static str; 3]> {
    let lines = section(product).lines().filter(|line| line.starts_with("| "));
    let rows: Vec<_> = lines
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            <[&str; 3]>::try_from(cells).unwrap_or_else(|cells| panic!("{product}: {cells:?}"))
        })
        .collect();
    assert!(rows.len() > 10, "{product}");
    rows
}

/// What stands in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn what_the_table_says_that_berth_renders_is_rendered() {
    for product in PRODUCTS {
        let rendered = rendered_for(product);
        let (_, beyond) = section(product).split_once("\nBeyond the chart").unwrap();
        let rows = rows(product);
        let named = rows
            .iter()
            .flat_map(|[_, berth, _]| quoted(berth))
            .chain(quoted(beyond));
        let missing: Vec<_> = named.filter(|name| !rendered.contains(*name)).collect();
        assert!(
            missing.is_empty(),
            "{product}: no sample renders {missing:?}; there are {rendered:?}"
        );
    }
}

#[test]
fn what_berth_lacks_beside_the_charts_has_a_reason() {
    for product in PRODUCTS {
        for [chart, berth, difference] in rows(product) {
            let is_named = quoted(berth).next().is_some();
            assert!(is_named != (berth == "none"), "{product}: {chart}: {berth}");
            let has_reason = difference.split_whitespace().count() >= 5;
            assert!(is_named || has_reason, "{product}: {chart}: why is there none?");
        }
    }
}

#[test]
fn every_kind_that_is_rendered_stands_in_the_table() {
    for product in PRODUCTS {
        let section = section(product);
        let kinds: BTreeSet<_> = quoted(section)
            .filter_map(|name| name.split(' ').next())
            .collect();
        let rendered = rendered_for(product);
        let missing: Vec<_> = rendered
            .iter()
            .filter(|name| name.split(' ').next().is_some_and(|kind| !kinds.contains(kind)))
            .collect();
        assert!(missing.is_empty(), "{product}: {missing:?} stand nowhere");
    }
}
