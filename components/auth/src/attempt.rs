//! An attempt to prove a password: refused while the account is locked, counted when it fails.
//!
//! Failures count for the user whose password is tried, however often the address changes; an address without an account locks like
//! one that has an account. The lock is checked before the password is, and again under the write lock once the result is known: of a
//! thousand guesses that are sent at once, only as many as lock the account get a response that says whether they were right.

use crate::error::Error;
use crate::lockout::Failures;
use crate::service_keys::ServiceKeys;
use crate::store;
use serde_json::json;
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{self, Connection, Transaction};

/// An attempt whose result is not known yet.
#[derive(Debug)]
pub(crate) struct Attempt {
    account: [u8; 32],
}

/// The account whose password is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// The account of this user.
    User(UserId),
    /// An e-mail address without an account, as its key (`spindle_contracts::email`).
    UnknownEmail(&'a str),
}

impl Target<'_> {
    /// Returns the key of the account's failures. An id holds no `@`, so no e-mail address has the key of a user.
    fn pseudonym(self, keys: &ServiceKeys) -> [u8; 32] {
        match self {
            Self::User(user) => keys.accounts.pseudonym(&user.to_string()),
            Self::UnknownEmail(key) => keys.accounts.pseudonym(&format!("@{key}")),
        }
    }
}

impl Attempt {
    /// Returns an attempt on `target`, which has to be [checked](Self::check).
    pub(crate) fn on(keys: &ServiceKeys, target: Target<'_>) -> Self {
        Self { account: target.pseudonym(keys) }
    }

    /// Returns the key of the account's failures.
    pub(crate) fn account(&self) -> &[u8; 32] {
        &self.account
    }

    /// Refuses the attempt if the `failures` of its account lock it.
    pub(crate) fn check(&self, context: &Context, failures: &Failures) -> Result<(), Error> {
        require_unlocked(failures, context.now())
    }

    /// Begins an attempt on `target`, unless the account is locked.
    pub(crate) async fn begin(
        context: &Context,
        db: &Connection,
        keys: &ServiceKeys,
        target: Target<'_>,
    ) -> Result<Self, Error> {
        let attempt = Self::on(keys, target);
        attempt.check(context, &store::failures::get(db, &attempt.account).await?)?;
        Ok(attempt)
    }

    /// Counts the attempt on the account of `user`, if there is one, as failed. Returns the error for the client.
    pub(crate) async fn fail(self, context: &Context, db: &Connection, user: Option<UserId>) -> Error {
        self.record_failure(context, db, user).await.err().unwrap_or(Error::InvalidCredentials)
    }

    async fn record_failure(&self, context: &Context, db: &Connection, user: Option<UserId>) -> Result<(), Error> {
        let now = context.now();
        let transaction = db.transaction().await?;
        let failures = store::failures::get(&transaction, &self.account).await?;
        require_unlocked(&failures, now)?;
        let failures = failures.with_failure_at(now);
        store::failures::upsert(&transaction, &self.account, &failures, now).await?;
        // The log keeps its rows for good, so the key of this pseudonym is one that is deleted.
        let account = base16ct::lower::encode_string(&self.account);
        let account = audit::pseudonym_of(&transaction, context, &account).await?;
        audit::record(&transaction, context, &entry("login.failed", user, &account)).await?;
        if failures.locked_until(now).is_some() {
            audit::record(&transaction, context, &entry("account.locked", user, &account)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Marks the attempt as successful in `transaction`, unless other attempts have locked the account meanwhile.
    pub(crate) async fn succeed(&self, context: &Context, transaction: &Transaction<'_>) -> Result<(), Error> {
        let failures = store::failures::get(transaction, &self.account).await?;
        require_unlocked(&failures, context.now())?;
        if !failures.is_empty() {
            store::failures::delete(transaction, &self.account).await?;
        }
        Ok(())
    }
}

/// Deletes the failures of the account of `user`.
pub(crate) async fn delete_failures(
    transaction: &Transaction<'_>,
    keys: &ServiceKeys,
    user: UserId,
) -> Result<(), Error> {
    Ok(store::failures::delete(transaction, &Target::User(user).pseudonym(keys)).await?)
}

/// Returns an audit entry. The pseudonym `account` distinguishes the addresses that have no account.
fn entry(action: &'static str, user: Option<UserId>, account: &str) -> Entry {
    let subject = user.map(|user| user.to_string());
    Entry { actor: None, action, subject, detail: json!({ "account": account }) }
}

/// Returns the latest failed attempts on the account of `user`.
pub(crate) async fn failures_of(db: &Connection, keys: &ServiceKeys, user: UserId) -> Result<Failures, sql::Error> {
    store::failures::get(db, &Target::User(user).pseudonym(keys)).await
}

fn require_unlocked(failures: &Failures, now: Timestamp) -> Result<(), Error> {
    match failures.locked_until(now) {
        None => Ok(()),
        Some(until) => {
            let millis = u64::try_from(until.as_millis() - now.as_millis()).unwrap_or(0);
            Err(Error::Locked { seconds: u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX) })
        }
    }
}
