//! The provider. As a component it is the one that is composed in; natively it answers as the message says.

#[cfg(not(target_family = "wasm"))]
#[path = "provider/native.rs"]
mod backend;
#[cfg(target_family = "wasm")]
#[path = "provider/component.rs"]
mod backend;

pub(crate) use backend::send;
