//! The list of products: what is for sale, filtered, searched, sorted and in pages.

use super::reads::Representation;
use crate::listing::{Listed, Listing, Position};
use crate::store;
use spindle_edge::{Anyone, Outcome};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request};
use spindle_platform::sql;

/// `GET /v1/products`: a page of the active products.
pub(crate) async fn list(context: &Context, _: Anyone, request: Request) -> Outcome {
    let listing = Listing::from_query(&request)?;
    let name = listing.name();
    let asked = request.page()?;
    let after = asked.after::<Position>(&name)?;
    let products = find(context, &listing, after, asked.rows_to_fetch()).await?;
    let page = Page::new(&asked, &name, products, |listed| listing.position(listed)).into_response(&request);
    Ok(Representation::of_content(page).into_response(&request))
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
