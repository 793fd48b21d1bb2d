//! Who may do what: which right each endpoint needs, and the hook that grants it.
//!
//! The rights are decided before the store is asked anything, so that "absent" and "forbidden" can't be told
//! apart by the answer or by its time.

use std::fmt;
use std::sync::Arc;

use berth_oci::RepositoryName;

use crate::route::{Endpoint, Route};

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    Anonymous,
    /// A user whose password was right.
    User(Arc<str>),
}

/// What can be allowed. Moving a tag is a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Pull,
    Push,
    Delete,
}

/// On what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All repositories, also those to come: listing them, and mounting a blob from wherever it is.
    Registry,
    Repository(&'a RepositoryName),
}

/// What a route needs before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement<'a> {
    /// Open to everyone, without credentials.
    Nothing,
    /// Any principal that the authenticator lets in.
    Principal,
    /// A principal with this right.
    Right(Action, Scope<'a>),
}

/// Grants rights. What it doesn't grant is denied.
pub trait Access: Send + Sync {
    fn allows(&self, principal: &Principal, action: Action, scope: Scope<'_>) -> bool;
}

/// Whoever gets past the authenticator may do everything.
#[derive(Clone, Copy, Debug)]
pub struct FullAccess;

impl Access for FullAccess {
    fn allows(&self, _: &Principal, _: Action, _: Scope<'_>) -> bool {
        true
    }
}

/// The right that `route` needs. Each one is named: a new one doesn't compile until it is decided here.
///
/// A mount also needs to pull from its source; the operation asks for that, because without it the request is
/// still a good one.
pub const fn requirement(route: &Route) -> Requirement<'_> {
    match route {
        Route::Health => Requirement::Nothing,
        Route::Ping => Requirement::Principal,
        Route::ListRepositories { .. } => Requirement::Right(Action::Pull, Scope::Registry),
        Route::In { repository, endpoint } => {
            Requirement::Right(action(endpoint), Scope::Repository(repository))
        }
    }
}

const fn action(endpoint: &Endpoint) -> Action {
    match endpoint {
        Endpoint::ListTags { .. }
        | Endpoint::PullManifest { .. }
        | Endpoint::PullBlob { .. }
        | Endpoint::Referrers { .. } => Action::Pull,
        Endpoint::PushManifest { .. }
        | Endpoint::StartUpload { .. }
        | Endpoint::PushWhole { .. }
        | Endpoint::Mount { .. }
        | Endpoint::UploadStatus { .. }
        | Endpoint::AppendChunk { .. }
        | Endpoint::FinishUpload { .. }
        | Endpoint::CancelUpload { .. } => Action::Push,
        Endpoint::DeleteManifest { .. } | Endpoint::DeleteBlob { .. } => Action::Delete,
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "anonymous",
            Self::User(name) => name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const UPLOAD: &str = "6f2c8c5e-3f1a-4a53-9d0e-2f6d0f3b9a11";

    const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// For each path: the right that each of `METHODS` needs, `.` where the method leads nowhere.
    const TABLE: &str = "
        /healthz                          open  open  .    .    .    .
        /v2/                              any   any   .    .    .    .
        /v2/_catalog                      PULL  PULL  .    .    .    .
        /v2/a/tags/list                   pull  pull  .    .    .    .
        /v2/a/manifests/v1                pull  pull  .    push .    delete
        /v2/a/manifests/DIGEST            pull  pull  .    push .    delete
        /v2/a/blobs/DIGEST                pull  pull  .    .    .    delete
        /v2/a/blobs/uploads/              .     .     push .    .    .
        /v2/a/blobs/uploads/?digest=DIGEST .    .     push .    .    .
        /v2/a/blobs/uploads/?mount=DIGEST .     .     push .    .    .
        /v2/a/blobs/uploads/UPLOAD?digest=DIGEST push push . push push push
        /v2/a/referrers/DIGEST            pull  pull  .    .    .    .
    ";

    fn word(route: &Route) -> &'static str {
        match requirement(route) {
            Requirement::Nothing => "open",
            Requirement::Principal => "any",
            Requirement::Right(Action::Pull, Scope::Registry) => "PULL",
            Requirement::Right(_, Scope::Registry) => "unexpected",
            Requirement::Right(action, Scope::Repository(name)) => {
                assert_eq!(name.as_str(), "a");
                match action {
                    Action::Pull => "pull",
                    Action::Push => "push",
                    Action::Delete => "delete",
                }
            }
        }
    }

    #[test]
    fn every_method_on_every_path_needs_the_right_in_the_table() {
        for row in TABLE.lines().filter(|row| !row.trim().is_empty()) {
            let mut cells = row.split_whitespace();
            let target = cells
                .next()
                .unwrap()
                .replace("DIGEST", DIGEST)
                .replace("UPLOAD", UPLOAD);
            let (path, query) = target
                .split_once('?')
                .map_or((&*target, None), |(p, q)| (p, Some(q)));
            for (method, expected) in METHODS.into_iter().zip(cells) {
                let found = Route::parse(method, path, query).map_or(".", |route| word(&route));
                assert_eq!(found, expected, "{method} {target}");
            }
        }
    }

    #[test]
    fn no_other_method_leads_anywhere() {
        for method in ["OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", ""] {
            for path in ["/v2/", "/v2/a/manifests/v1", "/v2/a/blobs/uploads/", "/healthz"] {
                assert!(Route::parse(method, path, None).is_err(), "{method} {path}");
            }
        }
    }
}
