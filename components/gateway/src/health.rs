//! Liveness and readiness of the platform.

use crate::services::{self, RETRY_AFTER_SECONDS, SERVICES, ServiceError};
use futures::future::{join, join_all};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json as value};
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{Anonymous, HandlerResult, ReadinessReport, ServiceReadiness, StoreReadiness, millis_since};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use std::time::{Duration, Instant};

/// The time after which a service that does not respond is not ready. The migration of a large table takes longer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The state of the gateway.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Liveness {
    /// `ok`.
    status: &'static str,
}

/// The members of the problem that a service is not ready.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotReady {
    /// Every service, also those that are ready.
    services: Vec<ServiceReadiness>,
}

/// Handles `GET /healthz`: 200 as long as the gateway runs. Calls no service.
pub(crate) async fn healthz(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    Ok(json(StatusCode::OK, &Liveness { status: "ok" }))
}

/// The service that has every key-value store, and is asked whether they respond.
const WITH_STORES: &str = "catalog";

/// Handles `GET /readyz`: calls all services at once, and asks one whether the key-value stores respond. The gateway itself uses none here: a store
/// that hangs stops the instance that waits for it, and is found by the time limit of that call. 200 with their timings, or 503 with the services
/// that are not ready and why. The log has a warning for each of those, with its address and the cause, which the response must not have: anyone may
/// read it. It is one for each failed probe, since an instance of the gateway remembers no earlier one.
pub(crate) async fn readyz(context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    let services = join_all(SERVICES.iter().map(|service| probe(context, service)));
    let stores = services::get(context, WITH_STORES, format!("/internal/{WITH_STORES}/ready/stores"), TIMEOUT);
    let (mut services, stores) = join(services, stores).await;
    for service in services.iter_mut().filter(|service| service.name == WITH_STORES && service.ready) {
        add_stores(context, service, &stores);
    }
    let not_ready: Vec<&str> =
        services.iter().filter(|service| !service.ready).map(|service| service.name.as_str()).collect();
    if not_ready.is_empty() {
        return Ok(json(StatusCode::OK, &ReadinessReport { services }));
    }
    let mut problem = Problem::new(ProblemKind::NotReady, format!("Not ready: {}.", not_ready.join(", ")));
    problem.retry_after = Some(RETRY_AFTER_SECONDS);
    if let Value::Object(members) = value!(NotReady { services }) {
        problem.extensions = members;
    }
    Err(problem)
}

/// Adds the key-value stores to `report`. One that fails at once is named; one that does not respond makes the service not ready, since every
/// request would wait for it.
fn add_stores(context: &Context, report: &mut ServiceReadiness, stores: &Result<Vec<StoreReadiness>, ServiceError>) {
    match stores {
        Ok(stores) => report.stores.extend(stores.iter().cloned()),
        Err(error) => {
            error.warn(context, "key-value not ready");
            report.ready = false;
            report.detail = Some(format!("key-value: {}", error.detail));
        }
    }
}

/// Returns the report of `service`, or one that says why it has none.
async fn probe(context: &Context, service: &'static str) -> ServiceReadiness {
    let start = Instant::now();
    let result = services::get(context, service, format!("/internal/{service}/ready"), TIMEOUT).await;
    let ms = millis_since(start);
    match result {
        Ok(report) => ServiceReadiness { ms, ..report },
        Err(error) => {
            error.warn(context, "service not ready");
            let detail = Some(error.detail);
            ServiceReadiness { name: service.to_owned(), ready: false, ms, stores: Vec::new(), detail }
        }
    }
}
