//! Docker's catalog: the repositories of the registry.

use super::Names;
use crate::context::Context;
use crate::error::OperationError;
use crate::route::PageQuery;

pub(crate) struct Request<'a> {
    pub(crate) page: &'a PageQuery,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<Names, OperationError> {
    let page = request.page;
    let found = context
        .store
        .list_repositories(page.last.as_deref(), super::page_limit(page))
        .await?;
    Ok(Names::cut(page, &found.items, found.more))
}
