//! A provider of notifications, composed into the application, and a server that records its requests.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use spindle_tests::instance::PROVIDER_SECRET;
use spindle_tests::jwt::{service_claims, service_token};
use spindle_tests::{Instance, Recorded, Recorder};
use tempfile::TempDir;
use xtask::build::WASM_TARGET;
use xtask::workspace::Workspace;

const SEND: &str = "/internal/notify/send";

/// The key of each message here.
pub(crate) const KEY: &str = "01a204d9-495d-7bdb-85b4-53f09eb5a815";

/// Returns the component of a provider of this repository.
pub(crate) fn built_provider(file: &str) -> PathBuf {
    Workspace::locate().target_dir().join(WASM_TARGET).join("release").join(file)
}

/// The provider, and the server that it calls.
pub(crate) struct ProviderFixture {
    instance: Instance,
    pub(crate) server: Recorder,
    _state: TempDir,
}

impl ProviderFixture {
    /// Composes the provider in `file` into `component`, with the server's address as its endpoint and with these `settings`.
    pub(crate) fn start(component: &str, file: &Path, settings: &[(&str, &str)]) -> Self {
        Self::with_server(Recorder::start(respond), component, file, settings)
    }

    /// Does the same with another server.
    pub(crate) fn with_server(server: Recorder, component: &str, file: &Path, settings: &[(&str, &str)]) -> Self {
        let state = tempfile::tempdir().expect("a temp folder");
        let endpoint = format!("{}/hook", server.url());
        let always = [("host", server.url()), ("endpoint", &*endpoint), ("allow_private", "true")];
        let prefix = component.replace('-', "_");
        let variables: Vec<(String, &str)> =
            always.iter().chain(settings).map(|(name, value)| (format!("{prefix}_{name}"), *value)).collect();
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (&**name, *value)).collect();
        let instance = Instance::with_open_adapter(state.path(), &variables, (component, file), SEND);
        Self { instance, server, _state: state }
    }

    /// Sends a message with `content`, which names the status of the server, and returns the result of the provider.
    pub(crate) fn send(&self, content: &Value) -> Value {
        let message =
            json!({"idempotency_key": KEY, "template": "order-paid", "locale": "de", "content": content, "attempt": 1});
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs();
        let now = i64::try_from(now).expect("a time before the end of time");
        let claims = service_claims("notifications", "notify", &format!("POST {SEND}"), now);
        let client = self.instance.client().as_user(&service_token(PROVIDER_SECRET, claims));
        let response = client.post(SEND, &message);
        assert_eq!(response.status, 200, "{response:?}\n{}", self.instance.log());
        response.json()
    }

    /// Returns the only request that the server has received.
    pub(crate) fn only_request(&self) -> Recorded {
        let recorded = self.server.recorded();
        let [request] = recorded.as_slice() else { panic!("one request: {recorded:?}") };
        request.clone()
    }
}

/// Responds with the status that the message names, as a provider's service does.
fn respond(request: &Recorded) -> (u16, String) {
    let status = request.body.split("status ").nth(1).and_then(|rest| rest.get(..3)?.parse().ok());
    (status.unwrap_or(200), r#"{"id":"m-1","name":"some_error"}"#.to_owned())
}

/// Returns an e-mail, a text message, a notification on devices.
pub(crate) fn email(text: &str) -> Value {
    json!({"email": {"to": "ann@example.com", "subject": "Paid", "text": text, "html": format!("<p>{text}</p>")}})
}

pub(crate) fn sms(text: &str) -> Value {
    json!({"sms": {"to": "+4930123456", "text": text}})
}

pub(crate) fn push(text: &str) -> Value {
    json!({"push": {"to": KEY, "title": "Paid", "text": text}})
}
