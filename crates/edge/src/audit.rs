//! The audit log of a service, for the gateway: the operations `GET /internal/<service>/audit` and `GET /internal/<service>/audit/verify`
//! of every service with a database, and their response bodies.

use crate::route::HandlerResult;
use deserr::Deserr;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::input::{Integer, Parameter};
use spindle_contracts::{InputErrors, Problem};
use spindle_platform::Context;
use spindle_platform::audit::{self, ChainHead, Key, Query, Record, SliceLimit, Verification};
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use std::time::Duration;

/// The size of a slice, so that the response comes well before callers give up: a million rows take half a minute.
const SLICE: SliceLimit = SliceLimit { rows: 1_000_000, time: Duration::from_secs(5) };

/// One page of an audit log, newest row first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The rows of the page.
    pub items: Vec<Record>,
    /// The `before_seq` of the next page, if there are more rows.
    pub next: Option<i64>,
}

/// The head of an audit log: a later one with a lower number, or with another MAC for the same number, shows that the log was reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditHead {
    /// The number of the last row.
    pub seq: i64,
    /// The MAC of the head, in hexadecimal.
    pub mac_hex: String,
}

/// The result of verifying the audit log of one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditReport {
    /// The service's name.
    pub service: String,
    /// The number of rows, from the first on, that are as they were written.
    pub rows: u64,
    /// The head of the log; null if the head itself was removed.
    pub head: Option<AuditHead>,
    /// Whether the whole log is as it was written; null while there are more rows to verify.
    pub intact: Option<bool>,
    /// The head as it was after the last verified row, if there are more rows: the next request continues there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "AuditHead")]
    pub checkpoint: Option<AuditHead>,
    /// The number of the first row that is not; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64")]
    pub first_bad_seq: Option<i64>,
    /// The violation found at that row.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub detail: Option<String>,
}

impl AuditReport {
    /// Returns the path and query with which a service continues its verification after `checkpoint`, or begins it.
    pub fn path(service: &str, checkpoint: Option<&AuditHead>) -> String {
        match checkpoint {
            None => format!("/internal/{service}/audit/verify"),
            Some(AuditHead { seq, mac_hex }) => format!("/internal/{service}/audit/verify?seq={seq}&mac_hex={mac_hex}"),
        }
    }
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

/// The parameters of [`verify`].
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct VerifyParameters {
    #[deserr(default)]
    seq: Option<Parameter<Integer<1, { i64::MAX }>>>,
    #[deserr(default)]
    mac_hex: Option<String>,
    #[deserr(default)]
    rows: Option<Parameter<Integer<1, 1_000_000>>>,
}

/// Verifies the audit log from the checkpoint in `seq` and `mac_hex` on, or from its first row, for a few seconds or up to `rows` rows. Logs
/// its head: an operator who keeps the log lines can detect that a log was reset to an earlier state.
pub(crate) async fn verify(context: &Context, request: &Request) -> HandlerResult {
    let VerifyParameters { seq, mac_hex, rows } = request.query()?;
    let rows = rows.and_then(|Parameter(rows)| usize::try_from(rows.get()).ok()).unwrap_or(SLICE.rows);
    let (from, key) = (checkpoint(seq, mac_hex)?, Key::for_service(context)?);
    let db = context.sql().await?;
    // Also of a service without a tick that has no requests: logs are verified daily.
    audit::delete_expired_keys(&db, context.now()).await?;
    let found = audit::verify(&db, &key, from.as_ref(), SliceLimit { rows, ..SLICE }).await?;
    let report = report(context.service(), found);
    let (level, message) = match report.intact {
        Some(true) => (Level::Info, "audit log verified"),
        Some(false) => (Level::Error, "audit log is not intact"),
        None => (Level::Info, "audit log verified in part"),
    };
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

/// Returns the checkpoint of a request; `None` for a verification from the first row on.
fn checkpoint(
    seq: Option<Parameter<Integer<1, { i64::MAX }>>>,
    mac_hex: Option<String>,
) -> Result<Option<ChainHead>, Problem> {
    let Some(Parameter(seq)) = seq else { return Ok(None) };
    let mac = mac_hex.and_then(|text| base16ct::lower::decode_vec(text.as_bytes()).ok());
    let mac = mac.ok_or_else(|| Problem::malformed("The query parameters seq and mac_hex must be a checkpoint."))?;
    Ok(Some(ChainHead { seq: seq.get(), mac }))
}

fn report(service: &str, found: Verification) -> AuditReport {
    let audit_head = |head: ChainHead| AuditHead { seq: head.seq, mac_hex: base16ct::lower::encode_string(&head.mac) };
    let (first_bad_seq, detail) = found.violation.map(|violation| (violation.seq, violation.detail.to_owned())).unzip();
    AuditReport {
        service: service.to_owned(),
        rows: found.rows,
        head: found.head.map(audit_head),
        intact: found.checkpoint.is_none().then_some(first_bad_seq.is_none()),
        checkpoint: found.checkpoint.map(audit_head),
        first_bad_seq,
        detail,
    }
}
