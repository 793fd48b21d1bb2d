//! Installations become Kubernetes objects, or the files that products read on a host: rendered, in a documented order,
//! the same bytes each time.
//!
//! Documents and secrets go in, objects or files and findings come out. It must not know files, the network, a cluster,
//! a clock or randomness: a secret that nobody gave is asked for through [`render::SecretSource`], and what is
//! to be made once is only described.

#![expect(clippy::doc_markdown, reason = "the names of Kubernetes' kinds stand bare")]

mod certificate;
pub mod change;
pub mod checklist;
pub mod collection;
pub mod diagnose;
pub mod managed_fields;
pub mod native;
pub mod needs;
pub mod object;
pub mod output;
pub mod readiness;
pub mod render;
pub mod rotation;
pub mod status;

use berth_finding::Catalog;

/// All codes: those of documents, and those of what becomes of them.
pub fn catalog() -> Catalog {
    let documents = berth_config::rules::catalog();
    Catalog::new(
        documents
            .rules()
            .iter()
            .copied()
            .chain(render::RULES.iter().copied())
            .chain(diagnose::RULES.iter().copied())
            .chain(native::RULES.iter().copied()),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_stands_in_the_catalog_once_and_is_explained() {
        let catalog = catalog();
        let mut seen = BTreeSet::new();
        for rule in catalog.rules() {
            assert!(seen.insert(rule.code), "{} stands twice", rule.code);
            assert!(rule.explain.len() > 40, "{} is hardly explained", rule.code);
        }
        assert!(seen.iter().any(|code| code.as_str() == "RN-001"));
    }
}
