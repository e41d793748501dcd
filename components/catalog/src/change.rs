//! Changes of products. The product, its text index, the counts, the events and the audit row of a change are written in one transaction.

use crate::error::Error;
use crate::events;
use crate::product::Product;
use crate::store;
use spindle_events::{Event, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::Transaction;

/// A product before and after a change; without `before` if the change created it.
#[derive(Clone, Debug)]
pub(crate) struct ProductChange {
    pub(crate) before: Option<Product>,
    pub(crate) after: Product,
}

/// Writes `changes` with their events, and `entry` for all of them, as part of `transaction`.
pub(crate) async fn write(
    transaction: &Transaction<'_>,
    context: &Context,
    changes: &[ProductChange],
    entry: &Entry,
) -> Result<(), Error> {
    let products: Vec<&Product> = changes.iter().map(|change| &change.after).collect();
    store::products::save(transaction, &products).await?;
    let events: Vec<Event> =
        changes.iter().flat_map(|change| events::of_change(change.before.as_ref(), &change.after)).collect();
    // The catalog has no consumers yet, so there is nothing to push.
    let _ = outbox::append(transaction, context, &events).await?;
    audit::record(transaction, context, entry).await?;
    Ok(())
}
