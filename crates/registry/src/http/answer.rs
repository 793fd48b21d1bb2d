//! Outcomes as responses: status and headers of the specification for each.

use berth_oci::{Descriptor, Digest, MediaType, RepositoryName, TagName, TagOrDigest, referrers_index};
use berth_storage::{StoreHealth, StoredManifest, UploadId};
use bytes::Bytes;
use hyper::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HeaderMap, HeaderValue, LINK, LOCATION, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use serde_json::json;

use super::body::Content;
use super::header::{self, CONTENT_DIGEST, value};
use crate::list::Names;
use crate::ping;
use crate::pull::blob;
use crate::push::Position;
use crate::referrers;

pub(super) type Answer = Response<Content>;

pub(super) fn ping() -> Answer {
    json_answer(StatusCode::OK, "{}".to_owned())
}

pub(super) fn health(outcome: &ping::Outcome<'_>) -> Answer {
    let (status, word, because) = match &outcome.store {
        StoreHealth::Writable => (StatusCode::OK, "ok", None),
        StoreHealth::Full => (StatusCode::SERVICE_UNAVAILABLE, "full", None),
        StoreHealth::ReadOnly { because } => (StatusCode::SERVICE_UNAVAILABLE, "read-only", Some(because)),
    };
    // The reason holds paths; it is for the log.
    if let Some(because) = because {
        tracing::warn!(because, "the health answer is read-only");
    }
    let mut body = json!({"status": word, "notes": outcome.notes});
    if outcome.damaged > 0 {
        body["damaged"] = outcome.damaged.into();
    }
    json_answer(status, body.to_string())
}

pub(super) fn manifest(stored: StoredManifest, reference: &TagOrDigest) -> Answer {
    // Asked for by SHA-512, it is named by SHA-512.
    let digest = match reference {
        TagOrDigest::Tag(_) => stored.digest,
        TagOrDigest::Digest(digest) => *digest,
    };
    let mut response = Response::new(Content::Bytes(stored.bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, value(stored.media_type.to_string()));
    identify(headers, &digest);
    isolate(headers);
    response
}

pub(super) fn blob(outcome: blob::Outcome, digest: &Digest) -> Answer {
    let (status, content, length, range) = match outcome {
        blob::Outcome::Present { size } => (StatusCode::OK, Content::Empty, size, None),
        blob::Outcome::Whole(reader) => {
            let size = reader.size();
            (StatusCode::OK, Content::blob(reader, size), size, None)
        }
        blob::Outcome::Part { reader, part, size } => {
            let range = format!("bytes {}-{}/{size}", part.start, part.start + part.length - 1);
            (
                StatusCode::PARTIAL_CONTENT,
                Content::blob(reader, part.length),
                part.length,
                Some(range),
            )
        }
        blob::Outcome::OutOfRange { size } => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            Content::Empty,
            0,
            Some(format!("bytes */{size}")),
        ),
    };
    let mut response = Response::new(content);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, header::OCTETS);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(range) = range {
        headers.insert(CONTENT_RANGE, value(range));
    }
    identify(headers, digest);
    isolate(headers);
    response
}

/// 304: the client has it already.
pub(super) fn not_modified(mut response: Answer) -> Answer {
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.body_mut() = Content::Empty;
    response.headers_mut().remove(CONTENT_LENGTH);
    response
}

/// An upload that goes on: 202, or 204 for its status.
pub(super) fn upload(status: StatusCode, repository: &RepositoryName, position: &Position) -> Answer {
    let mut response = empty(status);
    let headers = response.headers_mut();
    headers.insert(LOCATION, upload_location(repository, position.upload));
    headers.insert(RANGE, received_range(position.offset));
    headers.insert(header::UPLOAD_UUID, value(position.upload.to_string()));
    response
}

pub(super) fn blob_created(repository: &RepositoryName, digest: &Digest) -> Answer {
    let mut response = empty(StatusCode::CREATED);
    let headers = response.headers_mut();
    headers.insert(LOCATION, value(format!("/v2/{repository}/blobs/{digest}")));
    headers.insert(CONTENT_DIGEST, value(digest.to_string()));
    response
}

