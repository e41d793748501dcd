//! Owns credentials: passwords, sessions, refresh tokens and the keys that sign access tokens. The profiles belong to users.

mod account;
mod api;
mod attempt;
mod bootstrap;
#[cfg(test)]
mod contract;
mod encryption;
mod error;
mod housekeeping;
mod invitation;
mod key_set;
mod lockout;
mod login;
mod one_time_token;
mod password;
mod refresh;
mod refresh_token;
mod registration;
mod secret;
mod service_keys;
mod session;
mod session_rights;
mod signer;
mod signing_key;
mod store;
#[cfg(test)]
mod tests;
mod users_client;

use http::Method;
use spindle_contracts::Role;
use spindle_edge::{Callers, Calls, RateClass, Route, Service, export, handler};
use spindle_events::routes;
use spindle_platform::Scope;

/// The most bytes of a body with a password or a token. JSON escapes make the longest password six times as long.
const BODY_LIMIT: usize = 16 * 1024;

/// The service that may have accounts erased, users invited, and the rights of users ended.
const USERS: Callers = Callers::Only(&["users"]);

/// The services with operations of users, which may ask for the rights of a session.
const EDGES: Callers = Callers::Only(&["auth", "catalog", "gateway", "notifications", "orders", "payments", "users"]);

/// The service that consumes the events of auth.
const NOTIFICATIONS: Callers = Callers::Only(&["notifications"]);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "auth", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::public(Method::POST, "/v1/auth/register", handler!(api::accounts::register))
            .with_rate(RateClass::Auth)
            .with_body_limit(BODY_LIMIT),
        Route::public(Method::POST, "/v1/auth/login", handler!(api::tokens::login))
            .with_rate(RateClass::Auth)
            .with_body_limit(BODY_LIMIT),
        Route::public(Method::POST, "/v1/auth/refresh", handler!(api::tokens::refresh))
            .with_rate(RateClass::Auth)
            .with_body_limit(BODY_LIMIT),
        Route::public(Method::POST, "/v1/auth/logout", handler!(api::tokens::logout))
            .with_rate(RateClass::Auth)
            .with_body_limit(BODY_LIMIT),
        Route::user(Method::POST, "/v1/auth/password", Role::Customer, handler!(api::password::change))
            .with_rate(RateClass::Auth)
            .with_body_limit(BODY_LIMIT),
        Route::public(Method::POST, "/v1/auth/invitations/accept", handler!(api::invitations::accept))
            .with_rate(RateClass::Auth)
            .with_body_limit(BODY_LIMIT),
        Route::user(Method::GET, "/v1/auth/sessions", Role::Customer, handler!(api::sessions::list)),
        Route::user(Method::DELETE, "/v1/auth/sessions", Role::Customer, handler!(api::sessions::revoke_all)),
        Route::user(Method::DELETE, "/v1/auth/sessions/{id}", Role::Customer, handler!(api::sessions::revoke)),
        Route::public(Method::GET, "/.well-known/jwks.json", handler!(api::keys::list)),
        Route::user(Method::POST, "/v1/admin/auth/keys/rotate", Role::Admin, handler!(api::keys::rotate)),
        Route::service(Method::GET, "/internal/auth/keys", Callers::Any, handler!(api::keys::list_for_services)),
        Route::service(Method::GET, "/internal/auth/sessions/{id}", EDGES, handler!(api::sessions::rights)),
        Route::service(
            Method::POST,
            "/internal/auth/accounts/{id}/rights-changed",
            USERS,
            handler!(api::accounts::change_rights),
        ),
        Route::service(Method::DELETE, "/internal/auth/accounts/{id}", USERS, handler!(api::accounts::erase)),
        Route::service(
            Method::POST,
            "/internal/auth/accounts/with-password",
            USERS,
            handler!(api::accounts::list_with_password),
        ),
        Route::service(
            Method::POST,
            "/internal/auth/accounts/{id}/invitation",
            USERS,
            handler!(api::invitations::create),
        ),
        Route::service(Method::GET, "/internal/auth/erasures/{id}", USERS, handler!(api::accounts::erasure)),
    ],
    shared: &[&[
        routes::published_events(NOTIFICATIONS),
        routes::tick(handler!(api::accounts::tick)),
        routes::OUTBOX_METRICS,
        export::route("/users/{user_id}/export/credentials", handler!(api::export::credentials)),
        export::route("/users/{user_id}/export/sessions", handler!(api::export::sessions)),
        export::AUDIT_ROUTE,
    ]],
    stores: &[],
    calls: Calls { services: &["users"], providers: &[] },
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
