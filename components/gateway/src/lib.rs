//! The gateway: the operations on the platform as a whole. Liveness, readiness and health, the metrics, the audit logs and the dead letters of all
//! services, and the response for every path that no service has; and the entry for ticks and for events that arrive over Redis.
//!
//! It is no proxy: spin.toml routes each public path directly to its service, and all other paths to the gateway.

mod audit;
#[cfg(test)]
mod contract;
mod dead_letters;
mod health;
mod metrics;
mod parts;
mod services;
#[cfg(test)]
mod tests;
mod tick;

use http::Method;
use spindle_contracts::Role;
use spindle_edge::{Callers, Calls, Programs, RateClass, Route, Service, handler};
use spindle_events::publication;
use spindle_events::routes::BATCH_LIMIT;
use spindle_platform::Scope;

/// The path of a dead letter.
const LETTER: &str = "/v1/admin/dead-letters/{service}/{id}";
const REPLAY_LETTER: &str = "/v1/admin/dead-letters/{service}/{id}/replay";

/// Monitoring, which has no account.
const MONITORING: Programs = Programs { token_variable: "metrics_token", services: Callers::Only(&[]) };

/// Monitoring, and the clock beside the application: they learn what is away also while no access token can be checked.
const CLOCK: Programs = Programs { services: Callers::Only(&["ticker"]), ..MONITORING };

/// The service: its routes, without a database.
pub static SERVICE: Service = Service {
    scope: Scope { service: "gateway", migrations: &[] },
    routes: &[
        Route::public(Method::GET, "/healthz", handler!(health::healthz))
            .with_rate(RateClass::Unlimited)
            .log_at_debug(),
        // No rate limit: counting would wait for a key-value store that hangs, and a probe has to end.
        Route::public(Method::GET, "/readyz", handler!(health::readyz)).with_rate(RateClass::Unlimited).log_at_debug(),
        Route::user_or_program(Method::GET, "/metrics", Role::Operator, MONITORING, handler!(metrics::scrape))
            .log_at_debug(),
        Route::user_or_program(Method::GET, "/v1/admin/health", Role::Operator, CLOCK, handler!(health::report))
            .log_at_debug(),
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
    stores: &[],
    calls: Calls::NONE,
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
