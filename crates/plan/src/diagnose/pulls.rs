//! Images that can't be pulled: the pull secret, what is in it, and what the registry said to the node.

use berth_config::Spec;
use berth_finding::Rule;
use serde_json::Value as Json;

use super::pods::{PULL_FAILED, name};
use super::pull_secret::{host_of, host_of_server};
use super::seen::{list, text};
use super::{Patient, Seen, codes};

/// The pull secrets of a document, and the pods of its namespaces that wait for an image of its registry.
pub(super) fn diagnose(patient: &mut Patient<'_>) {
    let Spec::ImagePullSecret(spec) = &patient.document.spec else {
        return;
    };
    let secret = spec.secret_name.text();
    for namespace in spec.all_namespaces() {
        declared(patient, namespace, secret, host_of_server(&spec.registry.server));
        let seen = patient.seen;
        let pods = seen
            .pods
            .iter()
            .filter(|pod| text(pod, "/metadata/namespace") == namespace);
        for pod in pods {
            waiting(patient, pod, host_of_server(&spec.registry.server));
        }
    }
}

/// The Secret that a document declares: there, well formed, for its server.
fn declared(patient: &mut Patient<'_>, namespace: &str, name: &str, server: &str) {
    let at = format!("Secret {namespace}/{name}");
    let seen = patient.seen;
    let found = seen
        .pull_secrets
        .iter()
        .find(|secret| secret.namespace == namespace && secret.name == name);
    let Some(secret) = found else {
        return patient.tell(
            codes::DG_012,
            format!("{at} isn't in the cluster"),
            "run `berth apply`",
        );
    };
    match (&secret.hosts, secret.entry(server)) {
        (Err(fault), _) => patient.tell(
            codes::DG_013,
            format!("{at} is no use for pulling: {fault}"),
            "run `berth apply`: it writes it anew",
        ),
        (Ok(hosts), None) => patient.tell(
            codes::DG_014,
            format!("{at} has no entry for {server}, only for {}", servers(hosts)),
            "run `berth apply`: it writes it anew",
        ),
        (Ok(_), Some(entry)) if entry.user.is_empty() || !entry.has_password => patient.tell(
            codes::DG_013,
            format!("{at} has an entry for {server} without user or password"),
            "set `registry.username` and `registry.password`",
        ),
        _ => {}
    }
}

fn servers(hosts: &[super::PullSecretHost]) -> String {
    let servers: Vec<&str> = hosts.iter().map(|host| host.server.as_str()).collect();
    if servers.is_empty() {
        "none at all".to_owned()
    } else {
        servers.join(", ")
    }
}

/// A pod that waits for an image of the server.
fn waiting(patient: &mut Patient<'_>, pod: &Json, server: &str) {
    let statuses = list(pod, "/status/initContainerStatuses").iter();
    for status in statuses.chain(list(pod, "/status/containerStatuses")) {
        let image = text(status, "/image");
        if !PULL_FAILED.contains(&text(status, "/state/waiting/reason")) || host_of(image) != server {
            continue;
        }
        let told = told(patient.seen, pod, text(status, "/state/waiting/message"));
        let (rule, help) = cause(&told);
        let missing = if rule.code == codes::DG_015.code {
            without_secret(patient.seen, pod, server)
        } else {
            None
        };
        let (rule, why, help) = match missing {
            Some((rule, why)) => (rule, why, help_for_secret(rule)),
            None => (rule, told, help),
        };
        patient.tell(rule, format!("{} can't pull {image}: {why}", name(pod)), help);
    }
}

fn help_for_secret(rule: Rule) -> &'static str {
    if rule.code == codes::DG_012.code {
        "add the pod's namespace to `namespaces`, and its account to `serviceAccounts`, of an ImagePullSecret"
    } else {
        "declare an ImagePullSecret for this server, and attach it by `serviceAccounts`"
    }
}

/// Why an image isn't there, in the words of the runtime.
pub(super) fn why(seen: &Seen, pod: &Json, message: &str) -> String {
    told(seen, pod, message)
}

