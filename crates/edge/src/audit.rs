//! The audit log of a service, for the gateway: the operations `GET /internal/<service>/audit` and `GET /internal/<service>/audit/verify`
//! of every service with a database, and their response bodies.

use crate::route::HandlerResult;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::audit::{self, Key, Query, Record, Verification};
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;

/// One page of an audit log, newest row first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The rows of the page.
    pub items: Vec<Record>,
    /// The `before_seq` of the next page, if there are more rows.
    pub next: Option<i64>,
}

/// The head of an audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The number of the last row.
    pub seq: i64,
    /// The MAC of the head, in hexadecimal.
    pub mac_hex: String,
}

/// The result of verifying the audit log of one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditReport {
    /// The service's name.
    pub service: String,
    /// The number of rows, from the first on, that are as they were written.
    pub rows: u64,
    /// The head of the log; `None` if the head itself was removed.
    pub head: Option<AuditHead>,
    /// Whether the whole log is as it was written.
    pub intact: bool,
    /// The number of the first row that is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad_seq: Option<i64>,
    /// The violation found at that row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Returns the page of the audit log that `request` selects.
pub(crate) async fn list(context: &Context, request: &Request) -> HandlerResult {
    let Query { filter, before_seq, limit } = Query::from_request(request)?;
    // One row more than the limit is read, to find out whether there is a next page.
    let mut items = audit::list(&context.sql().await?, &filter, before_seq, limit + 1).await?;
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| has_more).map(|row| row.seq);
    Ok(json(StatusCode::OK, &AuditPage { items, next }))
}

/// Verifies the whole audit log. Logs its head: an operator who keeps the log lines can detect that a log was reset to an earlier state.
pub(crate) async fn verify(context: &Context) -> HandlerResult {
    let key = Key::for_service(context)?;
    let report = report(context.service(), audit::verify(&context.sql().await?, &key).await?);
    let (level, message) =
        if report.intact { (Level::Info, "audit log verified") } else { (Level::Error, "audit log is not intact") };
    let fields = [
        ("rows", report.rows.into()),
        ("head_seq", report.head.as_ref().map(|head| head.seq).into()),
        ("head_mac", report.head.as_ref().map(|head| head.mac_hex.as_str()).into()),
        ("first_bad_seq", report.first_bad_seq.into()),
        ("detail", report.detail.as_deref().into()),
    ];
    context.log(level, message, &fields);
    Ok(json(StatusCode::OK, &report))
}

fn report(service: &str, found: Verification) -> AuditReport {
    let (first_bad_seq, detail) = found.violation.map(|violation| (violation.seq, violation.detail.to_owned())).unzip();
    AuditReport {
        service: service.to_owned(),
        rows: found.rows,
        head: found.head.map(|head| AuditHead { seq: head.seq, mac_hex: base16ct::lower::encode_string(&head.mac) }),
        intact: first_bad_seq.is_none(),
        first_bad_seq,
        detail,
    }
}
