//! The only crate that knows Spin.
//!
//! A service receives requests and a [`Context`], which gives access to databases, key-value, other services, the message bus,
//! configuration, log, time and ids. On `wasm32` these are Spin's interfaces, in the world of WASI 0.2 or, with the feature `wasi-0-3`, of 0.3; natively
//! they are SQLite in a temporary file, maps in memory and handlers called directly, so that `cargo test` runs handlers and every SQL statement in
//! milliseconds. All backends have the same API.
//!
//! Every function that may wait is `async`. In WASI 0.2 a fresh instance serves each request. In 0.3 an instance serves many, some of them at once:
//! everything that a request has is in its [`Platform`] and its [`Context`], and no crate keeps state in statics except `backend::wasi3::kept`.

pub mod audit;
mod backend;
pub mod breaker;
pub mod bus;
pub mod client;
pub mod config;
pub mod context;
pub mod error;
pub mod http;
pub mod kv;
pub mod log;
pub mod migrate;
pub mod platform;
mod problem;
pub mod sql;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod token;
pub mod trace;

pub use context::{Context, Scope};
pub use platform::Platform;

#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
#[doc(hidden)]
pub use backend::spin::entry::{Outparam, RawRequest, run};
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
#[doc(hidden)]
pub use backend::spin::message::{run as run_message, trigger};
#[cfg(all(target_family = "wasm", feature = "wasi-0-3"))]
#[doc(hidden)]
pub use backend::wasi3::entry::{RawRequest, RawResponse, run};
#[cfg(all(target_family = "wasm", feature = "wasi-0-3"))]
#[doc(hidden)]
pub use spin_sdk_wasi_0_3::wasip3;
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
#[doc(hidden)]
pub use wasi;

/// Exports the HTTP handler of this crate's component: it serves requests with `$serve`, an
/// `async fn(Platform, http::Request) -> http::Response`.
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
#[macro_export]
macro_rules! export {
    ($serve:expr) => {
        mod component {
            struct Component;

            impl $crate::wasi::exports::http::incoming_handler::Guest for Component {
                fn handle(request: $crate::RawRequest, outparam: $crate::Outparam) {
                    $crate::run(request, outparam, $serve);
                }
            }

            $crate::wasi::http::proxy::export!(Component with_types_in $crate::wasi);
        }
    };
}

/// Exports the HTTP handler of this crate's component: it serves requests with `$serve`, an
/// `async fn(Platform, http::Request) -> http::Response`.
#[cfg(all(target_family = "wasm", feature = "wasi-0-3"))]
#[macro_export]
macro_rules! export {
    ($serve:expr) => {
        mod component {
            struct Component;

            impl $crate::wasip3::exports::http::handler::Guest for Component {
                async fn handle(request: $crate::RawRequest) -> $crate::RawResponse {
                    $crate::run(request, $serve).await
                }
            }

            $crate::wasip3::http::service::export!(Component with_types_in $crate::wasip3);
        }
    };
}

/// Exports the Redis trigger's handler of this crate's component: it handles messages with `$handle`, an
/// `async fn(Platform, Bytes) -> Result<(), ()>`. In the world of WASI 0.2 alone: a trigger hands over one message at a time.
#[cfg(all(target_family = "wasm", not(feature = "wasi-0-3")))]
#[macro_export]
macro_rules! export_redis {
    ($handle:expr) => {
        mod component {
            use $crate::trigger::exports::fermyon::spin::inbound_redis::{Error, Guest};

            struct Component;

            impl Guest for Component {
                fn handle_message(message: Vec<u8>) -> Result<(), Error> {
                    $crate::run_message(message, $handle)
                }
            }

            $crate::trigger::export!(Component with_types_in $crate::trigger);
        }
    };
}
