//! Orders one by one and in lists, and what their owners and operators do with them.

use super::{etag, with_order};
use crate::course;
use crate::order::Status;
use crate::saga::Happening;
use crate::store;
use crate::timeline;
use http::StatusCode;
use serde_json::json as value;
use spindle_contracts::{OrderId, Problem, Role, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};

/// `GET /v1/orders`: a page of the caller's orders, or for an operator of everybody's or of one user's, the latest first.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["status", "user_id", "limit", "cursor"])?;
    let user = whose(caller, &request)?;
    let status = match request.query("status")? {
        Some(name) => Some(
            Status::from_name(&name)
                .ok_or_else(|| Problem::malformed("status is pending_payment, paid, fulfilled or cancelled."))?,
        ),
        None => None,
    };
    let asked = request.page()?;
    // A cursor of a list with other filters is none of this one.
    let list = value!(["orders", user, status]).to_string();
    let after = asked.after::<OrderId>(&list)?;
    let orders = store::orders::page(&context.sql().await?, user, status, after, asked.rows_to_fetch()).await?;
    Ok(Page::new(&asked, &list, orders, |order| order.id).into_response(&request))
}

/// `GET /v1/orders/{id}`: 200 with the order, or 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let order = store::orders::get(&context.sql().await?, request.param("id")?, owner(caller)).await?;
    Ok(request.or_not_modified(with_order(StatusCode::OK, &order), &etag(&order)))
}

/// `GET /v1/orders/{id}/timeline`: 200 with what happened to the order, and what it waits for.
pub(crate) async fn timeline(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let order = store::orders::get(&db, request.param("id")?, owner(caller)).await?;
    let items = store::timeline::list(&db, order.id).await?;
    let body = value!({
        "order_id": order.id,
        "status": order.status,
        "awaiting": timeline::awaiting(&order),
        "items": items,
    });
    Ok(json(StatusCode::OK, &body))
}

/// `POST /v1/orders/{id}/cancel`: 200 with the order, which is cancelled now or was already; 409 once it was sent off.
pub(crate) async fn cancel(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    happen(context, caller, &request, Happening::CancelRequested).await
}

/// `POST /v1/orders/{id}/fulfil`: 200 with the order, which is fulfilled now or was already; 409 unless its payment was captured.
pub(crate) async fn fulfil(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    happen(context, caller, &request, Happening::FulfilRequested).await
}

async fn happen(context: &Context, caller: Principal, request: &Request, what: Happening) -> HandlerResult {
    let (id, actor) = (request.param("id")?, caller.user().to_string());
    let db = context.sql().await?;
    let order = course::happen(context, &db, id, owner(caller), &[what.into()], &actor).await?;
    Ok(with_order(StatusCode::OK, &order))
}

/// Whose orders the caller sees; nothing restricts an operator.
fn owner(caller: Principal) -> Option<UserId> {
    (!caller.role().includes(Role::Operator)).then(|| caller.user())
}

/// Whose orders are asked for.
fn whose(caller: Principal, request: &Request) -> Result<Option<UserId>, Problem> {
    let Some(text) = request.query("user_id")? else { return Ok(owner(caller)) };
    let user: UserId = text.parse().map_err(|_| Problem::malformed("user_id is the id of a user."))?;
    if caller.may_act_for(user) { Ok(Some(user)) } else { Err(Problem::forbidden("These are somebody else's orders.")) }
}
