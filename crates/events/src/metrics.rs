//! The part of a service in the metrics that the gateway serves (observability/metrics.toml), and the metrics of events, which are the same for all
//! services. A consumer gives its part first, with its cursors; then each source counts the events after them.

use crate::{inbox, outbox};
use deserr::Deserr;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_contracts::InputErrors;
use spindle_contracts::event::producers_consumed_by;
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::http::{Request, json};
use spindle_platform::sql::Connection;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The path of the part of a consumer, below `/internal/<service>`.
pub const PATH: &str = "/metrics";

/// The path of the part of an outbox, below `/internal/<service>`.
pub const OUTBOX_PATH: &str = "/metrics/outbox";

/// The largest number that is counted of what waits: an index is read up to here, however long the queue is.
pub const COUNTED: i64 = 10_000;

/// The part of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricsPart {
    /// The samples.
    pub samples: Vec<Sample>,
    /// The number of the last event that the service has pulled from each source, for [`outbox_target`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cursors: BTreeMap<String, i64>,
}

/// A sample of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The name, with the suffix that the type of the metric requires.
    pub name: Cow<'static, str>,
    /// Names and values of the labels.
    pub labels: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// The value.
    pub value: f64,
}

impl Sample {
    /// Makes a sample.
    pub fn new(name: &'static str, labels: &[(&'static str, &str)], value: f64) -> Self {
        let labels = labels.iter().map(|(name, value)| (Cow::Borrowed(*name), Cow::Owned((*value).to_owned())));
        Self { name: Cow::Borrowed(name), labels: labels.collect(), value }
    }

    /// Makes a sample of a number of things.
    pub fn count(name: &'static str, labels: &[(&'static str, &str)], count: i64) -> Self {
        Self::new(name, labels, count as f64)
    }

    /// Makes a sample of a time that is measured in milliseconds.
    pub fn seconds(name: &'static str, labels: &[(&'static str, &str)], millis: i64) -> Self {
        Self::new(name, labels, millis as f64 / 1_000.0)
    }
}

/// Responds to `GET /internal/<service>/metrics` with the samples `own` of the service and those of its inbox.
///
/// # Errors
///
/// The errors of the database.
pub async fn respond(context: &Context, db: &Connection, own: Vec<Sample>) -> HandlerResult {
    let service = context.service();
    let sources = producers_consumed_by(service);
    let state = inbox::state(db, &sources, COUNTED).await?;
    let labels = [("service_name", service)];
    let mut samples = own;
    samples.extend([
        Sample::count("spindle_inbox_events", &labels, state.waiting),
        Sample::seconds("spindle_inbox_oldest_age_seconds", &labels, state.oldest_ms),
        Sample::count("spindle_dead_letters", &labels, state.dead),
    ]);
    // A source that was never asked has no cursor.
    let cursor = |source: &&str| ((*source).to_owned(), state.cursors.get(*source).copied().unwrap_or_default());
    Ok(json(StatusCode::OK, &MetricsPart { samples, cursors: sources.iter().map(cursor).collect() }))
}

/// The parameters of [`outbox`].
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct OutboxParameters {
    #[deserr(default)]
    after: String,
}

/// Returns the target of the request for the part of the outbox of `source`, whose consumers have pulled up to these `cursors`.
pub fn outbox_target(source: &str, cursors: &[(&str, i64)]) -> String {
    let cursors: Vec<String> = cursors.iter().map(|(consumer, after)| format!("{consumer}:{after}")).collect();
    let query = if cursors.is_empty() { String::new() } else { format!("?after={}", cursors.join(",")) };
    format!("/internal/{source}{OUTBOX_PATH}{query}")
}

/// Handles `GET /internal/<service>/metrics/outbox?after=<consumer>:<seq>,...`: 200 with the number and the age of the events that each consumer has
/// not pulled yet.
///
/// # Errors
///
/// 400 for another query; the errors of the database.
pub async fn outbox(context: &Context, _: ServiceCaller, request: Request) -> HandlerResult {
    let OutboxParameters { after } = request.query()?;
    let cursor = |text: &str| text.split_once(':').and_then(|(name, seq)| Some((name.to_owned(), seq.parse().ok()?)));
    let texts = after.split(',').filter(|_| !after.is_empty());
    let cursors: Option<BTreeMap<String, i64>> = texts.map(cursor).collect();
    let malformed = || Problem::new(ProblemKind::MalformedRequest, "The cursors have the form consumer:seq.");
    let service = context.service();
    let now = context.now();
    let unread = outbox::unread(&context.sql().await?, service, &cursors.ok_or_else(malformed)?, COUNTED).await?;
    let samples = unread.iter().flat_map(|unread| {
        let labels = [("service_name", unread.consumer.as_str()), ("source", service)];
        let age = unread.oldest.map_or(0, |oldest| now.as_millis() - oldest.as_millis());
        [
            Sample::count("spindle_outbox_unread_events", &labels, unread.events),
            Sample::seconds("spindle_outbox_oldest_unread_age_seconds", &labels, age.max(0)),
        ]
    });
    Ok(json(StatusCode::OK, &MetricsPart { samples: samples.collect(), cursors: BTreeMap::new() }))
}
