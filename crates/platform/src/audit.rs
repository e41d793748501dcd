//! The audit log of a service: who did what to which subject, when and from where. An entry is written in the transaction of the action
//! itself, and the entries form a hash chain, so that a later change to the log is detected.
//!
//! # The chain
//!
//! Rows are numbered 1, 2, 3, ... A separate table has one *head*: the number of the last row and a MAC. With the service's key:
//!
//! - a row's MAC covers the MAC of the head to which it was appended, and every field of the row;
//! - the head's MAC covers the number and the MAC of the last row.
//!
//! An attacker who can write to the database but has no key can forge neither. A changed, moved or inserted row has no valid MAC; a removed
//! row leaves a gap, or a next row that was appended to another head; and a truncated log leaves a head that matches no row, because the
//! head's MAC for an earlier end is not stored. [`record`] appends to the head as it is, so that a violation stays visible for good and is
//! never repaired by the next row.
//!
//! The key is derived from the secret variable `audit_secret` and the service's name: the log of one service is not valid for another.
//!
//! # Not detected
//!
//! A whole earlier state, rows *and* head as they once were, down to the empty log: it was valid then. Only a record of a later head
//! reveals it. So each verification logs the head; a head with a lower number than an earlier one, or with another MAC for the same number,
//! is an alarm. Changes by a holder of the secret are not detected either.
//!
//! # The table
//!
//! `audit/schema.sql` is a migration of every service with a database (`migrations/<service>/shared.txt`). Its triggers refuse UPDATE and DELETE
//! of rows: a second line of defence against mistakes, which a user who can change the schema can remove. Row and head are written through the view
//! `audit_append` by the statement that ends the transaction, which writes its events as well (`sql/transaction.rs`).
//!
//! # Addresses
//!
//! Rows are never removed, so they have no address of a client: [`record`] writes a [pseudonym](pseudonym_of) in its place, whose key is deleted after
//! some months. The MAC of a row covers the pseudonym, so that the chain verifies with or without the key. Rows of earlier releases have the address.
//!
//! # Truncating a log
//!
//! No operation removes rows, and a log that merely starts later does not verify. Truncating a log needs a new migration and a new rule for
//! [`verify`]: verify the log, export and keep the rows up to row n, then write, under the key, an anchor (n and the MAC of the head at n)
//! from which verification starts, and record the truncation itself as an action. So the truncation is signed, and visible in the log. A
//! change of the secret needs the same: under a new secret no earlier row verifies.

mod chain;
mod error;
mod pseudonym;
mod query;
mod store;
mod verify;

pub use chain::{Key, MIN_SECRET_BYTES, SECRET_VARIABLE};
pub use error::Error;
pub use query::{MAX_ROWS, Query};
pub(crate) use store::UnchainedRow;
pub use store::{ChainHead, delete_expired_keys, list, list_of_person, pseudonym_of, record, request_of};
pub use verify::{SliceLimit, Verification, Violation, verify};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spindle_contracts::{CreatedRange, Timestamp};

/// An entry to record. Time, request id and the pseudonym of the client's address come from the request's context.
///
/// The log is kept when a user is erased: it may contain ids, but no names, addresses or secrets.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The actor: a user's id or a service's name; `None` if it is not known.
    pub actor: Option<String>,
    /// The action, such as `account.locked` or `user.role_changed`. Fixed text, so that no input can be taken for an action.
    pub action: &'static str,
    /// The subject of the action, usually an id.
    pub subject: Option<String>,
    /// Further details, as a small JSON object.
    pub detail: Value,
}

/// A row of the log as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The row's number in the log of its service.
    pub seq: i64,
    /// The row's id.
    pub id: String,
    /// The time of the action.
    #[serde(rename = "created_at")]
    pub at: Timestamp,
    /// The actor.
    pub actor: Option<String>,
    /// The action.
    pub action: String,
    /// The subject of the action.
    pub subject: Option<String>,
    /// The id of the request that performed the action.
    pub request_id: String,
    /// The pseudonym of the address that the request came from; in a row of an earlier release, the address.
    pub source: Option<String>,
    /// Further details. Text that is not JSON, which only a forged row has, is shown as a string.
    pub detail: Value,
}

/// A filter for rows. A field that is `None` does not restrict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only rows with this actor.
    pub actor: Option<String>,
    /// Only rows with this action.
    pub action: Option<String>,
    /// Only rows with this subject.
    pub subject: Option<String>,
    /// Only rows with this pseudonym, or from this address as far as the keys of its pseudonyms still exist.
    pub source: Option<String>,
    /// Only rows of these times.
    pub created: CreatedRange,
}

#[cfg(test)]
mod tests;
