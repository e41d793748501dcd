//! The clock of an application: its periodic job trigger, `POST /internal/tick` at the gateway, once a second. A component runs only while it serves
//! a request, so ticks make the services deliver late events, end orders that have timed out, and remove old rows. With the same secret it asks for
//! the health of the application.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::DateTime;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, Claims, Header, TimeOptions};
use serde::Serialize;
use serde_json::{Value, json};

use crate::http::{Client, Response};
use crate::secrets;

/// The variable with the key of service tokens.
pub const SECRET_VARIABLE: &str = "service_token_secret";

/// The time between two ticks.
pub const EVERY: Duration = Duration::from_secs(1);

/// The longest time that a tick may take. The gateway gives up on a service well before.
const TIMEOUT: Duration = Duration::from_secs(25);

/// The path of a tick.
const TICK: &str = "/internal/tick";

/// The path at which the gateway has the state of every service and its parts.
const HEALTH: &str = "/v1/admin/health";

/// The lifetime of a token, in seconds: the gateway accepts no longer one.
const LIFETIME: i64 = 60;

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

/// The claims of a service token (crates/platform/src/token/service.rs), beside its times.
#[derive(Serialize)]
struct Body {
    iss: &'static str,
    aud: &'static str,
    scope: String,
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
        self.client.as_user(&self.token("GET", HEALTH)?).get(HEALTH)
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
        let response = self.client.as_user(&self.token("POST", TICK)?).post(TICK, &json!({}))?;
        ensure!(response.status == 200, "the gateway answered {}", response.status);
        let services = response.body["services"].as_array().context("the gateway's response names no services")?;
        let failed: Vec<String> = services
            .iter()
            .filter(|service| service["ok"] != true)
            .map(|service| [&service["name"], &service["detail"]].map(|text| text.as_str().unwrap_or("?")).join(" "))
            .collect();
        if !failed.is_empty() {
            bail!("{}", failed.join(", "));
        }
        let name = |service: &Value| service["name"].as_str().unwrap_or("?").to_owned();
        Ok(services.iter().map(|service| (name(service), service["report"].clone())).collect())
    }

    /// Ticks at once and then `every` so often, counted from the response to the tick before, until `stop` has a message or its sender is gone.
    /// Calls `report` when a tick fails after one that succeeded, and when one succeeds again.
    pub fn run(&self, every: Duration, stop: &Receiver<()>, mut report: impl FnMut(&str)) {
        let mut fails = false;
        loop {
            let result = self.tick();
            // A tick that fails because everything stops is not reported.
            if wait(stop, Duration::ZERO).is_break() {
                return;
            }
            match &result {
                Err(error) if !fails => report(&format!("ticks fail: {error:#}")),
                Ok(_) if fails => report("ticks succeed again"),
                _ => {}
            }
            fails = result.is_err();
            if wait(stop, every).is_break() {
                return;
            }
        }
    }

    /// Runs on a new thread, until the returned sender is dropped.
    pub fn spawn(self, every: Duration, report: impl FnMut(&str) + Send + 'static) -> Sender<()> {
        let (keep, stop) = mpsc::channel();
        thread::spawn(move || self.run(every, &stop, report));
        keep
    }

    fn token(&self, method: &str, path: &str) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let now = DateTime::from_timestamp(now.try_into()?, 0).context("the clock is far off")?;
        let times = TimeOptions::new(chrono::Duration::zero(), move || now);
        let body = Body { iss: "ticker", aud: "gateway", scope: format!("{method}:{path}") };
        let claims = Claims::new(body).set_duration_and_issuance(&times, chrono::Duration::seconds(LIFETIME));
        let header = Header::empty().with_token_type("spindle-service+jwt");
        Hs256.token(&header, &claims, &Hs256Key::new(&self.secret)).context("cannot sign a service token")
    }
}

/// Waits for `time`, or until `stop` ends the wait.
fn wait(stop: &Receiver<()>, time: Duration) -> ControlFlow<()> {
    match stop.recv_timeout(time) {
        Err(RecvTimeoutError::Timeout) => ControlFlow::Continue(()),
        Ok(()) | Err(RecvTimeoutError::Disconnected) => ControlFlow::Break(()),
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
