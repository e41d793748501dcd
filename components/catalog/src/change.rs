//! Changes of products. The product, its text index, the counts, the events and the audit row of a change are written in one transaction.

use crate::error::Error;
use crate::events;
use crate::product::Product;
use crate::store;
use crate::store::products::StockCount;
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

impl ProductChange {
    /// Returns whether the product is new, or a field beside its stock differs.
    fn changes_fields(&self) -> bool {
        self.before.as_ref().is_none_or(|before| before.version != self.after.version)
    }

    /// Returns the product with its stock before and after, if an existing product has another one now.
    fn stock(&self) -> Option<StockCount> {
        let (before, after) = (self.before.as_ref()?.stock, self.after.stock);
        (before != after).then_some(StockCount { id: self.after.id, before, after })
    }
}

/// Writes `changes` with their events, and `entry` for all of them, as part of `transaction`.
pub(crate) async fn write(
    transaction: &Transaction<'_>,
    context: &Context,
    changes: &[ProductChange],
    entry: &Entry,
) -> Result<(), Error> {
    let saved = changes.iter().filter(|change| change.changes_fields()).map(|change| &change.after);
    store::products::save(transaction, &saved.collect::<Vec<_>>()).await?;
    store::products::set_stock(transaction, &changes.iter().filter_map(ProductChange::stock).collect::<Vec<_>>())
        .await?;
    let events: Vec<Event> =
        changes.iter().flat_map(|change| events::of_change(change.before.as_ref(), &change.after)).collect();
    // The catalog has no consumers yet, so there is nothing to push.
    let _ = outbox::append(transaction, context, &events).await?;
    audit::record(transaction, context, entry).await?;
    Ok(())
}
