//! The audit log of a service: who did what to what, when and from where, written in the transaction of the deed itself and chained
//! so that a later change to the log is found.
//!
//! # The chain
//!
//! Rows are numbered 1, 2, 3, ... Beside them stands one *head*, the number of the last row and a MAC. With the service's key:
//!
//! - a row's MAC covers the MAC of the head that it was appended to and every field of the row;
//! - the head's MAC covers the number and the MAC of the last row.
//!
//! Whoever can write to the database and has no key can make neither. A changed, moved or inserted row has no fitting MAC; behind a
//! removed one there is a gap or a row that was appended to another head; and a cut tail leaves a head that fits no row, because
//! the head's MAC for an earlier end is kept nowhere. [`record`] appends to whatever the head says, so that a break stays visible
//! for good and is never repaired by the next row.
//!
//! The key is derived from the secret variable `audit_secret` and the service's name: one service's log is not taken for another's.
//!
//! # What it does not find
//!
//! A whole earlier state, rows *and* head as they once were, down to the empty log: it was true then. It is found only by someone who
//! remembers a later head. So each verification leaves the head in a log line, and a head with a lower number than one seen before,
//! or with another MAC for the same number, is an alarm. Nor does it find what a holder of the secret does.
//!
//! # The table
//!
//! `audit/schema.sql` is the migration that every service with a database has, byte for byte. Its triggers refuse UPDATE and DELETE:
//! a second line against mistakes, which anyone who can change the schema can take away. Row and head are written by one statement
//! through the view `audit_append`, so that a record costs two: reading the head and that.
//!
//! # Cutting a log
//!
//! Nothing here removes rows, and a log that merely starts later does not verify. Cutting one takes a new migration and a new rule for
//! [`verify`]: verify the log, export and keep the rows up to row n, then write, under the key, an anchor (n and the MAC of the head at
//! n) from which verification starts, and record the cut itself as an action. So the cut is signed, and shows in the log. Another secret
//! takes the same: under a new one no earlier row verifies.

mod chain;
mod error;
mod query;
mod store;
mod verify;

pub use chain::{Key, MIN_SECRET_BYTES, SECRET_VARIABLE};
pub use error::Error;
pub use query::{MAX_ROWS, Query};
pub use store::{Head, list, record};
pub use verify::{Fault, Verification, verify};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spindle_contracts::Timestamp;

/// What is to be recorded. Time, request id and source address are the request's own.
///
/// The log is kept when a user is erased: ids have a place in it, names, addresses and secrets have not.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who did it: a user's id, a service's name, or nobody who is known.
    pub actor: Option<String>,
    /// What was done: `account.locked`, `user.role_changed`. Fixed text, so that no input can pass for an action.
    pub action: &'static str,
    /// What it was done to, mostly an id.
    pub subject: Option<String>,
    /// Whatever else matters, as a small JSON object.
    pub detail: Value,
}

/// A row of the log as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its number in the log of its service.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Option<String>,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub subject: Option<String>,
    /// The request that did it.
    pub request_id: String,
    /// The address that the request came from.
    pub source: Option<String>,
    /// Whatever else matters. Text that is not JSON, as nobody but a forger writes it, is shown as a string.
    pub detail: Value,
}

/// Which rows to show; what is not given does not restrict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only by this actor.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only to this subject.
    pub subject: Option<String>,
    /// Only from this time on.
    pub after: Option<Timestamp>,
    /// Only earlier than this time.
    pub before: Option<Timestamp>,
}

#[cfg(test)]
mod tests;
