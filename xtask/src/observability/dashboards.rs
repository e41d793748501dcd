//! The dashboards: their panels and queries.

mod service;

use super::panel::Kind::{Areas, Lines, Stat, Table};
use super::panel::{Dashboard, Limit, Panel};
use super::slo::{Slo, Slos};

/// The series of the durations of requests, without their suffix.
const DURATION: &str = "http_server_request_duration_seconds";

/// Returns every dashboard.
pub(super) fn all(slos: &Slos) -> Vec<Dashboard> {
    let mut dashboards = vec![overview(slos), orders(slos), events(), budgets(), cost()];
    dashboards.extend(slos.services().into_iter().map(|service| service::dashboard(slos, service)));
    dashboards
}

/// Returns the limit of the objective `name`.
fn limit(slos: &Slos, name: &str) -> Option<Limit> {
    slos.named(name).and_then(Slo::limit).map(Limit::Above)
}

/// Returns the share of errors that the objective `name` allows.
fn budget(slos: &Slos, name: &str) -> Option<Limit> {
    slos.named(name).map(|slo| Limit::Above(1.0 - slo.objective_ratio()))
}

/// Returns the query of a quantile of the requests that `matchers` select.
fn quantile(q: &str, matchers: &str, by: &str) -> String {
    let by = if by.is_empty() { "le".to_owned() } else { format!("le, {by}") };
    format!("histogram_quantile({q}, sum by ({by}) (rate({DURATION}_bucket{{{matchers}}}[5m])))")
}

fn overview(slos: &Slos) -> Dashboard {
    let services = slos.services().join("|");
    let errors = format!(
        "sum by (service_name) (rate({DURATION}_count{{http_response_status_code=~\"5..\"}}[5m])) / sum by (service_name) (rate({DURATION}_count[5m]))"
    );
    let rows = vec![
        (
            "Now",
            vec![
                Panel::new(
                    Stat,
                    "short",
                    "Alerts that page",
                    "count(ALERTS{alertstate=\"firing\",severity=\"page\"}) or vector(0)",
                    "",
                )
                .limit(Limit::Above(1.0)),
                Panel::new(
                    Stat,
                    "percentunit",
                    "Smallest error budget left",
                    "min(slo:period_error_budget_remaining:ratio)",
                    "",
                )
                .limit(Limit::Below(0.0)),
                Panel::new(Stat, "short", "Services that are down", "count(spindle_service_up == 0) or vector(0)", "")
                    .limit(Limit::Above(1.0)),
                Panel::new(Stat, "short", "Dead letters", "sum(spindle_dead_letters)", "").limit(Limit::Above(1.0)),
            ],
        ),
        (
            "Requests",
            vec![
                Panel::new(
                    Lines,
                    "reqps",
                    "Requests",
                    format!("sum by (service_name) (rate({DURATION}_count[5m]))"),
                    "{{service_name}}",
                ),
                Panel::new(Lines, "percentunit", "Failed requests", errors, "{{service_name}}")
                    .limit(budget(slos, "orders-availability")),
                Panel::new(
                    Lines,
                    "s",
                    "99th percentile",
                    quantile("0.99", &format!("service_name=~\"{services}\""), "service_name"),
                    "{{service_name}}",
                ),
            ],
        ),
        (
            "Business",
            vec![
                Panel::new(Lines, "short", "Orders of the last 24 hours, by status", "spindle_orders", "{{status}}"),
                Panel::new(
                    Lines,
                    "short",
                    "Payments of the last 24 hours, by status",
                    "spindle_payments",
                    "{{status}}",
                ),
                Panel::new(
                    Lines,
                    "s",
                    "The event that waits longest",
                    "max by (service_name) (spindle_inbox_oldest_age_seconds)",
                    "{{service_name}}",
                )
                .limit(Limit::Above(60.0)),
            ],
        ),
        ("Alerts", vec![Panel::new(Table, "short", "Alerts that fire", "ALERTS{alertstate=\"firing\"}", "")]),
    ];
    Dashboard {
        name: "overview".to_owned(),
        title: "Spindle: overview".to_owned(),
        description: "Whether something is wrong, and in which service.".to_owned(),
        rows,
    }
}

