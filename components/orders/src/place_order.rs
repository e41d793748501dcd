//! `POST /v1/orders`: request, command, one transaction, response. The order is placed once, however often the request is sent and wherever an
//! attempt ends.
//!
//! The command has three recovery points. A request with the same key after a crash, or after the end of the lease, continues behind the last
//! one that was reached:
//!
//! 1. The key is claimed with the id of the order, which stays the same. Nothing else has happened. If the price adjuster must not be called now,
//!    or a saved address cannot be read, the request ends here.
//! 2. The catalog has reserved the stock under that id. Called again, it returns the same reservation with the same prices. A reservation that
//!    would end before the time for the payment is released, and replaced by one under another id. If the client never repeats the request,
//!    the reconciler releases the stock ([`reconcile`](crate::reconcile)). The price adjuster is called next; it changes
//!    nothing anywhere, so a second call may return other adjustments, and the order has those of the last call.
//! 3. Order, timeline, events, audit row and the stored response are committed in one transaction. From here on the response is only replayed,
//!    and the saga continues by events ([`events`](crate::events)) and on the tick.

pub(crate) mod request;

use self::request::{Destination, PlaceOrderRequest};
use crate::catalog;
use crate::error::Error;
use crate::limits::Limits;
use crate::order::{self, Order, ShippingAddress, Status};
use crate::pricing::{self, Adjuster};
use crate::published_events;
use crate::saga;
use crate::store;
use crate::store::orders::Customer;
use crate::timeline;
use crate::transitions;
use crate::users;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use spindle_contracts::event::{OrderAdjustment, OrderLine};
use spindle_contracts::provider::pricing::Adjustment;
use spindle_contracts::{OrderId, Problem, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::outbox;
use spindle_idempotency::{self as idempotency, BeginOutcome, Claim, IdempotentRequest};
use spindle_platform::http::{NoParameters, Request, Response, problem_response, versioned_json};
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection, Transaction};
use spindle_platform::{Context, audit};
use std::time::Duration;

/// The name of this operation among those with idempotency keys.
pub(crate) const OPERATION: &str = "order.place";

/// The variable with the lease of an idempotency key, in seconds.
const LEASE: &str = "idempotency_lease_seconds";

/// The variable with the time for the payment, in seconds: without a decision by then, the order is cancelled.
const PAYMENT_TIMEOUT: &str = "payment_timeout_seconds";

/// The most attempts at a number that is not in use. The chance that one is in use is the number of orders in a million million.
const NUMBER_ATTEMPTS: u32 = 3;

/// Handles `POST /v1/orders` with `Idempotency-Key`: 201 with the order, whose stock is reserved and whose payment is requested; 409 with the
/// items that are out of stock, with the prices that are not as expected, or at a limit on unpaid orders, and no order is placed. The same key
/// gets the same response for a day.
pub(crate) async fn place_order(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    request.query::<NoParameters>()?;
    let body: PlaceOrderRequest = request.json().await?;
    let idempotent = IdempotentRequest::new(caller.user(), OPERATION, &request, &body)?;

    let db = context.sql().await?;
    let (id, claim) = (context.new_id(), store::orders::CLAIM);
    let begun = idempotency::begin_reading(&db, claim, &idempotent, id, lease(context)?).await;
    let (claim, customer) = match begun? {
        BeginOutcome::Answered(response) => return Ok(response),
        BeginOutcome::Claimed(claimed) => claimed,
    };

    let mut command = PlaceOrder { context, db: &db, claim, user_id: caller.user(), path: request.path() };
    let result = command.execute(&body, &customer).await;
    if let Err(error) = &result {
        command.release_claim(error).await;
    }
    Ok(result?)
}

/// The command: places one order under a claimed key.
struct PlaceOrder<'a> {
    context: &'a Context,
    db: &'a Connection,
    claim: Claim,
    user_id: UserId,
    /// The path of the request, for problem details.
    path: &'a str,
}

