//! What auth asks of users: who someone is, and to create the profile of someone who registers; what notifications asks: how to reach
//! someone. And the tick.

use crate::api::{add, with_user};
use crate::erasure;
use crate::error::Error;
use crate::store;
use crate::user::{Draft, User};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json as value;
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, Response, json};

/// The body of [`identify`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    email: String,
}

/// `POST /internal/users/identify` `{email}`: 200 with id, address and role of the user who has that address, in whatever case; else
/// 404. A POST, so that the address stands in no log.
pub(crate) async fn identify(context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let Address { email } = request.json().await?;
    let user = store::find_by_email(&context.sql().await?, &email).await?;
    Ok(identity(&user.ok_or(Error::NotFound)?))
}

/// `GET /internal/users/{id}/identity`: the same for an id.
pub(crate) async fn get_identity(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    Ok(identity(&store::get(&context.sql().await?, request.param("id")?).await?))
}

/// `GET /internal/users/{id}/contact`: 200 with how to reach the user, in which language and on which channels; 404 once they are erased.
pub(crate) async fn get_contact(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let user = store::get(&context.sql().await?, request.param("id")?).await?;
    let contact = value!({
        "email": user.email,
        "phone": user.phone,
        "display_name": user.display_name,
        "locale": user.locale,
        "notification_preferences": user.notification_preferences,
    });
    Ok(json(StatusCode::OK, &contact))
}

/// `PUT /internal/users/{id}` with a user to be created: 201 with the user, or 200 if there is one with this id and address, so that a
/// caller who missed the answer may ask again.
pub(crate) async fn register(context: &Context, peer: ServiceCaller, mut request: Request) -> HandlerResult {
    let draft: Draft = request.json().await?;
    let user = User::create(request.param("id")?, draft, context.now(), || context.new_id())?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    match store::get(&transaction, user.id).await {
        Ok(there) if there.email == user.email => return Ok(with_user(StatusCode::OK, &there)),
        Ok(_) => return Err(Error::IdTaken.into()),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let told = add(context, &transaction, &user, peer.actor()).await?;
    transaction.commit().await?;
    told.push(context);
    Ok(with_user(StatusCode::CREATED, &user))
}

/// `POST /internal/users/tick`: 200 with how many erased users' credentials are gone now that could not go at once, and how many old
/// events are.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let forgotten = erasure::forget_credentials(context, &context.sql().await?).await;
    let events = spindle_events::tick(context, None).await?;
    Ok(json(StatusCode::OK, &value!({ "forgotten": forgotten, "pruned": events.pruned })))
}

fn identity(user: &User) -> Response {
    json(StatusCode::OK, &value!({ "id": user.id, "email": user.email, "role": user.role }))
}
