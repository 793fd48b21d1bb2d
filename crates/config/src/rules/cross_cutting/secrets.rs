//! Secrets in documents.

use berth_finding::{Level, Rule};

use super::walk::{self, Visit};
use crate::Kind;
use crate::document::{Document, Tree};
use crate::rules::{RuleContext, Sink};
use crate::section::ValueType;

pub(super) const K_012: Rule = Rule::warning(
    "K-012",
    "a secret stands in the document",
    "\
A password or key in a document ends in version control and in every copy of it. It still works: the value goes nowhere
but into a Secret. Name its place instead. Under `--profile prod` this is an error.

    password: {secretKeyRef: {name: registry-user, key: password}}
    password: {env: REGISTRY_PASSWORD}
    password: {file: ./password}
",
)
.in_prod(Level::Error);

pub(super) const K_013: Rule = Rule::error(
    "K-013",
    "a text is too large for a Secret or ConfigMap",
    "\
Kubernetes stores at most 1 MiB in one Secret or ConfigMap, all of its keys together. Mount large bundles from a volume,
or take out what isn't needed.
",
);

/// What one Secret or `ConfigMap` may hold, in bytes.
const MAX_OBJECT_BYTES: usize = 1 << 20;

/// Parts of a name that tell of a secret.
const TELLING: [&str; 7] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "accesskey",
];

/// Names that end in a telling part but hold the name or place of a secret.
const POINTING: [&str; 4] = ["file", "path", "name", "ref"];

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        let mut plain = Vec::new();
        walk::walk(document, &mut |visit| {
            if let Some(what) = plain_secret(document, visit) {
                plain.push((visit.path.to_owned(), what));
            }
        });
        for (path, what) in plain {
            sink.on(document).at(&path, K_012, what).help(
                "write {secretKeyRef: {name: NAME, key: KEY}}, {env: NAME} or {file: PATH} in its place",
            );
        }
        too_large(document, sink);
    }
}

fn plain_secret(document: &Document, visit: &Visit<'_>) -> Option<&'static str> {
    let text = visit.node.text().filter(|text| !text.is_empty())?;
    let name = visit.path.rsplit('.').next().unwrap_or_default();
    match visit.value {
        ValueType::Secret => {
            is_secret(document, visit.path, text).then_some("the secret stands in the document")
        }
        ValueType::Private => tells(name).then_some("this looks like a secret, and stands in the document"),
        _ => None,
    }
}

fn is_secret(document: &Document, path: &str, text: &str) -> bool {
    match document.kind() {
        // Rules of their own: PS-008, and DR-028 for PEM; else it is the path of a file.
        Kind::ImagePullSecret if path == "registry.password" => false,
        Kind::DockerRegistry if path == "http.tlskey" => false,
        // A hash is no password.
        Kind::DockerRegistry if path.starts_with("auth.htpasswd.users.") => !text.starts_with("$2"),
        _ if path.contains(".headers.") => is_credential_header(path),
        _ => true,
    }
}

fn is_credential_header(path: &str) -> bool {
    let header = path.rsplit(".headers.").next().unwrap_or_default();
    let header = header.split('[').next().unwrap_or_default().to_ascii_lowercase();
    header.contains("authorization") || header.contains("cookie") || tells(&header.replace('-', "_"))
}

fn tells(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING.iter().any(|part| name.contains(part)) && !POINTING.iter().any(|end| name.ends_with(end))
}

fn too_large(document: &Document, sink: &mut Sink<'_>) {
    let mut large = Vec::new();
    walk::walk(document, &mut |visit| {
        if matches!(&visit.node.tree, Tree::Text(text) if text.len() >= MAX_OBJECT_BYTES) {
            large.push(visit.path.to_owned());
        }
    });
    for path in large {
        sink.on(document)
            .at(
                &path,
                K_013,
                "the text is larger than a Secret or ConfigMap may be (1 MiB)",
            )
            .help("mount it from a volume, or shorten it");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy, registry};

    #[test]
    fn k_012_fires_on_secrets_in_the_document_and_not_on_places_of_secrets() {
        let plain = registry("storage: {s3: {secretkey: hunter2}}");
        assert_eq!(level_of("K-012", &plain), ["warning", "error"]);
        assert!(fires(
            "K-012",
            &policy("HarborRegistry", "adminPassword: hunter2")
        ));
        assert!(fires(
            "K-012",
            &registry("extraEnv: {REGISTRY_REDIS_PASSWORD: hunter2}")
        ));
        let header = |name: &str| {
            registry(&format!(
                "notifications: {{endpoints: [{{name: a, url: 'https://a/', headers: {{{name}: [x]}}}}]}}"
            ))
        };
        assert!(fires("K-012", &header("Authorization")));
        assert!(!fires("K-012", &header("X-Cluster")));
        for right in [
            "storage: {s3: {secretkey: {env: KEY}, accesskey: {secretKeyRef: {name: s3, key: id}}}}",
            "storage: {s3: {secretkey: ''}}",
            "http: {tlskey: /tls.key}",
            "extraEnv: {LOG_COLOUR: 'true', PASSWORD_FILE: /run/password}",
            "{}",
        ] {
            assert!(!fires("K-012", &registry(right)), "{right}");
        }
    }

    #[test]
    fn k_013_fires_on_texts_above_a_mebibyte_and_not_below() {
        let with = |bytes: usize| registry(&format!("http: {{tlscertificate: '{}'}}", "x".repeat(bytes)));
        assert!(fires("K-013", &with(1 << 20)));
        assert!(!fires("K-013", &with(1000)));
    }
}
