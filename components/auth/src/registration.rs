//! Registering: credentials here and a profile at users, both or neither.
//!
//! The credentials are written first, under an id that is made here, and then users is asked to create the profile under that id.
//! That creation decides. Credentials without a profile open nothing, since an account is found by the e-mail address that users
//! has; a profile finds its credentials already there. So a crash at any point leaves a whole account or none that anyone could
//! see, and [`sweep`] tidies up what is left here.

use crate::error::Error;
use crate::password;
use crate::secret::Secret;
use crate::store;
use crate::users::{self, Created, NewProfile, Profile};
use serde_json::json;
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

/// How old credentials without a known profile must be to be looked into, in milliseconds: by then no registration is under way.
const ABANDONED_AFTER: i64 = 10 * 60 * 1000;

/// How many of them are looked into at once.
const SWEPT_AT_ONCE: u32 = 10;

/// Who wants to register.
pub(crate) struct Applicant<'a> {
    pub(crate) email: &'a str,
    pub(crate) password: &'a Secret,
    pub(crate) display_name: Option<&'a str>,
}

/// Opens an account for `applicant`.
pub(crate) async fn register(context: &Context, db: &Connection, applicant: &Applicant<'_>) -> Result<Profile, Error> {
    // Asked first, so that nothing is written in the usual case of someone who has registered before.
    if users::identify(context, applicant.email).await?.is_some() {
        return Err(Error::EmailTaken);
    }
    let user = UserId(context.new_id());
    let hash = password::hash(applicant.password, context.random())?;
    write_credentials(context, db, user, &hash).await?;

    let Applicant { email, display_name, .. } = *applicant;
    let profile = NewProfile { email, display_name, role: Role::Customer };
    // If there is no answer, nobody knows whether the profile is there: the credentials stay, and the sweep finds out.
    let error = match users::create(context, user, &profile).await? {
        Created::Profile(profile) => {
            confirm(context, db, user).await;
            return Ok(profile);
        }
        Created::EmailTaken => Error::EmailTaken,
        Created::Invalid(errors) => Error::Invalid(errors),
    };
    withdraw(context, db, user).await?;
    Err(error)
}

async fn write_credentials(context: &Context, db: &Connection, user: UserId, hash: &str) -> Result<(), Error> {
    let transaction = db.transaction().await?;
    store::credentials::insert(&transaction, user, hash, context.now()).await?;
    audit::record(&transaction, context, &entry("account.registered", user)).await?;
    Ok(transaction.commit().await?)
}

/// Notes that the profile is there. The account is whole without the note, which only spares the sweep a question.
async fn confirm(context: &Context, db: &Connection, user: UserId) {
    if let Err(error) = store::credentials::confirm(db, user, context.now()).await {
        context.log(Level::Warn, "registration not confirmed", &[("cause", error.to_string().into())]);
    }
}

/// Takes back the credentials of a registration that came to nothing.
async fn withdraw(context: &Context, db: &Connection, user: UserId) -> Result<(), Error> {
    let transaction = db.transaction().await?;
    if store::credentials::delete_unconfirmed(&transaction, user).await? {
        audit::record(&transaction, context, &entry("account.withdrawn", user)).await?;
    }
    Ok(transaction.commit().await?)
}

/// Finishes registrations that were abandoned: confirms those whose profile is there, and withdraws the others.
pub(crate) async fn sweep(context: &Context, db: &Connection) -> Result<(), Error> {
    let until = Timestamp::from_millis(context.now().as_millis() - ABANDONED_AFTER);
    for user in store::credentials::unconfirmed(db, until, SWEPT_AT_ONCE).await? {
        match users::identity(context, user).await? {
            Some(_) => confirm(context, db, user).await,
            None => withdraw(context, db, user).await?,
        }
    }
    Ok(())
}

fn entry(action: &'static str, user: UserId) -> Entry {
    Entry { actor: None, action, subject: Some(user.to_string()), detail: json!({}) }
}
