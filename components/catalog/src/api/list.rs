//! The list of products: what is for sale, filtered, searched, sorted and in pages.

use crate::cache::{self, Subject};
use crate::listing::{Listed, Listing, Position};
use crate::representation::Representation;
use crate::store;
use spindle_edge::{Anonymous, HandlerResult};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request};
use spindle_platform::sql;

/// `GET /v1/products`: a page of the active products. What is kept is the first page of a list without words: what many look at.
pub(crate) async fn list(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    let listing = Listing::from_query(&request)?;
    let name = listing.name();
    let asked = request.page()?;
    let after = asked.after::<Position>(&name)?;
    let is_looked_at_by_many = after.is_none() && listing.query.is_none();
    let load = async || {
        let products = find(context, &listing, after, asked.rows_to_fetch()).await?;
        let page = Page::new(&asked, &name, products, |listed| listing.position(listed));
        Ok(Representation::of_content(page.into_response(&request)))
    };
    let (found, status) = if is_looked_at_by_many {
        cache::read(context, Subject::List(request.uri().query().unwrap_or_default()), load).await?
    } else {
        (load().await?, cache::BYPASSED)
    };
    Ok(found.into_response(&request, status))
}

async fn find(
    context: &Context,
    listing: &Listing,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Listed>, sql::Error> {
    let db = context.sql().await?;
    let position = after.unwrap_or_else(|| listing.start());
    match &listing.query {
        None => store::list::page(&db, listing, &position, limit).await,
        Some(query) => store::search::page(&db, listing, query, &position, limit).await,
    }
}
