//! Stands before a notification provider: what notifications sends as JSON goes on in the words of `spindle:notify/provider` (wit/notify),
//! and the provider's answer goes back. Whatever the provider does, it does here, in an instance that holds nothing else.

/// The provider: as a component the one that is composed in, natively one that answers as it is told.
#[cfg_attr(target_family = "wasm", path = "provider/component.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "provider/native.rs")]
mod provider;
#[cfg(test)]
mod tests;

use http::{Method, StatusCode};
use spindle_contracts::provider::notify::{Message, SEND, SERVICE as NAME, SendResponse};
use spindle_edge::{Callers, HandlerResult, Route, Service, ServiceCaller, handler};
use spindle_platform::http::{Request, json};
use spindle_platform::{Context, Scope};

/// How long a message may be, in bytes: an e-mail has its text twice.
const MESSAGE_LIMIT: usize = 256 * 1024;

/// The service: it has no data, and one operation.
pub static SERVICE: Service = Service {
    scope: Scope { service: NAME, migrations: &[] },
    routes: &[Route::service(Method::POST, SEND, Callers::Only(&["notifications"]), handler!(send))
        .with_body_limit(MESSAGE_LIMIT)],
    shared: &[],
};

#[cfg(target_family = "wasm")]
spindle_edge::export_adapter!(SERVICE);

/// `POST /internal/notify/send`: 200 with what the provider answered.
async fn send(_context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let message: Message = request.json().await?;
    Ok(json(StatusCode::OK, &SendResponse::from(provider::send(message))))
}
