//! The call to users: reads a saved address of the customer, for an order that names it by its id.

use crate::error::Error;
use crate::order::ShippingAddress;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use spindle_contracts::{FieldError, PostalAddress, UserId};
use spindle_platform::Context;
use std::time::Duration;
use uuid::Uuid;

/// The time limit of the call.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The place of the id in a request for an order.
const POINTER: &str = "/shipping_address_id";

/// A saved address, as users responds with it.
#[derive(Deserialize)]
struct SavedAddress {
    /// The recipient; empty for an address that was saved before addresses had one, by a user without a name.
    name: String,
    #[serde(flatten)]
    postal: PostalAddress,
}

/// Reads the address `id` of `user`, which can be the address of an order.
///
/// # Errors
///
/// [`Error::UnusableAddress`] if the user has no such address, or it lacks something that an order needs.
pub(crate) async fn saved_address(context: &Context, user: UserId, id: Uuid) -> Result<ShippingAddress, Error> {
    let request = http::Request::get(format!("/internal/users/{user}/addresses/{id}")).body(Bytes::new());
    let request = request.expect("the path is made of names and ids");
    let response = context.client().call("users", request, TIMEOUT).await.map_err(Error::UsersUnreachable)?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => {
            return Err(Error::UnusableAddress(vec![FieldError::new(POINTER, "is not the id of a saved address")]));
        }
        status => return Err(Error::UnexpectedUsersResponse(status.as_u16().to_string())),
    }
    // The error is left out, because it may have text of the address.
    let address: SavedAddress = serde_json::from_slice(response.body())
        .map_err(|_| Error::UnexpectedUsersResponse("200 without an address".to_owned()))?;
    let PostalAddress { lines, city, postal_code, country } = address.postal;
    let address = ShippingAddress { name: address.name, lines, city, postal_code, country };
    let mut errors = Vec::new();
    address.check("", &mut errors);
    if errors.is_empty() {
        return Ok(address);
    }
    let of_the_id = |error: FieldError| {
        let field = error.pointer().trim_start_matches('/').to_owned();
        FieldError::new(POINTER, format!("is an address whose {field} {}", error.detail))
    };
    Err(Error::UnusableAddress(errors.into_iter().map(of_the_id).collect()))
}
