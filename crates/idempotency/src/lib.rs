//! Requests that a client may send twice and that are executed once: `Idempotency-Key`, after
//! draft-ietf-httpapi-idempotency-key-header-07.
//!
//! ```text
//! let request = IdempotentRequest::new(caller.user(), "order.place", &request, &body)?;
//! match begin(&db, &request, context.new_id(), context.now(), lease).await? {
//!     BeginOutcome::Answered(response) => response,
//!     BeginOutcome::Claimed(claim) => ...
//! }
//! ```
//!
//! The holder of the [`Claim`] creates the resource under the claim's `resource_id`, and stores the response with [`finish`] in the same
//! transaction. A claim has a lease: if its holder dies, the next request with the key gets the claim with the same `resource_id`, so that
//! the effects of the first one in other services are found again. A holder that took longer than its lease gets [`Error::Superseded`] from
//! [`finish`]. [`take_over_abandoned`] finds the claims of clients that never retried.
//!
//! The table is in `schema.sql`, a migration of every service with idempotent requests (`migrations/<service>/shared.txt`).

mod error;
mod export;
mod key;
mod request;
mod store;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use export::{StoredKey, page_of_user};
pub use key::HEADER;
pub use request::IdempotentRequest;
pub use store::{
    BeginOutcome, CLAIM, Claim, REPLAYED, begin, begin_reading, delete_claim, end_lease, erase, find, finish, prune,
    renew, take_over_abandoned,
};

use std::time::Duration;

/// The time for which a key is kept once it has a response.
pub const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
