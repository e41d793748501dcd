//! Readiness: the operation `GET /internal/<service>/ready` that every service with a database has, and the shapes that it and the
//! gateway answer.

use crate::route::HandlerResult;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::http::json;
use std::time::Instant;

/// The state of one store of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoreReport {
    /// Its label.
    pub name: String,
    /// How long it took to answer, in milliseconds.
    pub ms: f64,
}

/// The state of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceReport {
    /// Its name.
    pub name: String,
    /// Whether it can serve.
    pub ready: bool,
    /// How long it took to say so, in milliseconds, as the gateway sees it.
    pub ms: f64,
    /// Its stores.
    pub stores: Vec<StoreReport>,
    /// Why it cannot serve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The state of the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Every service.
    pub services: Vec<ServiceReport>,
}

/// Milliseconds since `start`, to the microsecond.
pub fn millis_since(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// Opens the service's database, which also applies its migrations. A database that fails makes it a 503 or a 500 as for any
/// request.
pub(crate) async fn ready(context: &Context) -> HandlerResult {
    let start = Instant::now();
    context.sql().await?;
    let name = context.service().to_owned();
    let ms = millis_since(start);
    let stores = vec![StoreReport { name: name.clone(), ms }];
    Ok(json(StatusCode::OK, &ServiceReport { name, ready: true, ms, stores, detail: None }))
}
