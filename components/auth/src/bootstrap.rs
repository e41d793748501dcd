//! Creates the first administrator from two variables, once. No other user could appoint one.
//!
//! A row holds the progress. The row and the credentials are written first, then the profile is created under the id in the row, then
//! the row is marked as completed. The next log-in or registration finishes the steps that a crash left out.

use crate::error::Error;
use crate::password::{self, NewPassword};
use crate::secret::Secret;
use crate::store;
use crate::store::bootstrap::Progress;
use crate::users_client::{self, NewProfile, Rejection};
use serde_json::json;
use spindle_contracts::{Role, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

const EMAIL_VARIABLE: &str = "bootstrap_admin_email";
const PASSWORD_VARIABLE: &str = "bootstrap_admin_password";

/// Creates the first administrator if the variables name one and none has been created. A mistake in the variables goes to the log and does not affect
/// the request, whose client can do nothing about it.
///
/// # Errors
///
/// If anything else prevents it, such as users or the database that is unavailable: the request may be the administrator's first log-in, for which
/// 401 would be wrong.
pub(crate) async fn ensure(context: &Context, db: &Connection) -> Result<(), Error> {
    let outcome = run(context, db).await;
    let cause = match &outcome {
        Ok(None) => return Ok(()),
        Ok(Some(obstacle)) => (*obstacle).to_owned(),
        Err(error) => error.to_string(),
    };
    context.log(Level::Error, "the first administrator was not created", &[("cause", cause.into())]);
    outcome.map(|_| ())
}

/// A mistake in the variables that only an operator can correct.
type Obstacle = &'static str;

const EMAIL_TAKEN: Obstacle = "another user has the e-mail address in bootstrap_admin_email";
const EMAIL_INVALID: Obstacle = "bootstrap_admin_email is not an e-mail address";
const PASSWORD_WEAK: Obstacle = "bootstrap_admin_password breaks the rules for passwords";

async fn run(context: &Context, db: &Connection) -> Result<Option<Obstacle>, Error> {
    let email = context.config().get(EMAIL_VARIABLE)?;
    if email.is_empty() {
        return Ok(None);
    }
    let user = match store::bootstrap::progress(db).await? {
        Progress::Completed => return Ok(None),
        Progress::Started(user) => user,
        Progress::NotStarted => {
            let password = Secret::from(context.config().get(PASSWORD_VARIABLE)?);
            if password.expose().is_empty() {
                return Ok(None);
            }
            let Ok(password) = NewPassword::new(password) else {
                return Ok(Some(PASSWORD_WEAK));
            };
            if users_client::identify(context, &email).await?.is_some() {
                return Ok(Some(EMAIL_TAKEN));
            }
            match start(context, db, &password).await? {
                Some(user) => user,
                None => return Ok(None),
            }
        }
    };
    finish(context, db, user, &email).await
}

/// Writes the row and the credentials, and returns the administrator's id. If another request was faster, it is the id of that
/// request, or `None` if that request has completed the bootstrap.
async fn start(context: &Context, db: &Connection, password: &NewPassword) -> Result<Option<UserId>, Error> {
    let hash = password::hash(password.as_secret(), context.random())?;
    let transaction = db.transaction().await?;
    match store::bootstrap::progress(&transaction).await? {
        Progress::Completed => return Ok(None),
        Progress::Started(user) => return Ok(Some(user)),
        Progress::NotStarted => {}
    }
    let user = UserId(context.new_id());
    store::bootstrap::start(&transaction, user).await?;
    store::credentials::insert(&transaction, user, &hash, context.now()).await?;
    audit::record(&transaction, context, &entry("admin.bootstrapped", user)).await?;
    transaction.commit().await?;
    Ok(Some(user))
}

/// Creates the profile and marks the bootstrap as completed, or undoes it if users rejects the profile.
async fn finish(context: &Context, db: &Connection, user: UserId, email: &str) -> Result<Option<Obstacle>, Error> {
    let profile = NewProfile { email, display_name: None, role: Role::Admin };
    let obstacle = match users_client::create(context, user, &profile).await? {
        Ok(_) => return complete(context, db, user).await,
        // The address may belong to this very user, whose profile was created before a crash and whose address has changed since.
        Err(Rejection::EmailTaken) if users_client::identity(context, user).await?.is_some() => {
            return complete(context, db, user).await;
        }
        Err(Rejection::EmailTaken) => EMAIL_TAKEN,
        Err(Rejection::Invalid(_)) => EMAIL_INVALID,
    };
    undo(context, db, user).await?;
    Ok(Some(obstacle))
}

async fn complete(context: &Context, db: &Connection, user: UserId) -> Result<Option<Obstacle>, Error> {
    let transaction = db.transaction().await?;
    store::bootstrap::complete(&transaction, context.now()).await?;
    store::credentials::confirm(&transaction, user, context.now()).await?;
    transaction.commit().await?;
    Ok(None)
}

/// Deletes the row and the credentials, so that the next request starts over with corrected variables.
async fn undo(context: &Context, db: &Connection, user: UserId) -> Result<(), Error> {
    let transaction = db.transaction().await?;
    if store::bootstrap::undo(&transaction, user).await? {
        store::credentials::delete(&transaction, user).await?;
        audit::record(&transaction, context, &entry("account.withdrawn", user)).await?;
    }
    Ok(transaction.commit().await?)
}

fn entry(action: &'static str, user: UserId) -> Entry {
    Entry { actor: None, action, subject: Some(user.to_string()), detail: json!({}) }
}
