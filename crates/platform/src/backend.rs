//! The two backends that carry out platform calls: Spin and native. Both have the same modules with the same functions.

#[cfg(any(target_family = "wasm", test))]
mod clock;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod native;
#[cfg(target_family = "wasm")]
pub(crate) mod spin;
#[cfg(any(target_family = "wasm", test))]
mod variables;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native as current;
#[cfg(target_family = "wasm")]
pub(crate) use spin as current;
