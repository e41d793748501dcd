//! The audit log of a service.
