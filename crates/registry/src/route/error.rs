use berth_oci::{DigestError, RepositoryNameError, TagNameError, UnknownAlgorithm};

/// Why a request line asks for nothing that can be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    #[error("there is nothing at this path; the API lives under /v2/")]
    NotFound,
    #[error("this path takes {allow}")]
    MethodNotAllowed { allow: &'static str },
    #[error(transparent)]
    Repository(#[from] RepositoryNameError),
    #[error(transparent)]
    Tag(#[from] TagNameError),
    /// A tag that is asked for, and that no manifest can have.
    #[error("no manifest can have this tag")]
    ImpossibleTag,
    #[error(transparent)]
    Digest(#[from] DigestError),
    #[error(transparent)]
    Algorithm(#[from] UnknownAlgorithm),
    #[error("the closing PUT of an upload needs ?digest=")]
    NoDigest,
    #[error("there is no upload with this id")]
    ImpossibleUpload,
    #[error("?n= is a number of entries, 0 or more")]
    PageSize,
    #[error("?artifactType= is a media type, type/subtype")]
    ArtifactType,
    #[error("at most {} tags can be given at once", super::TAGS_LIMIT)]
    TooManyTags,
}
