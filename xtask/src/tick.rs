//! The clock outside the application: `POST /internal/tick` at the gateway, once a second. Nothing runs in a component unless somebody
//! asks, so this is what makes it deliver late events, end what has timed out and tidy up.

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

use crate::http::Client;
use crate::secrets;

/// The variable with the key of service tokens.
pub const SECRET_VARIABLE: &str = "service_token_secret";

/// How often the application is ticked.
pub const EVERY: Duration = Duration::from_secs(1);

/// How long a tick may take. The gateway gives up on a service well before.
const PATIENCE: Duration = Duration::from_secs(25);

/// How long a token is good for: no longer than the gateway takes one for.
const LIFETIME: i64 = 60;

/// Ticks one instance.
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
    scope: &'static str,
}

impl Ticker {
    /// A ticker of the instance that `client` asks, whose services share `secret`.
    pub fn new(client: &Client, secret: String) -> Self {
        Self { client: client.patient(PATIENCE), secret }
    }

    /// The same, with the secret out of `env_file` or the environment.
    ///
    /// # Errors
    ///
    /// If it is not there.
    pub fn from_env_file(client: &Client, env_file: &Path) -> Result<Self> {
        let name = secrets::env_name(SECRET_VARIABLE);
        let secret = secrets::value(env_file, &name)?;
        let secret =
            secret.with_context(|| format!("neither the environment nor {} has {name}", env_file.display()))?;
        Ok(Self::new(client, secret))
    }

    /// One tick: what each service says that it has done, by its name.
    ///
    /// # Errors
    ///
    /// If there is no answer, or a service could not do its part; the others have done theirs.
    pub fn tick(&self) -> Result<Value> {
        let answer = self.client.as_user(&self.token()?).post("/internal/tick", &json!({}))?;
        ensure!(answer.status == 200, "the gateway answered {}", answer.status);
        let services = answer.body["services"].as_array().context("the gateway answered something else")?;
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

    /// Ticks at once and then `every` so often, each time after the last tick's answer, until `stop` is told or gone. `tell` hears
    /// when a tick fails that did not fail before, and when one works again.
    pub fn run(&self, every: Duration, stop: &Receiver<()>, mut tell: impl FnMut(&str)) {
        let mut fails = false;
        loop {
            let outcome = self.tick();
            // What fails because everything stops is no news.
            if wait(stop, Duration::ZERO).is_break() {
                return;
            }
            match &outcome {
                Err(error) if !fails => tell(&format!("ticks fail: {error:#}")),
                Ok(_) if fails => tell("ticks work again"),
                _ => {}
            }
            fails = outcome.is_err();
            if wait(stop, every).is_break() {
                return;
            }
        }
    }

    /// Does the same on a thread of its own, until the returned end is dropped.
    pub fn spawn(self, every: Duration, tell: impl FnMut(&str) + Send + 'static) -> Sender<()> {
        let (keep, stop) = mpsc::channel();
        thread::spawn(move || self.run(every, &stop, tell));
        keep
    }

    fn token(&self) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let now = DateTime::from_timestamp(now.try_into()?, 0).context("the clock is far off")?;
        let times = TimeOptions::new(chrono::Duration::zero(), move || now);
        let body = Body { iss: "ticker", aud: "gateway", scope: "POST:/internal/tick" };
        let claims = Claims::new(body).set_duration_and_issuance(&times, chrono::Duration::seconds(LIFETIME));
        let header = Header::empty().with_token_type("spindle-service+jwt");
        Hs256.token(&header, &claims, &Hs256Key::new(&self.secret)).context("cannot sign a service token")
    }
}

/// Waits for `time`, or less if it is to stop.
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

    /// A gateway that gives one of `answers` after the other, and then is gone.
    fn gateway(answers: &'static [(u16, &'static str)]) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for (status, body) in answers {
                let (mut connection, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let mut read = 0;
                while !request[..read].ends_with(b"\r\n\r\n{}") {
                    read += connection.read(&mut request[read..]).unwrap();
                }
                let head = String::from_utf8_lossy(&request[..read]).to_lowercase();
                assert!(head.starts_with("post /internal/tick ") && head.contains("authorization: bearer "), "{head}");
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                connection.write_all(answer.as_bytes()).unwrap();
            }
        });
        Client::new(&url)
    }

    const FINE: &str = r#"{"services":[{"name":"catalog","ok":true,"report":{"expired":1}}]}"#;
    const NOT_ALL: &str = r#"{"services":[{"name":"catalog","ok":true,"report":{}},{"name":"users","ok":false,"detail":"answered 503"}]}"#;

    #[test]
    fn a_tick_tells_what_was_done_or_who_could_not() {
        let ticker = Ticker::new(&gateway(&[(200, FINE), (200, NOT_ALL), (401, "{}")]), "s".repeat(32));
        assert_eq!(ticker.tick().unwrap(), json!({"catalog": {"expired": 1}}));
        assert_eq!(ticker.tick().unwrap_err().to_string(), "users answered 503");
        assert_eq!(ticker.tick().unwrap_err().to_string(), "the gateway answered 401");
    }

    #[test]
    fn only_the_first_failure_and_the_recovery_are_told() {
        let answers = &[(200, FINE), (200, NOT_ALL), (200, NOT_ALL), (200, FINE), (503, "{}")];
        let ticker = Ticker::new(&gateway(answers), "s".repeat(32));
        let (keep, stop) = mpsc::channel();
        let mut told = Vec::new();
        ticker.run(Duration::ZERO, &stop, |line| {
            told.push(line.to_owned());
            if told.len() == 3 {
                keep.send(()).unwrap();
            }
        });
        assert_eq!(
            told,
            ["ticks fail: users answered 503", "ticks work again", "ticks fail: the gateway answered 503"]
        );
    }
}
