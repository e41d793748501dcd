//! The statements on the database of notifications.

pub(crate) mod calls;
pub(crate) mod metrics;
pub(crate) mod notifications;
