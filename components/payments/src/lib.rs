//! Owns payments: what an order's money is doing, and what was agreed with the provider. It does as orders tells it by events, and tells
//! by events what came of it. The provider is a component behind `spindle:payments/provider` (wit/payments), which an adapter asks.

mod api;
mod drive;
mod error;
mod events;
mod keeping;
mod payment;
mod provider;
mod refund;
mod signature;
mod store;
#[cfg(test)]
mod tests;
mod webhook;

use http::Method;
use spindle_contracts::Role::{Customer, Operator};
use spindle_edge::{Callers, MAX_BODY_LIMIT, RateClass, Route, Service, handler};
use spindle_events::dead_letters;
use spindle_platform::Scope;

/// Who asks for the events of payments.
const CONSUMERS: Callers = Callers::Only(&["notifications", "orders"]);

/// Who tells payments something: orders, and the gateway for what the bus brings.
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders"]);

/// Who ticks, and asks for what an operator wants to see.
const GATEWAY: Callers = Callers::Only(&["gateway"]);

/// How long a batch of events may be, in bytes.
const BATCH_LIMIT: usize = 1024 * 1024;
const _: () = assert!(BATCH_LIMIT <= MAX_BODY_LIMIT);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "payments", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::GET, "/v1/payments", Customer, handler!(api::list)),
        Route::user(Method::GET, "/v1/payments/{id}", Customer, handler!(api::get)),
        Route::user(Method::POST, "/v1/payments/{id}/refund", Operator, handler!(refund::refund)),
        // Not counted: a provider has few addresses and much to tell, and the signature is checked before anything else is done.
        Route::public(Method::POST, "/v1/webhooks/payments/{provider}", handler!(webhook::receive))
            .with_rate(RateClass::Unlimited),
        Route::service(Method::GET, "/internal/payments/events", CONSUMERS, handler!(spindle_events::outbox::list))
            .log_at_debug(),
        Route::service(Method::POST, "/internal/payments/events", PRODUCERS, handler!(events::receive))
            .with_body_limit(BATCH_LIMIT),
        Route::service(Method::POST, "/internal/payments/tick", GATEWAY, handler!(events::tick)).log_at_debug(),
        Route::service(Method::GET, "/internal/payments/dead-letters", GATEWAY, handler!(dead_letters::list)),
        Route::service(Method::GET, "/internal/payments/dead-letters/{id}", GATEWAY, handler!(dead_letters::get)),
        Route::service(
            Method::POST,
            "/internal/payments/dead-letters/{id}/replay",
            GATEWAY,
            handler!(dead_letters::replay),
        ),
        Route::service(
            Method::POST,
            "/internal/payments/dead-letters/replay",
            GATEWAY,
            handler!(dead_letters::replay_some),
        ),
        Route::service(
            Method::DELETE,
            "/internal/payments/dead-letters/{id}",
            GATEWAY,
            handler!(dead_letters::discard),
        ),
    ],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
