//! Calls to the catalog: reserve, commit, ship and release stock. Each call may be repeated.

use crate::error::Error;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spindle_contracts::event::OrderLine;
use spindle_contracts::problem::Place;
use spindle_contracts::{FieldError, OrderId, ProductId, Timestamp};
use spindle_platform::Context;
use spindle_platform::http::Response;
use std::time::Duration;

/// The time limit of a call.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The reserved stock of an order.
pub(crate) struct Reservation {
    /// The products with the names and prices that they are reserved at.
    pub(crate) lines: Vec<OrderLine>,
    /// The end of the reservation, unless its order commits or releases it before.
    pub(crate) expires_at: Timestamp,
    /// False if an earlier call for the same order made the reservation.
    pub(crate) is_new: bool,
}

/// Reserves products, each with its quantity, for the order `id`.
///
/// # Errors
///
/// [`Error::OutOfStock`] if a product is not available in that quantity: then nothing is reserved. [`Error::Invalid`] if the products cannot be
/// ordered together; [`Error::ReservationReleased`] if they were reserved for this order, and have been released since.
pub(crate) async fn reserve(
    context: &Context,
    id: OrderId,
    items: impl Iterator<Item = (ProductId, i64)>,
) -> Result<Reservation, Error> {
    let line = |(product_id, quantity)| json!({ "product_id": product_id, "quantity": quantity });
    let body = json!({ "order_id": id, "lines": items.map(line).collect::<Value>() });
    let response = post(context, "/internal/catalog/reservations".to_owned(), body.to_string()).await?;
    match response.status() {
        status @ (StatusCode::OK | StatusCode::CREATED) => Ok(Reservation {
            lines: field(&response, "lines")?,
            expires_at: field(&response, "expires_at")?,
            is_new: status == StatusCode::CREATED,
        }),
        StatusCode::UNPROCESSABLE_ENTITY => Err(Error::Invalid(item_errors(&response)?)),
        StatusCode::CONFLICT => match item_errors(&response)? {
            // Only a shortage has an error for each line.
            errors if errors.is_empty() => Err(Error::ReservationReleased),
            errors => Err(Error::OutOfStock { detail: field(&response, "detail")?, errors }),
        },
        _ => Err(unexpected(response.status())),
    }
}

/// Commits the stock of the order `id`: it is sold, and on hand until it is shipped. Returns false if it was no longer reserved.
pub(crate) async fn commit(context: &Context, id: OrderId) -> Result<bool, Error> {
    match change(context, id, "commit").await? {
        StatusCode::OK => Ok(true),
        StatusCode::CONFLICT | StatusCode::NOT_FOUND => Ok(false),
        status => Err(unexpected(status)),
    }
}

/// Commits the stock of the paid order `id` once more: an earlier release of the catalog took it off the shelf when the order was paid. Has no
/// effect if it was shipped or released since.
///
/// # Errors
///
/// [`Error::UnexpectedCatalogResponse`] if the catalog is still of that release.
pub(crate) async fn commit_again(context: &Context, id: OrderId) -> Result<(), Error> {
    let response = post(context, format!("/internal/catalog/reservations/{id}/commit"), String::new()).await?;
    match response.status() {
        StatusCode::OK if field::<String>(&response, "state")? == "committed" => {
            Err(Error::UnexpectedCatalogResponse("a state of its earlier release".to_owned()))
        }
        StatusCode::OK | StatusCode::CONFLICT | StatusCode::NOT_FOUND => Ok(()),
        _ => Err(unexpected(response.status())),
    }
}

/// Takes the stock of the order `id`, which was shipped, off the shelf.
pub(crate) async fn ship(context: &Context, id: OrderId) -> Result<(), Error> {
    let status = change(context, id, "ship").await?;
    if status == StatusCode::OK { Ok(()) } else { Err(unexpected(status)) }
}

/// Releases the stock of the order `id`, reserved or not, so that it is not reserved for this order later either.
pub(crate) async fn release(context: &Context, id: OrderId) -> Result<(), Error> {
    let status = change(context, id, "release").await?;
    if status == StatusCode::OK { Ok(()) } else { Err(unexpected(status)) }
}

/// Makes the `change` of the reservation of the order `id`, and returns the status of the response.
async fn change(context: &Context, id: OrderId, change: &str) -> Result<StatusCode, Error> {
    let request = request(format!("/internal/catalog/reservations/{id}/{change}"), String::new());
    context.client().call_for_status("catalog", request, TIMEOUT).await.map_err(Error::CatalogUnreachable)
}

async fn post(context: &Context, path: String, body: String) -> Result<Response, Error> {
    let request = request(path, body);
    context.client().call("catalog", request, TIMEOUT).await.map_err(Error::CatalogUnreachable)
}

fn request(path: String, body: String) -> http::Request<Bytes> {
    let request = http::Request::post(path).header(CONTENT_TYPE, "application/json").body(Bytes::from(body));
    request.expect("the path is made of names and an id")
}

/// Reads the field `name` of the body.
fn field<T: DeserializeOwned>(response: &Response, name: &str) -> Result<T, Error> {
    let malformed = |error: &dyn std::fmt::Display| {
        Error::UnexpectedCatalogResponse(format!("{} without {name}: {error}", response.status().as_u16()))
    };
    let body: Value = serde_json::from_slice(response.body()).map_err(|error| malformed(&error))?;
    T::deserialize(&body[name]).map_err(|error| malformed(&error))
}

/// Reads the errors of a refusal, and maps their pointers: the lines of the reservation are the items of the order.
fn item_errors(response: &Response) -> Result<Vec<FieldError>, Error> {
    let mut errors: Vec<FieldError> = field::<Option<_>>(response, "errors")?.unwrap_or_default();
    for error in &mut errors {
        if let Some(rest) = error.pointer().strip_prefix("/lines/") {
            error.place = Place::Pointer(format!("/items/{rest}"));
        }
    }
    Ok(errors)
}

fn unexpected(status: StatusCode) -> Error {
    if status.is_server_error() {
        Error::CatalogFailed(status.as_u16())
    } else {
        Error::UnexpectedCatalogResponse(status.as_u16().to_string())
    }
}
