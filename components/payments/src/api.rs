//! Payments as their owners and operators see them.

use crate::error::Error;
use crate::payment::{Payment, Status};
use crate::store::payments;
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use spindle_contracts::{Money, OrderId, PaymentId, Problem, Role, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{ETag, Page, Request, Response, json};

/// The name under which cursors of the list are made.
const LIST: &str = "payments";

/// A payment as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    id: PaymentId,
    order_id: OrderId,
    user_id: UserId,
    amount: Money,
    status: Status,
    provider: String,
    provider_reference: Option<String>,
    decline_reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// `GET /v1/payments`: a page of the caller's payments, an operator's of all, the latest first; with `?order_id=` the one of that order.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["order_id", "limit", "cursor"])?;
    let asked = request.page()?;
    let before = asked.after::<PaymentId>(LIST)?;
    let order = match request.query("order_id")? {
        Some(text) => Some(text.parse::<OrderId>().map_err(|_| Problem::malformed("order_id is not an id."))?),
        None => None,
    };
    let db = context.sql().await?;
    let found = match order {
        Some(order) => {
            let payment = payments::of_order(&db, order).await?;
            payment.into_iter().filter(|payment| caller.may_act_for(payment.user_id)).collect()
        }
        None => {
            let own = (!caller.role().includes(Role::Operator)).then(|| caller.user());
            payments::page(&db, own, before, asked.rows_to_fetch()).await?
        }
    };
    let shown = found.into_iter().map(Shown::from).collect();
    Ok(Page::new(&asked, LIST, shown, |payment: &Shown| payment.id).into_response(&request))
}

/// `GET /v1/payments/{id}`: 200 with the payment, or 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let payment = payments::get(&context.sql().await?, request.param("id")?).await?;
    if !caller.may_act_for(payment.user_id) {
        return Err(Error::NotFound.into());
    }
    let etag = ETag::of_version(payment.version);
    Ok(request.or_not_modified(with_payment(StatusCode::OK, payment), &etag))
}

/// A payment as a body, with its version, to be kept only by the client and checked each time.
pub(crate) fn with_payment(status: StatusCode, payment: Payment) -> Response {
    let etag = ETag::of_version(payment.version);
    let mut response = json(status, &Shown::from(payment));
    let headers = response.headers_mut();
    headers.insert(ETAG, etag.header());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

impl From<Payment> for Shown {
    fn from(payment: Payment) -> Self {
        let Payment { id, order_id, user_id, amount, status, provider, provider_reference, decline_reason, .. } =
            payment;
        let (created_at, updated_at) = (payment.created_at, payment.updated_at);
        Self {
            id,
            order_id,
            user_id,
            amount,
            status,
            provider,
            provider_reference,
            decline_reason,
            created_at,
            updated_at,
        }
    }
}
