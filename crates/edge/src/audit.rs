//! The audit log of a service, for the gateway: the operations `GET /internal/<service>/audit` and `GET /internal/<service>/audit/verify`
//! that every service with a database has, and the shapes that they answer.

use crate::route::HandlerResult;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_platform::Context;
use spindle_platform::audit::{self, Key, Query, Record, Verification};
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;

/// Some rows of a log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditRows {
    /// The rows.
    pub items: Vec<Record>,
    /// The `before_seq` that goes on from here, if there are more.
    pub next: Option<i64>,
}

/// Where a log ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The number of the last row.
    pub seq: i64,
    /// The MAC over it.
    pub mac_hex: String,
}

/// Whether the log of one service is as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditReport {
    /// Its name.
    pub service: String,
    /// How many rows, from the first on, are.
    pub rows: u64,
    /// Where it ends; nothing if even that is gone.
    pub head: Option<AuditHead>,
    /// Whether all of it is.
    pub intact: bool,
    /// The row where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad_seq: Option<i64>,
    /// What is wrong there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The rows that `request` asks for.
pub(crate) async fn list(context: &Context, request: &Request) -> HandlerResult {
    let Query { filter, before_seq, limit } = Query::from_request(request)?;
    // One more than asked for tells whether there are more.
    let mut items = audit::list(&context.sql().await?, &filter, before_seq, limit + 1).await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|row| row.seq);
    Ok(json(StatusCode::OK, &AuditRows { items, next }))
}

/// Checks the whole log. The head goes to the log lines: whoever keeps those can tell when a log was set back to an earlier state.
pub(crate) async fn verify(context: &Context) -> HandlerResult {
    let key = Key::of(context)?;
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
    let (first_bad_seq, detail) = found.fault.map(|fault| (fault.seq, fault.detail.to_owned())).unzip();
    AuditReport {
        service: service.to_owned(),
        rows: found.rows,
        head: found.head.map(|head| AuditHead { seq: head.seq, mac_hex: base16ct::lower::encode_string(&head.mac) }),
        intact: first_bad_seq.is_none(),
        first_bad_seq,
        detail,
    }
}