fn orders(slos: &Slos) -> Dashboard {
    let placed = "service_name=\"orders\",http_route=\"/v1/orders\",http_request_method=\"POST\"";
    let paid = |q: &str| format!("histogram_quantile({q}, sum by (le) (spindle_order_time_to_paid_seconds_bucket))");
    let rows = vec![
        (
            "Orders",
            vec![
                Panel::new(
                    Lines,
                    "reqps",
                    "Orders placed, by status of the response",
                    format!("sum by (http_response_status_code) (rate({DURATION}_count{{{placed}}}[5m]))"),
                    "{{http_response_status_code}}",
                ),
                Panel::new(Lines, "s", "Until the response", quantile("0.5", placed, ""), "50 %")
                    .and(quantile("0.95", placed, ""), "95 %")
                    .limit(limit(slos, "orders-latency")),
                Panel::new(Lines, "s", "Until paid, orders of the last hour", paid("0.5"), "50 %")
                    .and(paid("0.95"), "95 %")
                    .limit(limit(slos, "time-to-paid")),
                Panel::new(Lines, "short", "Of the last 24 hours, by status", "spindle_orders", "{{status}}"),
            ],
        ),
        (
            "Saga",
            vec![
                Panel::new(Lines, "short", "Orders on the way, by phase", "spindle_orders_unfinished", "{{phase}}"),
                Panel::new(
                    Lines,
                    "s",
                    "The oldest in its phase",
                    "spindle_order_phase_oldest_age_seconds",
                    "{{phase}}",
                ),
                Panel::new(Lines, "s", "Overdue", "spindle:order_phase_overdue:seconds", "{{phase}}")
                    .limit(Limit::Above(0.0)),
            ],
        ),
        (
            "Payments and notifications",
            vec![
                Panel::new(
                    Lines,
                    "short",
                    "Payments of the last 24 hours, by status",
                    "spindle_payments",
                    "{{status}}",
                ),
                Panel::new(
                    Lines,
                    "short",
                    "Calls of the provider without a result",
                    "spindle_payment_calls_in_progress",
                    "calls",
                ),
                Panel::new(
                    Lines,
                    "s",
                    "Calls of providers, 95th percentile",
                    quantile("0.95", "service_name=~\"payment-provider|pricing|notify-.+\"", "service_name"),
                    "{{service_name}}",
                )
                .limit(Limit::Above(5.0)),
                Panel::new(
                    Lines,
                    "short",
                    "Notifications of the last 24 hours",
                    "spindle_notifications",
                    "{{channel}} {{status}}",
                ),
            ],
        ),
    ];
    Dashboard {
        name: "orders".to_owned(),
        title: "Spindle: orders and saga".to_owned(),
        description: "How orders are placed, paid and notified, and where they stand still.".to_owned(),
        rows,
    }
}

fn events() -> Dashboard {
    let late = Limit::Above(60.0);
    let rows = vec![
        (
            "Inbox: events that wait to be handled",
            vec![
                Panel::new(Lines, "short", "Number", "spindle_inbox_events", "{{service_name}}"),
                Panel::new(
                    Lines,
                    "s",
                    "The one that waits longest",
                    "spindle_inbox_oldest_age_seconds",
                    "{{service_name}}",
                )
                .limit(late),
            ],
        ),
        (
            "Outbox: events that a consumer has not pulled",
            vec![
                Panel::new(Lines, "short", "Number", "spindle_outbox_unread_events", "{{source}} to {{service_name}}"),
                Panel::new(
                    Lines,
                    "s",
                    "The oldest",
                    "spindle_outbox_oldest_unread_age_seconds",
                    "{{source}} to {{service_name}}",
                )
                .limit(late),
            ],
        ),
        (
            "Given up",
            vec![
                Panel::new(Lines, "short", "Dead letters", "spindle_dead_letters", "{{service_name}}")
                    .limit(Limit::Above(1.0)),
                Panel::new(
                    Lines,
                    "short",
                    "More within 15 minutes",
                    "delta(spindle_dead_letters[15m])",
                    "{{service_name}}",
                )
                .limit(Limit::Above(20.0)),
                Panel::new(
                    Lines,
                    "bool_on_off",
                    "An event waits for longer than 60 s",
                    "spindle:events_late:bool",
                    "late",
                ),
            ],
        ),
    ];
    Dashboard {
        name: "events".to_owned(),
        title: "Spindle: events and dead letters".to_owned(),
        description: "Whether events are delivered and handled, and which service lags behind.".to_owned(),
        rows,
    }
}

