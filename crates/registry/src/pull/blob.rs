//! end-2: a blob, or a part of it.

use berth_oci::{ByteRange, Digest, RangeRequest, RepositoryName};
use berth_storage::BlobReader;

use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) digest: &'a Digest,
    /// Only size and presence are asked for.
    pub(crate) head: bool,
    /// The `Range` header, in the grammar of RFC 9110.
    pub(crate) range: Option<&'a str>,
}

pub(crate) enum Outcome {
    /// The blob is there and has this many bytes.
    Present { size: u64 },
    /// All of it.
    Whole(BlobReader),
    /// The reader stands at the part.
    Part {
        reader: BlobReader,
        part: ByteRange,
        size: u64,
    },
    /// The blob is there, but nothing of what was asked for lies in it.
    OutOfRange { size: u64 },
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<Outcome, OperationError> {
    if request.head {
        let size = context
            .store
            .stat_blob(request.repository, request.digest)
            .await?;
        return size
            .map(|size| Outcome::Present { size })
            .ok_or(OperationError::BlobUnknown);
    }
    let reader = context
        .store
        .open_blob(request.repository, request.digest)
        .await?;
    let mut reader = reader.ok_or(OperationError::BlobUnknown)?;
    let size = reader.size();
    match request
        .range
        .map_or(RangeRequest::Whole, |range| RangeRequest::resolve(range, size))
    {
        RangeRequest::Whole => Ok(Outcome::Whole(reader)),
        RangeRequest::Unsatisfiable => Ok(Outcome::OutOfRange { size }),
        RangeRequest::Part(part) => {
            reader.set_range(part);
            Ok(Outcome::Part { reader, part, size })
        }
    }
}
