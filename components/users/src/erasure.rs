//! The second step of an erasure: auth deletes the credentials and sessions of the erased user.
//!
//! The first step, the tombstone, is the commit point: auth looks the user up here before each log-in and refresh. The tombstone keeps the
//! second step pending until auth has confirmed it.

use crate::{auth_calls, store};
use bytes::Bytes;
use http::Request;
use spindle_contracts::UserId;
use spindle_platform::Context;
use spindle_platform::sql::Connection;

/// Has auth delete the credentials of erased users whose deletion is pending. Returns the number of deletions that auth confirmed.
pub(crate) async fn erase_pending_credentials(context: &Context, db: &Connection) -> usize {
    let pending = store::pending_credential_erasures(db, auth_calls::BATCH_SIZE).await;
    let confirm = async |id: &UserId| store::mark_credentials_erased(db, *id, context.now()).await;
    auth_calls::complete(context, pending, request, confirm, "credentials are not erased yet").await
}

fn request(id: &UserId) -> Request<Bytes> {
    Request::delete(format!("/internal/auth/accounts/{id}")).body(Bytes::new()).expect("an id is part of a path")
}
