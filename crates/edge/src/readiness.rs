//! Readiness: the operation `GET /internal/<service>/ready` of every service with a database, and the response bodies of that operation and
//! of the gateway's `/readyz`.

use crate::access::STORE;
use crate::route::{HandlerResult, Service};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::http::json;
use spindle_platform::log::Level;
use std::time::Instant;

/// The state of one store of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StoreReadiness {
    /// The store's label.
    pub name: String,
    /// The response time of the store, in milliseconds.
    pub ms: f64,
    /// The failure, of a store that the service can do without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub detail: Option<String>,
}

/// The state of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    #[schemars(with = "String")]
    pub detail: Option<String>,
}

/// The state of the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    context.sql().await?.open().await?;
    let name = context.service().to_owned();
    let ms = millis_since(start);
    let stores = vec![StoreReadiness { name: name.clone(), ms, detail: None }];
    let detail = service.check.and_then(|check| check(context).err()).map(|error| error.to_string());
    Ok(json(StatusCode::OK, &ServiceReadiness { name, ready: detail.is_none(), ms, stores, detail }))
}

/// Reads from each key-value store of the service: 200 with those that respond, and the first that fails. A store that hangs blocks the whole
/// instance, so this is an operation of its own, whose caller waits for a limited time.
pub(crate) async fn check_stores(service: &Service, context: &Context) -> HandlerResult {
    let mut stores = Vec::new();
    for label in [STORE].iter().chain(service.stores) {
        let start = Instant::now();
        let result = async { context.kv(label).await?.exists("ready").await }.await;
        let failed = result.inspect_err(|error| {
            let fields = [("store", (*label).into()), ("cause", error.to_string().into())];
            context.log(Level::Warn, "key-value store not ready", &fields);
        });
        let detail = failed.is_err().then(|| "fails".to_owned());
        stores.push(StoreReadiness { name: (*label).to_owned(), ms: millis_since(start), detail });
        if failed.is_err() {
            break;
        }
    }
    Ok(json(StatusCode::OK, &stores))
}
