//! From a route to its operation, and from the outcome to the answer.

use berth_oci::{Algorithm, Digest, MediaType, RepositoryName, TagName, TagOrDigest};
use berth_storage::UploadId;
use hyper::StatusCode;
use hyper::header::{
    CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE,
};

use super::answer::{self, Answer};
use super::header;
use crate::access::Principal;
use crate::context::Context;
use crate::error::OperationError;
use crate::incoming::Incoming;
use crate::push::{
    NamedUpload, append_chunk, cancel_upload, finish_upload, mount, start_upload, upload_status, whole,
};
use crate::route::{Endpoint, PageQuery, Route};
use crate::{delete, list, ping, pull, push, referrers};

type Result<T> = std::result::Result<T, OperationError>;

/// A request that was let through.
#[derive(Clone, Copy)]
pub(super) struct Admitted<'a> {
    pub(super) context: &'a Context,
    pub(super) principal: &'a Principal,
    pub(super) headers: &'a HeaderMap,
}

/// Runs the route's operation on it.
pub(super) async fn run(admitted: Admitted<'_>, route: &Route, content: impl Incoming) -> Result<Answer> {
    match route {
        Route::Ping => Ok(answer::ping()),
        Route::Health => Ok(answer::health(&ping::health(admitted.context).await?)),
        Route::ListRepositories { page } => {
            let request = list::repositories::Request { page };
            let page = list::repositories::run(admitted.context, request).await?;
            Ok(answer::repositories(&page))
        }
        Route::In { repository, endpoint } => In { admitted, repository }.run(endpoint, content).await,
    }
}

/// One that is about a repository.
#[derive(Clone, Copy)]
struct In<'a> {
    admitted: Admitted<'a>,
    repository: &'a RepositoryName,
}

