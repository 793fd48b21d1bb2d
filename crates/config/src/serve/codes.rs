//! The codes of what `berth serve` refuses or leaves aside.

use berth_finding::{Finding, Rule};

use crate::document::Document;

pub(crate) const SV_001: Rule = Rule::error(
    "SV-001",
    "the documents declare nothing that `berth serve` can run",
    "`berth serve` is a Docker Registry in this process: it runs a document of kind DockerRegistry. Harbor, Nexus \
     and Artifactory are programs of their own, which Berth deploys to a cluster. `berth init docker` writes a \
     document that can be served.",
);

pub(crate) const SV_002: Rule = Rule::error(
    "SV-002",
    "`berth serve` can't honour a field that was set on purpose",
    "A field that changes what the registry does was set away from its default, and Berth's own engine can't do \
     it (yet). Serving anyway would drop what you asked for in silence. Remove the field, or run the document on a \
     cluster, where Docker's registry honours it.",
);

pub(crate) const SV_003: Rule = Rule::error(
    "SV-003",
    "anybody could push and delete from outside this machine",
    "`auth.enabled: false` lets everybody in. On a loopback address that is this machine alone; on any other it \
     is whoever can connect. Listen on 127.0.0.1, switch authentication on, or say `--allow-anonymous`.",
);

pub(crate) const SV_004: Rule = Rule::error(
    "SV-004",
    "`berth serve` can't verify tokens of that realm",
    "`auth.token.realm` names a token service of yours, and Berth's own engine has no verifier for its tokens yet. \
     Use `auth.scheme: basic` with `auth.htpasswd`, or run the document on a cluster.",
);

pub(crate) const SV_005: Rule = Rule::error(
    "SV-005",
    "a policy that protects can't be enforced yet",
    "A RegistryAccess or a scan policy that blocks applies to this registry, and Berth can't enforce it yet. \
     Serving without it would look protected and not be. Leave the policy out, or say `--ignore-unenforced`: the \
     start and the health answer then repeat what is not enforced.",
);

pub(crate) const SV_006: Rule = Rule::error(
    "SV-006",
    "which registry to serve is not clear",
    "The documents declare several registries that can be served, or none of the name given. Name one of them: \
     `berth serve --registry NAME`.",
);

pub(crate) const SV_007: Rule = Rule::warning(
    "SV-007",
    "a policy is not applied yet",
    "A retention, replication or build document applies to this registry, and Berth can't run it yet. Nothing of it \
     protects, so the registry is served without it.",
);

pub(crate) const SV_008: Rule = Rule::error(
    "SV-008",
    "the secret lies in a cluster, and there is none here",
    "`secretKeyRef` names a Secret of a Kubernetes cluster. `berth serve` runs without one: give the secret as \
     `{file: PATH}` or `{env: NAME}`.",
);

pub(crate) const SV_009: Rule = Rule::error(
    "SV-009",
    "TLS is on without certificate or key",
    "`http.tlsenabled` asks for TLS, and `http.tlscertificate` or `http.tlskey` is missing. Both are needed: PEM, \
     or a file that holds it.",
);

/// The entries of the catalog.
pub(crate) const RULES: &[Rule] = &[
    SV_001, SV_002, SV_003, SV_004, SV_005, SV_006, SV_007, SV_008, SV_009,
];

/// A finding of one of these codes at a field.
pub(crate) fn refuse(document: &Document, path: &str, rule: Rule, message: impl Into<String>) -> Finding {
    document.finding(path, rule.code.as_str(), message)
}
