//! The dashboard of a service: one template for all.

use super::{DURATION, limit, quantile};
use crate::observability::panel::Kind::{Areas, Lines, Stat};
use crate::observability::panel::{Dashboard, Limit, Panel};
use crate::observability::slo::Slos;

/// The services with an inbox.
const CONSUMERS: [&str; 3] = ["notifications", "orders", "payments"];

/// Returns the dashboard of `service`.
pub(super) fn dashboard(slos: &Slos, service: &str) -> Dashboard {
    let of = format!("service_name=\"{service}\"");
    let latency = limit(slos, &format!("{service}-latency"));
    let count = |by: &str| format!("sum by ({by}) (rate({DURATION}_count{{{of}}}[5m]))");
    let per_request =
        |metric: &str| format!("sum(rate({metric}{{{of}}}[5m])) / sum(rate({DURATION}_count{{{of}}}[5m]))");
    let failed = format!("sum by (http_route) (rate({DURATION}_count{{{of},http_response_status_code=~\"5..\"}}[5m]))");
    let login = format!("{of},http_route=\"/v1/auth/login\"");
    let mut rows = vec![
        (
            "Objectives",
            vec![
                Panel::new(
                    Stat,
                    "percentunit",
                    "Error budget left",
                    format!("slo:period_error_budget_remaining:ratio{{{of}}}"),
                    "{{sloth_slo}}",
                )
                .limit(Limit::Below(0.0)),
                Panel::new(
                    Stat,
                    "short",
                    "Burn rate of the last hour",
                    format!("slo:sli_error:ratio_rate1h{{{of}}} / on (sloth_id) slo:error_budget:ratio{{{of}}}"),
                    "{{sloth_slo}}",
                )
                .limit(Limit::Above(14.4)),
            ],
        ),
        (
            "Requests",
            vec![
                Panel::new(Areas, "reqps", "By route", count("http_route"), "{{http_route}}"),
                Panel::new(
                    Areas,
                    "reqps",
                    "By status",
                    count("http_response_status_code"),
                    "{{http_response_status_code}}",
                ),
                Panel::new(Lines, "reqps", "Failed, by route", failed, "{{http_route}}"),
            ],
        ),
        (
            "Duration",
            vec![
                Panel::new(Lines, "s", "All requests", quantile("0.5", &of, ""), "50 %")
                    .and(quantile("0.95", &of, ""), "95 %")
                    .and(quantile("0.99", &of, ""), "99 %")
                    .limit(latency),
                Panel::new(
                    Lines,
                    "s",
                    "95th percentile by route",
                    quantile("0.95", &of, "http_route"),
                    "{{http_route}}",
                )
                .limit(latency),
            ],
        ),
    ];
    if CONSUMERS.contains(&service) {
        rows.push((
            "Events",
            vec![
                Panel::new(Lines, "short", "Waiting in the inbox", format!("spindle_inbox_events{{{of}}}"), "events"),
                Panel::new(
                    Lines,
                    "s",
                    "The one that waits longest",
                    format!("spindle_inbox_oldest_age_seconds{{{of}}}"),
                    "age",
                )
                .limit(Limit::Above(60.0)),
                Panel::new(Lines, "short", "Dead letters", format!("spindle_dead_letters{{{of}}}"), "events")
                    .limit(Limit::Above(1.0)),
            ],
        ));
    }
    rows.extend(match service {
        "auth" => Some((
            "Log-ins",
            vec![
                Panel::new(
                    Areas,
                    "reqps",
                    "By status",
                    format!("sum by (http_response_status_code, error_type) (rate({DURATION}_count{{{login}}}[5m]))"),
                    "{{http_response_status_code}} {{error_type}}",
                ),
                Panel::new(Lines, "s", "99th percentile", quantile("0.99", &login, ""), "log-in")
                    .limit(limit(slos, "login-latency")),
            ],
        )),
        "catalog" => {
            let cache = "sum by (result) (rate(spindle_cache_requests_total{service_name=\"catalog\"}[5m]))";
            Some(("Cache", vec![Panel::new(Areas, "reqps", "By result", cache, "{{result}}")]))
        }
        _ => None,
    });
    rows.push((
        "Cost and limits",
        vec![
            Panel::new(
                Lines,
                "short",
                "Calls of the host per request",
                per_request("spindle_host_calls_total"),
                "calls",
            )
            .and(per_request("spindle_host_sql_statements_total"), "SQL statements")
            .and(per_request("spindle_host_commits_total"), "commits"),
            Panel::new(Lines, "short", "Instances", format!("spindle_host_instances{{{of}}}"), "instances"),
            Panel::new(
                Lines,
                "reqps",
                "Refused by a rate limit",
                format!("sum(rate({DURATION}_count{{{of},error_type=\"rate-limited\"}}[5m]))"),
                "requests",
            ),
        ],
    ));
    Dashboard {
        name: format!("service-{service}"),
        title: format!("Spindle: {service}"),
        description: format!("Requests, duration, events and cost of {service}."),
        rows,
    }
}
