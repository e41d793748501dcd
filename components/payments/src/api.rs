//! The routes under `/v1/payments` with which customers and operators read payments.

use crate::error::Error;
use crate::payment::{Payment, Status};
use crate::store::payments;
use http::StatusCode;
use serde::Serialize;
use spindle_contracts::{Money, OrderId, PaymentId, Problem, Role, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{ETag, Page, Request, versioned_json};

/// The name in the cursors of the list.
const LIST: &str = "payments";

/// A payment as a response body.
#[derive(Debug, Serialize)]
pub(crate) struct PaymentView {
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

/// Answers `GET /v1/payments` with a page of payments, the latest first. A customer sees their own, an operator all. With `?order_id=` only the payment
/// of that order.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    request.only_query(&["order_id", "limit", "cursor"])?;
    let page = request.page()?;
    let before = page.after::<PaymentId>(LIST)?;
    let order = match request.query("order_id")? {
        Some(text) => {
            let order = text.parse::<OrderId>();
            Some(order.map_err(|_| Problem::malformed("The query parameter order_id must be a UUID."))?)
        }
        None => None,
    };
    let db = context.sql().await?;
    let found = match order {
        Some(order) => {
            let payment = payments::of_order(&db, order).await?;
            payment.into_iter().filter(|payment| caller.may_act_for(payment.user_id)).collect()
        }
        None => {
            let user_filter = (!caller.role().includes(Role::Operator)).then(|| caller.user());
            payments::page(&db, user_filter, before, page.rows_to_fetch()).await?
        }
    };
    let views = found.into_iter().map(PaymentView::from).collect();
    Ok(Page::new(&page, LIST, views, |payment: &PaymentView| payment.id).into_response(&request))
}

/// Answers `GET /v1/payments/{id}` with 200 and the payment, or with 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let payment = payments::get(&context.sql().await?, request.param("id")?).await?;
    if !caller.may_act_for(payment.user_id) {
        return Err(Error::NotFound.into());
    }
    let version = payment.version;
    let response = versioned_json(StatusCode::OK, &PaymentView::from(payment), version);
    request.or_not_modified(response, &ETag::of_version(version))
}

impl From<Payment> for PaymentView {
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