impl PlaceOrder<'_> {
    /// Checks the customer's limits, reserves the stock, calls the price adjuster, compares the prices, and commits the order. A refusal is a
    /// result as well: it is stored as the response to the key, and stays so when the stock is back.
    async fn execute(&mut self, body: &PlaceOrderRequest, customer: &Customer) -> Result<Response, Error> {
        let Self { context, user_id, .. } = *self;
        if customer.is_erased {
            return Err(Error::UserErased);
        }
        let limits = Limits::load(context)?;
        let pieces = body.products().map(|(_, quantity)| quantity).sum();
        // A request that has reserved its stock before is only checked when its order is inserted.
        if !self.claim.is_taken_over()
            && let Err(refusal) = limits.check(customer.unpaid, pieces)
        {
            return self.refuse(refusal).await;
        }

        let address = self.shipping_address(body).await?;
        let payment_timeout: u32 = context.config().parse(PAYMENT_TIMEOUT, "a whole number of seconds")?;
        let payment_due_at = context.now().plus(Duration::from_secs(payment_timeout.into()));
        let adjuster = Adjuster::ready(context, self.db, customer.adjuster).await?;
        let lines = match self.reserve(body, payment_due_at).await {
            Ok(lines) => lines,
            Err(error) => {
                adjuster.release().await;
                return if matches!(error, Error::OutOfStock { .. }) { self.refuse(error).await } else { Err(error) };
            }
        };

        let (country, postal_code) = (&address.country, &address.postal_code);
        let adjustments = match pricing::adjust(adjuster, self.order_id(), user_id, &lines, country, postal_code).await
        {
            Err(refusal @ Error::NotForSale(_)) => return self.refuse_and_release(refusal).await,
            adjusted => adjusted?,
        };

        let order = self.new_order(address, &lines, adjustments, payment_due_at)?;
        if let Err(refusal) = body.check_prices(&order) {
            return self.refuse_and_release(refusal).await;
        }
        match self.commit(order, &body.payment_method.token, limits).await {
            Err(refusal @ Error::TooMuchUnpaid { .. }) => self.refuse_and_release(refusal).await,
            committed => committed,
        }
    }

    /// Returns the address of the request, or the saved one that it names.
    async fn shipping_address(&self, body: &PlaceOrderRequest) -> Result<ShippingAddress, Error> {
        match body.destination() {
            Destination::Address(address) => Ok(address),
            Destination::Saved(id) => users::saved_address(self.context, self.user_id, id).await,
        }
    }

    /// Reserves the stock until after `payment_due_at`. If an earlier attempt at this key made a reservation that ends before, it is released and
    /// a new one made, or the order could lose its stock while its payment may still come. The release comes first: after a crash in between the
    /// catalog reserves nothing under the old id, and the request begins again.
    async fn reserve(&mut self, body: &PlaceOrderRequest, payment_due_at: Timestamp) -> Result<Vec<OrderLine>, Error> {
        let Self { context, db, .. } = *self;
        let reservation = catalog::reserve(context, self.order_id(), body.products()).await?;
        if reservation.is_new || reservation.expires_at >= payment_due_at {
            return Ok(reservation.lines);
        }
        catalog::release(context, self.order_id()).await?;
        self.claim = idempotency::renew(db, &self.claim, context.new_id()).await?;
        Ok(catalog::reserve(context, self.order_id(), body.products()).await?.lines)
    }

    /// Returns the id of the order, which every attempt at this key uses while its reservation lasts.
    fn order_id(&self) -> OrderId {
        OrderId(self.claim.resource_id)
    }

    fn new_order(
        &self,
        shipping_address: ShippingAddress,
        lines: &[OrderLine],
        adjustments: Vec<Adjustment>,
        payment_due_at: Timestamp,
    ) -> Result<Order, Error> {
        let now = self.context.now();
        let (items, sum) = order::items_of(lines)?;
        let total = pricing::total(sum, &adjustments)?;
        Ok(Order {
            id: self.order_id(),
            number: order::number(self.context.random()),
            status: Status::PendingPayment,
            items,
            adjustments: adjustments.into_iter().map(|a| OrderAdjustment::of(a, total.currency)).collect(),
            total,
            shipping_address,
            created_at: now,
            updated_at: now,
            user_id: self.user_id,
            payment_due_at,
            authorized_at: None,
            captured_at: None,
            returned_at: None,
            stock_released_at: None,
            cancel_reason: None,
            decline: None,
            refund_id: None,
            version: 1,
        })
    }

    /// Writes the order, and everything that follows from it, in one transaction; then publishes the events.
    ///
    /// # Errors
    ///
    /// [`Error::TooMuchUnpaid`] if other requests of the customer have reached a limit meanwhile; [`Error::UserErased`] if the customer was erased.
    async fn commit(&self, mut order: Order, payment_token: &str, limits: Limits) -> Result<Response, Error> {
        let transaction = self.db.transaction().await?;
        self.insert(&transaction, &mut order, limits).await?;
        let events = published_events::of(&order, &saga::START, Some(payment_token));
        let pending = outbox::append(&transaction, self.context, &events).await?;
        let audit_entry = transitions::audit_entry(&order, &self.user_id.to_string());
        audit::record(&transaction, self.context, &audit_entry).await?;
        let response = created(&order);
        idempotency::finish(&transaction, &self.claim, &response).await?;
        transaction.commit().await?;
        pending.push(self.context);
        Ok(response)
    }

    /// Inserts `order` with its timeline, with another number if its number is in use.
    async fn insert(&self, transaction: &Transaction<'_>, order: &mut Order, limits: Limits) -> Result<(), Error> {
        let entries = timeline::placed(order.created_at);
        let mut attempts = 1;
        loop {
            match store::orders::insert(transaction, order, &entries, limits).await {
                Ok(false) if store::erasures::is_erased(transaction, order.user_id).await? => {
                    return Err(Error::UserErased);
                }
                Ok(false) => {
                    let unpaid = store::orders::unpaid(transaction, order.user_id).await?;
                    return Err(Error::TooMuchUnpaid { unpaid, limits });
                }
                Err(sql::Error::UniqueViolation { columns })
                    if columns == "orders.number" && attempts < NUMBER_ATTEMPTS =>
                {
                    order.number = order::number(self.context.random());
                    attempts += 1;
                }
                // Another attempt took over the claim, and was faster.
                Err(sql::Error::UniqueViolation { columns }) if columns == "orders.id" => {
                    return Err(idempotency::Error::Superseded.into());
                }
                Ok(true) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Stores `refusal` as the response to the key: no order is placed.
    async fn refuse(&self, refusal: Error) -> Result<Response, Error> {
        let response = problem_response(&Problem::from(refusal), self.path, self.context.request_id());
        idempotency::finish(self.db, &self.claim, &response).await?;
        Ok(response)
    }

    /// Stores `refusal` first, which only the holder of the claim can do, and releases the stock then: an attempt that lost its claim must not
    /// release the stock of the attempt that took over.
    async fn refuse_and_release(&self, refusal: Error) -> Result<Response, Error> {
        let response = self.refuse(refusal).await?;
        if let Err(cause) = catalog::release(self.context, self.order_id()).await {
            let fields = [("order", self.order_id().to_string().into()), ("cause", cause.to_string().into())];
            self.context.log(Level::Warn, "stock not released: the reservation stays until it expires", &fields);
        }
        Ok(response)
    }

    /// Releases the claim after `error`, so that the next request with this key need not wait for the end of the lease.
    async fn release_claim(&self, error: &Error) {
        let result = match error {
            // No response is stored for an erased user: the next request with this key gets the same one.
            Error::UserErased => self.withdraw().await,
            // An earlier attempt may have reserved the stock.
            Error::UnusableAddress(_) if self.claim.is_taken_over() => self.withdraw().await,
            // Nothing is reserved, and the next request may have another body, or needs another id.
            Error::Invalid(_) | Error::UnusableAddress(_) | Error::ReservationReleased => {
                idempotency::delete_claim(self.db, &self.claim).await
            }
            Error::AdjusterPaused { .. } | Error::UsersUnreachable(_) | Error::UnexpectedUsersResponse(_)
                if !self.claim.is_taken_over() =>
            {
                idempotency::delete_claim(self.db, &self.claim).await
            }
            Error::Idempotency(_) => return,
            _ => idempotency::end_lease(self.db, &self.claim).await,
        };
        if let Err(cause) = result {
            let fields = [("order", self.order_id().to_string().into()), ("cause", cause.to_string().into())];
            self.context.log(Level::Warn, "idempotency key not released: its lease has to end", &fields);
        }
    }

    /// Ends the lease first, which only the holder of the claim can do, and then releases the stock and deletes the claim: an attempt that lost its
    /// claim must not release the stock of an order that another one has placed. If the catalog does not respond, the reconciler does both.
    async fn withdraw(&self) -> Result<(), idempotency::Error> {
        idempotency::end_lease(self.db, &self.claim).await?;
        if catalog::release(self.context, self.order_id()).await.is_ok() {
            idempotency::delete_claim(self.db, &self.claim).await?;
        }
        Ok(())
    }
}

/// Returns the lease of an idempotency key: the time that a request has before another request with its key takes over.
pub(crate) fn lease(context: &Context) -> Result<Duration, Error> {
    Ok(Duration::from_secs(context.config().parse(LEASE, "a whole number of seconds")?))
}

fn created(order: &Order) -> Response {
    let mut response = versioned_json(StatusCode::CREATED, order, order.version);
    let location = HeaderValue::try_from(format!("/v1/orders/{}", order.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    response
}
