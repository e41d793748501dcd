//! The statements on the database of payments.

pub(crate) mod calls;
pub(crate) mod erasures;
pub(crate) mod metrics;
pub(crate) mod payments;
