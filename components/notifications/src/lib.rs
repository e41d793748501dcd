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
use spindle_events::dead_letters;
use spindle_platform::Scope;

/// Who tells notifications something, itself or for others.
const PRODUCERS: Callers = Callers::Only(&["gateway", "orders", "payments", "users"]);

const GATEWAY: Callers = Callers::Only(&["gateway"]);

/// How long a batch of events may be, in bytes.
const EVENTS_LIMIT: usize = 1024 * 1024;

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "notifications", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::GET, "/v1/notifications", Customer, handler!(api::list)),
        Route::user(Method::POST, "/v1/notifications", Operator, handler!(requesting::request)),
        Route::user(Method::GET, "/v1/notifications/{id}", Customer, handler!(api::get)),
        Route::service(Method::POST, "/internal/notifications/events", PRODUCERS, handler!(events::receive))
            .with_body_limit(EVENTS_LIMIT),
        Route::service(Method::POST, "/internal/notifications/tick", GATEWAY, handler!(events::tick)).log_at_debug(),
        Route::service(Method::GET, "/internal/notifications/dead-letters", GATEWAY, handler!(dead_letters::list)),
        Route::service(Method::GET, "/internal/notifications/dead-letters/{id}", GATEWAY, handler!(dead_letters::get)),
        Route::service(
            Method::POST,
            "/internal/notifications/dead-letters/{id}/replay",
            GATEWAY,
            handler!(dead_letters::replay),
        ),
        Route::service(
            Method::POST,
            "/internal/notifications/dead-letters/replay",
            GATEWAY,
            handler!(dead_letters::replay_some),
        ),
        Route::service(
            Method::DELETE,
            "/internal/notifications/dead-letters/{id}",
            GATEWAY,
            handler!(dead_letters::discard),
        ),
    ],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
