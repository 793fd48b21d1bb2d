//! end-12: the manifests whose subject is a digest.

use berth_oci::{Descriptor, Digest, MediaType, RepositoryName};

use crate::context::Context;
use crate::error::OperationError;

/// The most bytes of descriptors that one page holds. Pages are as large as clients read an index (4 MiB),
/// with a margin, because several clients don't follow `Link`.
const PAGE_BYTES: usize = 3 * 1024 * 1024;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) subject: &'a Digest,
    pub(crate) artifact_type: Option<&'a MediaType>,
    /// The last referrer of the page before.
    pub(crate) last: Option<&'a Digest>,
}

pub(crate) struct Outcome {
    /// Sorted by digest, each once.
    pub(crate) referrers: Vec<Descriptor>,
    /// Whether there are more after these.
    pub(crate) more: bool,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<Outcome, OperationError> {
    let Request {
        repository,
        subject,
        artifact_type,
        last,
    } = request;
    let mut all = context
        .store
        .referrers(repository, subject, artifact_type)
        .await?;
    all.sort_by_key(|descriptor| descriptor.digest);
    if let Some(last) = last {
        all.retain(|descriptor| descriptor.digest > *last);
    }
    Ok(cut(all, PAGE_BYTES))
}

fn cut(mut all: Vec<Descriptor>, limit_bytes: usize) -> Outcome {
    let mut bytes = 0;
    let fitting = all.iter().take_while(|descriptor| {
        bytes += written_bytes(descriptor);
        bytes <= limit_bytes
    });
    // One at least, else the list would never end.
    let count = fitting.count().max(1).min(all.len());
    let more = count < all.len();
    all.truncate(count);
    Outcome { referrers: all, more }
}

fn written_bytes(descriptor: &Descriptor) -> usize {
    serde_json::to_vec(descriptor).map_or(0, |text| text.len() + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn descriptors(count: usize) -> Vec<Descriptor> {
        let descriptor = |number: usize| Descriptor {
            media_type: MediaType::parse(MediaType::OCI_MANIFEST).unwrap(),
            digest: Digest::sha256(&number.to_be_bytes()),
            size: 1,
            artifact_type: None,
            annotations: BTreeMap::new(),
        };
        (0..count).map(descriptor).collect()
    }

    #[test]
    fn a_page_ends_where_it_would_grow_too_large() {
        let each = written_bytes(&descriptors(1)[0]);
        for (limit, expected, more) in [(each * 3, 3, true), (each * 5, 5, false), (0, 1, true)] {
            let page = cut(descriptors(5), limit);
            assert_eq!((page.referrers.len(), page.more), (expected, more), "{limit}");
        }
        assert!(!cut(Vec::new(), 0).more);
    }
}
