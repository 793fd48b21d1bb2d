use std::collections::BTreeMap;

use berth_finding::Rule;

use super::{Effect, Pending, effect};
use crate::document::Document;
use crate::rules::{RuleContext, Sink};

const NY_001: Rule = Rule::info(
    "NY-001",
    "a field is not applied yet",
    "Berth reads and checks the field, and nothing applies it yet: the message says what will. Nothing is \
     dropped in silence; each version of Berth leaves fewer of these. Until then, apply it by the \
     product's own means, or leave it out.",
);

const NY_002: Rule = Rule::warning(
    "NY-002",
    "a policy is not applied yet",
    "Berth reads and checks the policy, and nothing carries it out yet: the message says what will. Don't \
     rely on it. `berth serve` refuses to run under a policy that protects and can't be enforced.",
);

/// The entries of the catalog.
pub(crate) const RULES: &[Rule] = &[NY_001, NY_002];

/// How many fields a finding names.
const NAMED: usize = 12;

/// Tells of what isn't applied yet: the fields that were set on purpose, and of policies that nothing
/// carries out the whole.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        let mut pending = pending_fields(document);
        let rules = pending.remove(&Pending::Access);
        if let Some(by) = super::policy_pending(document.kind()) {
            tell_policy(document, by, &pending, sink);
        } else if let Some(rules) = rules {
            tell_policy(
                document,
                Pending::Access,
                &[(Pending::Access, rules)].into(),
                sink,
            );
        } else {
            for (pending, fields) in pending {
                tell_fields(document, pending, &fields, sink);
            }
        }
    }
}

fn pending_fields(document: &Document) -> BTreeMap<Pending, Vec<String>> {
    let mut fields: BTreeMap<Pending, Vec<String>> = BTreeMap::new();
    for path in document.set_paths_in_lists() {
        if let Some(Effect::NotAppliedYet(pending)) = effect(document.kind(), &path) {
            fields.entry(pending).or_default().push(path);
        }
    }
    fields
}

fn tell_fields(document: &Document, pending: Pending, fields: &[String], sink: &mut Sink<'_>) {
    let Some(first) = fields.first() else {
        return;
    };
    let message = format!("not applied yet: {}", list(fields));
    let help = format!(
        "it takes {} to apply, which Berth doesn't do yet",
        pending.as_str()
    );
    sink.on(document).at(first, NY_001, message).help(help);
}

fn tell_policy(
    document: &Document,
    by: Pending,
    pending: &BTreeMap<Pending, Vec<String>>,
    sink: &mut Sink<'_>,
) {
    let fields: Vec<String> = pending.values().flatten().cloned().collect();
    let message = if fields.is_empty() {
        format!("{} is not applied yet", document.title())
    } else {
        format!("{} is not applied yet, with {}", document.title(), list(&fields))
    };
    let help = format!("it takes {}, which Berth doesn't do yet", by.as_str());
    sink.on(document).at("kind", NY_002, message).help(help);
}

fn list(fields: &[String]) -> String {
    let named: Vec<String> = fields
        .iter()
        .take(NAMED)
        .map(|field| format!("`{field}`"))
        .collect();
    let named = named.join(", ");
    match fields.len().checked_sub(NAMED) {
        None | Some(0) => named,
        Some(more) => format!("{named} and {more} more"),
    }
}
