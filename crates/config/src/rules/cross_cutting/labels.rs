//! Labels and annotations.

use berth_finding::{Level, Rule};

use crate::Kind;
use crate::document::{Document, Entry, Tree};
use crate::rules::{Out, RuleContext, Sink};

pub(super) const K_007: Rule = Rule::error(
    "K-007",
    "a label or annotation is malformed, or replaces one that is managed",
    "\
Keys are an optional DNS prefix with a slash, then up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at
both ends; label values are the same or empty. All annotations of an object together hold 256 KiB. The
labels app.kubernetes.io/{name, instance, component, managed-by} and applyset.kubernetes.io/... choose which pods belong
together and what is pruned, and can't be set. `framework` and the annotation <product>.io/managed are overruled: a
warning.

    labels: {team: platform}
",
);

/// Where labels and annotations of objects stand.
const LABELS: [&str; 2] = ["labels", "podLabels"];
const ANNOTATIONS: [&str; 6] = [
    "annotations",
    "podAnnotations",
    "exposure.ingress.annotations",
    "exposure.loadBalancer.annotations",
    "persistence.annotations",
    "serviceAccount.annotations",
];

/// Labels by which objects find each other.
const MANAGED: [&str; 4] = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/managed-by",
];

/// What all annotations of an object may hold together, in bytes.
const MAX_ANNOTATION_BYTES: usize = 256 << 10;

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    let registries = context
        .documents
        .iter()
        .filter(|document| document.kind().is_registry());
    for document in registries {
        for path in LABELS {
            for entry in entries(document, path) {
                label(document, path, entry, &mut sink.on(document));
            }
        }
        for path in ANNOTATIONS {
            annotations(document, path, &mut sink.on(document));
        }
    }
}

fn entries<'a>(document: &'a Document, path: &str) -> &'a [Entry] {
    match document.given(path).map(|node| &node.tree) {
        Some(Tree::Map(entries)) => entries,
        _ => &[],
    }
}

fn label(document: &Document, path: &str, entry: &Entry, out: &mut Out<'_, '_>) {
    let (key, value) = (entry.key.as_str(), entry.value.text().unwrap_or_default());
    let at = format!("{path}.{key}");
    if !is_key(key) {
        out.at(&at, K_007, "the key is no key of a label")
            .help("[prefix/]name, of letters, digits, `-`, `_` and `.`");
    } else if !(value.is_empty() || is_name(value)) {
        out.at(&at, K_007, "the value is no value of a label")
            .help("up to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends");
    } else if MANAGED.contains(&key) || key.starts_with("applyset.kubernetes.io/") {
        out.at(&at, K_007, format!("the label `{key}` is managed"))
            .help("take it out");
    } else if key == "framework"
        && document
            .kind()
            .marker()
            .is_some_and(|marker| marker.value != value)
    {
        out.at(&at, K_007, "the label `framework` is overruled")
            .level(Level::Warning)
            .help("take it out");
    }
}

fn annotations(document: &Document, path: &str, out: &mut Out<'_, '_>) {
    let entries = entries(document, path);
    let bytes: usize = entries
        .iter()
        .map(|entry| entry.key.len() + entry.value.text().map_or(0, str::len))
        .sum();
    if bytes > MAX_ANNOTATION_BYTES {
        out.at(path, K_007, "the annotations together hold more than 256 KiB")
            .help("keep them shorter");
    }
    for entry in entries {
        let at = format!("{path}.{}", entry.key);
        if !is_key(&entry.key) {
            out.at(&at, K_007, "the key is no key of an annotation")
                .help("[prefix/]name, of letters, digits, `-`, `_` and `.`");
        } else if Some(entry.key.as_str()) == managed_annotation(document.kind())
            && entry.value.text() != Some("true")
        {
            out.at(&at, K_007, "the annotation is overruled by `true`")
                .level(Level::Warning)
                .help("take it out");
        }
    }
}

const fn managed_annotation(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DockerRegistry => Some("registry.io/managed"),
        Kind::HarborRegistry => Some("harbor.io/managed"),
        Kind::NexusRegistry => Some("nexus.io/managed"),
        Kind::ArtifactoryRegistry => Some("artifactory.io/managed"),
        _ => None,
    }
}

fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_prefix(prefix) && is_name(name),
        None => is_name(key),
    }
}

fn is_prefix(prefix: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        label.bytes().all(|byte| inner(byte) || byte == b'-')
            && label.bytes().next().is_some_and(inner)
            && label.bytes().last().is_some_and(inner)
    };
    prefix.len() <= 253 && prefix.split('.').all(label)
}

fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() <= 63
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    #[test]
    fn k_007_fires_on_malformed_and_managed_labels_and_not_on_good_ones() {
        for wrong in [
            "labels: {-team: a}",
            "labels: {team: 'a b'}",
            "labels: {Example.com/team: a}",
            "labels: {app.kubernetes.io/name: mine}",
            "podLabels: {applyset.kubernetes.io/part-of: mine}",
            "annotations: {'a b': c}",
        ] {
            assert_eq!(level_of("K-007", &registry(wrong)), ["error", "error"], "{wrong}");
        }
        for right in [
            "labels: {team: platform, example.com/cost_center: '42', empty: ''}",
            "labels: {app.kubernetes.io/part-of: platform}",
            "annotations: {example.com/note: any text at all}",
            "{}",
        ] {
            assert!(!fires("K-007", &registry(right)), "{right}");
        }
    }

    #[test]
    fn k_007_warns_of_what_is_overruled_and_lets_the_builder_s_own_pass() {
        assert_eq!(
            level_of("K-007", &registry("labels: {framework: mine}")),
            ["warning", "warning"]
        );
        assert_eq!(
            level_of("K-007", &registry("annotations: {registry.io/managed: 'false'}")),
            ["warning", "warning"]
        );
        let own = "{labels: {framework: docker-registry}, annotations: {registry.io/managed: 'true'}}";
        assert!(!fires("K-007", &registry(own)));
    }

    #[test]
    fn k_007_fires_on_too_much_annotation() {
        let note = "x".repeat(257 << 10);
        assert!(fires(
            "K-007",
            &registry(&format!("annotations: {{note: '{note}'}}"))
        ));
    }
}
