//! The adapter before the payment provider. It passes each request that payments sends as JSON to `spindle:payments/provider` (wit/payments), and
//! returns the provider's result as JSON. The provider runs in the adapter's instance, which holds nothing else.

/// The provider: in a component the one that is composed in, natively a fake.
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
use spindle_edge::{Callers, Calls, HandlerResult, Route, Service, ServiceCaller, handler};
use spindle_platform::http::{Request, json};
use spindle_platform::{Context, Scope};

/// The only service that may call the provider.
const PAYMENTS: Callers = Callers::Only(&["payments"]);

/// The service: it has no database.
pub static SERVICE: Service = Service {
    scope: Scope { service: NAME, migrations: &[] },
    routes: &[
        Route::service(Method::POST, AUTHORIZE, PAYMENTS, handler!(authorize)),
        Route::service(Method::POST, CAPTURE, PAYMENTS, handler!(capture)),
        Route::service(Method::POST, VOID, PAYMENTS, handler!(void)),
        Route::service(Method::POST, REFUND, PAYMENTS, handler!(refund)),
    ],
    shared: &[],
    stores: &[],
    calls: Calls::NONE,
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export_adapter!(SERVICE);

/// Answers `POST /internal/payment-provider/authorize` with 200 and the provider's result.
async fn authorize(_context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let authorization: Authorization = request.internal_json().await?;
    Ok(json(StatusCode::OK, &AuthorizeResponse::from(provider::authorize(authorization))))
}

/// Answers `POST /internal/payment-provider/capture` with 200 and the provider's result.
async fn capture(_context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    settle(request, provider::capture).await
}

/// Answers `POST /internal/payment-provider/void` with 200 and the provider's result.
async fn void(_context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    settle(request, provider::void).await
}

/// Answers `POST /internal/payment-provider/refund` with 200 and the provider's result.
async fn refund(_context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    settle(request, provider::refund).await
}

async fn settle(mut request: Request, operation: fn(Settlement) -> Result<(), Error>) -> HandlerResult {
    let settlement: Settlement = request.internal_json().await?;
    Ok(json(StatusCode::OK, &SettleResponse::from(operation(settlement))))
}
