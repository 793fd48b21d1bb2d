//! Where things lie: the one place that makes paths, from parsed names only.

use std::path::{Path, PathBuf};

use berth_oci::{Algorithm, Digest, RepositoryName, TagName};

use crate::UploadId;

/// The folder of a store: the layout of Docker's registry 2.8 under `docker/registry/v2`, and `.berth` beside.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

/// A name that a commit may change, and the unit of locking, of intents and of reconciliation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    /// `repositories/<name>/_manifests/tags/<tag>/current/link`
    Tag(RepositoryName, TagName),
    /// `repositories/<name>/_manifests/revisions/<alg>/<hex>/link`
    Revision(RepositoryName, Digest),
    /// `repositories/<name>/_layers/<alg>/<hex>/link`: the repository may read the blob.
    Edge(RepositoryName, Digest),
    /// `blobs/<alg>/<2 hex>/<hex>/data`
    Bytes(Digest),
}

impl Layout {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Berth's own folder, which Docker's registry neither reads nor collects.
    pub(crate) fn private(&self, name: &str) -> PathBuf {
        self.root.join(".berth").join(name)
    }

    pub(crate) fn v2(&self) -> PathBuf {
        self.root.join("docker/registry/v2")
    }

    pub(crate) fn repositories(&self) -> PathBuf {
        self.v2().join("repositories")
    }

    pub(crate) fn repository(&self, name: &RepositoryName) -> PathBuf {
        self.repositories().join(name.as_str())
    }

    pub(crate) fn blobs(&self, algorithm: Algorithm) -> PathBuf {
        self.v2().join("blobs").join(algorithm.name())
    }

    pub(crate) fn edges(&self, name: &RepositoryName) -> PathBuf {
        self.repository(name).join("_layers")
    }

    pub(crate) fn revisions(&self, name: &RepositoryName) -> PathBuf {
        self.repository(name).join("_manifests/revisions")
    }

    pub(crate) fn tags(&self, name: &RepositoryName) -> PathBuf {
        self.repository(name).join("_manifests/tags")
    }

    pub(crate) fn uploads(&self, name: &RepositoryName) -> PathBuf {
        self.repository(name).join("_uploads")
    }

    pub(crate) fn upload(&self, name: &RepositoryName, id: UploadId) -> PathBuf {
        self.uploads(name).join(id.to_string())
    }

    pub(crate) fn bytes(&self, digest: &Digest) -> PathBuf {
        self.path(&Key::Bytes(*digest))
    }

    /// Where bytes go that are not what their name says.
    pub(crate) fn damaged(&self, digest: &Digest) -> PathBuf {
        let name = format!("{}-{}", digest.algorithm(), digest.hex());
        self.private("damaged").join(name)
    }

    /// The file that keeps a media type which the manifest's body doesn't tell.
    pub(crate) fn media_type(&self, name: &RepositoryName, digest: &Digest) -> PathBuf {
        self.path(&Key::Revision(name.clone(), *digest))
            .with_file_name("berth.json")
    }

    /// The record that a tag once had this digest.
    pub(crate) fn tag_history(&self, name: &RepositoryName, tag: &TagName, digest: &Digest) -> PathBuf {
        let link = format!("{tag}/index/{}/{}/link", digest.algorithm(), digest.hex());
        self.tags(name).join(link)
    }

    pub(crate) fn path(&self, key: &Key) -> PathBuf {
        self.v2().join(key.relative())
    }
}

impl Key {
    /// The path below `docker/registry/v2`.
    pub(crate) fn relative(&self) -> String {
        match self {
            Self::Tag(name, tag) => format!("repositories/{name}/_manifests/tags/{tag}/current/link"),
            Self::Revision(name, digest) => format!(
                "repositories/{name}/_manifests/revisions/{}/{}/link",
                digest.algorithm(),
                digest.hex()
            ),
            Self::Edge(name, digest) => {
                format!(
                    "repositories/{name}/_layers/{}/{}/link",
                    digest.algorithm(),
                    digest.hex()
                )
            }
            Self::Bytes(digest) => {
                let hex = digest.hex();
                format!("blobs/{}/{}/{hex}/data", digest.algorithm(), &hex[..2])
            }
        }
    }

    /// Reads what [`Key::relative`] wrote.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let digest = |algorithm: &str, hex: &str| Digest::from_hex(algorithm.parse().ok()?, hex).ok();
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["blobs", algorithm, _, hex, "data"] => Some(Self::Bytes(digest(algorithm, hex)?)),
            ["repositories", name @ .., "_layers", algorithm, hex, "link"] => {
                Some(Self::Edge(name.join("/").parse().ok()?, digest(algorithm, hex)?))
            }
            [
                "repositories",
                name @ ..,
                "_manifests",
                "revisions",
                algorithm,
                hex,
                "link",
            ] => Some(Self::Revision(
                name.join("/").parse().ok()?,
                digest(algorithm, hex)?,
            )),
            [
                "repositories",
                name @ ..,
                "_manifests",
                "tags",
                tag,
                "current",
                "link",
            ] => Some(Self::Tag(name.join("/").parse().ok()?, tag.parse().ok()?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_path() {
        let name: RepositoryName = "team/_nested".trim_start_matches("team/_").parse().unwrap();
        let deep: RepositoryName = "a/b/c".parse().unwrap();
        let digest = Digest::sha256(b"x");
        let long = Digest::of(Algorithm::Sha512, b"x");
        for key in [
            Key::Bytes(digest),
            Key::Bytes(long),
            Key::Edge(deep.clone(), long),
            Key::Revision(name.clone(), digest),
            Key::Tag(deep, "v1".parse().unwrap()),
            Key::Tag(name, "current".parse().unwrap()),
        ] {
            assert_eq!(Key::parse(&key.relative()), Some(key));
        }
    }

    #[test]
    fn the_paths_are_those_of_docker_s_registry() {
        let name: RepositoryName = "library/box".parse().unwrap();
        let digest = Digest::sha256(b"");
        let hex = digest.hex();
        let layout = Layout::new("/r".into());
        assert_eq!(
            layout.bytes(&digest),
            Path::new(&format!("/r/docker/registry/v2/blobs/sha256/e3/{hex}/data"))
        );
        assert_eq!(
            layout.tag_history(&name, &"v1".parse().unwrap(), &digest),
            Path::new(&format!(
                "/r/docker/registry/v2/repositories/library/box/_manifests/tags/v1/index/sha256/{hex}/link"
            ))
        );
    }
}
