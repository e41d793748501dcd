//! Stands before a payment provider: what payments asks for as JSON goes on in the words of `spindle:payments/provider` (wit/payments), and
//! the provider's answer goes back. Whatever the provider does, it does here, in an instance that holds nothing else.

/// The provider: as a component the one that is composed in, natively one that answers as it is told.
#[cfg_attr(target_family = "wasm", path = "provider/component.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "provider/native.rs")]
mod provider;
#[cfg(test)]
mod tests;

use http::{Method, StatusCode};
use spindle_contracts::provider::payments::{
    AUTHORIZE, Authorization, AuthorizeResponse, CAPTURE, Error, REFUND, SERVICE as NAME, SettleResponse, Settlement,
    VOID,
};
use spindle_edge::{Callers, HandlerResult, Route, Service, ServiceCaller, handler};
use spindle_platform::http::{Request, json};
use spindle_platform::{Context, Scope};

/// Who may have money moved.
const PAYMENTS: Callers = Callers::Only(&["payments"]);

/// The service: it has no data.
pub static SERVICE: Service = Service {
    scope: Scope { service: NAME, migrations: &[] },
    routes: &[
        Route::service(Method::POST, AUTHORIZE, PAYMENTS, handler!(authorize)),
        Route::service(Method::POST, CAPTURE, PAYMENTS, handler!(capture)),
        Route::service(Method::POST, VOID, PAYMENTS, handler!(void)),
        Route::service(Method::POST, REFUND, PAYMENTS, handler!(refund)),
    ],
    shared: &[],
};

#[cfg(target_family = "wasm")]
spindle_edge::export_adapter!(SERVICE);

/// `POST /internal/payment-provider/authorize`: 200 with what the provider answered.
async fn authorize(_context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let authorization: Authorization = request.json().await?;
    Ok(json(StatusCode::OK, &AuthorizeResponse::from(provider::authorize(authorization))))
}

/// `POST /internal/payment-provider/capture`: 200 with what the provider answered.
async fn capture(_context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    settle(request, provider::capture).await
}

/// `POST /internal/payment-provider/void`: 200 with what the provider answered.
async fn void(_context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    settle(request, provider::void).await
}

/// `POST /internal/payment-provider/refund`: 200 with what the provider answered.
async fn refund(_context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    settle(request, provider::refund).await
}

async fn settle(mut request: Request, operation: fn(Settlement) -> Result<(), Error>) -> HandlerResult {
    let settlement: Settlement = request.json().await?;
    Ok(json(StatusCode::OK, &SettleResponse::from(operation(settlement))))
}
