//! Requests that a client may send twice and that are carried out once: `Idempotency-Key`, after
//! draft-ietf-httpapi-idempotency-key-header-07.
//!
//! ```text
//! let asked = IdempotentRequest::new(caller.user(), "order.place", &request, &draft)?;
//! match begin(&db, &asked, context.new_id(), context.now(), lease).await? {
//!     BeginOutcome::Answered(response) => response,
//!     BeginOutcome::Claimed(claim) => ...
//! }
//! ```
//!
//! Who has the [`Claim`] makes what is asked for under the claim's `resource_id`, and stores the answer with [`finish`] in the transaction
//! that makes it. A claim has a lease: if its holder dies, the next who sends the key gets the claim with the same `resource_id`, so that
//! whatever the first one did elsewhere is found again. A holder who was too slow finds at [`finish`] that the claim is no longer its own.
//! Where a client never comes back, [`abandoned`] finds what was left.
//!
//! The table is in `schema.sql`, which every service that takes keys has among its migrations, byte for byte.

mod asked;
mod error;
mod key;
mod store;
#[cfg(test)]
mod tests;

pub use asked::IdempotentRequest;
pub use error::Error;
pub use key::HEADER;
pub use store::{BeginOutcome, Claim, REPLAYED, begin, delete_claim, end_lease, finish, prune, take_over_abandoned};

use std::time::Duration;

/// How long a key is kept once it is answered.
pub const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
