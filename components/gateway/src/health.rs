//! Whether the platform is alive and whether it can serve.

use crate::services::{self, Failure, RETRY_AFTER_SECONDS, SERVICES};
use futures::future::join_all;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{Anonymous, HandlerResult, ReadinessReport, ServiceReadiness, millis_since};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use std::time::{Duration, Instant};

/// How long a service may take to say that it is ready. A migration of a large table takes longer, and then it is not.
const TIMEOUT: Duration = Duration::from_secs(2);

/// `GET /healthz`: 200 as long as requests are answered at all. Asks nobody.
pub(crate) async fn healthz(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    Ok(json(StatusCode::OK, &json!({ "status": "ok" })))
}

/// `GET /readyz`: asks every service at once. 200 with their timings, or 503 that says which cannot serve and why.
pub(crate) async fn readyz(context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    let services = join_all(SERVICES.iter().map(|service| ask(context, service))).await;
    let down: Vec<&str> =
        services.iter().filter(|service| !service.ready).map(|service| service.name.as_str()).collect();
    if down.is_empty() {
        return Ok(json(StatusCode::OK, &ReadinessReport { services }));
    }
    let mut problem = Problem::new(ProblemKind::NotReady, format!("Not ready: {}.", down.join(", ")));
    problem.retry_after = Some(RETRY_AFTER_SECONDS);
    problem.extensions.insert("services".to_owned(), json!(services));
    Err(problem)
}

/// What `service` says of itself, or that it said nothing of use.
async fn ask(context: &Context, service: &'static str) -> ServiceReadiness {
    let start = Instant::now();
    let answer = services::ask(context, service, format!("/internal/{service}/ready"), TIMEOUT).await;
    let ms = millis_since(start);
    match answer {
        Ok(report) => ServiceReadiness { ms, ..report },
        Err(Failure { detail, cause, .. }) => {
            context.log(Level::Warn, "service not ready", &[("callee", service.into()), ("cause", cause.into())]);
            ServiceReadiness { name: service.to_owned(), ready: false, ms, stores: Vec::new(), detail: Some(detail) }
        }
    }
}
