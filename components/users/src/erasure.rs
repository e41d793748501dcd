//! The second step of an erasure: auth deletes the credentials and sessions of the erased user.
//!
//! The first step, the tombstone, is the commit point: auth looks the user up here before each log-in and refresh. If auth does not
//! respond to the second step, the tombstone keeps it pending, and the next erasure or tick repeats it.

use crate::store;
use http::StatusCode;
use spindle_contracts::UserId;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::Duration;

/// The most pending erasures that one call handles: the one just committed and older ones.
const BATCH_SIZE: i64 = 5;

/// The time within which auth must respond to each.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Has auth delete the credentials of erased users whose deletion is pending. Returns the number of deletions that auth confirmed.
pub(crate) async fn erase_pending_credentials(context: &Context, db: &Connection) -> usize {
    let mut erased = 0;
    if let Err(cause) = erase_batch(context, db, &mut erased).await {
        context.log(Level::Warn, "credentials are not erased yet", &[("cause", cause.into())]);
    }
    erased
}

async fn erase_batch(context: &Context, db: &Connection, erased: &mut usize) -> Result<(), String> {
    let pending = store::pending_credential_erasures(db, BATCH_SIZE).await.map_err(|error| error.to_string())?;
    for id in pending {
        erase_credentials(context, id).await?;
        store::mark_credentials_erased(db, id, context.now()).await.map_err(|error| error.to_string())?;
        *erased += 1;
    }
    Ok(())
}

async fn erase_credentials(context: &Context, id: UserId) -> Result<(), String> {
    let path = format!("/internal/auth/accounts/{id}");
    let request = http::Request::delete(path).body(bytes::Bytes::new()).map_err(|error| error.to_string())?;
    match context.client().call("auth", request, TIMEOUT).await {
        Ok(response) if response.status() == StatusCode::NO_CONTENT => Ok(()),
        Ok(response) => Err(format!("auth responded with the status {}", response.status().as_u16())),
        Err(error) => Err(error.to_string()),
    }
}
