//! The members of a line that metrics and spans are made of.

use std::borrow::Cow;

use serde::Deserialize;

/// A line of a component, of the form in `docs/log.schema.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub(super) ts: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) level: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) message: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) trace_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) span_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) parent_span_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) links: Vec<Link<'a>>,
    #[serde(borrow, rename = "http.request.method")]
    pub(super) method: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "http.route")]
    pub(super) route: Option<Cow<'a, str>>,
    #[serde(rename = "http.response.status_code")]
    pub(super) status: Option<u16>,
    #[serde(rename = "http.server.request.duration")]
    pub(super) duration: Option<f64>,
    #[serde(borrow, rename = "error.type")]
    pub(super) error_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) cache: Option<Cow<'a, str>>,
    /// The type of an event.
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Cow<'a, str>>,
    #[serde(rename = "messaging.process.duration")]
    pub(super) process_duration: Option<f64>,
}

/// Another span that a span continues.
#[derive(Debug, Deserialize)]
pub(super) struct Link<'a> {
    #[serde(borrow)]
    pub(super) trace_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) span_id: Cow<'a, str>,
}
