//! The list of products: filtered, searched, sorted and in pages. Anyone may list those for sale, and operators those that are archived as well.

use crate::cache::{self, Resource};
use crate::product_query::{ListItem, ListProductsQuery, Position, ProductQuery};
use crate::representation::Representation;
use crate::store;
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use spindle_contracts::{FieldError, Problem, Role};
use spindle_edge::{Anonymous, HandlerResult, require_role};
use spindle_platform::Context;
use spindle_platform::http::{Page, Paged, Request};

/// Handles `GET /v1/products`: 200 with a page of the active products, or of the archived ones, for which the caller must be an operator. Only the
/// first page of a list of active products without a search text is cached: that is the one that many clients read.
pub(crate) async fn list(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    let Paged { page: page_request, filters } = request.query::<Paged<ListProductsQuery>>()?;
    let query = ProductQuery::from(filters);
    let list_name = query.list_name();
    let after = page_request.after::<Position>(&list_name)?;
    let is_public = query.filters.status.is_active();
    if !is_public {
        require_role(context, &request, Role::Operator).await?;
    }
    let is_cacheable = is_public && after.is_none() && query.text.is_none() && query.filters.sku_key.is_none();
    let load = async || {
        let items = find(context, &query, after, page_request.rows_to_fetch()).await?;
        let page = Page::new(&page_request, &list_name, items, |item| query.position(item));
        Ok(Representation::of_content(page.into_response(&request)))
    };
    let (representation, status) = if is_cacheable {
        cache::read(context, Resource::List(request.uri().query().unwrap_or_default()), load).await?
    } else {
        (load().await?, cache::BYPASSED)
    };
    let mut response = representation.into_response(&request, status)?;
    if !is_public {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}

async fn find(
    context: &Context,
    query: &ProductQuery,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<ListItem>, Problem> {
    let db = context.sql().await?;
    let is_first_page = after.is_none();
    let position = after.unwrap_or_else(|| query.start());
    let items = match &query.text {
        None => store::list::page(&db, query, &position, limit).await?,
        Some(text) => store::search::page(&db, query, text, &position, limit).await?,
    };
    // Looked up for an empty list only, so that others need no further statement.
    if let Some(slug) = &query.filters.category
        && is_first_page
        && items.is_empty()
        && !store::categories::exists(&db, slug).await?
    {
        let detail = format!("is {slug:?}, which is no category. GET /v1/categories lists them");
        return Err(Problem::malformed_fields(vec![FieldError::parameter("category", detail)]));
    }
    Ok(items)
}
