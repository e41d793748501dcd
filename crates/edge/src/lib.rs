//! The edge of a service: the steps of every request before its handler, and of every response after it.
//!
//! A service is a table of routes. [`serve`] takes each request of any service through the same steps: correlation (request id and trace),
//! routing (404, 405), authorisation, rate limit, body limit, the handler, and then problem details, CORS and one access log line. A route
//! declares its demands; access that it does not declare is denied.

mod access;
mod access_line;
mod adapter;
mod audit;
mod caller;
mod client_address;
mod correlation;
mod cors;
mod deprecation;
pub mod export;
mod health;
mod key_cache;
mod mac;
mod public;
mod rate_limit;
mod readiness;
mod route;
mod serve;
mod session_rights;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod verified_token_cache;

pub use access::{count_request, require_role};
pub use adapter::serve_adapter;
pub use audit::{AuditHead, AuditPage, AuditReport};
pub use caller::{Anonymous, Principal, ServiceCaller, TokenHolder};
pub use deprecation::Deprecation;
pub use health::{PartHealth, PartKind, PartState};
pub use public::serve_public;
pub use readiness::{ReadinessReport, ServiceReadiness, millis_since};
pub use route::{
    Access, Callers, Calls, Check, DEFAULT_BODY_LIMIT, Handler, HandlerResult, MAX_BODY_LIMIT, Programs, ProviderCall,
    RateClass, Route, Service,
};
pub use serve::serve;
pub use session_rights::{SessionRights, SessionRightsError, SessionRightsStore};

#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub use spindle_platform;

/// Exports the HTTP handler of this crate's component: it serves requests with `$service`, a static [`Service`].
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

/// Exports the HTTP handler of a provider's adapter, which serves requests with [`serve_adapter`].
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! export_adapter {
    ($service:path) => {
        $crate::export!($service, $crate::serve_adapter);
    };
}
