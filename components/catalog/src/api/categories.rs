//! The categories of what is for sale.

use super::reads::Representation;
use crate::store;
use http::StatusCode;
use serde_json::json as value;
use spindle_edge::{Anyone, Outcome};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};

/// `GET /v1/categories`: all that have an active product, with how many they have.
pub(crate) async fn list(context: &Context, _: Anyone, request: Request) -> Outcome {
    request.only_query(&[])?;
    let categories = store::categories::all(&context.sql().await?).await?;
    let response = json(StatusCode::OK, &value!({ "items": categories }));
    Ok(Representation::of_content(response).into_response(&request))
}
