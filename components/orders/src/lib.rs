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
use spindle_events::{receiver, routes};
use spindle_platform::Scope;

/// The consumers of its events.
const CONSUMERS: Callers = Callers::Only(&["notifications", "payments"]);
/// The producers of the events that it consumes, and the gateway, which delivers those of others.
const PRODUCERS: Callers = Callers::Only(&["gateway", "payments"]);

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
    ],
    shared: &[
        &[
            routes::published_events(CONSUMERS),
            routes::consumed_events(PRODUCERS, receiver!(events::CONSUMER)),
            routes::tick(handler!(api::internal::tick)),
        ],
        routes::DEAD_LETTERS,
    ],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
