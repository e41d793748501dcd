//! The audit logs of all services as one.

mod merge;

use crate::services::{self, SERVICES};
use futures::future::join_all;
use http::StatusCode;
use merge::{Log, Positions, merge};
use serde::Serialize;
use spindle_edge::{AuditPage, AuditReport, HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::audit::{Filter, Query};
use spindle_platform::http::{Page, Request, json};
use std::time::Duration;

/// The name under which cursors of the list are made.
const LIST: &str = "audit";

/// How long a service may take to read some rows. With a filter that fits few it looks at its whole log.
const LIST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a service may take to check its whole log.
const VERIFY_TIMEOUT: Duration = Duration::from_secs(60);

/// Whether the audit logs are as they were written.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether all of them are.
    intact: bool,
    /// Each of them.
    services: Vec<AuditReport>,
}

/// `GET /v1/admin/audit`: a page of the rows of all services, newest first. A service that does not answer makes it a 503: a view that
/// leaves one out would look like one on which nothing happened there.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let [actor, action, subject, after, before] = Filter::PARAMETERS;
    request.only_query(&[actor, action, subject, after, before, "limit", "cursor"])?;
    let filter = Filter::from_query(&request)?;
    let page = request.page()?;
    let positions = page.after::<Positions>(LIST)?;

    // Each might have all the rows of this page, and the one that tells that there is another page.
    let ask = async |service: &'static str, before_seq| {
        let query = Query { filter: filter.clone(), before_seq, limit: page.limit + 1 };
        let path = format!("/internal/{service}/audit?{}", query.to_query());
        let rows: AuditPage = services::ask(context, service, path, LIST_TIMEOUT).await?;
        Ok(Log { service, rows: rows.items })
    };
    let open = SERVICES.iter().filter_map(|service| match &positions {
        None => Some((*service, None)),
        // A service without a position had no more rows.
        Some(positions) => positions.get(*service).map(|seq| (*service, Some(*seq))),
    });
    let answers = join_all(open.map(|(service, before_seq)| ask(service, before_seq))).await;
    let merged = merge(services::all("the audit log", answers)?, page.limit);
    Ok(Page::new(&page, LIST, merged.items, |_| &merged.positions).into_response(&request))
}

/// `GET /v1/admin/audit/verify`: asks every service at once whether its log is intact. 200 whatever they find; 503 if one does not say.
pub(crate) async fn verify(context: &Context, _: Principal, request: Request) -> HandlerResult {
    request.only_query(&[])?;
    let ask = async |service: &'static str| {
        let path = format!("/internal/{service}/audit/verify");
        services::ask::<AuditReport>(context, service, path, VERIFY_TIMEOUT).await
    };
    let answers = join_all(SERVICES.iter().map(|service| ask(service))).await;
    let services = services::all("a verification of the audit log", answers)?;
    let intact = services.iter().all(|report| report.intact);
    Ok(json(StatusCode::OK, &Report { intact, services }))
}
