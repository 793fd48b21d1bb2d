//! What the operations on an upload share: opening it, and taking content into it.

use berth_oci::{RepositoryName, UploadRange};
use berth_storage::{ResumedUpload, UploadId, UploadSession};

use crate::access::Principal;
use crate::context::Context;
use crate::error::OperationError;
use crate::incoming::Incoming;

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) upload: UploadId,
    /// Bytes received so far, from the blob's first.
    pub(crate) offset: u64,
}

/// An upload as a request names it.
#[derive(Clone, Copy)]
pub(crate) struct NamedUpload<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) upload: UploadId,
    pub(crate) principal: &'a Principal,
}

impl NamedUpload<'_> {
    fn out_of_place(self, offset: u64) -> OperationError {
        OperationError::ChunkOutOfPlace {
            repository: self.repository.clone(),
            upload: self.upload,
            offset,
        }
    }
}

/// Nobody goes on with what somebody else began.
pub(super) async fn make_sure_of_owner(
    context: &Context,
    named: NamedUpload<'_>,
) -> Result<(), OperationError> {
    let owner = context.store.upload_owner(named.repository, named.upload).await?;
    let allowed = match (owner, named.principal) {
        (None, _) => true,
        (Some(owner), Principal::User(name)) => owner == *name,
        (Some(_), Principal::Anonymous) => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(OperationError::UploadUnknown)
    }
}

/// Takes hold of the upload and makes sure that the chunk belongs at its end.
pub(super) async fn open(
    context: &Context,
    named: NamedUpload<'_>,
    content_range: Option<&str>,
) -> Result<(UploadSession, Option<UploadRange>), OperationError> {
    make_sure_of_owner(context, named).await?;
    let (session, offset) = match context
        .store
        .resume_upload(named.repository, named.upload)
        .await?
    {
        ResumedUpload::Session(session) => {
            let offset = session.offset();
            (Some(session), offset)
        }
        ResumedUpload::Busy => {
            let offset = context
                .store
                .upload_offset(named.repository, named.upload)
                .await?;
            (None, offset.ok_or(OperationError::UploadUnknown)?)
        }
        ResumedUpload::Unknown => return Err(OperationError::UploadUnknown),
    };
    match (place(content_range, offset), session) {
        (Ok(range), Some(session)) => Ok((session, range)),
        (Ok(_), None) => Err(OperationError::UploadBusy),
        (Err(OutOfPlace), Some(session)) => Err(named.out_of_place(session.pause().await?)),
        (Err(OutOfPlace), None) => Err(named.out_of_place(offset)),
    }
}

/// Appends all that comes. A chunk with a range is taken whole or not at all; of a stream, what came stays.
/// Gives the session back only when all went well; otherwise the upload is left to be resumed.
pub(super) async fn receive(
    context: &Context,
    mut session: UploadSession,
    range: Option<UploadRange>,
    mut incoming: impl Incoming,
) -> Result<UploadSession, OperationError> {
    let ranged = range.map(UploadRange::len);
    if let (Some(ranged), Some(found)) = (ranged, incoming.announced_bytes())
        && ranged != found
    {
        session.pause().await?;
        return Err(OperationError::ChunkLength { ranged, found });
    }
    if let Err(full) = context
        .store
        .room_for(incoming.announced_bytes().unwrap_or_default())
    {
        session.pause().await?;
        return Err(full.into());
    }
    if range.is_some() {
        session.mark().await?;
    }
    match append_all(&mut session, ranged, &mut incoming).await {
        Ok(()) => Ok(session),
        Err(error) => {
            if range.is_some() {
                session.rollback().await?;
            }
            session.pause().await?;
            Err(error)
        }
    }
}

/// Appends all that comes to a session that nobody can name: on an error nothing is left of it.
pub(super) async fn receive_or_cancel(
    context: &Context,
    mut session: UploadSession,
    mut incoming: impl Incoming,
) -> Result<UploadSession, OperationError> {
    if let Err(full) = context
        .store
        .room_for(incoming.announced_bytes().unwrap_or_default())
    {
        session.cancel().await?;
        return Err(full.into());
    }
    match append_all(&mut session, None, &mut incoming).await {
        Ok(()) => Ok(session),
        Err(error) => {
            session.cancel().await?;
            Err(error)
        }
    }
}

async fn append_all(
    session: &mut UploadSession,
    ranged: Option<u64>,
    incoming: &mut impl Incoming,
) -> Result<(), OperationError> {
    let mut found = 0;
    while let Some(bytes) = incoming.next().await? {
        found += bytes.len() as u64;
        if let Some(ranged) = ranged
            && found > ranged
        {
            return Err(OperationError::ChunkLength { ranged, found });
        }
        session.append(bytes).await?;
    }
    match ranged {
        Some(ranged) if ranged != found => Err(OperationError::ChunkLength { ranged, found }),
        _ => Ok(()),
    }
}

struct OutOfPlace;

fn place(content_range: Option<&str>, offset: u64) -> Result<Option<UploadRange>, OutOfPlace> {
    let Some(text) = content_range else {
        return Ok(None);
    };
    let range: UploadRange = text.parse().map_err(|_| OutOfPlace)?;
    if range.start() == offset {
        Ok(Some(range))
    } else {
        Err(OutOfPlace)
    }
}
