//! The statements on the database of payments.

pub(crate) mod calls;
pub(crate) mod payments;
