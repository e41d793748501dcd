//! The tidy suite: rules of ARCHITECTURE.md and conventions that a compiler does not check, each with its reason.

mod manifests;
mod queries;
mod repository;
mod sources;
mod wit;
