//! The program beside an application in a cluster: its clock, the files that a pod of the shim needs, and the smoke test of a release.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints to its log")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, Parser, Subcommand};
use serde_json::Value;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use spindle_ticker::{HEALTH, TICK, TIMEOUT};
use ureq::Agent;

/// The pause between two attempts of the smoke test.
const PAUSE: Duration = Duration::from_secs(1);

/// The clock of an application in a cluster.
#[derive(Parser)]
#[command(name = "spindle-ticker", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Tick until SIGTERM
    Tick {
        #[command(flatten)]
        gateway: Gateway,
        /// Time between two ticks: 500ms, 1s, 2m
        #[arg(long, default_value = "1s", value_parser = humantime::parse_duration)]
        every: Duration,
    },
    /// Check that every service of a release works
    Smoke {
        #[command(flatten)]
        gateway: Gateway,
        /// Time until all must work
        #[arg(long, default_value = "2m", value_parser = humantime::parse_duration)]
        within: Duration,
    },
    /// Write the files that a pod of the shim needs: a writable spin.json, and the certificate authorities
    Prepare {
        /// The folder
        folder: PathBuf,
    },
}

/// The gateway, and the key of the tokens that it accepts.
#[derive(Args)]
struct Gateway {
    /// URL of the application
    #[arg(long)]
    url: String,
    /// Secret for service tokens
    #[arg(long, env = "SPIN_VARIABLE_SERVICE_TOKEN_SECRET", hide_env_values = true)]
    secret: String,
}

impl Gateway {
    /// Sends a request with a service token, or none, and returns the status and the body.
    fn send(&self, agent: &Agent, method: &str, path: &str, signed: bool) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.url.trim_end_matches('/'));
        let mut request = ureq::http::Request::builder().method(method).uri(&url);
        if signed {
            let token = spindle_ticker::service_token(&self.secret, method, path)?;
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.header("content-type", "application/json");
        let body = if method == "POST" { "{}" } else { "" };
        let mut response = agent.run(request.body(body)?).with_context(|| format!("{method} {url}"))?;
        let text = response.body_mut().read_to_string()?;
        Ok((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    fn tick(&self, agent: &Agent) -> Result<Value> {
        let (status, body) = self.send(agent, "POST", TICK, true)?;
        spindle_ticker::reports(status, &body)
    }

    /// Checks the process, every service with its parts, a tick, and a read as any client makes it. Leaves nothing behind.
    fn check(&self, agent: &Agent) -> Result<()> {
        let (status, _) = self.send(agent, "GET", "/readyz", false)?;
        ensure!(status == 200, "/readyz answered {status}");
        let (status, body) = self.send(agent, "GET", HEALTH, true)?;
        let unavailable = spindle_ticker::unavailable(status, &body)?;
        ensure!(unavailable.is_empty(), "{}", unavailable.join("; "));
        self.tick(agent)?;
        let (status, _) = self.send(agent, "GET", "/v1/products?limit=1", false)?;
        ensure!(status == 200, "/v1/products answered {status}");
        Ok(())
    }
}

fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
    config.timeout_global(Some(TIMEOUT)).build().new_agent()
}

fn main() -> Result<()> {
    match Cli::parse().task {
        Task::Tick { gateway, every } => {
            let mut signals = Signals::new([SIGINT, SIGTERM])?;
            let (stop, stopped) = mpsc::channel();
            // The first process of a container ends by a signal only if it handles it; a tick that is under way goes on at the gateway.
            thread::spawn(move || {
                if signals.forever().next().is_some() && stop.send(()).is_ok() {
                    thread::sleep(PAUSE);
                }
                std::process::exit(0);
            });
            println!("ticking {} every {}", gateway.url, humantime::format_duration(every));
            let agent = agent();
            spindle_ticker::run(every, &stopped, || gateway.tick(&agent), |line| eprintln!("{line}"));
            Ok(())
        }
        Task::Smoke { gateway, within } => smoke(&gateway, within),
        Task::Prepare { folder } => prepare(&folder),
    }
}

/// Checks the application until it works or the time is up.
fn smoke(gateway: &Gateway, within: Duration) -> Result<()> {
    let (start, agent) = (Instant::now(), agent());
    while let Err(error) = gateway.check(&agent) {
        println!("{error:#}");
        if start.elapsed() >= within {
            return Err(error.context(format!("not all works after {}", humantime::format_duration(within))));
        }
        thread::sleep(PAUSE);
    }
    println!("all services work");
    Ok(())
}

/// Writes the files of a pod into `folder`.
fn prepare(folder: &Path) -> Result<()> {
    for (name, content) in [("spin.json", String::new()), ("ca-certificates.crt", spindle_ticker::authorities())] {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_pod_are_an_empty_one_and_the_authorities() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path()).unwrap();
        assert_eq!(fs::read(folder.path().join("spin.json")).unwrap(), b"");
        let authorities = fs::read_to_string(folder.path().join("ca-certificates.crt")).unwrap();
        let count = authorities.matches("-----BEGIN CERTIFICATE-----\n").count();
        assert!(count > 100, "{count} certificates");
        assert_eq!(authorities.matches("-----END CERTIFICATE-----\n").count(), count);
        assert!(authorities.lines().all(|line| line.len() <= 64));
    }
}
