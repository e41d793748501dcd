//! A server whose responses each test decides.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use spindle_client::{Builder, Retries, Spindle};

/// The longest body that a test sends.
const LIMIT: usize = 1 << 20;

/// A request that the server has got.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and path: `GET /v1/orders`.
    pub(crate) target: String,
    /// The query; empty without one.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    /// The body; `null` if it is no JSON.
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A server on a port of its own, and the requests that it has got.
pub(crate) struct Fake {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// Starts a server that answers each request as `respond` says, which gets the number of earlier requests of the same method and path.
    pub(crate) async fn start(respond: impl Fn(&Seen, usize) -> Response + Clone + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::<Seen>::new()));
        let log = Arc::clone(&seen);
        let handler = move |request: Request| {
            let (respond, log) = (respond.clone(), Arc::clone(&log));
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, LIMIT).await.unwrap();
                let seen = Seen {
                    target: format!("{} {}", parts.method, parts.uri.path()),
                    query: parts.uri.query().unwrap_or_default().to_owned(),
                    headers: parts.headers,
                    body: serde_json::from_slice(&body).unwrap_or_default(),
                    text: String::from_utf8_lossy(&body).into_owned(),
                };
                let mut log = log.lock().unwrap();
                let earlier = log.iter().filter(|earlier| earlier.target == seen.target).count();
                log.push(seen.clone());
                respond(&seen, earlier)
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
        Self { url, seen }
    }

    /// Returns the settings of a client that waits for nothing.
    pub(crate) fn builder(&self) -> Builder {
        let millisecond = Duration::from_millis(1);
        let retries = Retries { attempts: 2, first_pause: millisecond, longest_pause: millisecond };
        Spindle::builder(&self.url).retries(retries)
    }

    pub(crate) fn client(&self) -> Spindle {
        self.builder().build().unwrap()
    }

    /// Returns a client that has logged in.
    pub(crate) async fn logged_in(&self) -> Spindle {
        let client = self.client();
        client.log_in("ada@example.com", "a lighthouse in winter").await.unwrap();
        client
    }

    /// Returns the requests for `target`.
    pub(crate) fn seen(&self, target: &str) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.target == target).cloned().collect()
    }
}

/// Returns a response with a JSON body.
pub(crate) fn json_response(status: u16, body: &Value) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// Returns a response without a body, with header fields.
pub(crate) fn empty(status: u16, headers: &[(&str, &str)]) -> Response {
    let response = headers
        .iter()
        .fold(Response::builder().status(status), |response, (name, value)| response.header(*name, *value));
    response.body(Body::empty()).unwrap()
}

/// Returns a problem.
pub(crate) fn problem(status: u16, name: &str, further: &Value) -> Response {
    let mut body = json!({
        "type": format!("https://spindle.dev/problems/{name}"), "title": "A title", "status": status, "detail": "What happened.",
        "instance": "/v1", "request_id": "r-1",
    });
    body.as_object_mut().unwrap().extend(further.as_object().cloned().unwrap_or_default());
    let mut response = json_response(status, &body);
    response.headers_mut().insert("content-type", "application/problem+json".parse().unwrap());
    response
}

/// Returns the response to an access token that has expired.
pub(crate) fn expired() -> Response {
    let mut response = problem(401, "unauthorized", &json!({}));
    response.headers_mut().insert("www-authenticate", "Bearer error=\"invalid_token\"".parse().unwrap());
    response
}

/// Returns the response to a log-in or a refresh: the tokens number `n`, which are valid for `seconds`.
pub(crate) fn tokens(n: usize, seconds: i64) -> Response {
    json_response(
        200,
        &json!({
            "access_token": format!("access-{n}"), "refresh_token": format!("refresh-{n}"), "expires_in": seconds, "token_type": "Bearer",
            "user": { "id": ID, "email": "ada@example.com", "role": "customer" },
        }),
    )
}

/// The id of everything.
pub(crate) const ID: &str = "019bc102-9f40-7000-8000-000000000001";

/// Returns a user.
pub(crate) fn user() -> Value {
    json!({
        "id": ID, "email": "ada@example.com", "display_name": null, "phone": null, "role": "customer", "status": "active", "locale": "en",
        "addresses": [], "notification_preferences": { "email": true, "push": false, "sms": false },
        "created_at": "2026-01-15T09:30:00.000Z", "updated_at": "2026-01-15T09:30:00.000Z",
    })
}

/// Returns an order in a status.
pub(crate) fn order(status: &str) -> Value {
    json!({
        "id": ID, "number": "7K3M-Q2XD", "user_id": ID, "status": status, "items": [], "adjustments": [], "cancel_reason": null, "decline": null,
        "total": { "amount": 2598, "currency": "EUR" },
        "shipping_address": { "name": "Ada", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" },
        "created_at": "2026-01-15T09:30:00.000Z", "updated_at": "2026-01-15T09:30:00.000Z",
    })
}
