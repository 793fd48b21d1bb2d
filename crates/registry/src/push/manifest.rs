//! end-7: a manifest, under a tag, or under its digest with any number of tags.

use berth_oci::{Digest, MANIFEST_SIZE_LIMIT, Manifest, MediaType, RepositoryName, TagName, TagOrDigest};
use berth_storage::{ManifestPut, PutManifest};
use bytes::{Bytes, BytesMut};

use crate::context::Context;
use crate::error::OperationError;
use crate::incoming::Incoming;

pub(crate) struct Request<'a, I> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) reference: &'a TagOrDigest,
    /// Tags to set beside a digest (end-7b).
    pub(crate) tags: &'a [TagName],
    pub(crate) media_type: Option<&'a MediaType>,
    pub(crate) content: I,
}

pub(crate) struct Outcome {
    pub(crate) digest: Digest,
    pub(crate) subject: Option<Digest>,
}

pub(crate) async fn run(
    context: &Context,
    request: Request<'_, impl Incoming>,
) -> Result<Outcome, OperationError> {
    let bytes = collect(request.content).await?;
    let manifest = Manifest::parse(&bytes, request.media_type)?;
    let subject = manifest.subject.as_ref().map(|subject| subject.digest);
    let (digest, tags) = match request.reference {
        TagOrDigest::Tag(tag) => (Digest::sha256(&bytes), vec![tag.clone()]),
        TagOrDigest::Digest(claimed) => (*claimed, request.tags.to_vec()),
    };
    let put = ManifestPut {
        manifest,
        bytes,
        digest,
        tags,
    };
    match context.store.put_manifest(request.repository, put).await? {
        PutManifest::Stored => Ok(Outcome { digest, subject }),
        PutManifest::DigestMismatch { found } => Err(OperationError::DigestMismatch { found }),
        PutManifest::MissingContent(missing) => Err(OperationError::MissingContent(missing)),
    }
}

/// The whole content; refused as soon as it is known to be too large.
async fn collect(mut content: impl Incoming) -> Result<Bytes, OperationError> {
    let fits = |length: u64| usize::try_from(length).is_ok_and(|length| length <= MANIFEST_SIZE_LIMIT);
    if !content.announced_bytes().is_none_or(fits) {
        return Err(OperationError::ManifestTooLarge);
    }
    let first = content.next().await?.unwrap_or_default();
    let Some(second) = content.next().await? else {
        return checked_size(first);
    };
    let mut all = BytesMut::from(first);
    all.extend_from_slice(&second);
    while all.len() <= MANIFEST_SIZE_LIMIT {
        match content.next().await? {
            Some(bytes) => all.extend_from_slice(&bytes),
            None => break,
        }
    }
    checked_size(all.freeze())
}

fn checked_size(bytes: Bytes) -> Result<Bytes, OperationError> {
    if bytes.len() > MANIFEST_SIZE_LIMIT {
        Err(OperationError::ManifestTooLarge)
    } else {
        Ok(bytes)
    }
}
