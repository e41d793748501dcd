//! Owns payments: the state of an order's money, and the calls of the payment provider. It consumes the events of orders, and publishes events
//! about each payment. The provider is a component behind `spindle:payments/provider` (wit/payments); an adapter calls it.

mod api;
#[cfg(test)]
mod contract;
mod erasure;
mod error;
mod events;
mod executor;
mod export;
mod metrics;
mod orders;
mod payment;
mod persistence;
mod provider;
mod refund;
mod signature;
mod store;
#[cfg(test)]
mod tests;
mod webhook;

use http::Method;
use spindle_contracts::Role::{Customer, Operator};
use spindle_contracts::provider::payments;
use spindle_edge::{Callers, Calls, ProviderCall, RateClass, Route, Service, handler};
use spindle_events::{dead_letters, receiver, routes};
use spindle_platform::Scope;

/// The consumers of its events.
const CONSUMERS: Callers = Callers::Only(&["notifications", "orders"]);

/// The producers of the events that it consumes, and the gateway, which delivers those that come over Redis.
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders", "users"]);

/// The service that shows how far the erasure of a user is.
const USERS: Callers = Callers::Only(&["users"]);

/// The service that shows in an order's timeline which events about it payments gave up.
const ORDERS: Callers = Callers::Only(&["orders"]);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "payments", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::GET, "/v1/payments", Customer, handler!(api::list)),
        Route::user(Method::GET, "/v1/payments/{id}", Customer, handler!(api::get)),
        Route::user(Method::POST, "/v1/payments/{id}/refund", Operator, handler!(refund::refund)),
        // No rate limit: a provider sends many webhooks from few addresses, and the signature is checked before anything else is done.
        Route::public(Method::POST, "/v1/webhooks/payments/{provider}", handler!(webhook::receive))
            .with_rate(RateClass::Unlimited),
        Route::service(
            Method::GET,
            "/internal/payments/orders/{order_id}/dead-letters",
            ORDERS,
            handler!(dead_letters::list_types_of_order),
        ),
        Route::service(Method::GET, "/internal/payments/erasures/{user_id}", USERS, handler!(erasure::get_state)),
    ],
    shared: &[
        &[
            routes::published_events(CONSUMERS),
            routes::consumed_events(PRODUCERS, receiver!(events::CONSUMER)),
            routes::tick(handler!(events::tick)),
            routes::metrics(handler!(metrics::get)),
            routes::OUTBOX_METRICS,
            spindle_edge::export::route("/users/{user_id}/export/payments", handler!(export::payments)),
            spindle_edge::export::route("/users/{user_id}/export/idempotency-keys", handler!(export::idempotency_keys)),
            spindle_edge::export::AUDIT_ROUTE,
        ],
        routes::DEAD_LETTERS,
    ],
    stores: &[],
    calls: Calls {
        services: &["auth", "notifications", "orders", "users"],
        providers: &[ProviderCall { adapter: payments::ADAPTER, channel: "payment" }],
    },
    check: Some(|context| spindle_events::check(context, &events::CONSUMER)),
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
