//! The tick: the trigger of the periodic jobs. A component runs only while it handles a request, so an external clock sends one tick a second,
//! and each service does the work that no request waits for.

use crate::services;
use futures::future::join_all;
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;
use spindle_edge::{HandlerResult, ServiceCaller, millis_since};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use std::time::{Duration, Instant};

/// The services with periodic jobs.
pub(crate) const TICKED: &[&str] = &["auth", "catalog", "notifications", "orders", "payments", "users"];

/// The time after which a tick of a service fails. Each service limits the work of a tick to about half of it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The result of a tick.
#[derive(Debug, Serialize)]
struct TickReport {
    services: Vec<ServiceTick>,
}

/// The result of a tick at one service.
#[derive(Debug, Serialize)]
struct ServiceTick {
    name: &'static str,
    ok: bool,
    ms: f64,
    /// The work that it reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Value>,
    /// The failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Handles `POST /internal/tick`: ticks all services at once. 200 with the result of each; a failure of one does not affect the others, and the
/// next tick tries it again.
pub(crate) async fn tick(context: &Context, _: ServiceCaller, _request: Request) -> HandlerResult {
    let services = join_all(TICKED.iter().map(|service| tick_service(context, service))).await;
    Ok(json(StatusCode::OK, &TickReport { services }))
}

async fn tick_service(context: &Context, name: &'static str) -> ServiceTick {
    let start = Instant::now();
    let result = services::call(context, name, Method::POST, format!("/internal/{name}/tick"), TIMEOUT).await;
    let ms = millis_since(start);
    match result {
        Ok(report) => ServiceTick { name, ok: true, ms, report: Some(report), detail: None },
        Err(error) => {
            error.warn(context, "tick failed");
            ServiceTick { name, ok: false, ms, report: None, detail: Some(error.detail) }
        }
    }
}
