//! The metrics of what the databases know, for Prometheus: each service gives its part, and the gateway writes the page. They are those of
//! observability/metrics.toml that the gateway serves, which the build embeds.

pub(crate) mod text;

use crate::parts::{Gathered, split};
use crate::services::{self, SERVICES, ServiceError};
use futures::future::join_all;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use spindle_contracts::event::{consumers, producers_consumed_by};
use spindle_edge::{HandlerResult, TokenHolder};
use spindle_events::metrics::{MetricsPart, PATH, Sample, outbox_target};
use spindle_platform::Context;
use spindle_platform::http::{NoParameters, Request};
use std::time::Duration;
use text::{CONTENT, Definition};

/// The metrics of the page, in its order.
pub(crate) const METRICS: &[Definition] = include!(concat!(env!("OUT_DIR"), "/metrics.rs"));

/// The time after which a service that does not respond is missing. It is asked twice, and a scrape every five seconds may take no longer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The part of one service.
struct ServicePart {
    service: &'static str,
    part: MetricsPart,
}

/// Handles `GET /metrics`: 200 with the metrics of all services. A service that fails has `spindle_service_up` 0, and its other metrics are missing.
///
/// Consumers are asked first: only they know up to where they have read the outbox of a source, and only the source knows the events after that.
pub(crate) async fn scrape(context: &Context, _: TokenHolder, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let consumers = consumers();
    let parts = join_all(consumers.iter().map(|service| ask(context, service, format!("/internal/{service}{PATH}"))));
    let Gathered { parts, missing } = split(context, parts.await);
    let is_missing = |service: &&&str| missing.iter().any(|part| part.service == **service);
    let outboxes = SERVICES.iter().filter(|service| !is_missing(service)).map(async |source| {
        let is_read = |part: &&ServicePart| producers_consumed_by(part.service).contains(source);
        let cursor = |part: &ServicePart| (part.service, part.part.cursors.get(*source).copied().unwrap_or_default());
        let cursors: Vec<_> = parts.iter().filter(is_read).map(cursor).collect();
        ask(context, source, outbox_target(source, &cursors)).await
    });
    let Gathered { parts: outboxes, missing: without_outbox } = split(context, join_all(outboxes).await);

    let is_up = |service: &str| !missing.iter().chain(&without_outbox).any(|part| part.service == service);
    let up = SERVICES
        .iter()
        .map(|service| Sample::count("spindle_service_up", &[("service_name", service)], is_up(service).into()));
    let own = parts.into_iter().chain(outboxes).filter(|part| is_up(part.service));
    let samples: Vec<Sample> = own.flat_map(|part| part.part.samples).chain(up).collect();
    let mut response = Response::new(text::page(METRICS, &samples).into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(CONTENT));
    Ok(response)
}

async fn ask(context: &Context, service: &'static str, target: String) -> Result<ServicePart, ServiceError> {
    let part = services::get(context, service, target, TIMEOUT).await?;
    Ok(ServicePart { service, part })
}
