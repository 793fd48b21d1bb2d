//! The installation: which policy applies to which registry.

use crate::Kind;
use crate::document::Document;
use crate::rules::{RuleContext, Sink};

/// Judges how the documents stand to each other.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        names_known_registries(context, document, sink);
        has_one_namespace(document, sink);
    }
}

/// The registries that a policy applies to: those it names, else all.
pub fn registries_of<'a>(documents: &'a [Document], policy: &Document) -> Vec<&'a Document> {
    let Some(names) = policy.spec.registries() else {
        return Vec::new();
    };
    let all = documents.iter().filter(|document| document.kind().is_registry());
    all.filter(|registry| names.is_empty() || names.iter().any(|name| registry.answers_to(name)))
        .collect()
}

/// The policies of a kind that apply to a registry.
pub fn policies_for<'a>(documents: &'a [Document], registry: &Document, kind: Kind) -> Vec<&'a Document> {
    let of_kind = documents.iter().filter(|document| document.kind() == kind);
    of_kind
        .filter(|policy| match policy.spec.registries() {
            Some(names) => names.is_empty() || names.iter().any(|name| registry.answers_to(name)),
            None => false,
        })
        .collect()
}

fn names_known_registries(context: &RuleContext<'_>, policy: &Document, sink: &mut Sink<'_>) {
    for (index, name) in policy.spec.registries().unwrap_or_default().iter().enumerate() {
        let mut registries = context
            .documents
            .iter()
            .filter(|other| other.kind().is_registry());
        if registries.any(|registry| registry.answers_to(name)) {
            continue;
        }
        let names = context
            .registries()
            .map(|(document, _)| document.base_name.as_str());
        let help = match crate::document::nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a registry of this installation".to_owned(),
        };
        sink.on(policy)
            .at(
                &format!("registries[{index}]"),
                crate::document::codes::DOC_016,
                format!("there is no registry `{name}` in this installation"),
            )
            .help(help);
    }
}

fn has_one_namespace(document: &Document, sink: &mut Sink<'_>) {
    let Some(outer) = document
        .metadata
        .namespace
        .as_ref()
        .map(crate::value::Written::text)
    else {
        return;
    };
    let Some(workload) = document.spec.workload() else {
        return;
    };
    let inner = workload.namespace.text();
    if outer != inner {
        sink.on(document)
            .at(
                "metadata.namespace",
                crate::document::codes::DOC_015,
                format!("`metadata.namespace` is `{outer}`, but `spec.namespace` is `{inner}`"),
            )
            .help("`spec.namespace` wins; make them equal, or leave `metadata.namespace` out");
    }
}