pub(super) fn manifest_created(
    repository: &RepositoryName,
    digest: &Digest,
    subject: Option<&Digest>,
    tags: &[TagName],
) -> Answer {
    let mut response = empty(StatusCode::CREATED);
    let headers = response.headers_mut();
    headers.insert(LOCATION, value(format!("/v2/{repository}/manifests/{digest}")));
    headers.insert(CONTENT_DIGEST, value(digest.to_string()));
    if let Some(subject) = subject {
        headers.insert(header::OCI_SUBJECT, value(subject.to_string()));
    }
    for tag in tags {
        headers.append(header::OCI_TAG, value(tag.to_string()));
    }
    response
}

/// Deleted (202) or cancelled (204): nothing to say.
pub(super) fn empty(status: StatusCode) -> Answer {
    let mut response = Response::new(Content::Empty);
    *response.status_mut() = status;
    // A 204 has no length (RFC 9110, section 8.6).
    if status != StatusCode::NO_CONTENT {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(0));
    }
    response
}

pub(super) fn tags(repository: &RepositoryName, page: &Names) -> Answer {
    let body = json!({"name": repository.as_str(), "tags": page.names});
    listed(body.to_string(), page, &format!("/v2/{repository}/tags/list"))
}

pub(super) fn repositories(page: &Names) -> Answer {
    listed(
        json!({"repositories": page.names}).to_string(),
        page,
        "/v2/_catalog",
    )
}

pub(super) fn referrers(
    repository: &RepositoryName,
    subject: &Digest,
    artifact_type: Option<&MediaType>,
    page: &referrers::Outcome,
) -> Answer {
    let mut response = Response::new(Content::Bytes(Bytes::from(referrers_index(&page.referrers))));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MediaType::OCI_INDEX));
    if artifact_type.is_some() {
        headers.insert(
            header::OCI_FILTERS_APPLIED,
            HeaderValue::from_static("artifactType"),
        );
    }
    if let (true, Some(Descriptor { digest: last, .. })) = (page.more, page.referrers.last()) {
        let filter = artifact_type.map(|wanted| format!("artifactType={}&", header::encode(wanted.as_str())));
        let filter = filter.unwrap_or_default();
        headers.insert(
            LINK,
            next(&format!(
                "/v2/{repository}/referrers/{subject}?{filter}last={last}"
            )),
        );
    }
    response
}

/// A path without a host is right behind every proxy.
pub(super) fn upload_location(repository: &RepositoryName, upload: UploadId) -> HeaderValue {
    value(format!("/v2/{repository}/blobs/uploads/{upload}"))
}

/// `0-<last byte>` of the whole blob so far. For none yet, Docker's registry says `0-0`, and so do we.
pub(super) fn received_range(offset: u64) -> HeaderValue {
    value(format!("0-{}", offset.saturating_sub(1)))
}

fn listed(body: String, page: &Names, path: &str) -> Answer {
    let mut response = json_answer(StatusCode::OK, body);
    if let (Some(n), Some(last)) = (page.next, page.names.last()) {
        let url = format!("{path}?n={n}&last={}", header::encode(last));
        response.headers_mut().insert(LINK, next(&url));
    }
    response
}

fn next(url: &str) -> HeaderValue {
    value(format!("<{url}>; rel=\"next\""))
}

fn json_answer(status: StatusCode, body: String) -> Answer {
    let mut response = Response::new(Content::text(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, header::JSON);
    response
}

fn identify(headers: &mut HeaderMap, digest: &Digest) {
    let digest = digest.to_string();
    headers.insert(ETAG, value(format!("\"{digest}\"")));
    headers.insert(CONTENT_DIGEST, value(digest));
}

/// Whoever pushed it chose these bytes: a browser must not run them as a page of this origin.
fn isolate(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
}
