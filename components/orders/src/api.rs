//! The operations on placed orders. A customer reads and cancels their own orders; an operator reads and cancels all orders, and fulfils them.

pub(crate) mod export;
pub(crate) mod internal;

use crate::order::Status;
use crate::saga::OrderEvent;
use crate::store;
use crate::timeline;
use crate::transitions;
use crate::undelivered_events;
use http::StatusCode;
use serde_json::{Map, Value, json as value};
use spindle_contracts::{OrderId, Problem, ProblemKind, Role, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{ETag, Page, Request, json, versioned_json};

/// Handles `GET /v1/orders`: 200 with a page of the caller's orders, the latest first. An operator gets the orders of all users, or of one.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["status", "user_id", "limit", "cursor"])?;
    let user = requested_user(caller, &request)?;
    let status = match request.query("status")? {
        Some(name) => Some(Status::from_name(&name).ok_or_else(|| {
            let names = Status::ALL.map(Status::name).join(", ");
            Problem::malformed(format!("status must be one of {names}."))
        })?),
        None => None,
    };
    let page = request.page()?;
    // A cursor belongs to one set of filters.
    let list = value!(["orders", user, status]).to_string();
    let after = page.after::<OrderId>(&list)?;
    let orders = store::orders::page(&context.sql().await?, user, status, after, page.rows_to_fetch()).await?;
    Ok(Page::new(&page, &list, orders, |order| order.id).into_response(&request))
}

/// Handles `GET /v1/orders/{id}`: 200 with the order, or 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let order = store::orders::get(&context.sql().await?, request.param("id")?, owner_filter(caller)).await?;
    let response = versioned_json(StatusCode::OK, &order, order.version);
    request.or_not_modified(response, &ETag::of_version(order.version))
}

/// Handles `GET /v1/orders/{id}/timeline`: 200 with the history of the order, and the event that it waits for.
pub(crate) async fn timeline(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let order = store::orders::get(&db, request.param("id")?, owner_filter(caller)).await?;
    let items = store::timeline::list(&db, order.id).await?;
    let given_up = undelivered_events::types_of(context, &db, &order).await?;
    let body = value!({
        "order_id": order.id,
        "status": order.status,
        "awaiting": timeline::awaiting(&order, &given_up),
        "items": items,
    });
    Ok(json(StatusCode::OK, &body))
}

/// Handles `POST /v1/orders/{id}/cancel`: 200 with the order, which is cancelled, now or before; 409 if it was shipped; 412 with a stale
/// `If-Match`; 422 with a body.
pub(crate) async fn cancel(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    expect_no_body(&mut request, "cancel").await?;
    apply(context, caller, &request, OrderEvent::CancelRequested).await
}

/// Handles `POST /v1/orders/{id}/fulfil`: 200 with the order, which is fulfilled, now or before; 409 unless its payment is captured;
/// 412 with a stale `If-Match`; 422 with a body.
pub(crate) async fn fulfil(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    expect_no_body(&mut request, "fulfil").await?;
    apply(context, caller, &request, OrderEvent::FulfilRequested).await
}

async fn apply(context: &Context, caller: Principal, request: &Request, event: OrderEvent) -> HandlerResult {
    let (id, actor) = (request.param("id")?, caller.user().to_string());
    let precondition = request.precondition()?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let order = store::orders::get(&transaction, id, owner_filter(caller)).await?;
    let before = ETag::of_version(order.version);
    let transition = transitions::transition(&transaction, context, order, &[event], None, &actor).await?;
    // After the transition, because a phase that does not allow the event is a 409 with any precondition (RFC 9110, section 13.2.1).
    precondition.check(&before)?;
    transaction.commit().await?;
    let order = transition.follow_up(context);
    Ok(versioned_json(StatusCode::OK, &order, order.version))
}

/// Refuses a body other than `{}`: a member such as `reason` would be ignored silently.
async fn expect_no_body(request: &mut Request, operation: &str) -> Result<(), Problem> {
    let body = request.bytes().await?;
    let is_empty_object =
        || serde_json::from_slice::<Map<String, Value>>(&body).is_ok_and(|members| members.is_empty());
    if body.is_empty() || is_empty_object() {
        return Ok(());
    }
    let detail = format!("{operation} takes no body: send the request without one, or with {{}}.");
    Err(Problem::new(ProblemKind::ValidationFailed, detail))
}

/// Returns the user whose orders alone the caller may see; `None` for an operator, who may see all.
fn owner_filter(caller: Principal) -> Option<UserId> {
    (!caller.role().includes(Role::Operator)).then(|| caller.user())
}

/// Returns the user whose orders a list has; `None` for all users.
fn requested_user(caller: Principal, request: &Request) -> Result<Option<UserId>, Problem> {
    let Some(text) = request.query("user_id")? else { return Ok(owner_filter(caller)) };
    let user: UserId =
        text.parse().map_err(|_| Problem::malformed("user_id must be the id of a user, which is a UUID."))?;
    if caller.may_act_for(user) {
        Ok(Some(user))
    } else {
        Err(Problem::forbidden(
            "user_id must be your own id: listing the orders of other users requires the role operator.",
        ))
    }
}
