//! The tidy suite: rules of ARCHITECTURE.md and the conventions that the compiler does not check, each with its reason.

mod language;
mod manifests;
mod personal_fields;
mod queries;
mod repository;
mod sources;
mod statics;
mod wit;
