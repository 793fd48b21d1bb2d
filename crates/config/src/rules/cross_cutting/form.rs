//! The form of documents, which the decoder judges.

use berth_finding::Rule;

/// Reported by the decoder.
pub(super) const K_014: Rule = Rule::error(
    "K-014",
    "a field is unknown, stands twice, or holds a value of the wrong type",
    "\
Nothing is dropped in silence, and no type is taken for another: a misspelt field would leave its default in force, and
`version: 2.10` is the number 2.1. Text that looks like a number, true or false goes into quotes. The nearest known name
is told with the finding.

    version: \"2.8\"
    replicas: 1
",
);

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, registry};

    #[test]
    fn k_014_fires_on_unknown_fields_double_keys_and_wrong_types_and_not_on_good_ones() {
        for wrong in [
            "versoin: '2.8'",
            "{replicas: 1, replicas: 2}",
            "version: 2.8",
            "replicas: '1'",
            "storage: []",
        ] {
            assert!(fires("K-014", &registry(wrong)), "{wrong}");
        }
        assert!(!fires("K-014", &registry("{version: '2.8', replicas: 1}")));
    }
}
