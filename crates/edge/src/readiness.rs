//! Readiness: the operation `GET /internal/<service>/ready` of every service with a database, and the response bodies of that operation and
//! of the gateway's `/readyz`.

use crate::route::{HandlerResult, Service};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::http::json;
use std::time::Instant;

/// The state of one store of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoreReadiness {
    /// The store's label.
    pub name: String,
    /// The response time of the store, in milliseconds.
    pub ms: f64,
}

/// The state of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceReadiness {
    /// The service's name.
    pub name: String,
    /// Whether the service can serve requests.
    pub ready: bool,
    /// The response time of the service as measured by the gateway, in milliseconds.
    pub ms: f64,
    /// The service's stores.
    pub stores: Vec<StoreReadiness>,
    /// The reason why the service is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The state of the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadinessReport {
    /// Every service.
    pub services: Vec<ServiceReadiness>,
}

/// Returns the milliseconds since `start`, to the microsecond.
pub fn millis_since(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// Opens the service's database, which also applies its migrations, and checks its variables. A database that fails results in 503 or 500, as for
/// any request.
pub(crate) async fn check(service: &Service, context: &Context) -> HandlerResult {
    let start = Instant::now();
    context.sql().await?;
    let name = context.service().to_owned();
    let ms = millis_since(start);
    let stores = vec![StoreReadiness { name: name.clone(), ms }];
    let detail = service.check.and_then(|check| check(context).err()).map(|error| error.to_string());
    Ok(json(StatusCode::OK, &ServiceReadiness { name, ready: detail.is_none(), ms, stores, detail }))
}
