//! The OpenAPI documents of the public API (OpenAPI 3.1, <https://spec.openapis.org/oas/v3.1.1>).
//!
//! Each service describes its public operations in `src/contract.rs` with an [`Operation`] for each; the schemas come from its Rust types. From
//! that and its route table, [`build`] makes `api-specs/<service>.yaml`, and [`bundle`] makes one document of all services. A [`Validator`] holds responses against them, and
//! [`openapi_3_0`] renders them for generators that read no 3.1.
//! Native only: a component contains nothing of this crate.

mod build;
mod bundle;
mod components;
mod examples;
mod files;
mod openapi_3_0;
mod operation;
mod reference;
mod schemas;
mod validate;
mod yaml;

pub use build::{RouteFacts, build};
pub use bundle::{SERVICES, bundle};
pub use examples::{Example, examples};
pub use files::{directory, read, write_or_compare};
pub use openapi_3_0::{LOSSES, openapi_3_0};
pub use operation::{Contract, Operation};
pub use reference::reference_page;
pub use validate::{ResponseParts, Validator};
pub use yaml::{from_yaml, to_yaml};
