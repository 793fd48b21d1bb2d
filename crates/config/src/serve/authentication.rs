use std::fmt;
use std::path::PathBuf;

use berth_finding::Finding;
use indexmap::IndexMap;

use super::ServeOptions;
use super::codes::{SV_002, SV_003, SV_004, SV_008, refuse};
use crate::document::Document;
use crate::sections::DockerRegistry;
use crate::value::{AuthScheme, HostPort, SecretValue};

/// Who is let in.
#[derive(Clone, Debug, PartialEq)]
pub enum Authentication {
    /// Everybody.
    Anonymous,
    /// The users of a password file, read again when it changes.
    PasswordFile(PathBuf),
    /// Users by the bcrypt hashes of their passwords.
    Users(IndexMap<String, SecretValue>),
    /// `admin`, with a password made at the first start and told once.
    MadeOnceAdmin,
}

impl fmt::Display for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("no login"),
            Self::PasswordFile(path) => write!(f, "users of {}", path.display()),
            Self::Users(users) => write!(f, "users of the document ({})", users.len()),
            Self::MadeOnceAdmin => f.write_str("user `admin`, with a password made at the first start"),
        }
    }
}

pub(super) fn of(
    document: &Document,
    spec: &DockerRegistry,
    listen: &HostPort,
    options: &ServeOptions,
    findings: &mut Vec<Finding>,
) -> Authentication {
    let scheme = spec.auth.scheme.value().copied().unwrap_or(AuthScheme::Bearer);
    if !spec.auth.enabled || scheme == AuthScheme::None {
        if !listen.is_loopback() && !options.allow_anonymous {
            findings.push(open_to_all(document));
        }
        return Authentication::Anonymous;
    }
    match scheme {
        AuthScheme::Bearer if document.is_set("auth.token.realm") => {
            let message = "tokens of this realm can't be verified by `berth serve`";
            let help = "use `auth.scheme: basic`, or leave the realm out";
            findings.push(refuse(document, "auth.token.realm", SV_004, message).help(help));
        }
        AuthScheme::Silly => {
            let message = "`silly` lets in whoever sends any header, which `berth serve` doesn't do";
            let help = "use `auth.enabled: false` for no login, or `auth.scheme: basic`";
            findings.push(refuse(document, "auth.scheme", SV_002, message).help(help));
        }
        AuthScheme::Bearer | AuthScheme::Basic | AuthScheme::None => {}
    }
    users(document, spec, findings)
}

fn open_to_all(document: &Document) -> Finding {
    refuse(
        document,
        "auth.enabled",
        SV_003,
        "no login, on an address that others can reach",
    )
    .help("listen on 127.0.0.1, or switch `auth.enabled` on, or say --allow-anonymous")
}

fn users(document: &Document, spec: &DockerRegistry, findings: &mut Vec<Finding>) -> Authentication {
    let Some(htpasswd) = &spec.auth.htpasswd else {
        return Authentication::MadeOnceAdmin;
    };
    if let Some(path) = htpasswd.path.as_deref().filter(|path| !path.is_empty()) {
        if !htpasswd.users.is_empty() {
            let message = "`path` and `users` are both given, and one of them would be left out";
            findings
                .push(refuse(document, "auth.htpasswd.users", SV_002, message).help("keep one of the two"));
        }
        return Authentication::PasswordFile(PathBuf::from(path));
    }
    if htpasswd.users.is_empty() {
        return Authentication::MadeOnceAdmin;
    }
    for (user, hash) in &htpasswd.users {
        if matches!(hash, SecretValue::SecretKeyRef(_)) {
            let path = format!("auth.htpasswd.users.{user}");
            let message = "the hash of this user's password lies in a cluster";
            findings.push(
                refuse(document, &path, SV_008, message).help("give it as {file: PATH} or {env: NAME}"),
            );
        }
    }
    Authentication::Users(htpasswd.users.clone())
}
