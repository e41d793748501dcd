//! Events between services: told at least once, handled once.
//!
//! A fact and its event are one transaction: the event goes into the service's [`outbox`]. After its answer the service pushes it to
//! whoever listens ([`push`]); whatever a push does not reach is asked for on the listener's next [`tick`](mod@tick). The listener keeps each
//! event in its [`inbox`], where a second copy is no news, and handles it as a [`Consumer`] says. What fails is tried again after a
//! while ([`retry`]), and what fails too often is a [dead letter](dead_letters).

pub mod consumer;
pub mod dead_letters;
pub mod inbox;
pub mod outbox;
mod pull;
pub mod push;
pub mod retry;
mod seal;
#[cfg(test)]
mod tests;
pub mod tick;
mod worker;

pub use consumer::{Consumer, Delivery, HandlerError, receive};
pub use inbox::InboxMessage;
pub use outbox::{Event, PendingEvents, append};
pub use tick::tick;
pub use worker::lease;