fn budgets() -> Dashboard {
    let rows = vec![
        (
            "30 days",
            vec![
                Panel::new(
                    Lines,
                    "percentunit",
                    "Error budget left",
                    "slo:period_error_budget_remaining:ratio",
                    "{{sloth_slo}}",
                )
                .limit(Limit::Below(0.0)),
                Panel::new(Table, "percentunit", "Objectives", "slo:objective:ratio", ""),
            ],
        ),
        (
            "Burn rate: 1 uses the budget up in 30 days",
            vec![
                Panel::new(
                    Lines,
                    "short",
                    "Of the last hour",
                    "slo:sli_error:ratio_rate1h / on (sloth_id) group_left () slo:error_budget:ratio",
                    "{{sloth_slo}}",
                )
                .limit(Limit::Above(14.4)),
                Panel::new(
                    Lines,
                    "short",
                    "Of the last 6 hours",
                    "slo:sli_error:ratio_rate6h / on (sloth_id) group_left () slo:error_budget:ratio",
                    "{{sloth_slo}}",
                )
                .limit(Limit::Above(6.0)),
                Panel::new(
                    Lines,
                    "short",
                    "Of the last 3 days",
                    "slo:sli_error:ratio_rate3d / on (sloth_id) group_left () slo:error_budget:ratio",
                    "{{sloth_slo}}",
                )
                .limit(Limit::Above(1.0)),
            ],
        ),
    ];
    Dashboard {
        name: "slo".to_owned(),
        title: "Spindle: objectives".to_owned(),
        description: "How much of each error budget is left, and how fast it is used.".to_owned(),
        rows,
    }
}

fn cost() -> Dashboard {
    let per_request = |metric: &str| {
        format!("sum by (service_name) (rate({metric}[5m])) / sum by (service_name) (rate({DURATION}_count[5m]))")
    };
    let by_service = "{{service_name}}";
    let rows = vec![
        (
            "Per request",
            vec![
                Panel::new(Lines, "short", "Calls of the host", per_request("spindle_host_calls_total"), by_service),
                Panel::new(
                    Lines,
                    "short",
                    "SQL statements",
                    per_request("spindle_host_sql_statements_total"),
                    by_service,
                ),
                Panel::new(Lines, "short", "Commits", per_request("spindle_host_commits_total"), by_service),
                Panel::new(
                    Lines,
                    "short",
                    "Instructions (--count-instructions)",
                    per_request("spindle_host_instructions_total"),
                    by_service,
                ),
            ],
        ),
        (
            "Saturation",
            vec![
                Panel::new(
                    Lines,
                    "short",
                    "Requests in flight and queued",
                    "spindle_host_requests_in_flight",
                    "in flight",
                )
                .and("spindle_host_requests_queued", "queued"),
                Panel::new(Areas, "short", "Instances", "spindle_host_instances", by_service),
                Panel::new(Lines, "decbytes", "Memory", "spindle_host_memory_bytes", "resident")
                    .limit(Limit::Above(2e9)),
                Panel::new(Areas, "short", "Connections to databases", "spindle_host_sql_connections", "{{state}}"),
            ],
        ),
        (
            "Waits and failures",
            vec![
                Panel::new(
                    Lines,
                    "short",
                    "Statements that wait for a lock",
                    "rate(spindle_host_lock_wait_seconds_total[5m])",
                    "statements",
                )
                .limit(Limit::Above(1.0)),
                Panel::new(
                    Lines,
                    "short",
                    "Runs that failed, a second",
                    "sum by (kind) (rate(spindle_host_failures_total[5m]))",
                    "{{kind}}",
                ),
            ],
        ),
    ];
    Dashboard {
        name: "cost".to_owned(),
        title: "Spindle: cost and saturation".to_owned(),
        description: "What a request costs, and what the host has left. Only the embedded host knows it.".to_owned(),
        rows,
    }
}
