//! What the catalog is asked: to hold stock, to let it go for good, and to take it back. Each call may be repeated.

use crate::error::Error;
use crate::order::ItemDraft;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use spindle_contracts::event::OrderLine;
use spindle_contracts::{FieldError, OrderId};
use spindle_platform::Context;
use spindle_platform::http::Response;
use std::time::Duration;

/// How long the catalog may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What came of asking for stock.
#[derive(Debug)]
pub(crate) enum Reserved {
    /// All of it is held, under these names and at these prices.
    Held(Vec<OrderLine>),
    /// Something is short, and nothing is held.
    Short(Refusal),
}

/// What the catalog has against it.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) detail: String,
    #[serde(default)]
    pub(crate) errors: Vec<FieldError>,
}

#[derive(Deserialize)]
struct Reservation {
    lines: Vec<OrderLine>,
}

/// Asks for `items` to be held for the order `id`.
///
/// # Errors
///
/// [`Error::Invalid`] if they cannot be ordered together; [`Error::HeldNoLonger`] if they were held, and have been given back since.
pub(crate) async fn reserve(context: &Context, id: OrderId, items: &[ItemDraft]) -> Result<Reserved, Error> {
    let body = json!({ "order_id": id, "lines": items });
    let response = post(context, "/internal/catalog/reservations".to_owned(), body.to_string()).await?;
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => Ok(Reserved::Held(read::<Reservation>(&response)?.lines)),
        StatusCode::UNPROCESSABLE_ENTITY => Err(Error::Invalid(read::<Refusal>(&response)?.of_items().errors)),
        StatusCode::CONFLICT => match read::<Refusal>(&response)? {
            // Only what is short is told line by line.
            refusal if refusal.errors.is_empty() => Err(Error::HeldNoLonger),
            refusal => Ok(Reserved::Short(refusal.of_items())),
        },
        _ => Err(unexpected(&response)),
    }
}

/// Asks for what is held for the order `id` to leave the warehouse. Whether it was held still.
pub(crate) async fn commit(context: &Context, id: OrderId) -> Result<bool, Error> {
    let response = post(context, format!("/internal/catalog/reservations/{id}/commit"), String::new()).await?;
    match response.status() {
        StatusCode::OK => Ok(true),
        StatusCode::CONFLICT | StatusCode::NOT_FOUND => Ok(false),
        _ => Err(unexpected(&response)),
    }
}

/// Asks for the stock of the order `id` to be taken back, whether or not it is held, and not to be held for it any more.
pub(crate) async fn release(context: &Context, id: OrderId) -> Result<(), Error> {
    let response = post(context, format!("/internal/catalog/reservations/{id}/release"), String::new()).await?;
    if response.status() == StatusCode::OK { Ok(()) } else { Err(unexpected(&response)) }
}

async fn post(context: &Context, path: String, body: String) -> Result<Response, Error> {
    let request = http::Request::post(path).header(CONTENT_TYPE, "application/json").body(Bytes::from(body));
    let request = request.expect("the path is made of names and an id");
    Ok(context.client().call("catalog", request, TIMEOUT).await?)
}

fn read<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    serde_json::from_slice(response.body())
        .map_err(|error| Error::CatalogAnswer(format!("{} and {error}", response.status().as_u16())))
}

fn unexpected(response: &Response) -> Error {
    let status = response.status();
    if status.is_server_error() {
        Error::CatalogFails(status.as_u16())
    } else {
        Error::CatalogAnswer(status.as_u16().to_string())
    }
}

impl Refusal {
    /// The same, as the client can read it: the catalog's lines are its items.
    fn of_items(mut self) -> Self {
        for error in &mut self.errors {
            if let Some(rest) = error.pointer.strip_prefix("/lines/") {
                error.pointer = format!("/items/{rest}");
            }
        }
        self
    }
}
