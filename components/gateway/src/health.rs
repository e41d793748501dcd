//! Whether the platform is alive and whether it can serve.

use bytes::Bytes;
use futures::future::join_all;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{Anyone, Outcome, Report, ServiceReport, millis_since};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use std::time::{Duration, Instant};

/// Every service but this one.
const SERVICES: &[&str] = &["users"];

/// How long a service may take to say that it is ready. A migration of a large table takes longer, and then it is not.
const TIMEOUT: Duration = Duration::from_secs(2);

/// When a client may ask again, in seconds.
const RETRY_AFTER_SECONDS: u32 = 1;

/// `GET /healthz`: 200 as long as requests are answered at all. Asks nobody.
pub(crate) async fn healthz(_context: &Context, _: Anyone, _request: Request) -> Outcome {
    Ok(json(StatusCode::OK, &json!({ "status": "ok" })))
}

/// `GET /readyz`: asks every service at once. 200 with their timings, or 503 that says which cannot serve and why.
pub(crate) async fn readyz(context: &Context, _: Anyone, _request: Request) -> Outcome {
    let services = join_all(SERVICES.iter().map(|service| ask(context, service))).await;
    let down: Vec<&str> =
        services.iter().filter(|service| !service.ready).map(|service| service.name.as_str()).collect();
    if down.is_empty() {
        return Ok(json(StatusCode::OK, &Report { services }));
    }
    let mut problem = Problem::new(ProblemKind::NotReady, format!("Not ready: {}.", down.join(", ")));
    problem.retry_after = Some(RETRY_AFTER_SECONDS);
    problem.extensions.insert("services".to_owned(), json!(services));
    Err(problem)
}

/// What `service` says of itself, or that it said nothing of use.
async fn ask(context: &Context, service: &str) -> ServiceReport {
    let start = Instant::now();
    let path = format!("/internal/{service}/ready");
    let request = http::Request::get(path).body(Bytes::new()).expect("the path is made of names");
    let (detail, cause) = match context.client().call(service, request, TIMEOUT).await {
        Ok(response) if response.status() == StatusCode::OK => match serde_json::from_slice(response.body()) {
            Ok(report) => return ServiceReport { ms: millis_since(start), ..report },
            Err(error) => ("answered something else".to_owned(), error.to_string()),
        },
        Ok(response) => {
            let body = String::from_utf8_lossy(response.body()).into_owned();
            (format!("answered {}", response.status().as_u16()), body)
        }
        Err(error) => ("did not answer".to_owned(), error.to_string()),
    };
    context.log(Level::Warn, "service not ready", &[("callee", service.into()), ("cause", cause.into())]);
    ServiceReport {
        name: service.to_owned(),
        ready: false,
        ms: millis_since(start),
        stores: Vec::new(),
        detail: Some(detail),
    }
}
