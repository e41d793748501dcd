//! Owns notifications: the messages to users, their channels and their delivery. It consumes the events of auth, users, orders and payments, and
//! sends each message through the provider of its channel, a component behind `spindle:notify/provider` (wit/notify).

mod api;
mod channel;
mod contact;
#[cfg(test)]
mod contract;
mod delivery;
mod enqueue;
mod error;
mod event_mapping;
mod events;
mod export;
mod metrics;
mod money;
mod notification;
mod provider;
mod request;
mod store;
mod template;
#[cfg(test)]
mod tests;

use http::Method;
use spindle_contracts::Role::{Customer, Operator};
use spindle_contracts::provider::notify;
use spindle_edge::{Callers, Calls, ProviderCall, Route, Service, handler};
use spindle_events::{receiver, routes};
use spindle_platform::Scope;

/// The producers of the events that it consumes, and the gateway, which delivers those of others.
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders", "payments", "users"]);

/// The service that follows erasures.
const USERS: Callers = Callers::Only(&["users"]);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "notifications", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::GET, "/v1/notifications", Customer, handler!(api::list)),
        Route::user(Method::POST, "/v1/notifications", Operator, handler!(request::create)),
        Route::user(Method::GET, "/v1/notifications/{id}", Customer, handler!(api::get)),
        Route::service(Method::GET, "/internal/notifications/erasures/{id}", USERS, handler!(api::get_erasure)),
    ],
    shared: &[
        &[
            routes::consumed_events(PRODUCERS, receiver!(events::CONSUMER)),
            routes::tick(handler!(events::tick)),
            routes::metrics(handler!(metrics::get)),
            routes::OUTBOX_METRICS,
            spindle_edge::export::route("/users/{user_id}/export/notifications", handler!(export::notifications)),
            spindle_edge::export::route("/users/{user_id}/export/idempotency-keys", handler!(export::idempotency_keys)),
            spindle_edge::export::AUDIT_ROUTE,
        ],
        routes::DEAD_LETTERS,
    ],
    stores: &[],
    calls: Calls {
        services: &["auth", "orders", "payments", "users"],
        providers: &[
            ProviderCall { adapter: notify::EMAIL, channel: "email" },
            ProviderCall { adapter: notify::PUSH, channel: "push" },
            ProviderCall { adapter: notify::SMS, channel: "sms" },
        ],
    },
    check: Some(|context| spindle_events::check(context, &events::CONSUMER)),
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
