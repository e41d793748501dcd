//! The catalog service: products with their prices, categories and stock; lists and search; and the stock reservations of orders.

mod api;
mod cache;
mod category;
mod change;
#[cfg(test)]
mod contract;
mod error;
mod events;
mod fields;
mod folding;
mod import;
mod product;
mod product_query;
mod representation;
mod reservation;
mod rules;
mod search;
mod stock;
mod store;
#[cfg(test)]
mod tests;
mod text_index;

use http::Method;
use spindle_contracts::Role::Operator;
use spindle_edge::{Callers, Calls, MAX_BODY_LIMIT, Route, Service, handler};
use spindle_events::routes;
use spindle_platform::Scope;

/// Stock is reserved by orders only.
const ORDERS: Callers = Callers::Only(&["orders"]);

/// The service: its database and its routes.
pub static SERVICE: Service = Service {
    scope: Scope { service: "catalog", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::public(Method::GET, "/v1/products", handler!(api::list::list)),
        Route::public(Method::GET, "/v1/products/{id}", handler!(api::products::get)),
        Route::public(Method::GET, "/v1/categories", handler!(api::categories::list)),
        Route::user(Method::POST, "/v1/products", Operator, handler!(api::products::create)),
        Route::user(Method::POST, "/v1/products/import", Operator, handler!(api::import::import))
            .with_body_limit(MAX_BODY_LIMIT),
        Route::user(Method::PATCH, "/v1/products/{id}", Operator, handler!(api::products::patch)),
        Route::user(Method::DELETE, "/v1/products/{id}", Operator, handler!(api::products::archive)),
        Route::user(Method::GET, "/v1/products/{id}/stock", Operator, handler!(api::products::get_stock)),
        Route::user(Method::PUT, "/v1/products/{id}/stock", Operator, handler!(api::products::set_stock)),
        Route::service(Method::POST, "/internal/catalog/reservations", ORDERS, handler!(api::reservations::reserve)),
        Route::service(
            Method::POST,
            "/internal/catalog/reservations/{order_id}/commit",
            ORDERS,
            handler!(api::reservations::commit),
        ),
        Route::service(
            Method::POST,
            "/internal/catalog/reservations/{order_id}/ship",
            ORDERS,
            handler!(api::reservations::ship),
        ),
        Route::service(
            Method::POST,
            "/internal/catalog/reservations/{order_id}/release",
            ORDERS,
            handler!(api::reservations::release),
        ),
    ],
    shared: &[&[
        routes::tick(handler!(api::reservations::tick)),
        routes::OUTBOX_METRICS,
        spindle_edge::export::AUDIT_ROUTE,
    ]],
    stores: &[cache::STORE],
    calls: Calls { services: &["auth"], providers: &[] },
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export!(SERVICE);
