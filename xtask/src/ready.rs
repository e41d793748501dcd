//! Waiting for `/readyz`, and saying what is being waited for.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::http::Client;

/// Asks `/readyz` until it answers 200, and returns how long that took. Each service applies its migrations when it is
/// asked. `watch` is called before each try, and an error of its ends the wait; `tell` hears what is not ready, whenever
/// that changes.
///
/// # Errors
///
/// If `watch` fails, or the time is up; then the message names what is not ready.
pub fn wait(
    client: &Client,
    limit: Duration,
    mut watch: impl FnMut() -> Result<()>,
    mut tell: impl FnMut(&str),
) -> Result<Duration> {
    let start = Instant::now();
    let mut last = String::new();
    loop {
        watch()?;
        let waiting_for = match client.get("/readyz") {
            Ok(answer) if answer.status == 200 => return Ok(start.elapsed()),
            Ok(answer) => {
                not_ready(&answer.body).unwrap_or_else(|| format!("/readyz, which answers {}", answer.status))
            }
            Err(_) => "the host".to_owned(),
        };
        if start.elapsed() > limit {
            bail!("not ready after {} s: still waiting for {waiting_for}", limit.as_secs());
        }
        if waiting_for != last {
            tell(&waiting_for);
            last = waiting_for;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// The services in the body of a 503 that are not ready, with what they say.
fn not_ready(body: &Value) -> Option<String> {
    let services = body.get("services")?.as_array()?;
    let names: Vec<String> = services
        .iter()
        .filter(|service| service["ready"] != true)
        .filter_map(|service| match (service["name"].as_str()?, service["detail"].as_str()) {
            (name, Some(detail)) => Some(format!("{name} ({detail})")),
            (name, None) => Some(name.to_owned()),
        })
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
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
        assert_eq!(not_ready(&body).as_deref(), Some("users (no answer in 2 s)"));
        assert_eq!(not_ready(&Value::Null), None);
    }

    #[test]
    fn a_failed_watch_ends_the_wait_at_once() {
        let client = Client::new("http://127.0.0.1:1");
        let result = wait(&client, Duration::from_secs(60), || bail!("gone"), |_| ());
        assert_eq!(result.unwrap_err().to_string(), "gone");
    }
}
