//! Registration: creates credentials here and a profile at users, both or neither.
//!
//! 1. The request is read, and users checks the profile. If something breaks a rule, nothing is written.
//! 2. The credentials are written, not confirmed, under an id that is created here.
//! 3. users creates the profile under that id. This creation is the commit point.
//! 4. The credentials are confirmed, or deleted if users rejects the profile.
//!
//! Credentials without a profile give access to nothing, since an account is found by the e-mail address that users has; a profile
//! finds its credentials already written. So a crash at any point leaves a whole account, or none that a client could see, and
//! [`finish_abandoned`] confirms or deletes the credentials that remain.

use crate::error::Error;
use crate::password::{self, NewPassword};
use crate::store;
use crate::users_client::{self, NewProfile, Profile};
use serde_json::json;
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;

/// The age in milliseconds from which unconfirmed credentials belong to no request that is still running.
const ABANDONED_AFTER: i64 = 10 * 60 * 1000;

/// The most abandoned registrations that are finished at once.
const BATCH_SIZE: u32 = 10;

/// The account that a client wants to register.
pub(crate) struct Registration<'a> {
    pub(crate) email: &'a str,
    pub(crate) password: &'a NewPassword,
    pub(crate) display_name: Option<&'a str>,
}

/// Registers a customer, and returns the profile.
pub(crate) async fn register(
    context: &Context,
    db: &Connection,
    registration: &Registration<'_>,
) -> Result<Profile, Error> {
    let Registration { email, password, display_name } = *registration;
    let user = UserId(context.new_id());
    let profile = NewProfile { email, display_name, role: Role::Customer };
    users_client::check(context, user, &profile).await??;

    let hash = password::hash(password.as_secret(), context.random())?;
    write_credentials(context, db, user, &hash).await?;
    // Without a response, the profile may exist or not: the credentials stay, and `finish_abandoned` asks users later.
    match users_client::create(context, user, &profile).await? {
        Ok(profile) => {
            confirm(context, db, user).await;
            Ok(profile)
        }
        Err(rejection) => {
            withdraw(context, db, user).await?;
            Err(rejection.into())
        }
    }
}

async fn write_credentials(context: &Context, db: &Connection, user: UserId, hash: &str) -> Result<(), Error> {
    let transaction = db.transaction().await?;
    store::credentials::insert(&transaction, user, hash, context.now()).await?;
    audit::record(&transaction, context, &entry("account.registered", user)).await?;
    Ok(transaction.commit().await?)
}

/// Marks the credentials as confirmed: the profile exists. The account works without the mark, which only saves a later call to users.
async fn confirm(context: &Context, db: &Connection, user: UserId) {
    if let Err(error) = store::credentials::confirm(db, user, context.now()).await {
        context.log(
            Level::Warn,
            "the registration was not marked as confirmed",
            &[("cause", error.to_string().into())],
        );
    }
}

/// Deletes the credentials of a registration that failed.
async fn withdraw(context: &Context, db: &Connection, user: UserId) -> Result<(), Error> {
    let transaction = db.transaction().await?;
    if store::credentials::delete_unconfirmed(&transaction, user).await? {
        audit::record(&transaction, context, &entry("account.withdrawn", user)).await?;
    }
    Ok(transaction.commit().await?)
}

/// Returns the time until which unconfirmed credentials belong to no request that is still running.
pub(crate) fn abandoned_until(context: &Context) -> Timestamp {
    Timestamp::from_millis(context.now().as_millis() - ABANDONED_AFTER)
}

/// Finishes abandoned registrations: confirms the credentials whose profile exists, and deletes the others.
pub(crate) async fn finish_abandoned(context: &Context, db: &Connection) -> Result<(), Error> {
    for user in store::credentials::unconfirmed(db, abandoned_until(context), BATCH_SIZE).await? {
        match users_client::identity(context, user).await? {
            Some(_) => confirm(context, db, user).await,
            None => withdraw(context, db, user).await?,
        }
    }
    Ok(())
}

fn entry(action: &'static str, user: UserId) -> Entry {
    Entry { actor: None, action, subject: Some(user.to_string()), detail: json!({}) }
}
