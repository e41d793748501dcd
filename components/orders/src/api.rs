//! The operations on placed orders. A customer reads and cancels their own orders; an operator reads and cancels all orders, and fulfils them.

pub(crate) mod export;
pub(crate) mod internal;

use crate::order::{Order, Status};
use crate::order_query::{OrderQuery, Position};
use crate::saga::OrderEvent;
use crate::store;
use crate::timeline::{self, Awaiting, Entry};
use crate::transitions;
use crate::undelivered_events;
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json as value;
use spindle_contracts::{InputErrors, OrderId, Problem, Role, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::http::{ETag, NoParameters, Page, Paged, Request, json, versioned_json};
use spindle_platform::{Context, audit};

/// The history of an order, and the event that it waits for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderTimeline")]
pub(crate) struct Timeline {
    /// The order.
    order_id: OrderId,
    /// Its status.
    status: Status,
    /// The event that the order waits for; `null` if it waits for none.
    awaiting: Option<Awaiting>,
    /// The events so far, the oldest first.
    items: Vec<Entry>,
    /// The id of the request that placed the order, as in its `X-Request-Id`: the log lines of all services about it have this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    request_id: Option<String>,
}

/// An object without members.
// A member such as `reason` would be ignored silently.
#[derive(Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct NoMembers {}

/// Handles `GET /v1/orders`: 200 with a page of the caller's orders, the latest first. An operator gets the orders of all users, or of one.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters } = request.query::<Paged<OrderQuery>>()?;
    let query = OrderQuery { user_id: visible_user(caller, filters.user_id)?, ..filters };
    // A cursor belongs to one set of filters.
    let list = value!(["orders", query]).to_string();
    let after = page.after::<Position>(&list)?;
    let orders = store::orders::page(&context.sql().await?, &query, after, page.rows_to_fetch()).await?;
    Ok(Page::new(&page, &list, orders, Order::position).into_response(&request))
}

/// Handles `GET /v1/orders/{id}`: 200 with the order, or 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.query::<NoParameters>()?;
    let order = store::orders::get(&context.sql().await?, request.param("id")?, owner_filter(caller)).await?;
    let response = versioned_json(StatusCode::OK, &order, order.version);
    request.or_not_modified(response, &ETag::of_version(order.version))
}

/// Handles `GET /v1/orders/{id}/timeline`: 200 with the history of the order, and the event that it waits for.
pub(crate) async fn timeline(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.query::<NoParameters>()?;
    let db = context.sql().await?;
    let order = store::orders::get(&db, request.param("id")?, owner_filter(caller)).await?;
    let items = store::timeline::list(&db, order.id).await?;
    let given_up = undelivered_events::types_of(context, &db, &order).await?;
    let awaiting = timeline::awaiting(&order, &given_up);
    let request_id = audit::request_of(&db, &order.id.to_string(), transitions::PLACED).await?;
    Ok(json(StatusCode::OK, &Timeline { order_id: order.id, status: order.status, awaiting, items, request_id }))
}

/// Handles `POST /v1/orders/{id}/cancel`: 200 with the order, which is cancelled, now or before; 409 if it was shipped; 412 with a stale
/// `If-Match`; 422 with a member in the body.
pub(crate) async fn cancel(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    apply(context, caller, request, OrderEvent::CancelRequested).await
}

/// Handles `POST /v1/orders/{id}/fulfil`: 200 with the order, which is fulfilled, now or before; 409 unless its payment is captured;
/// 412 with a stale `If-Match`; 422 with a member in the body.
pub(crate) async fn fulfil(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    apply(context, caller, request, OrderEvent::FulfilRequested).await
}

async fn apply(context: &Context, caller: Principal, mut request: Request, event: OrderEvent) -> HandlerResult {
    request.query::<NoParameters>()?;
    let body = request.bytes().await?;
    if !body.is_empty() {
        request.read_json::<NoMembers>(&body)?;
    }
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
    let order = transition.follow_up(context, Some(db));
    Ok(versioned_json(StatusCode::OK, &order, order.version))
}

/// Returns the user whose orders alone the caller may see; `None` for an operator, who may see all.
fn owner_filter(caller: Principal) -> Option<UserId> {
    (!caller.role().includes(Role::Operator)).then(|| caller.user())
}

/// Returns the user whose orders a list has, if the caller requests those of `requested`; `None` for all users.
fn visible_user(caller: Principal, requested: Option<UserId>) -> Result<Option<UserId>, Problem> {
    let Some(user) = requested else { return Ok(owner_filter(caller)) };
    if caller.may_act_for(user) {
        Ok(Some(user))
    } else {
        Err(Problem::forbidden(
            "user_id must be your own id: listing the orders of other users requires the role operator.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::NoMembers;
    use serde_json::json;
    use spindle_platform::testing::assert_schema_and_type_agree;

    #[test]
    fn the_schema_of_an_empty_body_says_what_is_read() {
        assert_schema_and_type_agree::<NoMembers>(&[json!({})], &[]);
    }
}
