//! Stands before a price adjuster: what orders asks as JSON goes on in the words of `spindle:pricing/adjuster` (wit/pricing), and the
//! adjuster's answer goes back. Whatever the adjuster does, it does here, in an instance that holds nothing else.

/// The adjuster: as a component the one that is composed in, natively one that answers as it is told.
#[cfg_attr(target_family = "wasm", path = "adjuster/component.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "adjuster/native.rs")]
mod adjuster;
#[cfg(test)]
mod tests;

use http::{Method, StatusCode};
use spindle_contracts::provider::pricing::{ADJUST, AdjustResponse, Cart, SERVICE as NAME};
use spindle_edge::{Callers, HandlerResult, Route, Service, ServiceCaller, handler};
use spindle_platform::http::{Request, json};
use spindle_platform::{Context, Scope};

/// The service: it has no data, and one operation.
pub static SERVICE: Service = Service {
    scope: Scope { service: NAME, migrations: &[] },
    routes: &[Route::service(Method::POST, ADJUST, Callers::Only(&["orders"]), handler!(adjust))],
    shared: &[],
};

#[cfg(target_family = "wasm")]
spindle_edge::export_adapter!(SERVICE);

/// `POST /internal/pricing/adjust`: 200 with what the adjuster answered.
async fn adjust(_context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let cart: Cart = request.json().await?;
    Ok(json(StatusCode::OK, &AdjustResponse::from(adjuster::adjust(cart))))
}
