//! An attempt to prove a password: refused while the account is locked, counted when it fails.
//!
//! Failures count for the user whom they are tried on, however often the address changes; an address that nobody has locks like one
//! that somebody has. The lock is looked at before the password is, and once more under the write lock when the outcome is known: of
//! a thousand guesses that are sent at once, only as many as lock the account get an answer that says whether they were right.

use crate::error::Error;
use crate::lockout::Failures;
use crate::secrets::Secrets;
use crate::store;
use serde_json::json;
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{Connection, Transaction};

/// An attempt that is under way.
#[derive(Debug)]
pub(crate) struct Attempt {
    account: [u8; 32],
}

/// Whose password is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// That of this user.
    User(UserId),
    /// That of whoever would have this e-mail address; nobody has.
    Nobody(&'a str),
}

impl Target<'_> {
    /// What the failures are kept under. An id holds no `@`, so that nobody can have one for an address.
    fn pseudonym(self, secrets: &Secrets) -> [u8; 32] {
        match self {
            Self::User(user) => secrets.accounts.pseudonym(&user.to_string()),
            Self::Nobody(email) => secrets.accounts.pseudonym(&format!("@{}", email.to_lowercase())),
        }
    }
}

impl Attempt {
    /// Lets an attempt on `target` begin, unless it is locked.
    pub(crate) async fn begin(
        context: &Context,
        db: &Connection,
        secrets: &Secrets,
        target: Target<'_>,
    ) -> Result<Self, Error> {
        let attempt = Self { account: target.pseudonym(secrets) };
        refuse_locked(&store::failures::get(db, &attempt.account).await?, context.now())?;
        Ok(attempt)
    }

    /// Counts the attempt on the account of `user`, if anyone's, as failed. What it gives is what to tell the client.
    pub(crate) async fn fail(self, context: &Context, db: &Connection, user: Option<UserId>) -> Error {
        self.record_failure(context, db, user).await.err().unwrap_or(Error::InvalidCredentials)
    }

    async fn record_failure(&self, context: &Context, db: &Connection, user: Option<UserId>) -> Result<(), Error> {
        let now = context.now();
        let transaction = db.transaction().await?;
        let failures = store::failures::get(&transaction, &self.account).await?;
        refuse_locked(&failures, now)?;
        let failures = failures.and_one_at(now);
        store::failures::put(&transaction, &self.account, &failures, now).await?;
        audit::record(&transaction, context, &self.entry("login.failed", user)).await?;
        if failures.locked_until(now).is_some() {
            audit::record(&transaction, context, &self.entry("account.locked", user)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Lets the attempt succeed as part of `transaction`, unless others have locked the account meanwhile.
    pub(crate) async fn succeed(&self, context: &Context, transaction: &Transaction<'_>) -> Result<(), Error> {
        let failures = store::failures::get(transaction, &self.account).await?;
        refuse_locked(&failures, context.now())?;
        if !failures.is_empty() {
            store::failures::clear(transaction, &self.account).await?;
        }
        Ok(())
    }

    /// The pseudonym tells apart the accounts that nobody has.
    fn entry(&self, action: &'static str, user: Option<UserId>) -> Entry {
        let account = base16ct::lower::encode_string(&self.account[..8]);
        let subject = user.map(|user| user.to_string());
        Entry { actor: None, action, subject, detail: json!({ "account": account }) }
    }
}

fn refuse_locked(failures: &Failures, now: Timestamp) -> Result<(), Error> {
    match failures.locked_until(now) {
        None => Ok(()),
        Some(until) => {
            let millis = u64::try_from(until.as_millis() - now.as_millis()).unwrap_or(0);
            Err(Error::Locked { seconds: u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX) })
        }
    }
}
