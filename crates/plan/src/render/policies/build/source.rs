use berth_config::document::Document;
use berth_config::sections::ImageBuildConfig;
use berth_config::value::{ContextSource, KubernetesSubdomain, Parse};

use crate::render::workload::Destination;
use crate::render::{Rendering, codes};

/// Where the files come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Source<'a> {
    /// A git repository.
    Git {
        url: &'a str,
        /// A branch, a tag or a commit.
        revision: &'a str,
        submodules: bool,
    },
    /// An archive, packed or not.
    Archive { url: &'a str },
    /// A claim that holds them.
    Claim { name: &'a str },
}

/// The folder that they are put into.
pub(super) const FOLDER: &str = "/workspace/source";

impl<'a> Source<'a> {
    /// `None` (with a finding) where nothing says where they are.
    pub(super) fn of(
        document: &Document,
        spec: &'a ImageBuildConfig,
        rendering: &mut Rendering<'_>,
    ) -> Option<Self> {
        let context = &spec.context;
        let place = context.repository.as_str();
        let commit = context.commit.as_deref().filter(|commit| !commit.is_empty());
        let source = match context.source.value() {
            _ if place.is_empty() => Err("it names no repository"),
            Some(ContextSource::Local) if KubernetesSubdomain::parse(place).is_err() => {
                Err("on a cluster, a local folder is that of a claim, and `repository` is the claim's name")
            }
            Some(ContextSource::Local) => Ok(Self::Claim { name: place }),
            Some(ContextSource::Http) => Ok(Self::Archive { url: place }),
            Some(ContextSource::Git) | None => match commit.unwrap_or(&context.branch) {
                "" => Err("it names neither a branch nor a commit"),
                revision => Ok(Self::Git {
                    url: place,
                    revision,
                    submodules: context.submodules.unwrap_or(true),
                }),
            },
        };
        match source {
            Ok(source) => {
                source.tell_unused(document, rendering);
                Some(source)
            }
            Err(why) => {
                let message = format!("{} has nothing to build from: {why}", document.title());
                rendering
                    .tell(document, "context.repository", codes::RN_021, message)
                    .help("such as `context: {source: git, repository: \"https://git.example.com/team/app.git\"}`");
                None
            }
        }
    }

    /// Tells of fields that only git has a use for.
    fn tell_unused(&self, document: &Document, rendering: &mut Rendering<'_>) {
        if matches!(self, Self::Git { .. }) {
            return;
        }
        for path in ["context.branch", "context.commit", "context.submodules"] {
            if document.is_set(path) {
                rendering
                    .tell(document, path, codes::RN_005, "only git has such a thing")
                    .help("leave it out, or build from git");
            }
        }
        if matches!(self, Self::Claim { .. }) && document.is_set("credentials.gitSecret") {
            let path = "credentials.gitSecret";
            rendering
                .tell(document, path, codes::RN_005, "a claim asks for no credentials")
                .help("leave it out");
        }
    }

    /// Whom the files are fetched from.
    pub(super) fn destination(&self) -> Option<Destination> {
        match self {
            Self::Git { url, .. } if is_ssh(url) => Some(Destination::of_endpoint(&ssh_place(url), 22)),
            Self::Git { url, .. } | Self::Archive { url } => Some(Destination::of_endpoint(url, 443)),
            Self::Claim { .. } => None,
        }
    }
}

/// `ssh://git@host/path`, or git's short form `git@host:path`.
pub(super) fn is_ssh(url: &str) -> bool {
    match url.split_once("://") {
        Some((scheme, _)) => scheme == "ssh" || scheme == "git+ssh",
        None => url.split('/').next().is_some_and(|place| place.contains(':')),
    }
}

/// Host and port of an address that goes over SSH.
fn ssh_place(url: &str) -> String {
    let (is_short, rest) = match url.split_once("://") {
        Some((_, rest)) => (false, rest),
        None => (true, url),
    };
    let end = if is_short { ':' } else { '/' };
    let authority = rest.split(end).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_over_ssh_is_found_in_both_forms() {
        for (url, place) in [
            ("git@git.example.com:team/app.git", "git.example.com"),
            ("ssh://git@git.example.com/team/app.git", "git.example.com"),
            (
                "ssh://git@git.example.com:2222/team/app.git",
                "git.example.com:2222",
            ),
        ] {
            assert!(is_ssh(url));
            assert_eq!(ssh_place(url), place);
        }
        assert!(!is_ssh("https://git.example.com/team/app.git"));
    }
}
