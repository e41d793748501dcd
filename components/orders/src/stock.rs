//! The stock of orders that there are: taken for good once it is paid for, given back when the order comes to nothing. The catalog is asked
//! first and the order follows; whatever breaks off in between is done once more at the next tick.

use crate::catalog;
use crate::course;
use crate::error::Error;
use crate::saga::Happening;
use spindle_contracts::OrderId;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

/// Asks for the stock of the order `id`, whose payment is authorised: what came of it.
pub(crate) async fn commit(context: &Context, id: OrderId) -> Result<Happening, Error> {
    let held = catalog::commit(context, id).await?;
    Ok(if held { Happening::StockCommitted } else { Happening::StockGone })
}

/// Takes the stock of the order `id`, whose payment is authorised.
pub(crate) async fn take(context: &Context, db: &Connection, id: OrderId, actor: &str) -> Result<(), Error> {
    let outcome = commit(context, id).await?;
    course::happen(context, db, id, None, &[outcome.into()], actor).await?;
    Ok(())
}

/// Gives back the stock of the order `id`, which is cancelled.
pub(crate) async fn release(context: &Context, db: &Connection, id: OrderId, actor: &str) -> Result<(), Error> {
    catalog::release(context, id).await?;
    course::happen(context, db, id, None, &[Happening::StockReleased.into()], actor).await?;
    Ok(())
}

/// The same once the answer is on its way.
pub(crate) fn release_after_response(context: &Context, id: OrderId) {
    let own = context.clone();
    context.after_response(async move {
        let work = async { release(&own, &own.sql().await?, id, own.service()).await };
        if let Err(cause) = work.await {
            let fields = [("order", id.to_string().into()), ("cause", cause.to_string().into())];
            own.log(Level::Warn, "stock not given back yet", &fields);
        }
    });
}
