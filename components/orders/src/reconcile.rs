//! Going on with what was left half done: nothing here depends on anybody coming back. Bounded in rows and in time, and the rest waits for the
//! next tick.

use crate::catalog;
use crate::course;
use crate::error::Error;
use crate::placing;
use crate::saga::Happening;
use crate::stock;
use crate::store;
use serde::Serialize;
use spindle_contracts::OrderId;
use spindle_idempotency as idempotency;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::{Duration, Instant};

/// The most of a kind that one tick looks at.
const AT_ONCE: i64 = 100;

/// The most answered keys that one tick removes.
const PRUNED_AT_ONCE: i64 = 1_000;

/// How long a tick may go on with this.
const BUDGET: Duration = Duration::from_secs(5);

/// How long after the end of its lease a request counts as abandoned. Until then its client may send it once more.
const ABANDONED_AFTER: Duration = Duration::from_secs(5 * 60);

/// What a tick has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// Orders that were cancelled because nobody answered for their payment.
    overdue: usize,
    /// Orders whose stock was taken late.
    stock_taken: usize,
    /// Orders whose stock was given back late.
    stock_released: usize,
    /// Requests that nobody came back for.
    abandoned: usize,
    /// Keys that were removed because they are old.
    keys_pruned: usize,
}

/// Goes on with everything that is due, on behalf of `actor`.
pub(crate) async fn reconcile(context: &Context, db: &Connection, actor: &str) -> Result<Report, Error> {
    let until = Instant::now() + BUDGET;
    let mut report = Report::default();
    for id in store::orders::overdue(db, context.now(), AT_ONCE).await? {
        let happened = course::happen(context, db, id, None, &[Happening::PaymentOverdue.into()], actor).await;
        if done(context, id, happened.map(drop))? {
            report.overdue += 1;
        }
    }
    if let Err(error) = ask_catalog(context, db, actor, until, &mut report).await {
        // It is asked again at the next tick; meanwhile what needs no catalog is done.
        context.log(Level::Warn, "stock left for the next tick", &[("cause", error.to_string().into())]);
    }
    report.keys_pruned = idempotency::prune(db, context.now(), PRUNED_AT_ONCE).await?;
    Ok(report)
}

/// Everything for which the catalog has to be asked, until that is of no use.
async fn ask_catalog(
    context: &Context,
    db: &Connection,
    actor: &str,
    until: Instant,
    report: &mut Report,
) -> Result<(), Error> {
    for id in store::orders::to_take_stock(db, AT_ONCE).await? {
        if Instant::now() < until && done(context, id, stock::take(context, db, id, actor).await)? {
            report.stock_taken += 1;
        }
    }
    for id in store::orders::to_release_stock(db, AT_ONCE).await? {
        if Instant::now() < until && done(context, id, stock::release(context, db, id, actor).await)? {
            report.stock_released += 1;
        }
    }
    let now = context.now();
    let before = now.minus(ABANDONED_AFTER);
    let lease_until = now.plus(placing::lease(context)?);
    for claim in idempotency::take_over_abandoned(db, placing::OPERATION, before, lease_until, AT_ONCE).await? {
        // There is no order, or the key would have its answer: what may be held for it is held for nobody.
        let id = OrderId(claim.resource_id);
        if Instant::now() < until && done(context, id, catalog::release(context, id).await)? {
            idempotency::delete_claim(db, &claim).await?;
            report.abandoned += 1;
        }
    }
    Ok(())
}

/// Whether it is done. What stands against one order does not keep the others waiting; a catalog that cannot be reached does.
fn done(context: &Context, id: OrderId, result: Result<(), Error>) -> Result<bool, Error> {
    match result {
        Ok(()) => Ok(true),
        Err(error @ (Error::CatalogAnswer(_) | Error::Refused(_))) => {
            let fields = [("order", id.to_string().into()), ("cause", error.to_string().into())];
            context.log(Level::Warn, "order left for the next tick", &fields);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
