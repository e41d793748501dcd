//! The rest of an erasure: auth forgets the credentials and sessions of whoever was erased.
//!
//! The tombstone comes first and is what counts: auth asks users before it lets anyone in or renews a token. If auth cannot be told
//! at once, the tombstone says so, and the next erasure or tick tells it.

use crate::store;
use http::StatusCode;
use spindle_contracts::UserId;
use spindle_platform::Context;
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::Duration;

/// How many tombstones are seen to at once: the one just made and what was left over.
const AT_ONCE: i64 = 5;

/// How long auth may take for each.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Tells auth of erased users that it has not been told of yet, and says how many it knows of now.
pub(crate) async fn forget_credentials(context: &Context, db: &Connection) -> usize {
    let mut told = 0;
    if let Err(cause) = tell_auth(context, db, &mut told).await {
        context.log(Level::Warn, "credentials not erased yet", &[("cause", cause.into())]);
    }
    told
}

async fn tell_auth(context: &Context, db: &Connection, told: &mut usize) -> Result<(), String> {
    let erased = store::with_credentials(db, AT_ONCE).await.map_err(|error| error.to_string())?;
    for id in erased {
        tell_auth_of(context, id).await?;
        store::credentials_erased(db, id, context.now()).await.map_err(|error| error.to_string())?;
        *told += 1;
    }
    Ok(())
}

async fn tell_auth_of(context: &Context, id: UserId) -> Result<(), String> {
    let path = format!("/internal/auth/accounts/{id}");
    let request = http::Request::delete(path).body(bytes::Bytes::new()).map_err(|error| error.to_string())?;
    match context.client().call("auth", request, TIMEOUT).await {
        Ok(response) if response.status() == StatusCode::NO_CONTENT => Ok(()),
        Ok(response) => Err(format!("auth answered {}", response.status().as_u16())),
        Err(error) => Err(error.to_string()),
    }
}
