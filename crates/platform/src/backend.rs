//! The backends that carry out platform calls: Spin with WASI 0.2 or 0.3, and native. All have the same modules with the same functions.

#[cfg(any(target_family = "wasm", test))]
mod clock;
#[cfg(any(test, all(target_family = "wasm", feature = "wasi-0-3")))]
mod connection_state;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod native;
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
pub(crate) mod spin;
#[cfg(any(target_family = "wasm", test))]
mod variables;
#[cfg(all(target_family = "wasm", feature = "wasi-0-3"))]
pub(crate) mod wasi3;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native as current;
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
pub(crate) use spin as current;
#[cfg(all(target_family = "wasm", feature = "wasi-0-3"))]
pub(crate) use wasi3 as current;
