//! The clock of an application: its periodic job trigger, `POST /internal/tick` at the gateway, once a second. A component runs only while it serves
//! a request, so ticks make the services deliver late events, end orders that have timed out, and remove old rows. With the same secret it asks for
//! the health of the application.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use spindle_ticker::{HEALTH, TICK, TIMEOUT, reports, service_token};

use crate::http::{Client, Response};
use crate::secrets;

/// The variable with the key of service tokens.
pub const SECRET_VARIABLE: &str = "service_token_secret";

/// The time between two ticks.
pub const EVERY: Duration = Duration::from_secs(1);

/// Returns the report of a tick as text: a line for each service that did something, with its counts.
pub fn summary(report: &Value) -> String {
    let mut lines = Vec::new();
    for (service, counts) in report.as_object().into_iter().flatten() {
        let mut done = Vec::new();
        collect_counts("", counts, &mut done);
        if !done.is_empty() {
            lines.push(format!("{service}: {}", done.join(", ")));
        }
    }
    if lines.is_empty() { "nothing was due".to_owned() } else { lines.join("\n") }
}

/// Appends each count above zero in `value` to `done`, with the path of its names.
fn collect_counts(name: &str, value: &Value, done: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let name = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
                collect_counts(&name, value, done);
            }
        }
        Value::Number(count) if count.as_u64() != Some(0) => done.push(format!("{name} {count}")),
        _ => {}
    }
}

/// A ticker of one instance.
#[derive(Clone, Debug)]
pub struct Ticker {
    client: Client,
    secret: String,
}

impl Ticker {
    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Asks for the state of every service and its parts.
    ///
    /// # Errors
    ///
    /// If there is no response.
    pub fn health(&self) -> Result<Response> {
        self.client.as_user(&service_token(&self.secret, "GET", HEALTH)?).get(HEALTH)
    }

    /// Returns a ticker of the instance that `client` talks to, whose services share `secret`.
    pub fn new(client: &Client, secret: String) -> Self {
        Self { client: client.with_timeout(TIMEOUT), secret }
    }

    /// Returns the same, with the secret from the environment or `env_file`.
    ///
    /// # Errors
    ///
    /// If neither has it.
    pub fn from_env_file(client: &Client, env_file: &Path) -> Result<Self> {
        let name = secrets::env_name(SECRET_VARIABLE);
        let secret = secrets::value(env_file, &name)?;
        let secret =
            secret.with_context(|| format!("neither the environment nor {} has {name}", env_file.display()))?;
        Ok(Self::new(client, secret))
    }

    /// Sends one tick, and returns the report of each service, by its name.
    ///
    /// # Errors
    ///
    /// If there is no response, or a service failed; the others have done their part.
    pub fn tick(&self) -> Result<Value> {
        let token = service_token(&self.secret, "POST", TICK)?;
        let response = self.client.as_user(&token).post(TICK, &json!({}))?;
        reports(response.status, &response.body)
    }

    /// Ticks at once and then `every` so often, counted from the response to the tick before, until `stop` has a message or its sender is gone.
    /// Calls `report` when a tick fails after one that succeeded, and when one succeeds again.
    pub fn run(&self, every: Duration, stop: &Receiver<()>, report: impl FnMut(&str)) {
        spindle_ticker::run(every, stop, || self.tick(), report);
    }

    /// Runs on a new thread, until the returned sender is dropped.
    pub fn spawn(self, every: Duration, report: impl FnMut(&str) + Send + 'static) -> Sender<()> {
        let (keep, stop) = mpsc::channel();
        thread::spawn(move || self.run(every, &stop, report));
        keep
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    /// Returns a client of a gateway that gives one of `responses` after the other, and then is gone.
    fn gateway(responses: &'static [(u16, &'static str)]) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for (status, body) in responses {
                let (mut connection, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let mut read = 0;
                while !request[..read].ends_with(b"\r\n\r\n{}") {
                    read += connection.read(&mut request[read..]).unwrap();
                }
                let head = String::from_utf8_lossy(&request[..read]).to_lowercase();
                assert!(head.starts_with("post /internal/tick ") && head.contains("authorization: bearer "), "{head}");
                let length = body.len();
                let response =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                connection.write_all(response.as_bytes()).unwrap();
            }
        });
        Client::new(&url)
    }

    const FINE: &str = r#"{"services":[{"name":"catalog","ok":true,"report":{"expired":1}}]}"#;
    const NOT_ALL: &str = r#"{"services":[{"name":"catalog","ok":true,"report":{}},{"name":"users","ok":false,"detail":"answered 503"}]}"#;

    #[test]
    fn a_tick_returns_the_reports_or_names_the_services_that_failed() {
        let ticker = Ticker::new(&gateway(&[(200, FINE), (200, NOT_ALL), (401, "{}")]), "s".repeat(32));
        assert_eq!(ticker.tick().unwrap(), json!({"catalog": {"expired": 1}}));
        assert_eq!(ticker.tick().unwrap_err().to_string(), "users answered 503");
        assert_eq!(ticker.tick().unwrap_err().to_string(), "the gateway answered 401");
    }

    #[test]
    fn only_the_first_failure_and_the_recovery_are_reported() {
        let responses = &[(200, FINE), (200, NOT_ALL), (200, NOT_ALL), (200, FINE), (503, "{}")];
        let ticker = Ticker::new(&gateway(responses), "s".repeat(32));
        let (keep, stop) = mpsc::channel();
        let mut reported = Vec::new();
        ticker.run(Duration::ZERO, &stop, |line| {
            reported.push(line.to_owned());
            if reported.len() == 3 {
                keep.send(()).unwrap();
            }
        });
        assert_eq!(
            reported,
            ["ticks fail: users answered 503", "ticks succeed again", "ticks fail: the gateway answered 503"]
        );
    }

    #[test]
    fn a_summary_has_the_counts_above_zero() {
        let report = json!({"catalog": {"expired": 1, "pruned": 0}, "orders": {"events": {"handled": 2}}, "users": {}});
        assert_eq!(summary(&report), "catalog: expired 1\norders: events.handled 2");
        assert_eq!(summary(&json!({"users": {"pruned": 0}})), "nothing was due");
    }
}
