//! Owns what belongs to the platform as a whole: liveness, readiness, the audit logs and the dead letters of all services, and the
//! answer for every path that no service has; and takes what comes from outside for all of them: ticks, and events that come over Redis.
//!
//! It is no proxy: spin.toml routes each public path straight to its service, and what is left over comes here.

mod audit;
mod dead_letters;
mod health;
mod services;
#[cfg(test)]
mod tests;
mod tick;

use http::Method;
use spindle_contracts::Role;
use spindle_edge::{Callers, RateClass, Route, Service, handler};
use spindle_events::publication;
use spindle_events::routes::BATCH_LIMIT;
use spindle_platform::Scope;

/// One dead letter.
const LETTER: &str = "/v1/admin/dead-letters/{service}/{id}";
const REPLAY_LETTER: &str = "/v1/admin/dead-letters/{service}/{id}/replay";

/// The service: no database, and the operations on the platform.
pub static SERVICE: Service = Service {
    scope: Scope { service: "gateway", migrations: &[] },
    routes: &[
        Route::public(Method::GET, "/healthz", handler!(health::healthz)).with_rate(RateClass::Unlimited),
        Route::public(Method::GET, "/readyz", handler!(health::readyz)),
        Route::user(Method::GET, "/v1/admin/audit", Role::Admin, handler!(audit::list)),
        Route::user(Method::GET, "/v1/admin/audit/verify", Role::Admin, handler!(audit::verify)),
        Route::user(Method::GET, "/v1/admin/dead-letters", Role::Operator, handler!(dead_letters::list)),
        Route::user(Method::POST, "/v1/admin/dead-letters/replay", Role::Admin, handler!(dead_letters::replay_some)),
        Route::user(Method::GET, LETTER, Role::Operator, handler!(dead_letters::get)),
        Route::user(Method::DELETE, LETTER, Role::Admin, handler!(dead_letters::discard)),
        Route::user(Method::POST, REPLAY_LETTER, Role::Admin, handler!(dead_letters::replay)),
        Route::service(Method::POST, "/internal/tick", Callers::Only(&["ticker"]), handler!(tick::tick)).log_at_debug(),
        Route::service(
            Method::POST,
            "/internal/events",
            Callers::Only(&["event-relay"]),
            handler!(publication::forward),
        )
        .with_body_limit(BATCH_LIMIT),
    ],
    shared: &[],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
