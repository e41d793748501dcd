//! Owns user profiles: identity and role, contact details, and notification preferences. Credentials belong to auth.

mod admins;
mod api;
mod auth_calls;
mod auth_client;
#[cfg(test)]
mod contract;
mod email_keys;
mod erasure;
mod erasure_progress;
mod error;
mod export;
mod internal;
mod rights;
mod rules;
mod store;
#[cfg(test)]
mod tests;
mod user;

use http::Method;
use spindle_contracts::Role::{Admin, Customer, Operator};
use spindle_edge::{Callers, Calls, RateClass, Route, Service, handler};
use spindle_events::routes;
use spindle_platform::Scope;

/// The service that may look up identities and create profiles at a registration.
const AUTH: Callers = Callers::Only(&["auth"]);

/// The service that may read contacts.
const NOTIFICATIONS: Callers = Callers::Only(&["notifications"]);

/// The service that reads an address for an order.
const ORDERS: Callers = Callers::Only(&["orders"]);

/// The consumers of the events of users.
const CONSUMERS: Callers = Callers::Only(&["notifications", "orders", "payments"]);

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "users", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::user(Method::POST, "/v1/users", Admin, handler!(api::create)),
        Route::user(Method::GET, "/v1/users", Operator, handler!(api::list)),
        Route::user(Method::GET, "/v1/users/me", Customer, handler!(api::get_me)),
        Route::user(Method::PATCH, "/v1/users/me", Customer, handler!(api::change_me)),
        Route::user(Method::DELETE, "/v1/users/me", Customer, handler!(api::erase_me)),
        Route::user(Method::GET, "/v1/users/me/export", Customer, handler!(export::export_me))
            .with_rate(RateClass::Export),
        Route::user(Method::GET, "/v1/users/{id}", Customer, handler!(api::get)),
        Route::user(Method::PATCH, "/v1/users/{id}", Customer, handler!(api::change)),
        Route::user(Method::DELETE, "/v1/users/{id}", Customer, handler!(api::erase)),
        Route::user(Method::POST, "/v1/users/{id}/deactivate", Admin, handler!(api::deactivate)),
        Route::user(Method::POST, "/v1/users/{id}/reactivate", Admin, handler!(api::reactivate)),
        Route::user(Method::POST, "/v1/users/{id}/invitation", Admin, handler!(api::invite)),
        Route::user(Method::GET, "/v1/users/{id}/erasure", Operator, handler!(erasure_progress::get)),
        Route::service(Method::POST, "/internal/users/identify", AUTH, handler!(internal::identify)),
        Route::service(Method::GET, "/internal/users/{id}/identity", AUTH, handler!(internal::get_identity)),
        Route::service(Method::GET, "/internal/users/{id}/contact", NOTIFICATIONS, handler!(internal::get_contact)),
        Route::service(
            Method::GET,
            "/internal/users/{id}/addresses/{address_id}",
            ORDERS,
            handler!(internal::get_address),
        ),
        Route::service(Method::PUT, "/internal/users/{id}", AUTH, handler!(internal::register)),
    ],
    shared: &[&[routes::published_events(CONSUMERS), routes::tick(handler!(internal::tick)), routes::OUTBOX_METRICS]],
    stores: &[],
    calls: Calls { services: &["auth", "catalog", "notifications", "orders", "payments"], providers: &[] },
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
