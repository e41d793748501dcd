//! Health: the state of what a service shares with all of its replicas. The operations `GET /internal/<service>/ready/...` of every service with a
//! database, and the types that they have in common with the gateway's `/v1/admin/health`.
//!
//! Each kind of part has an operation of its own: a database or a store that hangs blocks the whole instance, so its caller waits for a limited time,
//! and learns of the other kinds nevertheless.

use crate::access::STORE;
use crate::readiness::{self, millis_since};
use crate::route::{HandlerResult, ProviderCall, Service};
use bytes::Bytes;
use futures::future::{join, join_all};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::Timestamp;
use spindle_platform::error::describe;
use spindle_platform::http::json;
use spindle_platform::log::Level;
use spindle_platform::{Context, breaker, client, kv, sql};
use std::time::{Duration, Instant};

/// The time after which a service or an adapter that does not respond is unavailable: shorter than the gateway waits.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The kind of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PartKind {
    /// The service's database.
    Database,
    /// A key-value store.
    KeyValue,
    /// Another service, as this one reaches it.
    Service,
    /// A provider: its adapter, and the circuit breaker before it. The provider itself is not called.
    Provider,
}

/// The state of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PartState {
    /// It responds.
    Ok,
    /// It fails, or does not respond: for every replica alike, as far as one can say.
    Unavailable,
    /// This replica cannot use it, and another may: spin.toml or the runtime configuration does not grant it, or its schema is not one that this
    /// release can migrate.
    Incompatible,
}

/// The state of a part of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartHealth {
    /// The kind of the part.
    pub kind: PartKind,
    /// The label of the database or store, or the name of the service or provider.
    pub name: String,
    /// Its state.
    pub state: PartState,
    /// Its response time as measured by the service, in milliseconds.
    pub ms: f64,
    /// The reason why it is not `ok`. The log has the whole error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cause: Option<String>,
}

/// The failure of a part: its state, and the reason for operators, without addresses and texts of libraries.
type Failure = (PartState, String);

impl PartHealth {
    /// Returns the state of the part `name` whose check began at `start`.
    pub fn new(kind: PartKind, name: &str, start: Instant, result: Result<(), Failure>) -> Self {
        let (state, cause) = result.err().map_or((PartState::Ok, None), |(state, cause)| (state, Some(cause)));
        Self { kind, name: name.to_owned(), state, ms: millis_since(start), cause }
    }
}

/// Opens the service's database, which also applies its migrations, and reads the circuit breakers in it: the database, and the providers that are
/// not called at the moment.
pub(crate) async fn database(service: &Service, context: &Context) -> HandlerResult {
    let start = Instant::now();
    let (result, paused) = match open(service, context).await {
        Ok(paused) => (Ok(()), paused),
        Err(error) => {
            warn(context, "database not available", context.service(), &error);
            (Err(database_failure(&error)), Vec::new())
        }
    };
    let mut parts = vec![PartHealth::new(PartKind::Database, context.service(), start, result)];
    parts.extend(paused.into_iter().map(|(provider, until)| {
        let cause = format!("has failed too often: its circuit breaker is open until {until}");
        PartHealth::new(PartKind::Provider, &provider, start, Err((PartState::Unavailable, cause)))
    }));
    Ok(json(StatusCode::OK, &parts))
}

/// Returns the providers whose circuit breaker is open, each with the end of its pause.
async fn open(service: &Service, context: &Context) -> Result<Vec<(String, Timestamp)>, sql::Error> {
    let db = context.sql().await?;
    db.open().await?;
    let mut paused = Vec::new();
    for provider in service.calls.providers {
        let until = breaker::get(&db, provider.channel).await?.open_until;
        paused.extend(until.map(|until| (provider.name(), until)));
    }
    Ok(paused)
}

/// Reads from each key-value store of the service, up to the first that fails: after it, a request calls no other.
pub(crate) async fn stores(service: &Service, context: &Context) -> HandlerResult {
    let mut parts = Vec::new();
    for label in [STORE].iter().chain(service.stores) {
        let start = Instant::now();
        let result = async { context.kv(label).await?.exists("ready").await.map(drop) }.await.map_err(|error| {
            warn(context, "key-value store not available", label, &error);
            store_failure(&error)
        });
        let failed = result.is_err();
        parts.push(PartHealth::new(PartKind::KeyValue, label, start, result));
        if failed {
            break;
        }
    }
    Ok(json(StatusCode::OK, &parts))
}

/// Asks each service that this one calls, and the adapter of each provider, whether they respond.
pub(crate) async fn calls(service: &Service, context: &Context) -> HandlerResult {
    let services = join_all(service.calls.services.iter().map(|callee| called_service(context, callee)));
    let providers = join_all(service.calls.providers.iter().map(|provider| called_provider(context, provider)));
    let (mut parts, providers) = join(services, providers).await;
    parts.extend(providers);
    Ok(json(StatusCode::OK, &parts))
}

async fn called_service(context: &Context, callee: &str) -> PartHealth {
    let start = Instant::now();
    let request = http::Request::get(readiness::path(callee)).body(Bytes::new()).expect("a name is a part of a path");
    let status = context.client().call_for_status(callee, request, TIMEOUT).await;
    PartHealth::new(PartKind::Service, callee, start, response(context, callee, status))
}

async fn called_provider(context: &Context, provider: &ProviderCall) -> PartHealth {
    let start = Instant::now();
    let (name, path) = (provider.name(), readiness::path(provider.adapter.service));
    let status = context.client().provider_status(provider.adapter, &path, TIMEOUT).await;
    PartHealth::new(PartKind::Provider, &name, start, response(context, &name, status))
}

fn response(context: &Context, callee: &str, status: Result<StatusCode, client::Error>) -> Result<(), Failure> {
    match status {
        Ok(status) if status.is_success() => Ok(()),
        Ok(status) => Err((PartState::Unavailable, format!("returned {}", status.as_u16()))),
        Err(error) => {
            warn(context, "callee not available", callee, &error);
            let state = match error {
                client::Error::Denied(_) | client::Error::Config(_) => PartState::Incompatible,
                _ => PartState::Unavailable,
            };
            Err((state, error.detail()))
        }
    }
}

fn database_failure(error: &sql::Error) -> Failure {
    let (state, cause) = match error {
        sql::Error::AccessDenied => (PartState::Incompatible, "spin.toml does not grant it"),
        sql::Error::NoSuchDatabase => (PartState::Incompatible, "the runtime configuration does not define it"),
        sql::Error::Migration(_) => (PartState::Incompatible, "this release cannot migrate its schema"),
        sql::Error::Busy => (PartState::Unavailable, "another writer has locked it"),
        sql::Error::Full => (PartState::Unavailable, "it is full"),
        sql::Error::Unavailable(_) | sql::Error::NotRun(_) => (PartState::Unavailable, "it does not respond"),
        _ => (PartState::Unavailable, "it fails"),
    };
    (state, cause.to_owned())
}

fn store_failure(error: &kv::Error) -> Failure {
    let (state, cause) = match error {
        kv::Error::AccessDenied => (PartState::Incompatible, "spin.toml does not grant it"),
        kv::Error::NoSuchStore => (PartState::Incompatible, "the runtime configuration does not define it"),
        _ => (PartState::Unavailable, "it fails"),
    };
    (state, cause.to_owned())
}

fn warn(context: &Context, message: &str, part: &str, error: &dyn std::error::Error) {
    context.log(Level::Warn, message, &[("part", part.into()), ("cause", describe(error).into())]);
}
