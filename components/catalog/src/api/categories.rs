//! The categories of what is for sale.

use crate::cache::{self, Subject};
use crate::category::Categories;
use crate::representation::Representation;
use crate::store;
use http::StatusCode;
use spindle_edge::{Anonymous, HandlerResult};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};

/// `GET /v1/categories`: all that have an active product, with how many they have.
pub(crate) async fn list(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    request.only_query(&[])?;
    let load = async || {
        let items = store::categories::all(&context.sql().await?).await?;
        Ok(Representation::of_content(json(StatusCode::OK, &Categories { items })))
    };
    let (found, status) = cache::read(context, Subject::Categories, load).await?;
    Ok(found.into_response(&request, status))
}
