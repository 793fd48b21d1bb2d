use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use berth_config::document::{Document, Documents};
use berth_config::sections::ImagePullSecret;
use berth_config::{Spec, registries_of};
use serde_json::{Map, Value as Json, json};

use super::owned;
use crate::object::{LocalReference, Metadata, Object, Secret, SecretText, ServiceAccount};
use crate::render::registry::MANAGED_BY;
use crate::render::{Rendering, codes};

/// Docker Hub's entry, and the names that stand for it.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";
const DOCKER_HUB_NAMES: [&str; 4] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "index.docker.io/v1",
];

/// Says of a ServiceAccount that somebody else made it, and that its pull secrets alone are set.
const ATTACHED: (&str, &str) = ("berth.dev/attached", "imagePullSecrets");

/// A pull secret: the same Secret in each namespace that is asked for.
pub(super) fn render(document: &Document, spec: &ImagePullSecret, rendering: &mut Rendering<'_>) {
    if spec.robot.is_some() {
        rendering
            .tell(
                document,
                "robot",
                codes::RN_007,
                "the registry's own API makes the robot",
            )
            .help("make it there, and give its name and its secret in `registry`");
    }
    let Some(config) = docker_config(document, spec, rendering) else {
        return;
    };
    for namespace in spec.all_namespaces() {
        let metadata = owned::metadata(rendering.documents, document, spec.secret_name.text(), namespace);
        let secret = Secret::docker_config(config.clone());
        rendering.add(document, Object::new(metadata, &secret));
    }
}

/// The pull secrets that documents attach to a service account, in the order of their names.
pub(in crate::render) fn attached(documents: &Documents, namespace: &str, account: &str) -> BTreeSet<String> {
    let at = (namespace.to_owned(), account.to_owned());
    by_account(documents).remove(&at).unwrap_or_default()
}

/// Attaches pull secrets to the service accounts that aren't rendered otherwise: what is set of those is the list of
/// their pull secrets, and nothing else.
pub(in crate::render) fn attachments(rendering: &mut Rendering<'_>) {
    for ((namespace, account), secrets) in by_account(rendering.documents) {
        let key = ("ServiceAccount", Some(namespace.as_str()), account.as_str());
        if rendering.rendered.objects.lookup(key.0, key.1, key.2).is_some() {
            continue;
        }
        let Some(document) = first_of(rendering.documents, &namespace, &account) else {
            continue;
        };
        let mut metadata = Metadata::named(&account).within(&namespace).annotated([ATTACHED]);
        metadata
            .labels
            .insert(MANAGED_BY.0.to_owned(), MANAGED_BY.1.to_owned());
        let object = ServiceAccount {
            automount_service_account_token: None,
            image_pull_secrets: secrets.into_iter().map(|name| LocalReference { name }).collect(),
        };
        rendering.add(document, Object::new(metadata, &object));
    }
}

fn by_account(documents: &Documents) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut accounts: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (_, spec) in pull_secrets(documents) {
        for namespace in spec.all_namespaces() {
            for account in &spec.service_accounts {
                accounts
                    .entry((namespace.to_owned(), account.clone()))
                    .or_default()
                    .insert(spec.secret_name.text().to_owned());
            }
        }
    }
    accounts
}

fn first_of<'a>(documents: &'a Documents, namespace: &str, account: &str) -> Option<&'a Document> {
    let mut all = pull_secrets(documents);
    let asks = |spec: &ImagePullSecret| {
        spec.all_namespaces().contains(namespace) && spec.service_accounts.iter().any(|name| name == account)
    };
    all.find(|(_, spec)| asks(spec)).map(|(document, _)| document)
}

fn pull_secrets(documents: &Documents) -> impl Iterator<Item = (&Document, &ImagePullSecret)> {
    documents
        .documents
        .iter()
        .filter_map(|document| match &document.spec {
            Spec::ImagePullSecret(spec) => Some((document, &**spec)),
            _ => None,
        })
}

/// What the kubelet reads; `None` where there is no user to put into it, or no password to be had.
fn docker_config(
    document: &Document,
    spec: &ImagePullSecret,
    rendering: &mut Rendering<'_>,
) -> Option<SecretText> {
    let given = &spec.registry;
    if given.username.is_empty() || given.password.is_empty() {
        // PS-003 says what is missing.
        return None;
    }
    let password = rendering.value(document, "registry.password", &given.password)?;
    let pair = format!("{}:{}", given.username, password.reveal());
    let mut entry = json!({
        "username": given.username,
        "password": password.reveal(),
        "auth": STANDARD.encode(pair),
    });
    if !given.email.is_empty() {
        entry["email"] = given.email.as_str().into();
    }
    let servers = servers(document, spec, rendering.documents);
    let entries: Map<String, Json> = servers
        .into_iter()
        .map(|server| (server, entry.clone()))
        .collect();
    Some(json!({"auths": entries}).to_string().into())
}

/// The entries that the secret is for: the server that is given, else those by which clients know the registries that
/// it names.
fn servers(document: &Document, spec: &ImagePullSecret, documents: &Documents) -> BTreeSet<String> {
    if !document.is_set("registry.server") && !spec.registries.is_empty() {
        let registries = registries_of(&documents.documents, document);
        let hosts: BTreeSet<String> = registries.into_iter().filter_map(host_of).collect();
        if !hosts.is_empty() {
            return hosts;
        }
    }
    [entry_of(&spec.registry.server)].into()
}

/// The host by which clients know a registry.
pub(super) fn host_of(registry: &Document) -> Option<String> {
    let workload = registry.spec.workload()?;
    if let Some(url) = workload.external_url.and_then(|url| url.value()) {
        let port = url
            .explicit_port()
            .map_or_else(String::new, |port| format!(":{port}"));
        return Some(format!("{}{port}", url.host()));
    }
    let exposure = workload.exposure?;
    let ingress = exposure.ingress.as_ref().map(|ingress| &ingress.host);
    let gateway = exposure.gateway.as_ref().map(|gateway| &gateway.host);
    ingress.or(gateway).filter(|host| !host.is_empty()).cloned()
}

/// The server as the kubelet looks it up: without a scheme, but for Docker Hub.
fn entry_of(server: &str) -> String {
    let bare = server.split_once("://").map_or(server, |(_, rest)| rest);
    let bare = bare.trim_end_matches('/');
    if DOCKER_HUB_NAMES.contains(&bare) {
        DOCKER_HUB.to_owned()
    } else {
        bare.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_hub_has_one_entry_by_whatever_name_and_others_have_no_scheme() {
        for name in [
            "docker.io",
            "https://index.docker.io/v1/",
            "registry-1.docker.io",
            "https://docker.io",
        ] {
            assert_eq!(entry_of(name), "https://index.docker.io/v1/", "{name}");
        }
        assert_eq!(
            entry_of("https://registry.example.com:5000/"),
            "registry.example.com:5000"
        );
        assert_eq!(entry_of("registry.example.com"), "registry.example.com");
    }
}
