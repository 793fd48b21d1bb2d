//! Errors as they go over the wire: one table from what went wrong to status, code, words and headers.

use berth_oci::{Digest, WireCode, wire_body};
use berth_storage::StorageError;
use hyper::header::{
    ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RANGE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use hyper::{Response, StatusCode};

use super::answer::{self, Answer};
use super::body::Content;
use super::header;
use crate::auth::Refusal;
use crate::error::OperationError;
use crate::incoming::IncomingError;
use crate::route::RouteError;

/// An error, ready to be sent.
pub(super) struct Failure {
    status: StatusCode,
    code: WireCode,
    message: String,
    detail: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Failure {
    fn new(status: StatusCode, code: WireCode, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
            detail: None,
            headers: Vec::new(),
        }
    }

    /// With the status that the table of codes gives.
    fn coded(code: WireCode, message: &str) -> Self {
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, code, message)
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    fn retry_after(self, seconds: u32) -> Self {
        self.with(RETRY_AFTER, HeaderValue::from(seconds))
    }

    pub(super) fn into_answer(self) -> Answer {
        let body = wire_body(self.code, &self.message, self.detail.as_deref());
        let mut response = Response::new(Content::text(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, header::JSON);
        headers.extend(self.headers);
        response
    }

    /// Not let in.
    pub(super) fn refused(refusal: Refusal, realm: &str) -> Self {
        match refusal {
            Refusal::Credentials => Self::coded(WireCode::Unauthorized, &refusal.to_string()).with(
                WWW_AUTHENTICATE,
                header::value(format!("Basic realm=\"{}\"", quotable(realm))),
            ),
            Refusal::Busy => Self::coded(WireCode::TooManyRequests, &refusal.to_string()).retry_after(1),
        }
    }

    /// Let in, but without the right.
    pub(super) fn denied() -> Self {
        Self::coded(WireCode::Denied, WireCode::Denied.message())
    }
}

impl From<&RouteError> for Failure {
    fn from(error: &RouteError) -> Self {
        let (status, code) = match error {
            RouteError::NotFound => (Some(StatusCode::NOT_FOUND), WireCode::Unsupported),
            RouteError::MethodNotAllowed { .. } => (None, WireCode::Unsupported),
            RouteError::Repository(_) | RouteError::Tag(_) => (None, WireCode::NameInvalid),
            RouteError::ImpossibleTag => (None, WireCode::ManifestUnknown),
            RouteError::Digest(_) | RouteError::Algorithm(_) | RouteError::NoDigest => {
                (None, WireCode::DigestInvalid)
            }
            RouteError::ImpossibleUpload => (None, WireCode::BlobUploadUnknown),
            RouteError::PageSize | RouteError::ArtifactType => {
                (Some(StatusCode::BAD_REQUEST), WireCode::Unsupported)
            }
            RouteError::TooManyTags => (Some(StatusCode::PAYLOAD_TOO_LARGE), WireCode::SizeInvalid),
        };
        let failure = match status {
            Some(status) => Self::new(status, code, &error.to_string()),
            None => Self::coded(code, &error.to_string()),
        };
        match error {
            RouteError::MethodNotAllowed { allow } => failure.with(ALLOW, HeaderValue::from_static(allow)),
            _ => failure,
        }
    }
}

impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        let failure = match status_and_code(&error) {
            (Some(status), code) => Self::new(status, code, &error.to_string()),
            (None, code) => Self::coded(code, &error.to_string()),
        };
        match error {
            OperationError::ChunkOutOfPlace {
                repository,
                upload,
                offset,
            } => failure
                .with(LOCATION, answer::upload_location(&repository, upload))
                .with(RANGE, answer::received_range(offset)),
            OperationError::UploadBusy => failure.retry_after(1),
            OperationError::DeleteDisabled => failure.with(ALLOW, HeaderValue::from_static("GET, HEAD")),
            OperationError::MissingContent(missing) => Self {
                detail: Some(joined(&missing)),
                ..failure
            },
            OperationError::Storage(error) => stored(&error),
            _ => failure,
        }
    }
}

