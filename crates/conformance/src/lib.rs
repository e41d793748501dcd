//! Checks whether a provider meets the contract of its interface: runs its component, sends it ordinary and unusual requests, lets the service
//! behind it behave in every way that services do, and reports the findings. docs/conformance.md lists the checks.

mod bindings;
mod check;
mod clock;
mod imports;
mod provider;
mod provider_response;
mod report;
mod request;
mod settings;
mod state;
mod stub_server;
mod suite;

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use wasmtime::{Cache, CacheConfig, Config, Engine};

pub use check::{Check, Interface};
pub use report::{Figures, Finding, Report, Verdict};
pub use settings::Settings;

use provider::Provider;

/// The time between two checks of a guest's CPU time. It bounds how late an overrun is noticed.
const TICK: Duration = Duration::from_millis(10);

/// Runs the checks on components.
#[derive(Clone)]
pub struct Kit {
    engine: Engine,
}

impl Kit {
    /// Creates a kit. With `cache`, compiled code is kept in that folder.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used, or the thread of the clock cannot be started.
    pub fn new(cache: Option<&Path>) -> Result<Self> {
        let mut config = Config::new();
        // WASI 0.2 only: the host and Spin run providers so.
        config.epoch_interruption(true).concurrency_support(false);
        if let Some(folder) = cache {
            let mut cache = CacheConfig::new();
            cache.with_directory(std::path::absolute(folder)?);
            let cache = Cache::new(cache).map_err(|error| anyhow!("cannot use {}: {error:#}", folder.display()))?;
            config.cache(Some(cache));
        }
        let engine = Engine::new(&config).map_err(|error| anyhow!("cannot set up the engine: {error:#}"))?;
        let ticked = engine.weak();
        thread::Builder::new()
            .name("epoch".into())
            .spawn(move || {
                while let Some(engine) = ticked.upgrade() {
                    engine.increment_epoch();
                    drop(engine);
                    thread::sleep(TICK);
                }
            })
            .context("cannot start the clock")?;
        Ok(Self { engine })
    }

    /// Checks the component in `file`, once for each Spindle interface that it exports.
    ///
    /// # Errors
    ///
    /// If the file is not a component, or exports none of these interfaces.
    pub fn examine(&self, file: &Path, settings: &Settings) -> Result<Vec<Report>> {
        let provider = Provider::load(&self.engine, file, settings)?;
        let exports = provider.exports();
        let interfaces: Vec<Interface> = Interface::ALL
            .into_iter()
            .filter(|interface| exports.iter().any(|name| name == interface.name()))
            .collect();
        if interfaces.is_empty() {
            bail!("{} is no provider: {}", file.display(), hint(&exports));
        }
        let bytes = file.metadata()?.len();
        // A single thread does everything, so that its CPU time is the provider's.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let examine = |interface| {
            let mut report = runtime.block_on(suite::examine(&provider, interface));
            report.figures.bytes = bytes;
            report
        };
        Ok(interfaces.into_iter().map(examine).collect())
    }
}

/// Returns the advice for a component that exports no Spindle interface.
fn hint(exports: &[String]) -> String {
    let is_near = |interface: &Interface| {
        let name = interface.name();
        let unversioned = &name[..name.find('@').unwrap_or(name.len())];
        exports.iter().any(|export| export.split('@').next() == Some(unversioned))
    };
    match Interface::ALL.into_iter().find(is_near) {
        Some(near) => format!("it exports another version of {}", near.name()),
        None if exports.is_empty() => "it exports nothing; build it for a world of wit/".to_owned(),
        None => {
            let known = Interface::ALL.map(Interface::name).join(", ");
            format!("it exports {}, and none of {known}", exports.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn a_component_without_our_exports_gets_a_hint() {
        let hint = |exports: &[&str]| hint(&exports.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(
            hint(&["spindle:notify/provider@0.9.0"]),
            "it exports another version of spindle:notify/provider@1.0.0"
        );
        assert_eq!(hint(&["spindle:pricing/adjuster"]), "it exports another version of spindle:pricing/adjuster@1.0.0");
        assert!(
            hint(&["wasi:http/incoming-handler@0.2.0"])
                .starts_with("it exports wasi:http/incoming-handler@0.2.0, and none of")
        );
        assert!(hint(&[]).starts_with("it exports nothing"));
    }
}
