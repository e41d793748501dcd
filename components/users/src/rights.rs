//! The second step of a change of role or status: auth ends the rights that the user's access tokens have, and the sessions of a deactivated
//! user.
//!
//! The first step, the change here, is the commit point: auth looks the user up here whenever it gives a session rights. The row keeps the
//! second step pending until auth has confirmed it.

use crate::user::Status;
use crate::{auth_calls, store};
use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::json;
use spindle_contracts::UserId;
use spindle_platform::Context;
use spindle_platform::sql::Connection;

/// A user whose rights have changed since auth has ended the former ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PendingChange {
    pub(crate) user: UserId,
    pub(crate) status: Status,
    pub(crate) version: u64,
}

/// Has auth end the former rights of users whose role or status has changed. Returns the number of users that auth confirmed.
pub(crate) async fn end_former_rights(context: &Context, db: &Connection) -> usize {
    let pending = store::pending_rights_changes(db, auth_calls::BATCH_SIZE).await;
    let confirm = async |change: &PendingChange| store::mark_rights_ended(db, change).await;
    auth_calls::complete(context, pending, request, confirm, "former rights have not ended yet").await
}

fn request(change: &PendingChange) -> Request<Bytes> {
    let body = json!({ "active": change.status == Status::Active }).to_string();
    let request = Request::post(format!("/internal/auth/accounts/{}/rights-changed", change.user));
    request.header(CONTENT_TYPE, "application/json").body(body.into()).expect("an id is part of a path")
}
