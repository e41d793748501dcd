//! The routes under `/v1/payments` with which customers and operators read payments.

use crate::error::Error;
use crate::payment::{Payment, Status};
use crate::store::calls::{self, Call};
use crate::store::payments::{self, Filter};
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json as value;
use spindle_contracts::event::DeclineCode;
use spindle_contracts::{CreatedRange, InputErrors, Money, OrderId, PaymentId, Problem, Role, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{ETag, NoParameters, Page, Paged, Request, versioned_json};

/// The payment of an order: each order has one, once payments has received its request.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Payment")]
pub(crate) struct PaymentView {
    /// The id of the payment.
    id: PaymentId,
    /// The order.
    order_id: OrderId,
    /// The customer.
    user_id: UserId,
    /// The sum, which is captured and refunded as a whole.
    amount: Money,
    /// Where the money is.
    status: Status,
    /// The name of the payment provider.
    provider: String,
    /// The provider's name for the payment; null until the provider has answered. A requested payment that has one is pending: the provider decides later,
    /// by a webhook.
    provider_reference: Option<String>,
    /// Who declined the payment; null unless its status is `declined`.
    decline_code: Option<DeclineCode>,
    /// The reason for which it was declined, as the provider states it, for the payer to read; null unless its status is `declined`, and once the user is
    /// erased.
    decline_reason: Option<String>,
    /// The number of calls of the provider so far.
    attempts: u32,
    /// The error of the last call of the provider, such as `authorize: retryable: busy`; null if that did not fail. Only operators see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Option<String>>,
    /// The calls of the provider, the first one first. Only operators see them, and only of a single payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Call>")]
    calls: Option<Vec<Call>>,
    /// When the payment was requested.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

/// The filters of the list.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct PaymentFilters {
    /// Only the payment of this order.
    #[deserr(default)]
    order_id: Option<OrderId>,
    /// Only payments with this status.
    #[deserr(default)]
    status: Option<Status>,
    /// Only payments of this user. Another user's require the role operator.
    #[deserr(default)]
    user_id: Option<UserId>,
    /// Only payments that were created after this time, which is not included.
    #[deserr(default)]
    created_after: Option<Timestamp>,
    /// Only payments that were created before this time, which is not included.
    #[deserr(default)]
    created_before: Option<Timestamp>,
}

/// Answers `GET /v1/payments` with a page of payments, the latest first. A customer sees their own; an operator sees those of all users, or of one.
pub(crate) async fn list(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters } = request.query::<Paged<PaymentFilters>>()?;
    let filter = Filter {
        order: filters.order_id,
        user: user_filter(caller, filters.user_id)?,
        status: filters.status,
        created: CreatedRange { after: filters.created_after, before: filters.created_before },
    };
    // A cursor is only valid for the list with the same filters.
    let list = value!(["payments", filter.order, filter.user, filter.status, filter.created]).to_string();
    let before = page.after::<PaymentId>(&list)?;
    let found = payments::page(&context.sql().await?, &filter, before, page.rows_to_fetch()).await?;
    let views = found.into_iter().map(|payment| PaymentView::new(payment, caller)).collect();
    Ok(Page::new(&page, &list, views, |payment: &PaymentView| payment.id).into_response(&request))
}

/// Answers `GET /v1/payments/{id}` with 200 and the payment, or with 304. An operator also sees each call of the provider.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let db = context.sql().await?;
    let payment = payments::get(&db, request.param("id")?).await?;
    if !caller.may_act_for(payment.user_id) {
        return Err(Error::NotFound.into());
    }
    let revision = payment.revision();
    let mut view = PaymentView::new(payment, caller);
    if is_operator(caller) {
        view.calls = Some(calls::of_payments(&db, &[view.id]).await?.remove(&view.id).unwrap_or_default());
    }
    let response = versioned_json(StatusCode::OK, &view, revision);
    request.or_not_modified(response, &ETag::of_version(revision))
}

impl PaymentView {
    /// Returns `payment` with the fields that `caller` may see.
    pub(crate) fn new(payment: Payment, caller: Principal) -> Self {
        let view = Self::with_error(payment);
        Self { last_error: view.last_error.filter(|_| is_operator(caller)), ..view }
    }

    /// Returns `payment` with the error of the last call.
    pub(crate) fn with_error(payment: Payment) -> Self {
        let (decline_code, decline_reason) = payment.decline.map(|decline| (decline.code, decline.reason)).unzip();
        Self {
            id: payment.id,
            order_id: payment.order_id,
            user_id: payment.user_id,
            amount: payment.amount,
            status: payment.status,
            provider: payment.provider,
            provider_reference: payment.provider_reference,
            decline_code,
            decline_reason: decline_reason.flatten(),
            attempts: payment.attempts,
            last_error: Some(payment.last_error),
            calls: None,
            created_at: payment.created_at,
            updated_at: payment.updated_at,
        }
    }
}

fn is_operator(caller: Principal) -> bool {
    caller.role().includes(Role::Operator)
}

/// Returns the user whose payments are requested; `None` for those of all users.
///
/// # Errors
///
/// 403 if the caller may not see the payments of the `requested` user.
fn user_filter(caller: Principal, requested: Option<UserId>) -> Result<Option<UserId>, Problem> {
    match requested {
        None => Ok((!is_operator(caller)).then(|| caller.user())),
        Some(user) if caller.may_act_for(user) => Ok(Some(user)),
        Some(_) => Err(Problem::forbidden("The payments of another user require the role operator.")),
    }
}
