//! The tidy suite: rules of ARCHITECTURE.md and the conventions that the compiler does not check, each with its reason.

mod alerts;
mod dashboards;
mod language;
mod libsql;
mod manifests;
mod observability;
mod personal_fields;
mod promql;
mod queries;
mod release;
mod repository;
mod sources;
mod statics;
mod wit;
