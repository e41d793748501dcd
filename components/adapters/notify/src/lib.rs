//! The adapter before a notification provider. It passes each message that notifications sends as JSON to `spindle:notify/provider`
//! (wit/notify), and returns the provider's result as JSON. The provider runs in the adapter's instance, which holds nothing else.

/// The provider: in a component the one that is composed in, natively a fake.
#[cfg_attr(target_family = "wasm", path = "provider/component.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "provider/native.rs")]
mod provider;
#[cfg(test)]
mod tests;

use http::{Method, StatusCode};
use spindle_contracts::provider::notify::{Content, Message, SEND, SERVICE as NAME, SendResponse};
use spindle_edge::{Callers, Calls, HandlerResult, Route, Service, ServiceCaller, handler};
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use spindle_platform::{Context, Scope};

/// The longest message, in bytes: an e-mail has its text twice.
const MESSAGE_LIMIT: usize = 256 * 1024;

/// The service: it has no database, and one operation.
pub static SERVICE: Service = Service {
    scope: Scope { service: NAME, migrations: &[] },
    routes: &[Route::service(Method::POST, SEND, Callers::Only(&["notifications"]), handler!(send))
        .with_body_limit(MESSAGE_LIMIT)],
    shared: &[],
    stores: &[],
    calls: Calls::NONE,
    check: None,
};

#[cfg(target_family = "wasm")]
spindle_edge::export_adapter!(SERVICE);

/// Answers `POST /internal/notify/send` with 200 and the provider's result, and logs each message that was sent.
async fn send(context: &Context, _: ServiceCaller, mut request: Request) -> HandlerResult {
    let message: Message = request.internal_json().await?;
    // Neither the recipient nor the text: both are personal data. The key is the notification's id.
    let fields = [
        ("channel", channel(&message.content).into()),
        ("template", message.template.clone().into()),
        ("key", message.idempotency_key.clone().into()),
    ];
    let response = SendResponse::from(provider::send(message));
    if let SendResponse::Ok(_) = response {
        context.log(Level::Info, "notification sent", &fields);
    }
    Ok(json(StatusCode::OK, &response))
}

fn channel(content: &Content) -> &'static str {
    match content {
        Content::Email(_) => "email",
        Content::Sms(_) => "sms",
        Content::Push(_) => "push",
    }
}
