//! Computes the canonical keys of addresses that an earlier release stored, a slice on each tick. Until then, such a user is found by the address as it
//! is stored, without case. Finds the accounts whose addresses are one address by that key, and leaves them as they are.

use crate::error::Error;
use crate::store::email_keys;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

/// The number of users that a tick handles: the write lock is held for a few milliseconds.
const SLICE: i64 = 200;

/// Handles the next slice, if there is one, in one transaction. What is left to do is in the database, so that any tick of any instance continues.
pub(crate) async fn compute_slice(context: &Context, db: &Connection) -> Result<(), Error> {
    if !email_keys::has_pending(db).await? {
        return Ok(());
    }
    let transaction = db.transaction().await?;
    let users = email_keys::pending(&transaction, SLICE).await?;
    let collisions = email_keys::compute(&transaction, &users, context.now()).await?;
    transaction.commit().await?;
    for collision in collisions {
        let fields = [("user.id", collision.user.to_string().into()), ("other", collision.holder.to_string().into())];
        context.log(Level::Warn, "two users have the same e-mail address", &fields);
    }
    Ok(())
}
