//! There is always an admin who can log in: one without a password does not count.
//!
//! Only auth knows who has a password. It is asked before the transaction in which an admin loses the role, which then checks that one of those
//! is still an admin: a password is deleted with its user only.

use crate::auth_client;
use crate::error::Error;
use crate::store;
use spindle_contracts::{Role, UserId};
use spindle_edge::Principal;
use spindle_platform::Context;
use spindle_platform::sql::Connection;

/// Returns the admins other than `id` who can log in; none if `id` is no admin, or if `caller` may not change an admin anyway.
///
/// # Errors
///
/// [`Error::Auth`] if auth does not respond, and the errors of the database.
pub(crate) async fn others_who_can_log_in(
    context: &Context,
    db: &Connection,
    caller: Principal,
    id: UserId,
) -> Result<Vec<UserId>, Error> {
    let may_change = caller.user() == id || caller.role() == Role::Admin;
    if !may_change || store::role(db, id).await? != Some(Role::Admin) {
        return Ok(Vec::new());
    }
    let others = store::other_admins(db, id, None).await?;
    if others.is_empty() { Ok(others) } else { auth_client::with_password(context, &others).await }
}

/// Refuses to take the role from the admin `id` if none of `others`, who can log in, is an admin.
///
/// # Errors
///
/// [`Error::LastAdmin`], and the errors of the database.
pub(crate) async fn require_another(db: &Connection, id: UserId, others: &[UserId]) -> Result<(), Error> {
    if store::other_admins(db, id, Some(others)).await?.is_empty() { Err(Error::LastAdmin) } else { Ok(()) }
}
