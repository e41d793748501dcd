//! The tick. Nothing runs in a component unless somebody asks, so a clock outside asks once a second, and the services do what nobody
//! waits for.

use crate::services;
use futures::future::join_all;
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;
use spindle_edge::{HandlerResult, ServiceCaller, millis_since};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use std::time::{Duration, Instant};

/// The services with something to do at a tick.
pub(crate) const TICKED: &[&str] = &["catalog", "notifications", "orders", "payments", "users"];

/// How long a service may take. What it does at a tick is bounded by about half of this.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What came of a tick.
#[derive(Debug, Serialize)]
struct Report {
    services: Vec<Ticked>,
}

/// What came of it at one service.
#[derive(Debug, Serialize)]
struct Ticked {
    name: &'static str,
    ok: bool,
    ms: f64,
    /// What it says that it has done.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Value>,
    /// Why it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// `POST /internal/tick`: lets every service do what is due, all at once. 200 with what came of it at each; one that fails spoils nothing
/// for the others, and is asked again at the next tick.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let services = join_all(TICKED.iter().map(|service| tick_one(context, service))).await;
    Ok(json(StatusCode::OK, &Report { services }))
}

async fn tick_one(context: &Context, name: &'static str) -> Ticked {
    let start = Instant::now();
    let answer = services::call(context, name, Method::POST, format!("/internal/{name}/tick"), TIMEOUT).await;
    let ms = millis_since(start);
    match answer {
        Ok(report) => Ticked { name, ok: true, ms, report: Some(report), detail: None },
        Err(failure) => {
            context.log(Level::Warn, "tick failed", &[("callee", name.into()), ("cause", failure.cause.into())]);
            Ticked { name, ok: false, ms, report: None, detail: Some(failure.detail) }
        }
    }
}
