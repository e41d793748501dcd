//! Waits until an application can serve: until its process is ready (`/readyz`), and the database of each service responds (`/v1/admin/health`). Names
//! the services that are not ready, and why.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::secrets;
use crate::tick::Ticker;

/// The pause before the second probe; each later one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause between two probes: each failed one leaves a line in the log for each service that is not ready.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Probes the application of `clock` until it can serve, and returns the time that this took. Each service applies its migrations when it is probed.
/// A key-value store or a provider that is away does not count: the services do without it for a while. Calls `watch` before each probe, whose error
/// ends the wait, and `report` with the services that are not ready, whenever they change. `elsewhere` has the URLs of the services that are outside
/// the application, by their names: the responses do not have them.
///
/// # Errors
///
/// If `watch` fails, or the time is up; then the message names the services that are not ready, with the causes and the variables to check.
pub fn wait(
    clock: &Ticker,
    limit: Duration,
    elsewhere: &BTreeMap<String, String>,
    mut watch: impl FnMut() -> Result<()>,
    mut report: impl FnMut(&str),
) -> Result<Duration> {
    let start = Instant::now();
    let (mut last, mut pause) = (String::new(), FIRST_PAUSE);
    loop {
        watch()?;
        let (waiting_for, hint) = match probe(clock) {
            Ok(waiting) if waiting.is_empty() => return Ok(start.elapsed()),
            Ok(waiting) => (describe(&waiting, elsewhere), hint(&waiting, elsewhere)),
            Err(waiting_for) => (waiting_for, String::new()),
        };
        if start.elapsed() > limit {
            bail!("not ready after {} s: still waiting for {waiting_for}{hint}", limit.as_secs());
        }
        if waiting_for != last {
            report(&waiting_for);
            last = waiting_for;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// A service that is not ready.
struct NotReady {
    name: String,
    cause: String,
}

/// Returns the services that are not ready: those of `/readyz`, or if the process is ready, those that are unavailable. The error says what else there
/// is to wait for.
fn probe(clock: &Ticker) -> Result<Vec<NotReady>, String> {
    let host = |_| "the host".to_owned();
    let ready = clock.client().get("/readyz").map_err(host)?;
    if ready.status != 200 {
        let is_ready = |service: &Value| service["ready"] == true;
        let cause = |service: &Value| service["detail"].as_str().map(str::to_owned);
        let services = services(&ready.body, is_ready, cause).filter(|services| !services.is_empty());
        return services.ok_or_else(|| format!("/readyz, which returns {}", ready.status));
    }
    let health = clock.health().map_err(host)?;
    // An earlier release, whose readiness says all of it.
    if health.status == 404 {
        return Ok(Vec::new());
    }
    let services = services(&health.body, |service| service["state"] != "unavailable", cause_of);
    services.ok_or_else(|| format!("/v1/admin/health, which returns {}", health.status))
}

/// Returns why a service in a report on health is unavailable: it does not respond, or its database does not.
fn cause_of(service: &Value) -> Option<String> {
    let own = service["cause"].as_str().map(str::to_owned);
    own.or_else(|| {
        let parts = service["parts"].as_array()?;
        let database = parts.iter().find(|part| part["kind"] == "database" && part["state"] != "ok")?;
        Some(format!("database: {}", database["cause"].as_str()?))
    })
}

/// Returns those of the services in `body` that are not ready; `None` if it has none at all.
fn services(
    body: &Value,
    is_ready: impl Fn(&Value) -> bool,
    cause: impl Fn(&Value) -> Option<String>,
) -> Option<Vec<NotReady>> {
    let services = body.get("services")?.as_array()?;
    let not_ready = services.iter().filter(|service| !is_ready(service)).filter_map(|service| {
        let cause = cause(service).unwrap_or_else(|| "not ready".to_owned());
        Some(NotReady { name: service["name"].as_str()?.to_owned(), cause })
    });
    Some(not_ready.collect())
}

/// Returns each service with the cause, and with its URL if it is `elsewhere`.
fn describe(services: &[NotReady], elsewhere: &BTreeMap<String, String>) -> String {
    let describe = |NotReady { name, cause }: &NotReady| match elsewhere.get(name) {
        Some(url) => format!("{name}: {url} ({cause})"),
        None => format!("{name} ({cause})"),
    };
    services.iter().map(describe).collect::<Vec<_>>().join(", ")
}

/// Returns the variables with the URLs of those services that are `elsewhere`, as the next step; empty if none is.
fn hint(services: &[NotReady], elsewhere: &BTreeMap<String, String>) -> String {
    let names = services.iter().map(|service| service.name.as_str()).filter(|name| elsewhere.contains_key(*name));
    let variables: Vec<String> =
        names.map(|name| secrets::env_name(&format!("{}_url", name.replace('-', "_")))).collect();
    match variables.is_empty() {
        true => String::new(),
        false => format!(
            ". {} places it outside of this application: start it there, correct the URL, or unset the variable",
            variables.join(" and ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Client;
    use serde_json::json;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    /// Returns the clock of a server with these statuses and bodies of `/readyz` and of `/v1/admin/health`.
    fn clock(ready: (u16, Value), health: (u16, Value)) -> Ticker {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // The request fits into one read: it has no body.
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..length]).to_lowercase();
                let (status, body) = match request.starts_with("get /readyz ") {
                    true => &ready,
                    false => {
                        let asks_for_health = request.starts_with("get /v1/admin/health ");
                        assert!(asks_for_health && request.contains("authorization: bearer "), "{request}");
                        &health
                    }
                };
                let body = body.to_string();
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                stream.write_all((head + &body).as_bytes()).unwrap();
            }
        });
        Ticker::new(&Client::new(&url), "s".repeat(32))
    }

    /// Returns what the first probe waits for.
    fn first_report(clock: &Ticker, elsewhere: &BTreeMap<String, String>) -> Vec<String> {
        let (mut reports, mut probes) = (Vec::new(), 0);
        let stop_at_third = || {
            probes += 1;
            if probes == 3 { bail!("interrupted") } else { Ok(()) }
        };
        let report = |services: &str| reports.push(services.to_owned());
        wait(clock, Duration::from_secs(60), elsewhere, stop_at_third, report).unwrap_err();
        reports
    }

    #[test]
    fn the_services_that_cannot_work_in_the_process_are_named() {
        let body = json!({"services": [
            {"name": "catalog", "ready": true},
            {"name": "users", "ready": false, "detail": "no response within 2 s"},
        ]});
        let clock = clock((503, body), (200, json!({})));
        let reports = first_report(&clock, &BTreeMap::new());
        assert_eq!(reports, ["users (no response within 2 s)"], "a second probe with the same result is not reported");
    }

    #[test]
    fn once_the_process_is_ready_unavailable_services_are_named_with_url_and_cause_and_in_the_end_with_a_hint() {
        let database = |state: &str| json!([{"kind": "database", "state": state, "cause": "it fails"}]);
        let body = json!({"services": [
            {"name": "catalog", "state": "degraded", "parts": [{"kind": "key_value", "state": "unavailable"}]},
            {"name": "orders", "state": "unavailable", "cause": "connection refused", "parts": []},
            {"name": "users", "state": "unavailable", "parts": database("unavailable")},
        ]});
        let clock = clock((200, json!({})), (200, body));
        let elsewhere = [("orders".to_owned(), "http://127.0.0.1:9".to_owned())].into();
        let services = "orders: http://127.0.0.1:9 (connection refused), users (database: it fails)";
        assert_eq!(first_report(&clock, &elsewhere), [services]);

        let error = wait(&clock, Duration::ZERO, &elsewhere, || Ok(()), |_| ()).unwrap_err().to_string();
        let expected = format!(
            "not ready after 0 s: still waiting for {services}. SPIN_VARIABLE_ORDERS_URL places it outside of this application: \
             start it there, correct the URL, or unset the variable"
        );
        assert_eq!(error, expected);
    }

    #[test]
    fn responses_without_services_are_named_with_their_status() {
        let ready = clock((404, json!({})), (200, json!({})));
        assert_eq!(first_report(&ready, &BTreeMap::new()), ["/readyz, which returns 404"]);
        let health = clock((200, json!({})), (401, json!({})));
        assert_eq!(first_report(&health, &BTreeMap::new()), ["/v1/admin/health, which returns 401"]);
    }

    #[test]
    fn without_an_unavailable_service_the_wait_ends() {
        let body = json!({"services": [{"name": "catalog", "state": "degraded", "parts": []}]});
        wait(&clock((200, json!({})), (200, body)), Duration::ZERO, &BTreeMap::new(), || Ok(()), |_| ()).unwrap();
    }

    #[test]
    fn a_failed_watch_ends_the_wait_at_once() {
        let clock = Ticker::new(&Client::new("http://127.0.0.1:1"), "s".repeat(32));
        let result = wait(&clock, Duration::from_secs(60), &BTreeMap::new(), || bail!("gone"), |_| ());
        assert_eq!(result.unwrap_err().to_string(), "gone");
    }
}