/// The kubelet's `ImagePullBackOff` says only that it waits; the event before it has the runtime's own words.
fn told(seen: &Seen, pod: &Json, message: &str) -> String {
    let (namespace, pod_name) = (text(pod, "/metadata/namespace"), text(pod, "/metadata/name"));
    let mut events = seen.events.iter().rev().filter(|event| {
        text(event, "/involvedObject/kind") == "Pod"
            && text(event, "/involvedObject/name") == pod_name
            && text(event, "/metadata/namespace") == namespace
            && text(event, "/message").starts_with("Failed to pull image")
    });
    let event = events.next().map(|event| text(event, "/message"));
    event.unwrap_or(message).to_owned()
}

/// What the runtime's words come to.
fn cause(told: &str) -> (Rule, &'static str) {
    let lower = told.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&[
        "401",
        "403",
        "unauthorized",
        "authorization failed",
        "access denied",
        "no basic auth",
        "forbidden",
    ]) {
        return (codes::DG_015, "check user, password and rights at the registry");
    }
    if has(&["not found", "manifest unknown", "404", "name unknown"]) {
        return (codes::DG_016, "push it, or mend the image's name");
    }
    let help = if has(&["no such host", "server misbehaving", "name resolution"]) {
        "the node can't resolve the name: nodes don't ask the cluster's DNS; use a name or address that they know"
    } else if has(&["x509", "certificate"]) {
        "the node's runtime doesn't trust the certificate: give it the authority, or a certificate of a known one"
    } else if has(&["gave http response to https client"]) {
        "the registry speaks plain HTTP and the node's runtime expects TLS: turn TLS on, or tell the runtime"
    } else if has(&["connection refused"]) {
        "nothing listens there: check the Service's or ingress's port as seen from the node"
    } else {
        "check from a node that the registry can be reached: curl -v https://SERVER/v2/"
    };
    (codes::DG_017, help)
}

/// What is wrong with the pull secrets of a pod, seen from an image's host.
fn without_secret(seen: &Seen, pod: &Json, server: &str) -> Option<(Rule, String)> {
    let namespace = text(pod, "/metadata/namespace");
    let account_name = match text(pod, "/spec/serviceAccountName") {
        "" => "default",
        account => account,
    };
    // The admission has copied the account's pull secrets to the pod when it was made.
    let named: Vec<&str> = list(pod, "/spec/imagePullSecrets")
        .iter()
        .map(|reference| text(reference, "/name"))
        .collect();
    if named.is_empty() {
        let why = format!("it has no pull secret, and neither has its account `{account_name}`");
        return Some((codes::DG_014, why));
    }
    let there = |name: &&str| {
        seen.pull_secrets
            .iter()
            .find(|secret| secret.namespace == namespace && secret.name == *name)
    };
    if named
        .iter()
        .filter_map(there)
        .any(|secret| secret.entry(server).is_some())
    {
        return None;
    }
    match named.iter().find(|name| there(name).is_none()) {
        Some(name) => Some((
            codes::DG_012,
            format!("its pull secret `{name}` isn't in the namespace `{namespace}`"),
        )),
        None => Some((
            codes::DG_014,
            format!("none of its pull secrets ({}) is for {server}", named.join(", ")),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_s_words_are_told_apart() {
        for (told, rule) in [
            (
                "failed to authorize: failed to fetch oauth token: 401 Unauthorized",
                codes::DG_015,
            ),
            (
                "pull access denied, repository does not exist or may require authorization",
                codes::DG_015,
            ),
            (
                "failed to resolve reference \"r/a:b\": r/a:b: not found",
                codes::DG_016,
            ),
            ("dial tcp: lookup r.example: no such host", codes::DG_017),
            ("http: server gave HTTP response to HTTPS client", codes::DG_017),
            (
                "tls: failed to verify certificate: x509: certificate signed by unknown authority",
                codes::DG_017,
            ),
        ] {
            assert_eq!(cause(told).0.code, rule.code, "{told}");
        }
    }
}
