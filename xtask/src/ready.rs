//! Waits for `/readyz`, and names the services that are not ready.

use std::collections::BTreeMap;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::http::Client;

/// The pause before the second probe; each later one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The longest pause between two probes: each failed one leaves a line in the log of each service.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The time that a service outside the application may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// Probes `/readyz` until it returns 200, and returns the time that this took. Each service applies its migrations when it is probed. Calls `watch`
/// before each probe, whose error ends the wait, and `report` with the services that are not ready, whenever they change. `elsewhere` has the URLs
/// of the services that are outside the application, by their names.
///
/// # Errors
///
/// If `watch` fails, or the time is up; then the message names the services that are not ready, and their URLs.
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
        let waiting_for = match client.get("/readyz") {
            Ok(response) if response.status == 200 => return Ok(start.elapsed()),
            Ok(response) => not_ready(&response.body, elsewhere)
                .unwrap_or_else(|| format!("/readyz, which returns {}", response.status)),
            Err(_) => "the host".to_owned(),
        };
        if start.elapsed() > limit {
            bail!("not ready after {} s: still waiting for {waiting_for}", limit.as_secs());
        }
        if waiting_for != last {
            report(&waiting_for);
            last = waiting_for;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns the services in the body of a 503 that are not ready, each with its detail, and with its URL and the error of a connection to it if it
/// is `elsewhere`.
fn not_ready(body: &Value, elsewhere: &BTreeMap<String, String>) -> Option<String> {
    let services = body.get("services")?.as_array()?;
    let describe = |service: &Value| {
        let name = service["name"].as_str()?;
        let detail = service["detail"].as_str().map(str::to_owned);
        Some(match (elsewhere.get(name), detail) {
            (Some(url), detail) => {
                let detail = connection_error(url).or(detail).unwrap_or_else(|| "not ready".to_owned());
                format!("{name} at {url} ({detail})")
            }
            (None, Some(detail)) => format!("{name} ({detail})"),
            (None, None) => name.to_owned(),
        })
    };
    let names: Vec<String> = services.iter().filter(|service| service["ready"] != true).filter_map(describe).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns the error of a connection to the server at `url`; `None` if it accepts one.
fn connection_error(url: &str) -> Option<String> {
    let Ok(uri) = url.parse::<ureq::http::Uri>() else { return Some("not a URL".to_owned()) };
    let Some(host) = uri.host() else { return Some("no host in it".to_owned()) };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let addresses = (host.trim_matches(['[', ']']), port).to_socket_addrs();
    let connect = addresses.and_then(|mut addresses| {
        let address = addresses.next().ok_or(std::io::ErrorKind::NotFound)?;
        TcpStream::connect_timeout(&address, CONNECT)
    });
    // `Connection refused (os error 111)`: the number helps no reader.
    let error = connect.err()?.to_string();
    Some(error.split(" (os error").next().unwrap_or_default().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_services_that_are_not_ready_are_named() {
        let body = json!({"services": [
            {"name": "users", "ready": false, "detail": "no answer in 2 s"},
            {"name": "catalog", "ready": true},
        ]});
        assert_eq!(not_ready(&body, &BTreeMap::new()).as_deref(), Some("users (no answer in 2 s)"));
        assert_eq!(not_ready(&Value::Null, &BTreeMap::new()), None);
    }

    #[test]
    fn a_service_elsewhere_is_named_with_its_url_and_the_error_of_a_connection() {
        let body = json!({"services": [{"name": "orders", "ready": false, "detail": "did not answer"}]});
        let elsewhere = [("orders".to_owned(), "http://127.0.0.1:9".to_owned())].into();
        let expected = "orders at http://127.0.0.1:9 (connection refused)";
        assert_eq!(not_ready(&body, &elsewhere).as_deref(), Some(expected));
    }

    #[test]
    fn a_failed_watch_ends_the_wait_at_once() {
        let client = Client::new("http://127.0.0.1:1");
        let result = wait(&client, Duration::from_secs(60), &BTreeMap::new(), || bail!("gone"), |_| ());
        assert_eq!(result.unwrap_err().to_string(), "gone");
    }
}
