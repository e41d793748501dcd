//! The adapter of the price adjuster: maps the JSON requests of orders to calls of `spindle:pricing/adjuster` (wit/pricing), and the results
//! back. The adjuster runs in this instance, which has access to nothing else.

/// The adjuster: in a component the one that is composed in, natively a fake.
#[cfg_attr(target_family = "wasm", path = "adjuster/component.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "adjuster/native.rs")]
mod adjuster;
#[cfg(test)]
mod tests;

use http::{Method, StatusCode};
use spindle_contracts::provider::pricing::{ADJUST, AdjustResponse, Cart, SERVICE as NAME};
use spindle_edge::{Callers, Calls, HandlerResult, Route, Service, ServiceCaller, handler};
use spindle_platform::http::{Request, json};
use spindle_platform::{Context, Scope};

/// The service: one operation, and no data.
pub static SERVICE: Service = Service {
    scope: Scope { service: NAME, migrations: &[] },
    routes: &[Route::service(Method::POST, ADJUST, Callers::Only(&["orders"]), handler!(adjust))],
    shared: &[],
    stores: &[],
    calls: Calls::NONE,
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export_adapter!(SERVICE);

/// Handles `POST /internal/pricing/adjust`: 200 with the adjuster's result.
async fn adjust(_context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let cart: Cart = request.internal_json().await?;
    Ok(json(StatusCode::OK, &AdjustResponse::from(adjuster::adjust(cart))))
}
