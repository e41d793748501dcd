//! The service `orders`: places orders, and drives each of them through its saga until it is shipped or cancelled.

mod api;
mod catalog;
#[cfg(test)]
mod contract;
mod erasure;
mod error;
mod events;
mod limits;
mod metrics;
mod order;
mod order_query;
mod place_order;
mod pricing;
mod published_events;
mod reconcile;
mod saga;
mod store;
#[cfg(test)]
mod tests;
mod timeline;
mod transitions;
mod undelivered_events;
mod users;

use http::Method;
use spindle_contracts::Role::{Customer, Operator};
use spindle_contracts::provider;
use spindle_edge::{Callers, Calls, ProviderCall, Route, Service, export, handler};
use spindle_events::{receiver, routes};
use spindle_platform::Scope;

/// The consumers of the events of this service.
const CONSUMERS: Callers = Callers::Only(&["notifications", "payments"]);
/// The services that deliver events: payments and users their own, the gateway those that arrive over Redis.
const PRODUCERS: Callers = Callers::Only(&["gateway", "payments", "users"]);

/// The service that refunds the payment of an order, if the order allows it.
const PAYMENTS: Callers = Callers::Only(&["payments"]);

/// The service that shows how far the erasure of a user is.
const USERS: Callers = Callers::Only(&["users"]);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "orders", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::POST, "/v1/orders", Customer, handler!(place_order::place_order)),
        Route::user(Method::GET, "/v1/orders", Customer, handler!(api::list)),
        Route::user(Method::GET, "/v1/orders/{id}", Customer, handler!(api::get)),
        Route::user(Method::GET, "/v1/orders/{id}/timeline", Customer, handler!(api::timeline)),
        Route::user(Method::POST, "/v1/orders/{id}/cancel", Customer, handler!(api::cancel)),
        Route::user(Method::POST, "/v1/orders/{id}/fulfil", Operator, handler!(api::fulfil)),
        Route::service(
            Method::POST,
            "/internal/orders/orders/{order_id}/refund",
            PAYMENTS,
            handler!(api::internal::accept_refund),
        ),
        Route::service(Method::GET, "/internal/orders/erasures/{user_id}", USERS, handler!(erasure::get_state)),
    ],
    shared: &[
        &[
            routes::published_events(CONSUMERS),
            routes::consumed_events(PRODUCERS, receiver!(events::CONSUMER)),
            routes::tick(handler!(api::internal::tick)),
            routes::metrics(handler!(metrics::get)),
            routes::OUTBOX_METRICS,
            export::route("/users/{user_id}/export/orders", handler!(api::export::orders)),
            export::route("/users/{user_id}/export/idempotency-keys", handler!(api::export::idempotency_keys)),
            export::AUDIT_ROUTE,
        ],
        routes::DEAD_LETTERS,
    ],
    stores: &[],
    calls: Calls {
        services: &["auth", "catalog", "notifications", "payments", "users"],
        providers: &[ProviderCall { adapter: provider::pricing::ADAPTER, channel: "pricing" }],
    },
    check: Some(|context| spindle_events::check(context, &events::CONSUMER)),
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