impl In<'_> {
    async fn run(self, endpoint: &Endpoint, content: impl Incoming) -> Result<Answer> {
        match endpoint {
            Endpoint::ListTags { page } => self.list_tags(page).await,
            Endpoint::PullManifest { reference } => self.pull_manifest(reference).await,
            Endpoint::PushManifest { reference, tags } => self.push_manifest(reference, tags, content).await,
            Endpoint::DeleteManifest { reference } => self.delete_manifest(reference).await,
            Endpoint::PullBlob { digest, head } => self.pull_blob(digest, *head).await,
            Endpoint::DeleteBlob { digest } => self.delete_blob(digest).await,
            Endpoint::StartUpload { algorithm } => self.start_upload(*algorithm).await,
            Endpoint::PushWhole { digest } => self.push_whole(digest, content).await,
            Endpoint::Mount { digest, from } => self.mount(digest, from.as_ref()).await,
            Endpoint::UploadStatus { upload } => self.upload_status(*upload).await,
            Endpoint::AppendChunk { upload } => self.append_chunk(*upload, content).await,
            Endpoint::FinishUpload { upload, digest } => self.finish_upload(*upload, digest, content).await,
            Endpoint::CancelUpload { upload } => self.cancel_upload(*upload).await,
            Endpoint::Referrers {
                subject,
                artifact_type,
                last,
            } => {
                self.referrers(subject, artifact_type.as_ref(), last.as_ref())
                    .await
            }
        }
    }

    async fn list_tags(self, page: &PageQuery) -> Result<Answer> {
        let repository = self.repository;
        let page = list::tags::run(self.context(), list::tags::Request { repository, page }).await?;
        Ok(answer::tags(repository, &page))
    }

    async fn referrers(
        self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
        last: Option<&Digest>,
    ) -> Result<Answer> {
        let repository = self.repository;
        let request = referrers::Request {
            repository,
            subject,
            artifact_type,
            last,
        };
        let page = referrers::run(self.context(), request).await?;
        Ok(answer::referrers(repository, subject, artifact_type, &page))
    }

    async fn pull_manifest(self, reference: &TagOrDigest) -> Result<Answer> {
        let request = pull::manifest::Request {
            repository: self.repository,
            reference,
        };
        let stored = pull::manifest::run(self.context(), request).await?;
        Ok(self.unless_known(answer::manifest(stored, reference)))
    }

    async fn pull_blob(self, digest: &Digest, head: bool) -> Result<Answer> {
        // A part of another version is of no use: then the whole (RFC 9110, section 13.1.5).
        let same = self
            .text(IF_RANGE)
            .is_none_or(|validator| validator == format!("\"{digest}\""));
        let range = self.text(RANGE).filter(|_| same);
        let request = pull::blob::Request {
            repository: self.repository,
            digest,
            head,
            range,
        };
        Ok(self.unless_known(answer::blob(
            pull::blob::run(self.context(), request).await?,
            digest,
        )))
    }

    async fn push_manifest(
        self,
        reference: &TagOrDigest,
        tags: &[TagName],
        content: impl Incoming,
    ) -> Result<Answer> {
        let repository = self.repository;
        let media_type = self.text(CONTENT_TYPE).and_then(MediaType::parse);
        let media_type = media_type.as_ref();
        let request = push::manifest::Request {
            repository,
            reference,
            tags,
            media_type,
            content,
        };
        let stored = push::manifest::run(self.context(), request).await?;
        Ok(answer::manifest_created(
            repository,
            &stored.digest,
            stored.subject.as_ref(),
            tags,
        ))
    }

    async fn delete_manifest(self, reference: &TagOrDigest) -> Result<Answer> {
        let request = delete::manifest_or_tag::Request {
            repository: self.repository,
            reference,
            principal: self.admitted.principal,
        };
        delete::manifest_or_tag::run(self.context(), request).await?;
        Ok(answer::empty(StatusCode::ACCEPTED))
    }

    async fn delete_blob(self, digest: &Digest) -> Result<Answer> {
        let request = delete::blob::Request {
            repository: self.repository,
            digest,
            principal: self.admitted.principal,
        };
        delete::blob::run(self.context(), request).await?;
        Ok(answer::empty(StatusCode::ACCEPTED))
    }

    async fn start_upload(self, algorithm: Option<Algorithm>) -> Result<Answer> {
        let (repository, principal) = (self.repository, self.admitted.principal);
        let request = start_upload::Request {
            repository,
            principal,
            algorithm,
        };
        let position = start_upload::run(self.context(), request).await?;
        Ok(answer::upload(StatusCode::ACCEPTED, repository, &position))
    }

    async fn push_whole(self, digest: &Digest, content: impl Incoming) -> Result<Answer> {
        let repository = self.repository;
        whole::run(
            self.context(),
            whole::Request {
                repository,
                digest,
                content,
            },
        )
        .await?;
        Ok(answer::blob_created(repository, digest))
    }

    async fn mount(self, digest: &Digest, from: Option<&RepositoryName>) -> Result<Answer> {
        let (repository, principal) = (self.repository, self.admitted.principal);
        let request = mount::Request {
            repository,
            principal,
            digest,
            from,
        };
        Ok(match mount::run(self.context(), request).await? {
            mount::Outcome::Mounted => answer::blob_created(repository, digest),
            mount::Outcome::Started(position) => answer::upload(StatusCode::ACCEPTED, repository, &position),
        })
    }

    async fn upload_status(self, upload: UploadId) -> Result<Answer> {
        let position = upload_status::run(self.context(), self.named(upload)).await?;
        Ok(answer::upload(StatusCode::NO_CONTENT, self.repository, &position))
    }

    async fn append_chunk(self, upload: UploadId, content: impl Incoming) -> Result<Answer> {
        let (upload, content_range) = (self.named(upload), self.text(CONTENT_RANGE));
        let request = append_chunk::Request {
            upload,
            content_range,
            content,
        };
        let position = append_chunk::run(self.context(), request).await?;
        Ok(answer::upload(StatusCode::ACCEPTED, self.repository, &position))
    }

    async fn finish_upload(
        self,
        upload: UploadId,
        digest: &Digest,
        content: impl Incoming,
    ) -> Result<Answer> {
        let (upload, content_range) = (self.named(upload), self.text(CONTENT_RANGE));
        let request = finish_upload::Request {
            upload,
            digest,
            content_range,
            content,
        };
        finish_upload::run(self.context(), request).await?;
        Ok(answer::blob_created(self.repository, digest))
    }

    async fn cancel_upload(self, upload: UploadId) -> Result<Answer> {
        cancel_upload::run(self.context(), self.named(upload)).await?;
        Ok(answer::empty(StatusCode::NO_CONTENT))
    }

    /// Content that the client says it has need not be sent again.
    fn unless_known(self, answer: Answer) -> Answer {
        let ours = answer.headers().get(ETAG).and_then(|etag| etag.to_str().ok());
        let known = match (self.text(IF_NONE_MATCH), ours) {
            (Some(theirs), Some(ours)) => header::names_etag(theirs, ours),
            _ => false,
        };
        if known {
            answer::not_modified(answer)
        } else {
            answer
        }
    }
}

impl<'a> In<'a> {
    fn context(self) -> &'a Context {
        self.admitted.context
    }

    fn named(self, upload: UploadId) -> NamedUpload<'a> {
        NamedUpload {
            repository: self.repository,
            upload,
            principal: self.admitted.principal,
        }
    }

    fn text(self, name: HeaderName) -> Option<&'a str> {
        header::text(self.admitted.headers, name)
    }
}
