//! What every public request passes on its way in, and every answer on its way out.
//!
//! A service is a table of routes. [`serve`] takes a request through the same steps whichever service it is for: who it is (id and
//! trace), where it goes (404, 405), who sends it and whether they may (access), how often (rate limit), how much (body limit), the
//! handler, and then problem details, CORS and one access line. A route says what it demands; what it does not say is denied.

mod access;
mod adapter;
mod address;
mod audit;
mod caller;
mod cors;
mod deprecation;
mod identify;
mod keys;
mod mac;
mod rate;
mod ready;
mod route;
mod serve;
mod stamp;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub use adapter::serve_adapter;
pub use audit::{AuditHead, AuditReport, AuditRows};
pub use caller::{Anonymous, Principal, ServiceCaller};
pub use deprecation::Deprecation;
pub use ready::{Report, ServiceReport, StoreReport, millis_since};
pub use route::{
    Access, Callers, DEFAULT_BODY_LIMIT, Handler, HandlerResult, MAX_BODY_LIMIT, RateClass, Route, Service,
};
pub use serve::serve;

#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub use spindle_platform;

/// Makes this crate's component answer HTTP requests with `$service`, a static [`Service`].
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! export {
    ($service:path) => {
        $crate::export!($service, $crate::serve);
    };
    ($service:path, $serve:path) => {
        async fn serve(
            platform: $crate::spindle_platform::Platform,
            request: $crate::spindle_platform::http::Request,
        ) -> $crate::spindle_platform::http::Response {
            $serve(&$service, platform, request).await
        }

        $crate::spindle_platform::export!(super::serve);
    };
}

/// The same for the adapter of a provider.
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! export_adapter {
    ($service:path) => {
        $crate::export!($service, $crate::serve_adapter);
    };
}
