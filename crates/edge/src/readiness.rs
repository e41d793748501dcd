//! Readiness: whether a service can work in this process. The operation `GET /internal/<service>/ready` of every service with a database and of
//! every adapter, and the response bodies of that operation and of the gateway's `/readyz`.

use crate::rate_limit;
use crate::route::{Access, HandlerResult, Service};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_platform::http::json;
use spindle_platform::token::access::ISSUER_VARIABLE;
use spindle_platform::token::service::{self, SECRET_VARIABLE};
use spindle_platform::{Context, audit, config};
use std::time::Instant;

/// The readiness of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceReadiness {
    /// The service's name.
    pub name: String,
    /// Whether the service can work in this process.
    pub ready: bool,
    /// The response time of the service as measured by the gateway, in milliseconds.
    pub ms: f64,
    /// The reason why the service is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub detail: Option<String>,
}

/// The readiness of one replica.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadinessReport {
    /// Every service of this process.
    pub services: Vec<ServiceReadiness>,
}

/// Returns the milliseconds since `start`, to the microsecond.
pub fn millis_since(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// Returns the path at which a service or an adapter says whether it is ready.
pub(crate) fn path(service: &str) -> String {
    format!("/internal/{service}/ready")
}

/// Checks the variables of the service. Nothing that replicas share is asked: no database, no key-value store, no other service.
pub(crate) fn check(service: &Service, context: &Context) -> HandlerResult {
    let detail = check_variables(service, context).err();
    let name = context.service().to_owned();
    Ok(json(StatusCode::OK, &ServiceReadiness { name, ready: detail.is_none(), ms: 0.0, detail }))
}

/// Checks the variables that every request of the service needs, those with the addresses that it calls, and those that the service checks itself.
fn check_variables(service: &Service, context: &Context) -> Result<(), String> {
    let config = context.config();
    let text = |error: config::Error| error.to_string();
    service::check_secret(&config.get(SECRET_VARIABLE).map_err(text)?).map_err(|error| error.to_string())?;
    if !service.scope.migrations.is_empty() {
        config.get(audit::SECRET_VARIABLE).map_err(text)?;
    }
    if service.routes.iter().any(|route| matches!(route.access, Access::User(..) | Access::UserOrProgram(..))) {
        config.get(ISSUER_VARIABLE).map_err(text)?;
    }
    for route in service.routes {
        rate_limit::check_variable(context, route.rate).map_err(text)?;
    }
    service.check.map_or(Ok(()), |check| check(context)).map_err(text)?;
    service.calls.url_variables().try_for_each(|variable| config.get(&variable).map(drop)).map_err(text)
}
