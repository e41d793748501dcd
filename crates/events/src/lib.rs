//! Events between services: what a service has to tell is kept in its outbox, in the transaction of the fact itself.

pub mod outbox;

pub use outbox::Event;
