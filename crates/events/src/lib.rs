//! Events between services: published at least once, handled once.
//!
//! The path of an event, one file a step:
//!
//! 1. [`outbox`]: a fact and its event are one transaction.
//! 2. [`publication`]: after its response the producer pushes the event to its consumers, over HTTP or Redis.
//! 3. [`ingestion`]: a consumer receives what is pushed, and pulls on each [`tick`](mod@tick) what no push has delivered.
//! 4. [`inbox`]: an event is stored once; a duplicate is ignored. A pushed event is stored by the first transaction of its handler.
//! 5. [`worker`]: workers lease events and pass them to the handler of the [`Consumer`].
//! 6. [`delivery`]: an attempt ends as complete, to be retried (see [`policy`]), or as a [dead letter](dead_letters).
//!
//! [`metrics`] has the numbers of events that wait, and of those that were given up. [`routes`] declares the operations that this adds to a service.

pub mod dead_letters;
pub mod delivery;
pub mod error;
pub mod inbox;
pub mod ingestion;
pub mod metrics;
pub mod outbox;
pub mod policy;
pub mod publication;
pub mod routes;
mod signature;
#[cfg(test)]
mod tests;
pub mod tick;
pub mod worker;

pub use delivery::{Delivery, Transaction};
pub use error::{Error, HandlerError};
pub use ingestion::{AcceptedEvents, accept, accept_new, receive};
pub use outbox::{Event, PendingEvents, append};
pub use policy::{check, lease};
pub use tick::tick;
pub use worker::{Consumer, Handler, IsPaused};
