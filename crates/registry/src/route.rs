//! What a request asks for, read from its method, path and query alone.
//!
//! The path is read from the right: a repository may be called `blobs/manifests/tags`.

mod error;
mod path;
mod query;

use std::fmt;

use berth_oci::{Algorithm, Digest, MediaType, RepositoryName, TagName, TagOrDigest};
use berth_storage::UploadId;

pub use error::RouteError;
pub use query::{PageQuery, TAGS_LIMIT};

use path::{Place, PlaceIn};
use query::Query;

/// The methods that the API knows. `OPTIONS`, `TRACE` and all others are refused everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

/// What a request asks for, with everything that takes, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// end-1.
    Ping,
    /// Berth's own: is the registry well? Outside `/v2/`.
    Health,
    /// Docker's catalog.
    ListRepositories { page: PageQuery },
    /// Something about one repository.
    In {
        repository: RepositoryName,
        endpoint: Endpoint,
    },
}

/// The endpoints below a repository's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// end-8.
    ListTags { page: PageQuery },
    /// end-3.
    PullManifest { reference: TagOrDigest },
    /// end-7.
    PushManifest {
        reference: TagOrDigest,
        tags: Vec<TagName>,
    },
    /// end-9.
    DeleteManifest { reference: TagOrDigest },
    /// end-2. `head`: only size and presence are asked for.
    PullBlob { digest: Digest, head: bool },
    /// end-10.
    DeleteBlob { digest: Digest },
    /// end-4a, end-4c.
    StartUpload { algorithm: Option<Algorithm> },
    /// end-4b.
    PushWhole { digest: Digest },
    /// end-11. Without `from`: from wherever the blob is.
    Mount {
        digest: Digest,
        from: Option<RepositoryName>,
    },
    /// end-13.
    UploadStatus { upload: UploadId },
    /// end-5.
    AppendChunk { upload: UploadId },
    /// end-6.
    FinishUpload { upload: UploadId, digest: Digest },
    /// end-14.
    CancelUpload { upload: UploadId },
    /// end-12.
    Referrers {
        subject: Digest,
        artifact_type: Option<MediaType>,
        /// The last referrer of the page before.
        last: Option<Digest>,
    },
}

impl Route {
    /// Reads a request line; `path` and `query` are as they came, percent-encoded.
    pub fn parse(method: &str, path: &str, query: Option<&str>) -> Result<Self, RouteError> {
        let place = Place::parse(path)?;
        let allow = place.allow();
        let method = Method::parse(method).ok_or(RouteError::MethodNotAllowed { allow })?;
        let query = Query::parse(query.unwrap_or_default());
        let reads = matches!(method, Method::Get | Method::Head);
        match place {
            Place::Root if reads => Ok(Self::Ping),
            Place::Health if reads => Ok(Self::Health),
            Place::Catalog if reads => Ok(Self::ListRepositories { page: query.page()? }),
            Place::In { name, place } => Ok(Self::In {
                repository: name.parse()?,
                endpoint: Endpoint::at(&place, method, &query)?,
            }),
            Place::Root | Place::Health | Place::Catalog => Err(RouteError::MethodNotAllowed { allow }),
        }
    }

    /// The path with what varies left out, for logs and metrics.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Ping => "/v2/",
            Self::Health => "/healthz",
            Self::ListRepositories { .. } => "/v2/_catalog",
            Self::In { endpoint, .. } => endpoint.template(),
        }
    }

    /// The repository that the route is about.
    pub const fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::Ping | Self::Health | Self::ListRepositories { .. } => None,
            Self::In { repository, .. } => Some(repository),
        }
    }
}

