//! The handlers for other services: auth looks up identities and creates profiles, notifications reads contacts, orders reads addresses, and the gateway ticks.

use crate::api::insert_user;
use crate::email_keys;
use crate::erasure_progress;
use crate::error::Error;
use crate::user::{Address, NewUser, Status, User};
use crate::{erasure, rights, store};
use deserr::Deserr;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json as value;
use spindle_contracts::input::Parameter;
use spindle_contracts::{InputErrors, UserId};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, Response, empty, json, versioned_json};
use std::time::Duration;
use uuid::Uuid;

/// The variable with the number of seconds for which events are kept.
const EVENT_RETENTION: &str = "event_retention_seconds";

/// The most changes of addresses that a tick deletes.
const PRUNED_TOGETHER: i64 = 1_000;

/// The body of [`identify`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentifyRequest {
    email: String,
}

/// Handles `POST /internal/users/identify` `{email}`: 200 with id, address and role of the user with this address, in any spelling, and
/// whether the user is active; else 404. A POST, so that the address is in no access log.
pub(crate) async fn identify(context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let IdentifyRequest { email } = request.internal_json().await?;
    let user = store::find_by_email(&context.sql().await?, &email).await?;
    Ok(identity(&user.ok_or(Error::NotFound)?))
}

/// Handles `GET /internal/users/{id}/identity`: the same by id.
pub(crate) async fn get_identity(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    Ok(identity(&store::get(&context.sql().await?, request.param("id")?).await?))
}

/// The parameters of [`get_contact`].
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct ContactParameters {
    #[deserr(default)]
    email_change: Option<Uuid>,
}

/// The parameters of [`register`].
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct RegisterParameters {
    #[deserr(default)]
    dry_run: Option<Parameter<bool>>,
}

/// Handles `GET /internal/users/{id}/contact`: 200 with addresses, language and channels for notifications, and nothing that a message
/// does not need; 404 after an erasure. With `?email_change=`, it has the e-mail address before that change as well, as long as it is kept.
pub(crate) async fn get_contact(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let ContactParameters { email_change: change } = request.query()?;
    let db = context.sql().await?;
    let user = store::get(&db, request.param("id")?).await?;
    let previous_email = match change {
        Some(change) => store::previous_email(&db, change, user.id).await?,
        None => None,
    };
    let contact = value!({
        "previous_email": previous_email,
        "email": user.email,
        "phone": user.phone,
        "locale": user.locale,
        "notification_preferences": user.notification_preferences,
    });
    Ok(json(StatusCode::OK, &contact))
}

/// Handles `GET /internal/users/{id}/addresses/{address_id}`: 200 with recipient and address, as an order takes them; 404 if the user has no such
/// address, or is erased or deactivated.
pub(crate) async fn get_address(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (id, address_id): (UserId, Uuid) = (request.param("id")?, request.param("address_id")?);
    let user = store::get(&context.sql().await?, id).await?;
    let addresses = if user.status == Status::Active { user.addresses } else { Vec::new() };
    let address = addresses.into_iter().find(|address| address.id == address_id).ok_or(Error::AddressNotFound)?;
    let Address { name, lines, city, postal_code, country, .. } = address;
    let body = value!({ "name": name, "lines": lines, "city": city, "postal_code": postal_code, "country": country });
    Ok(json(StatusCode::OK, &body))
}

/// Handles `PUT /internal/users/{id}` with a new user: 201 with the user, or 200 if there is one with this id and address, so that a
/// caller who missed the response may repeat the request.
///
/// With `?dry_run=true`, it checks the new user and creates none: 204 instead of 201, and the same errors.
pub(crate) async fn register(context: &Context, caller: ServiceCaller, mut request: Request) -> HandlerResult {
    let RegisterParameters { dry_run } = request.query()?;
    let dry_run = dry_run.is_some_and(|Parameter(dry_run)| dry_run);
    let new: NewUser = request.json().await?;
    let user = User::create(request.param("id")?, new, context.now(), || context.new_id())?;
    let db = context.sql().await?;
    if dry_run {
        return match store::find_by_email(&db, &user.email).await? {
            Some(other) if other.id != user.id => Err(Error::EmailTaken.into()),
            _ => Ok(empty(StatusCode::NO_CONTENT)),
        };
    }
    let transaction = db.transaction().await?;
    match store::get(&transaction, user.id).await {
        Ok(existing) if existing.email == user.email => {
            return Ok(versioned_json(StatusCode::OK, &existing, existing.version));
        }
        Ok(_) => return Err(Error::IdTaken.into()),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let events = insert_user(context, &transaction, &user, caller.actor()).await?;
    transaction.commit().await?;
    events.push(context);
    Ok(versioned_json(StatusCode::CREATED, &user, user.version))
}

/// Handles `POST /internal/users/tick`: 200 with the number of erased users whose credentials auth has deleted now, of users whose former
/// rights it has ended, and of old events and changes of addresses that are deleted. Computes the keys of addresses that an earlier release
/// stored.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let rights_ended = rights::end_former_rights(context, &db).await;
    let erased = erasure::erase_pending_credentials(context, &db).await;
    erasure_progress::follow_up(context, &db).await?;
    email_keys::compute_slice(context, &db).await?;
    let events = spindle_events::tick(context, None).await?;
    // A previous address is kept for as long as the event that it belongs to.
    let retention: u64 = context.config().parse(EVENT_RETENTION, "a whole number of seconds")?;
    let old = context.now().minus(Duration::from_secs(retention));
    let changes = store::prune_email_changes(&db, old, PRUNED_TOGETHER).await?;
    let report = value!({ "forgotten": erased, "rights_ended": rights_ended, "pruned": events.pruned + changes });
    Ok(json(StatusCode::OK, &report))
}

fn identity(user: &User) -> Response {
    let active = user.status == Status::Active;
    json(StatusCode::OK, &value!({ "id": user.id, "email": user.email, "role": user.role, "active": active }))
}
