//! What nobody waits for: finishing what crashes left of registrations, and removing what no longer counts.

use crate::error::Error;
use crate::lockout::Failures;
use crate::registration;
use crate::store;
use spindle_platform::Context;
use spindle_platform::log::Level;

/// How many rows of a kind are removed at once: the write lock is not held for long.
const AT_ONCE: u32 = 50;

/// Does a bounded piece of it once the answer is on its way. It is idempotent: what is lost now is done the next time.
pub(crate) fn after_response(context: &Context) {
    let owned = context.clone();
    context.after_response(async move {
        if let Err(error) = tidy_up(&owned).await {
            owned.log(Level::Warn, "housekeeping failed", &[("cause", error.to_string().into())]);
        }
    });
}

async fn tidy_up(context: &Context) -> Result<(), Error> {
    let db = context.sql().await?;
    registration::sweep(context, &db).await?;
    let now = context.now();
    store::failures::forget(&db, Failures::horizon(now), AT_ONCE).await?;
    let expired = store::sessions::expired(&db, now, AT_ONCE).await?;
    if !expired.is_empty() {
        let transaction = db.transaction().await?;
        for session in expired {
            store::tokens::delete_of_session(&transaction, session).await?;
            store::sessions::delete(&transaction, session).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
