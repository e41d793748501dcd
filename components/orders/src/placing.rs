//! Placing an order: once, however often it is asked for, and wherever it breaks off.
//!
//! What is done has three recovery points. Whoever sends the same key after a crash, or takes over when the lease is over, goes on behind the
//! last one that was reached:
//!
//! 1. The key is claimed, and has an order id that stays. Nothing else has happened.
//! 2. The catalog holds the stock under that id. IdempotentRequest again, it gives the same answer with the same prices. If nobody ever comes back, the
//!    reconciler gives the stock back ([`reconcile`](crate::reconcile)). The price adjuster is asked next, which changes nothing anywhere: asked
//!    again it may say something else, and what it said last is what is written.
//! 3. Order, events, audit row and the stored answer are one transaction. From here on the answer is only repeated, and the saga goes on by
//!    itself.

use crate::adjustment::Adjustment;
use crate::api::with_order;
use crate::catalog::{self, Refusal, Reserved};
use crate::course;
use crate::error::Error;
use crate::events;
use crate::order::{self, Order, Terms, Wish};
use crate::pricing::{self, Priced};
use crate::saga;
use crate::store;
use crate::timeline;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use spindle_contracts::event::OrderLine;
use spindle_contracts::{OrderId, Problem, ProblemKind, UserId};
use spindle_events::outbox;
use spindle_idempotency::{self as idempotency, BeginOutcome, Claim, IdempotentRequest};
use spindle_platform::http::{Response, problem_response};
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection, Transaction};
use spindle_platform::{Context, audit};
use std::time::Duration;

/// What is asked for, among all that can be asked for under a key.
pub(crate) const OPERATION: &str = "order.place";

/// The variable that says for how many seconds a request has its key to itself.
const LEASE: &str = "idempotency_lease_seconds";

/// The variable that says after how many seconds without an answer for its payment an order is cancelled.
const PAYMENT_TIMEOUT: &str = "payment_timeout_seconds";

/// How many numbers are tried. That one is taken is as likely as there are orders in a million million.
const NUMBERS_TRIED: u32 = 3;

/// An order that is being placed.
struct Placing<'a> {
    context: &'a Context,
    db: &'a Connection,
    claim: &'a Claim,
    user_id: UserId,
    /// Where it was asked for.
    path: &'a str,
}

/// The answer to `asked`, which is `wish` of `user_id`: a new one, or the first one again.
pub(crate) async fn place(
    context: &Context,
    user_id: UserId,
    asked: &IdempotentRequest,
    wish: Wish,
    path: &str,
) -> Result<Response, Error> {
    let db = context.sql().await?;
    let claim = match idempotency::begin(&db, asked, context.new_id(), context.now(), lease(context)?).await? {
        BeginOutcome::Answered(response) => return Ok(response),
        BeginOutcome::Claimed(claim) => claim,
    };
    let placing = Placing { context, db: &db, claim: &claim, user_id, path };
    let outcome = placing.carry_out(wish).await;
    if let Err(error) = &outcome {
        placing.let_go(error).await;
    }
    outcome
}

/// For how long a request has its key to itself.
pub(crate) fn lease(context: &Context) -> Result<Duration, Error> {
    Ok(Duration::from_secs(context.config().parse(LEASE, "a whole number of seconds")?))
}

impl Placing<'_> {
    fn id(&self) -> OrderId {
        OrderId(self.claim.resource_id)
    }

    async fn carry_out(&self, wish: Wish) -> Result<Response, Error> {
        match catalog::reserve(self.context, self.id(), &wish.items).await? {
            Reserved::Held(lines) => self.price(wish, &lines).await,
            // It stays so when the stock is there again: whoever still wants it asks anew.
            Reserved::Short(Refusal { detail, errors }) => {
                self.refuse(&Problem { errors, ..Problem::conflict(detail) }).await
            }
        }
    }

    async fn price(&self, wish: Wish, lines: &[OrderLine]) -> Result<Response, Error> {
        let priced = pricing::adjust(self.context, self.id(), self.user_id, lines, &wish.shipping_address).await?;
        let reason = match priced {
            Priced::With(adjustments) => return self.write(wish, lines, adjustments).await,
            Priced::Refused(reason) => reason,
        };
        // First the answer, which only the holder of the key can give: another's stock is not for this one to give back.
        let response = self.refuse(&Problem::new(ProblemKind::ValidationFailed, reason)).await?;
        if let Err(cause) = catalog::release(self.context, self.id()).await {
            self.context.log(Level::Warn, "stock held until its time is over", &[("cause", cause.to_string().into())]);
        }
        Ok(response)
    }

    /// Answers that there is no order, and why: that is the result of the request.
    async fn refuse(&self, problem: &Problem) -> Result<Response, Error> {
        let response = problem_response(problem, self.path, self.context.request_id());
        idempotency::finish(self.db, self.claim, &response).await?;
        Ok(response)
    }

    async fn write(&self, wish: Wish, lines: &[OrderLine], adjustments: Vec<Adjustment>) -> Result<Response, Error> {
        let Self { context, user_id, .. } = *self;
        let now = context.now();
        let timeout: u32 = context.config().parse(PAYMENT_TIMEOUT, "a whole number of seconds")?;
        let payment_due_at = now.plus(Duration::from_secs(timeout.into()));
        let terms = Terms { id: self.id(), number: order::number(context.random()), user_id, now, payment_due_at };
        let mut order = Order::place(terms, lines, adjustments, wish.shipping_address)?;

        let transaction = self.db.transaction().await?;
        self.insert(&transaction, &mut order).await?;
        store::timeline::append(&transaction, order.id, &timeline::placed(now)).await?;
        let events = events::of(&order, &saga::START, Some(&wish.payment_token));
        let told = outbox::append(&transaction, context, &events).await?;
        audit::record(&transaction, context, &course::audited(&order, &user_id.to_string())).await?;
        let response = created(&order);
        idempotency::finish(&transaction, self.claim, &response).await?;
        transaction.commit().await?;
        told.push(context);
        Ok(response)
    }

    /// Adds `order`, under another number if its own is taken.
    async fn insert(&self, transaction: &Transaction<'_>, order: &mut Order) -> Result<(), Error> {
        let mut tries = 1;
        loop {
            match store::orders::insert(transaction, order).await {
                Err(sql::Error::UniqueViolation { columns }) if columns == "orders.number" && tries < NUMBERS_TRIED => {
                    order.number = order::number(self.context.random());
                    tries += 1;
                }
                // Whoever took over was faster.
                Err(sql::Error::UniqueViolation { columns }) if columns == "orders.id" => {
                    return Err(idempotency::Error::Superseded.into());
                }
                result => return Ok(result?),
            }
        }
    }

    /// Lets the next request with this key go on at once. What fails here ends with the lease.
    async fn let_go(&self, error: &Error) {
        let result = match error {
            // Nothing is held, and the next one may have another wish, or another id.
            Error::Invalid(_) | Error::HeldNoLonger => idempotency::delete_claim(self.db, self.claim).await,
            Error::Idempotency(_) => return,
            _ => idempotency::end_lease(self.db, self.claim, self.context.now()).await,
        };
        if let Err(cause) = result {
            self.context.log(Level::Warn, "key not let go", &[("cause", cause.to_string().into())]);
        }
    }
}

fn created(order: &Order) -> Response {
    let mut response = with_order(StatusCode::CREATED, order);
    let location = HeaderValue::try_from(format!("/v1/orders/{}", order.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    response
}
