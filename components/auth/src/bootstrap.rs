//! The first administrator, out of two variables, once: without one, nobody could appoint any.
//!
//! A row says how far it is. Row and credentials are written first, then the profile is created under the id in the row, then the
//! row says that it is done. Whatever of this a crash leaves out, the next log-in or registration makes up for.

use crate::error::Error;
use crate::password;
use crate::secret::Secret;
use crate::store;
use crate::store::bootstrap::Progress;
use crate::users::{self, Created, NewProfile};
use serde_json::json;
use spindle_contracts::{Role, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

const EMAIL_VARIABLE: &str = "bootstrap_admin_email";
const PASSWORD_VARIABLE: &str = "bootstrap_admin_password";

/// Makes the first administrator if the variables name one and it has not been made. What stands in the way goes to the log: it is
/// no concern of whoever logs in.
pub(crate) async fn ensure(context: &Context, db: &Connection) {
    let cause = match attempt(context, db).await {
        Ok(None) => return,
        Ok(Some(obstacle)) => obstacle.to_owned(),
        Err(error) => error.to_string(),
    };
    context.log(Level::Error, "no first administrator", &[("cause", cause.into())]);
}

/// What only a person can clear out of the way.
type Obstacle = &'static str;

const EMAIL_TAKEN: Obstacle = "another user has the e-mail address in bootstrap_admin_email";
const EMAIL_INVALID: Obstacle = "bootstrap_admin_email is not an e-mail address";
const PASSWORD_WEAK: Obstacle = "bootstrap_admin_password breaks the rules for passwords";

async fn attempt(context: &Context, db: &Connection) -> Result<Option<Obstacle>, Error> {
    let email = context.config().get(EMAIL_VARIABLE)?;
    if email.is_empty() {
        return Ok(None);
    }
    let user = match store::bootstrap::progress(db).await? {
        Progress::Done => return Ok(None),
        Progress::Begun(user) => user,
        Progress::NotBegun => {
            let password = Secret::from(context.config().get(PASSWORD_VARIABLE)?);
            if password.expose().is_empty() {
                return Ok(None);
            }
            if password::require_good(&password, "").is_err() {
                return Ok(Some(PASSWORD_WEAK));
            }
            if users::identify(context, &email).await?.is_some() {
                return Ok(Some(EMAIL_TAKEN));
            }
            match begin(context, db, &password).await? {
                Some(user) => user,
                None => return Ok(None),
            }
        }
    };
    finish(context, db, user, &email).await
}

/// Writes the row and the credentials, and names the user. If others were faster, it is theirs, or nobody if they are done.
async fn begin(context: &Context, db: &Connection, password: &Secret) -> Result<Option<UserId>, Error> {
    let hash = password::hash(password, context.random())?;
    let transaction = db.transaction().await?;
    match store::bootstrap::progress(&transaction).await? {
        Progress::Done => return Ok(None),
        Progress::Begun(user) => return Ok(Some(user)),
        Progress::NotBegun => {}
    }
    let user = UserId(context.new_id());
    store::bootstrap::begin(&transaction, user).await?;
    store::credentials::insert(&transaction, user, &hash, context.now()).await?;
    audit::record(&transaction, context, &entry("admin.bootstrapped", user)).await?;
    transaction.commit().await?;
    Ok(Some(user))
}

/// Has the profile created, and notes that it is done.
async fn finish(context: &Context, db: &Connection, user: UserId, email: &str) -> Result<Option<Obstacle>, Error> {
    let profile = NewProfile { email, display_name: None, role: Role::Admin };
    let obstacle = match users::create(context, user, &profile).await? {
        Created::Profile(_) => return done(context, db, user).await,
        // It may be this very user, who was created before a crash and has another address by now.
        Created::EmailTaken if users::identity(context, user).await?.is_some() => {
            return done(context, db, user).await;
        }
        Created::EmailTaken => EMAIL_TAKEN,
        Created::Invalid(_) => EMAIL_INVALID,
    };
    undo(context, db, user).await?;
    Ok(Some(obstacle))
}

async fn done(context: &Context, db: &Connection, user: UserId) -> Result<Option<Obstacle>, Error> {
    let transaction = db.transaction().await?;
    store::bootstrap::finish(&transaction, context.now()).await?;
    store::credentials::confirm(&transaction, user, context.now()).await?;
    transaction.commit().await?;
    Ok(None)
}

/// Starts over, so that corrected variables are heard.
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
