//! Completes on each tick the work that a crash or an unavailable service left unfinished, without any client. Bounded in rows and in time; the
//! rest is done on the next tick.

use crate::catalog;
use crate::erasure;
use crate::error::Error;
use crate::place_order;
use crate::saga::OrderEvent;
use crate::store;
use crate::store::stock_calls::DueCall;
use crate::transitions;
use serde::Serialize;
use spindle_contracts::OrderId;
use spindle_idempotency as idempotency;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::{Duration, Instant};

/// The most orders of a kind in one tick.
const BATCH: i64 = 100;

/// The most answered idempotency keys that one tick removes.
const PRUNE_BATCH: i64 = 1_000;

/// The time limit of the calls to the catalog in one tick.
const BUDGET: Duration = Duration::from_secs(5);

/// The time after the end of its lease at which a request counts as abandoned. Until then its client may repeat it.
const ABANDONED_AFTER: Duration = Duration::from_secs(5 * 60);

/// The work of a tick, as the response shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// Orders cancelled because their payment was not decided in time.
    overdue: usize,
    /// Orders whose stock was committed late.
    stock_taken: usize,
    /// Orders whose stock was released late.
    stock_released: usize,
    /// Calls about the stock of shipped orders that the catalog confirmed late.
    stock_calls: usize,
    /// Abandoned requests whose stock was released.
    abandoned: usize,
    /// Idempotency keys removed because of their age.
    keys_pruned: usize,
    /// Orders of erased users whose name and address were removed.
    erased: usize,
}

/// Does all work that is due, on behalf of `actor`.
pub(crate) async fn reconcile(context: &Context, db: &Connection, actor: &str) -> Result<Report, Error> {
    let until = Instant::now() + BUDGET;
    let mut report = Report::default();
    for id in store::orders::overdue(db, context.now(), BATCH).await? {
        let cancelled = transitions::apply_event(context, db, id, OrderEvent::PaymentOverdue, actor).await;
        if succeeded(context, id, cancelled.map(drop))? {
            report.overdue += 1;
        }
    }
    if let Err(error) = reconcile_stock(context, db, actor, until, &mut report).await {
        // The next tick calls the catalog again; the work that needs no catalog is done meanwhile.
        context.log(Level::Warn, "stock left for the next tick", &[("cause", error.to_string().into())]);
    }
    report.keys_pruned = idempotency::prune(db, context.now(), PRUNE_BATCH).await?;
    report.erased = erasure::advance(context, db).await?;
    Ok(report)
}

/// Does the work that needs the catalog, until the catalog cannot be reached.
async fn reconcile_stock(
    context: &Context,
    db: &Connection,
    actor: &str,
    until: Instant,
    report: &mut Report,
) -> Result<(), Error> {
    for id in store::orders::awaiting_stock(db, BATCH).await? {
        if Instant::now() < until && succeeded(context, id, transitions::commit_stock(context, db, id, actor).await)? {
            report.stock_taken += 1;
        }
    }
    for id in store::orders::cancelling(db, BATCH).await? {
        if Instant::now() < until && succeeded(context, id, transitions::release_stock(context, db, id, actor).await)? {
            report.stock_released += 1;
        }
    }
    for due in store::stock_calls::due(db, BATCH).await? {
        let DueCall { order_id: id, call } = due;
        if Instant::now() < until && succeeded(context, id, transitions::make_stock_call(context, db, id, call).await)?
        {
            report.stock_calls += 1;
        }
    }
    let lease = place_order::lease(context)?;
    for claim in idempotency::take_over_abandoned(db, place_order::OPERATION, ABANDONED_AFTER, lease, BATCH).await? {
        // No order was placed, or the key would have its response: stock that is reserved under this id belongs to no order.
        let id = OrderId(claim.resource_id);
        if Instant::now() < until && succeeded(context, id, catalog::release(context, id).await)? {
            idempotency::delete_claim(db, &claim).await?;
            report.abandoned += 1;
        }
    }
    Ok(())
}

/// Returns whether the work on the order `id` is done. A refusal of one order does not delay the others; an unavailable catalog does.
pub(crate) fn succeeded(context: &Context, id: OrderId, result: Result<(), Error>) -> Result<bool, Error> {
    match result {
        Ok(()) => Ok(true),
        Err(error @ (Error::UnexpectedCatalogResponse(_) | Error::Refused(_))) => {
            let fields = [("order", id.to_string().into()), ("cause", error.to_string().into())];
            context.log(Level::Warn, "order left for the next tick", &fields);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