impl Endpoint {
    const fn template(&self) -> &'static str {
        match self {
            Self::ListTags { .. } => "/v2/<name>/tags/list",
            Self::PullManifest { .. } | Self::PushManifest { .. } | Self::DeleteManifest { .. } => {
                "/v2/<name>/manifests/<reference>"
            }
            Self::PullBlob { .. } | Self::DeleteBlob { .. } => "/v2/<name>/blobs/<digest>",
            Self::StartUpload { .. } | Self::PushWhole { .. } | Self::Mount { .. } => {
                "/v2/<name>/blobs/uploads/"
            }
            Self::UploadStatus { .. }
            | Self::AppendChunk { .. }
            | Self::FinishUpload { .. }
            | Self::CancelUpload { .. } => "/v2/<name>/blobs/uploads/<session>",
            Self::Referrers { .. } => "/v2/<name>/referrers/<digest>",
        }
    }

    fn at(place: &PlaceIn<'_>, method: Method, query: &Query<'_>) -> Result<Self, RouteError> {
        let head = method == Method::Head;
        match (*place, method) {
            (PlaceIn::Tags, Method::Get | Method::Head) => Ok(Self::ListTags { page: query.page()? }),
            (PlaceIn::Manifest(text), Method::Get | Method::Head) => Ok(Self::PullManifest {
                reference: path::known_reference(text)?,
            }),
            (PlaceIn::Manifest(text), Method::Put) => {
                Self::at_new_manifest(path::new_reference(text)?, query)
            }
            (PlaceIn::Manifest(text), Method::Delete) => Ok(Self::DeleteManifest {
                reference: path::known_reference(text)?,
            }),
            (PlaceIn::Blob(text), Method::Get | Method::Head) => Ok(Self::PullBlob {
                digest: path::digest(text)?,
                head,
            }),
            (PlaceIn::Blob(text), Method::Delete) => Ok(Self::DeleteBlob {
                digest: path::digest(text)?,
            }),
            (PlaceIn::Uploads, Method::Post) => Self::at_uploads(query),
            (PlaceIn::Upload(text), _) => Self::at_upload(text, method, query),
            (PlaceIn::Referrers(text), Method::Get | Method::Head) => Ok(Self::Referrers {
                subject: path::digest(text)?,
                artifact_type: query.artifact_type()?,
                last: query.get("last").map(path::digest).transpose()?,
            }),
            _ => Err(RouteError::MethodNotAllowed { allow: place.allow() }),
        }
    }

    fn at_new_manifest(reference: TagOrDigest, query: &Query<'_>) -> Result<Self, RouteError> {
        let tags = match reference {
            TagOrDigest::Tag(_) => Vec::new(),
            TagOrDigest::Digest(_) => query.tags()?,
        };
        Ok(Self::PushManifest { reference, tags })
    }

    fn at_uploads(query: &Query<'_>) -> Result<Self, RouteError> {
        if let Some(digest) = query.get("mount") {
            let digest = path::digest(digest)?;
            return Ok(match query.get("from").map(str::parse) {
                None => Self::Mount { digest, from: None },
                Some(Ok(from)) => Self::Mount {
                    digest,
                    from: Some(from),
                },
                // A source that can't exist is a source where nothing is found: 202, never an error.
                Some(Err(_)) => Self::StartUpload {
                    algorithm: Some(digest.algorithm()),
                },
            });
        }
        if let Some(digest) = query.get("digest") {
            return Ok(Self::PushWhole {
                digest: path::digest(digest)?,
            });
        }
        Ok(Self::StartUpload {
            algorithm: query.algorithm()?,
        })
    }

    fn at_upload(text: &str, method: Method, query: &Query<'_>) -> Result<Self, RouteError> {
        let upload = text.parse().map_err(|_| RouteError::ImpossibleUpload);
        match method {
            Method::Get | Method::Head => Ok(Self::UploadStatus { upload: upload? }),
            Method::Patch => Ok(Self::AppendChunk { upload: upload? }),
            Method::Delete => Ok(Self::CancelUpload { upload: upload? }),
            Method::Put => {
                let upload = upload?;
                let digest = path::digest(query.get("digest").ok_or(RouteError::NoDigest)?)?;
                Ok(Self::FinishUpload { upload, digest })
            }
            Method::Post => Err(RouteError::MethodNotAllowed {
                allow: path::UPLOAD_ALLOW,
            }),
        }
    }
}

impl Method {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "GET" => Some(Self::Get),
            "HEAD" => Some(Self::Head),
            "POST" => Some(Self::Post),
            "PUT" => Some(Self::Put),
            "PATCH" => Some(Self::Patch),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.template())
    }
}

#[cfg(test)]
mod tests;
