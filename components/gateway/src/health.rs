//! Liveness, readiness and health. `/healthz` is about this process, `/readyz` about what this replica cannot do and another may, and
//! `/v1/admin/health` about everything, also about what all replicas share.

use crate::services::{self, RETRY_AFTER_SECONDS, SERVICES, ServiceError};
use futures::future::{join, join_all, join4};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json as value};
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{
    Anonymous, HandlerResult, PartHealth, PartKind, PartState, ReadinessReport, ServiceReadiness, TokenHolder,
    millis_since,
};
use spindle_platform::Context;
use spindle_platform::http::{NoParameters, Request, json};
use std::time::{Duration, Instant};

/// The time after which a service or a part that does not respond is not ready, or unavailable. The migration of a large table takes longer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The time for which readiness waits for a database. A probe has to end, also while a database does not respond.
const DATABASE_TIMEOUT: Duration = Duration::from_millis(500);

/// The end of the host name of a component of this process.
const IN_PROCESS: &str = ".spin.internal";

/// The state of the gateway.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Liveness {
    /// `ok`.
    status: &'static str,
}

/// The members of the problem that a service is not ready.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotReady {
    /// Every service of this process, also those that are ready.
    services: Vec<ServiceReadiness>,
}

/// The state of a service, or of the whole platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum HealthState {
    /// Everything responds.
    Ok,
    /// A part that it can do without for a while fails: a key-value store, another service, a provider.
    Degraded,
    /// The service does not respond, or its database does not. Of the platform: a service is unavailable.
    Unavailable,
}

/// The state of one service.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ServiceHealth {
    /// The service's name.
    name: &'static str,
    /// Its state.
    state: HealthState,
    /// Its response time as measured by the gateway, in milliseconds.
    ms: f64,
    /// The reason why it does not respond, or which of its variables has no valid value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cause: Option<String>,
    /// Its parts: its database, its key-value stores, and what it calls. None if it does not respond.
    parts: Vec<PartHealth>,
}

/// The state of the platform.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HealthReport {
    /// The worst state of a service.
    state: HealthState,
    /// Every service.
    services: Vec<ServiceHealth>,
}

/// Handles `GET /healthz`: 200 as long as the gateway runs. Calls no service.
pub(crate) async fn healthz(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    Ok(json(StatusCode::OK, &Liveness { status: "ok" }))
}

/// Handles `GET /readyz`: asks all services of this process at once. 200 with their timings, or 503 with those that cannot work in this process and
/// why: they do not respond, a variable has no valid value, or this replica cannot use its database. A database that is away is away for every
/// replica, and no reason: or a balancer would take out all of them. The log has a warning for each service that is not ready, with its address and
/// the cause, which the response must not have: anyone may read it. It is one for each failed probe, since an instance of the gateway remembers no
/// earlier one.
pub(crate) async fn readyz(context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    let here = SERVICES.iter().filter(|service| is_in_process(context, service));
    let services = join_all(here.map(|service| readiness(context, service))).await;
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

/// Returns whether `service` is a component of this process. One elsewhere is shared by all replicas. An address that cannot be read is a fault of
/// this replica, so the service is asked.
fn is_in_process(context: &Context, service: &str) -> bool {
    let url = context.config().get(&format!("{service}_url")).ok();
    let host = url.and_then(|url| url.parse::<http::Uri>().ok()).and_then(|url| url.host().map(str::to_owned));
    host.is_none_or(|host| host.ends_with(IN_PROCESS))
}

/// Asks `service` whether it is ready, and its database, which may be one that this replica cannot use.
async fn readiness(context: &Context, service: &'static str) -> ServiceReadiness {
    let database = services::get(context, service, path(service, "ready/database"), DATABASE_TIMEOUT);
    let ((result, ms), database) = join(ask_if_ready(context, service), database).await;
    let report = result.unwrap_or_else(|error| {
        error.warn(context, "service not ready");
        ServiceReadiness { name: service.to_owned(), ready: false, ms, detail: Some(error.detail) }
    });
    let database: Vec<PartHealth> = database.unwrap_or_default();
    match database.into_iter().find(|part| part.state == PartState::Incompatible) {
        Some(part) => ServiceReadiness { ready: false, ms, detail: part.cause, ..report },
        None => ServiceReadiness { ms, ..report },
    }
}

/// Returns the readiness of `service`, and its response time in milliseconds.
async fn ask_if_ready(context: &Context, service: &'static str) -> (Result<ServiceReadiness, ServiceError>, f64) {
    let start = Instant::now();
    let result = services::get(context, service, path(service, "ready"), TIMEOUT).await;
    (result, millis_since(start))
}

/// Handles `GET /v1/admin/health`: asks all services for all of their parts at once. 200 with the states and causes, whatever they are.
pub(crate) async fn report(context: &Context, _: TokenHolder, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let services = join_all(SERVICES.iter().map(|service| health(context, service))).await;
    let state = services.iter().map(|service| service.state).max().unwrap_or(HealthState::Ok);
    Ok(json(StatusCode::OK, &HealthReport { state, services }))
}

async fn health(context: &Context, name: &'static str) -> ServiceHealth {
    let ((ready, ms), database, stores, calls) = join4(
        ask_if_ready(context, name),
        parts(context, name, "ready/database", PartKind::Database, name),
        parts(context, name, "ready/stores", PartKind::KeyValue, "key-value"),
        parts(context, name, "ready/calls", PartKind::Service, "calls"),
    )
    .await;
    let ready = match ready {
        Ok(ready) => ready,
        Err(error) => {
            error.warn(context, "service not available");
            let state = HealthState::Unavailable;
            return ServiceHealth { name, state, ms, cause: Some(error.detail), parts: Vec::new() };
        }
    };
    // A circuit breaker is in the service's database, and says more of a provider than its adapter, which responds.
    let (mut parts, breakers): (Vec<_>, Vec<_>) =
        database.into_iter().partition(|part| part.kind == PartKind::Database);
    let is_paused = |part: &PartHealth| breakers.iter().any(|breaker| breaker.name == part.name);
    parts.extend(stores);
    parts.extend(calls.into_iter().filter(|part| !is_paused(part)));
    parts.extend(breakers);
    ServiceHealth { name, state: state(ready.ready, &parts), ms, cause: ready.detail, parts }
}

/// Returns the state of a service with these parts.
fn state(ready: bool, parts: &[PartHealth]) -> HealthState {
    let part = |part: &PartHealth| match (part.state, part.kind) {
        (PartState::Ok, _) => HealthState::Ok,
        (_, PartKind::Database) => HealthState::Unavailable,
        (_, PartKind::KeyValue | PartKind::Service | PartKind::Provider) => HealthState::Degraded,
    };
    let own = if ready { HealthState::Ok } else { HealthState::Unavailable };
    parts.iter().map(part).max().unwrap_or(own).max(own)
}

/// Asks `service` for its parts of one kind. If it does not respond in time, none of them is known, and one part says so.
async fn parts(
    context: &Context,
    service: &'static str,
    operation: &str,
    kind: PartKind,
    name: &str,
) -> Vec<PartHealth> {
    let start = Instant::now();
    services::get(context, service, path(service, operation), TIMEOUT).await.unwrap_or_else(|error: ServiceError| {
        error.warn(context, "part of a service not available");
        vec![PartHealth::new(kind, name, start, Err((PartState::Unavailable, error.detail)))]
    })
}

fn path(service: &str, operation: &str) -> String {
    format!("/internal/{service}/{operation}")
}
