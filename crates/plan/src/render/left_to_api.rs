//! What manifests can't carry: settings that a product keeps in its own database and takes through its API alone, and
//! what takes jobs beside it. Which they are stands in the table of effects.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use berth_config::effects::{Effect, Pending, effect};

use super::registry::Registry;
use super::{Rendering, codes};

/// How many fields and how many repositories a finding names: it has to stay readable.
const FIELDS: usize = 6;
const REPOSITORIES: usize = 12;

/// Tells which of the fields that were set no object carries, and which repositories the API must make.
pub(crate) fn tell(registry: &Registry<'_>, repositories: &[String], rendering: &mut Rendering<'_>) {
    let document = registry.document;
    let mut left: BTreeMap<Pending, Vec<String>> = BTreeMap::new();
    for path in document.set_paths_in_lists() {
        if let Some(Effect::NotAppliedYet(pending)) = effect(document.kind(), &path) {
            left.entry(pending).or_default().push(path);
        }
    }
    for (pending, paths) in left {
        let Some(first) = paths.first().cloned() else {
            continue;
        };
        let fields: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        let fields = list(&fields, FIELDS);
        let (rule, message, help) = match pending {
            Pending::ProductApi => (
                codes::RN_007,
                format!("not applied: needs `apply` against the product's API: {fields}"),
                "set it in the product's own pages once it runs",
            ),
            other => (
                codes::RN_005,
                format!("not applied: it takes {}: {fields}", other.as_str()),
                "leave it out, or do it by your own means",
            ),
        };
        rendering.tell(document, &first, rule, message).help(help);
    }
    if !repositories.is_empty() {
        let message = format!(
            "the product starts without these repositories, which need `apply` against its API: {}",
            list(repositories, REPOSITORIES)
        );
        rendering
            .tell(document, "repositories", codes::RN_007, message)
            .help("make them in the product's own pages once it runs");
    }
}

/// The first of them, and how many more there are.
fn list(names: &[String], most: usize) -> String {
    let named: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
    let mut named = named.join(", ");
    if names.len() > most {
        // Writing to a string doesn't fail.
        let _ = write!(named, " and {} more", names.len() - most);
    }
    named
}
