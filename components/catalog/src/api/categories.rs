//! The categories.

use crate::cache::{self, Resource};
use crate::category::Categories;
use crate::representation::Representation;
use crate::store;
use http::StatusCode;
use spindle_edge::{Anonymous, HandlerResult};
use spindle_platform::Context;
use spindle_platform::http::{NoParameters, Request, json};

/// Handles `GET /v1/categories`: 200 with all categories that have active products, and the number of those.
pub(crate) async fn list(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let load = async || {
        let items = store::categories::all(&context.sql().await?).await?;
        Ok(Representation::of_content(json(StatusCode::OK, &Categories { items })))
    };
    let (representation, status) = cache::read(context, Resource::Categories, load).await?;
    representation.into_response(&request, status)
}
