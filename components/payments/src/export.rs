//! The handler for the export of a user's payments. The payer's token is not part of it: it is a means of payment.

use crate::api::PaymentView;
use crate::payment::Payment;
use crate::store::calls::{self, Call};
use crate::store::payments::{self, Filter};
use http::StatusCode;
use serde::Serialize;
use spindle_contracts::PaymentId;
use spindle_edge::{HandlerResult, ServiceCaller, export};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, json};

/// The name of the list in its cursors.
const LIST: &str = "export";

/// A payment with the calls of the provider: its authorisation, capture, void and refund.
#[derive(Serialize)]
struct ExportedPayment {
    #[serde(flatten)]
    payment: PaymentView,
    calls: Vec<Call>,
    #[serde(skip)]
    id: PaymentId,
}

/// Handles `GET /internal/payments/users/{user_id}/export/payments`: a page of the user's payments, the latest first.
pub(crate) async fn payments(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    let before = page.after::<PaymentId>(LIST)?;
    let of_user = Filter { user: Some(user), ..Filter::default() };
    let db = context.sql().await?;
    let payments = payments::page(&db, &of_user, before, page.rows_to_fetch()).await?;
    let ids: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let mut calls = calls::of_payments(&db, &ids).await?;
    let item = |payment: Payment| ExportedPayment {
        id: payment.id,
        calls: calls.remove(&payment.id).unwrap_or_default(),
        payment: PaymentView::with_error(payment),
    };
    let items = payments.into_iter().map(item).collect();
    Ok(json(StatusCode::OK, &Page::new(&page, LIST, items, |item: &ExportedPayment| item.id)))
}

/// Handles `GET /internal/payments/users/{user_id}/export/idempotency-keys`: a page of the keys of the user's requests.
pub(crate) async fn idempotency_keys(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let (user, page) = export::requested(&request)?;
    Ok(json(StatusCode::OK, &spindle_idempotency::page_of_user(context, user, &page).await?))
}