/// Where the status is `None`, the code's own stands.
fn status_and_code(error: &OperationError) -> (Option<StatusCode>, WireCode) {
    match error {
        OperationError::BlobUnknown => (None, WireCode::BlobUnknown),
        OperationError::ManifestUnknown => (None, WireCode::ManifestUnknown),
        OperationError::RepositoryUnknown => (None, WireCode::NameUnknown),
        OperationError::UploadUnknown => (None, WireCode::BlobUploadUnknown),
        OperationError::UploadBusy => (Some(StatusCode::CONFLICT), WireCode::BlobUploadInvalid),
        OperationError::ChunkOutOfPlace { .. } => (
            Some(StatusCode::RANGE_NOT_SATISFIABLE),
            WireCode::BlobUploadInvalid,
        ),
        OperationError::ChunkLength { .. } => (None, WireCode::SizeInvalid),
        OperationError::DigestMismatch { .. } => (None, WireCode::DigestInvalid),
        OperationError::Manifest(berth_oci::ManifestError::TooLarge { .. })
        | OperationError::ManifestTooLarge => (Some(StatusCode::PAYLOAD_TOO_LARGE), WireCode::SizeInvalid),
        OperationError::Manifest(_) => (None, WireCode::ManifestInvalid),
        OperationError::MissingContent(_) => (None, WireCode::ManifestBlobUnknown),
        OperationError::BlobReferenced { .. } | OperationError::DeleteDisabled => {
            (None, WireCode::Unsupported)
        }
        OperationError::Incoming(IncomingError::Stalled { .. }) => {
            (Some(StatusCode::REQUEST_TIMEOUT), WireCode::BlobUploadInvalid)
        }
        OperationError::Incoming(IncomingError::Broken(_)) => (None, WireCode::BlobUploadInvalid),
        // `stored` takes its place.
        OperationError::Storage(_) => (Some(StatusCode::INTERNAL_SERVER_ERROR), WireCode::Unknown),
    }
}

/// What the client learns of trouble with the store: what to do, never where anything lies. The log gets all.
fn stored(error: &StorageError) -> Failure {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the store could not do what a request asked"
    );
    match error {
        StorageError::NoSpace { .. } => Failure::new(
            StatusCode::INSUFFICIENT_STORAGE,
            WireCode::Denied,
            "the registry's disk is full",
        ),
        StorageError::ReadOnly { .. } => Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            WireCode::Denied,
            "the registry is read-only for now: its operator has to look at the disk",
        )
        .retry_after(60),
        StorageError::Closed | StorageError::Locked { .. } => Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            WireCode::Unknown,
            "the registry is stopping or starting; try again",
        )
        .retry_after(5),
        StorageError::Damaged { .. } => Failure::coded(WireCode::BlobUnknown, &error.to_string()),
        StorageError::SessionLost => Failure::coded(WireCode::BlobUploadUnknown, &error.to_string()),
        _ => Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            WireCode::Unknown,
            "the registry could not do this; its log says why",
        ),
    }
}

fn joined(digests: &[Digest]) -> String {
    const SHOWN: usize = 100;
    digests
        .iter()
        .take(SHOWN)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

fn quotable(realm: &str) -> String {
    realm
        .chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .filter(|c| !matches!(c, '"' | '\\'))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn trap_32_a_full_disk_is_507_and_a_read_only_store_503_with_retry_after() {
        let full = StorageError::NoSpace {
            doing: "writing",
            path: PathBuf::from("/secret/place"),
            source: std::io::Error::from(std::io::ErrorKind::StorageFull),
        };
        let failure = stored(&full);
        assert_eq!((failure.status.as_u16(), failure.code), (507, WireCode::Denied));
        assert!(!failure.message.contains("secret"));
        let failure = stored(&StorageError::ReadOnly {
            because: "/secret/place".into(),
        });
        assert_eq!(failure.status.as_u16(), 503);
        assert!(failure.headers.iter().any(|(name, _)| name == RETRY_AFTER));
        assert!(!failure.message.contains("secret"));
    }

    #[test]
    fn a_realm_can_not_break_out_of_its_quotes() {
        assert_eq!(quotable("a\"b\\c\r\nd e"), "abcd e");
    }
}
