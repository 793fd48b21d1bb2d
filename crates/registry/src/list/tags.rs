//! end-8: the tags of a repository.

use berth_oci::RepositoryName;

use super::Names;
use crate::context::Context;
use crate::error::OperationError;
use crate::route::PageQuery;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) page: &'a PageQuery,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<Names, OperationError> {
    let Request { repository, page } = request;
    let found = context
        .store
        .list_tags(repository, page.last.as_deref(), super::page_limit(page))
        .await?;
    let found = found.ok_or(OperationError::RepositoryUnknown)?;
    Ok(Names::cut(page, &found.items, found.more))
}
