//! Waits for `/readyz`, and names the services that are not ready, and why.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::http::Client;
use crate::secrets;

/// The pause before the second probe; each later one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause between two probes: each failed one leaves a line in the log for each service that is not ready.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Probes `/readyz` until it returns 200, and returns the time that this took. Each service applies its migrations when it is probed. Calls `watch`
/// before each probe, whose error ends the wait, and `report` with the services that are not ready, whenever they change. `elsewhere` has the URLs
/// of the services that are outside the application, by their names: the response does not have them, because anyone may read it.
///
/// # Errors
///
/// If `watch` fails, or the time is up; then the message names the services that are not ready, with the causes and the variables to check.
pub fn wait(
    client: &Client,
    limit: Duration,
    elsewhere: &BTreeMap<String, String>,
    mut watch: impl FnMut() -> Result<()>,
    mut report: impl FnMut(&str),
) -> Result<Duration> {
    let start = Instant::now();
    let (mut last, mut pause) = (String::new(), FIRST_PAUSE);
    loop {
        watch()?;
        let (waiting_for, hint) = match client.get("/readyz") {
            Ok(response) if response.status == 200 => return Ok(start.elapsed()),
            Ok(response) => match not_ready(&response.body) {
                Some(services) => (describe(&services, elsewhere), hint(&services, elsewhere)),
                None => (format!("/readyz, which returns {}", response.status), String::new()),
            },
            Err(_) => ("the host".to_owned(), String::new()),
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
struct NotReady<'a> {
    name: &'a str,
    cause: &'a str,
}

/// Returns the services in the body of a 503 that are not ready; `None` if it has none.
fn not_ready(body: &Value) -> Option<Vec<NotReady<'_>>> {
    let services = body.get("services")?.as_array()?;
    let services: Vec<NotReady<'_>> = services
        .iter()
        .filter(|service| service["ready"] != true)
        .filter_map(|service| {
            Some(NotReady { name: service["name"].as_str()?, cause: service["detail"].as_str().unwrap_or("not ready") })
        })
        .collect();
    (!services.is_empty()).then_some(services)
}

/// Returns each service with the cause, and with its URL if it is `elsewhere`.
fn describe(services: &[NotReady<'_>], elsewhere: &BTreeMap<String, String>) -> String {
    let describe = |NotReady { name, cause }: &NotReady<'_>| match elsewhere.get(*name) {
        Some(url) => format!("{name}: {url} ({cause})"),
        None => format!("{name} ({cause})"),
    };
    services.iter().map(describe).collect::<Vec<_>>().join(", ")
}

/// Returns the variables with the URLs of those services that are `elsewhere`, as the next step; empty if none is.
fn hint(services: &[NotReady<'_>], elsewhere: &BTreeMap<String, String>) -> String {
    let names = services.iter().map(|service| service.name).filter(|name| elsewhere.contains_key(*name));
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
    use serde_json::json;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    /// Returns the URL of a server whose `/readyz` says that orders is not ready.
    fn server_without_orders() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let body = json!({"services": [
            {"name": "catalog", "ready": true},
            {"name": "orders", "ready": false, "detail": "connection refused"},
            {"name": "users", "ready": false, "detail": "no response within 2 s"},
        ]});
        let body = body.to_string();
        let response = format!(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // The request fits into one read: it has no body.
                assert_ne!(stream.read(&mut [0; 4096]).unwrap(), 0);
                stream.write_all(response.as_bytes()).unwrap();
            }
        });
        url
    }

    #[test]
    fn the_services_that_are_not_ready_are_named_with_url_and_cause_and_in_the_end_with_a_hint() {
        let client = Client::new(&server_without_orders());
        let elsewhere = [("orders".to_owned(), "http://127.0.0.1:9".to_owned())].into();
        let services = "orders: http://127.0.0.1:9 (connection refused), users (no response within 2 s)";
        let (mut reports, mut probes) = (Vec::new(), 0);
        let stop_at_third = || {
            probes += 1;
            if probes == 3 { bail!("interrupted") } else { Ok(()) }
        };
        let report = |services: &str| reports.push(services.to_owned());
        wait(&client, Duration::from_secs(60), &elsewhere, stop_at_third, report).unwrap_err();
        assert_eq!(reports, [services], "a second probe with the same result is not reported");

        let error = wait(&client, Duration::ZERO, &elsewhere, || Ok(()), |_| ()).unwrap_err().to_string();
        let expected = format!(
            "not ready after 0 s: still waiting for {services}. SPIN_VARIABLE_ORDERS_URL places it outside of this application: \
             start it there, correct the URL, or unset the variable"
        );
        assert_eq!(error, expected);
    }

    #[test]
    fn a_body_without_services_names_none() {
        assert!(not_ready(&Value::Null).is_none());
        assert!(not_ready(&json!({"services": [{"name": "catalog", "ready": true}]})).is_none());
    }

    #[test]
    fn a_failed_watch_ends_the_wait_at_once() {
        let client = Client::new("http://127.0.0.1:1");
        let result = wait(&client, Duration::from_secs(60), &BTreeMap::new(), || bail!("gone"), |_| ());
        assert_eq!(result.unwrap_err().to_string(), "gone");
    }
}
