//! Work that no response waits for: finishing abandoned registrations, and deleting expired rows.

use crate::error::Error;
use crate::lockout::Failures;
use crate::registration;
use crate::store;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use spindle_platform::{Context, audit};

/// The most rows of a table that are deleted at once, so that the write lock is held only briefly.
const BATCH_SIZE: u32 = 50;

/// Schedules a bounded amount of the work for after the response, on the connection of the request. The work is idempotent: the next request repeats lost work.
pub(crate) fn after_response(context: &Context, db: Connection) {
    let owned = context.clone();
    context.after_response(async move {
        if let Err(error) = run(&owned, &db).await {
            owned.log(Level::Warn, "housekeeping failed", &[("cause", error.to_string().into())]);
        }
    });
}

async fn run(context: &Context, db: &Connection) -> Result<(), Error> {
    let now = context.now();
    let due = store::housekeeping::due(db, registration::abandoned_until(context), Failures::cutoff(now), now).await?;
    if due.registrations {
        registration::finish_abandoned(context, db).await?;
    }
    audit::delete_expired_keys(db, now).await?;
    if due.failures {
        store::failures::delete_older(db, Failures::cutoff(now), BATCH_SIZE).await?;
    }
    if due.invitations {
        store::invitations::delete_expired(db, now, BATCH_SIZE).await?;
    }
    if due.sessions {
        let expired = store::sessions::expired(db, now, BATCH_SIZE).await?;
        let transaction = db.transaction().await?;
        for session in expired {
            store::refresh_tokens::delete_of_session(&transaction, session).await?;
            store::sessions::delete(&transaction, session).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
