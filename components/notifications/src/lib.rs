//! Owns notifications: who is told what, on which channel, and what became of it. It listens to what happens elsewhere, and has providers send
//! what is to be said, each of them a component of its own behind `spindle:notify/provider` (wit/notify).

mod api;
mod breaker;
mod channel;
mod contact;
mod error;
mod events;
mod money;
mod notification;
mod provider;
mod queueing;
mod requesting;
mod sending;
mod store;
mod telling;
mod template;
#[cfg(test)]
mod tests;

use http::Method;
use spindle_contracts::Role::{Customer, Operator};
use spindle_edge::{Callers, Route, Service, handler};
use spindle_events::{receiver, routes};
use spindle_platform::Scope;

/// The producers of the events that it consumes, and the gateway, which delivers those of others.
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders", "payments", "users"]);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "notifications", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::GET, "/v1/notifications", Customer, handler!(api::list)),
        Route::user(Method::POST, "/v1/notifications", Operator, handler!(requesting::request)),
        Route::user(Method::GET, "/v1/notifications/{id}", Customer, handler!(api::get)),
    ],
    shared: &[
        &[routes::consumed_events(PRODUCERS, receiver!(events::CONSUMER)), routes::tick(handler!(events::tick))],
        routes::DEAD_LETTERS,
    ],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
