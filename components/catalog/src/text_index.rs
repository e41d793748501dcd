//! Folds the products whose texts an earlier release stored, a slice on each tick. Until then, a search finds them by the words as they were stored.

use crate::error::Error;
use crate::store::text_index;
use spindle_platform::sql::Connection;

/// The number of products that a tick folds: the write lock is held for no longer than by a batch of an import, a tenth of a second.
const SLICE: i64 = 200;

/// Folds the next slice, if there is one, in one transaction. What is left to do is in the database, so that any tick of any instance continues.
pub(crate) async fn fold_slice(db: &Connection) -> Result<(), Error> {
    if !text_index::has_unfolded(db).await? {
        return Ok(());
    }
    let transaction = db.transaction().await?;
    let products = text_index::unfolded(&transaction, SLICE).await?;
    text_index::fold(&transaction, &products).await?;
    transaction.commit().await?;
    Ok(())
}
