//! Owns orders: what was bought by whom, at what price, and how it goes on until it is sent off or has come to nothing.

mod adjustment;
mod api;
mod catalog;
mod course;
mod error;
mod events;
mod order;
mod placing;
mod pricing;
mod reconcile;
mod rules;
mod saga;
mod stock;
mod store;
#[cfg(test)]
mod tests;
mod timeline;

use http::Method;
use spindle_contracts::Role::{Customer, Operator};
use spindle_edge::{Callers, Route, Service, handler};
use spindle_events::{dead_letters, outbox};
use spindle_platform::Scope;

/// Who asks for what this service tells.
const CONSUMERS: Callers = Callers::Only(&["notifications", "payments"]);
/// Who tells this service something, itself or for others.
const PRODUCERS: Callers = Callers::Only(&["gateway", "payments"]);
const GATEWAY: Callers = Callers::Only(&["gateway"]);

/// How long a batch of events may be, in bytes.
const EVENTS_LIMIT: usize = 1024 * 1024;

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "orders", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::POST, "/v1/orders", Customer, handler!(api::placing::place)),
        Route::user(Method::GET, "/v1/orders", Customer, handler!(api::orders::list)),
        Route::user(Method::GET, "/v1/orders/{id}", Customer, handler!(api::orders::get)),
        Route::user(Method::GET, "/v1/orders/{id}/timeline", Customer, handler!(api::orders::timeline)),
        Route::user(Method::POST, "/v1/orders/{id}/cancel", Customer, handler!(api::orders::cancel)),
        Route::user(Method::POST, "/v1/orders/{id}/fulfil", Operator, handler!(api::orders::fulfil)),
        Route::service(Method::GET, "/internal/orders/events", CONSUMERS, handler!(outbox::list)).log_at_debug(),
        Route::service(Method::POST, "/internal/orders/events", PRODUCERS, handler!(api::internal::receive))
            .with_body_limit(EVENTS_LIMIT),
        Route::service(Method::POST, "/internal/orders/tick", GATEWAY, handler!(api::internal::tick)).log_at_debug(),
        Route::service(Method::GET, "/internal/orders/dead-letters", GATEWAY, handler!(dead_letters::list)),
        Route::service(
            Method::POST,
            "/internal/orders/dead-letters/replay",
            GATEWAY,
            handler!(dead_letters::replay_some),
        ),
        Route::service(Method::GET, "/internal/orders/dead-letters/{id}", GATEWAY, handler!(dead_letters::get)),
        Route::service(Method::DELETE, "/internal/orders/dead-letters/{id}", GATEWAY, handler!(dead_letters::discard)),
        Route::service(
            Method::POST,
            "/internal/orders/dead-letters/{id}/replay",
            GATEWAY,
            handler!(dead_letters::replay),
        ),
    ],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
