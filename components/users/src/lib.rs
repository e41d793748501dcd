//! Owns user profiles: who a user is, how to reach them, and what they want to hear. Credentials belong to auth.

mod api;
mod error;
mod rules;
mod store;
#[cfg(test)]
mod tests;
mod user;

use http::Method;
use spindle_edge::{Access, Route, Service, handler};
use spindle_platform::Scope;

/// The service: its database and its operations.
pub static SERVICE: Service = Service {
    scope: Scope { service: "users", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::new(Method::POST, "/v1/users", Access::Public, handler!(api::create)),
        Route::new(Method::GET, "/v1/users", Access::Public, handler!(api::list)),
        Route::new(Method::GET, "/v1/users/{id}", Access::Public, handler!(api::get)),
        Route::new(Method::PATCH, "/v1/users/{id}", Access::Public, handler!(api::change)),
        Route::new(Method::DELETE, "/v1/users/{id}", Access::Public, handler!(api::erase)),
    ],
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
