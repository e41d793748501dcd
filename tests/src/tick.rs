//! Ticks: nothing ticks an instance that a test starts, so a test says when.

use serde_json::Value;
use xtask::http;
use xtask::tick::Ticker;

use crate::instance::SERVICE_SECRET;
use crate::{Client, Instance, Target};

/// Ticks the instance that `client` asks, whose services share `secret`; what each service says that it has done, by its name.
///
/// # Panics
///
/// If a service could not do its part.
pub fn tick(client: &Client, secret: &str) -> Value {
    Ticker::new(&http::Client::new(client.base()), secret.to_owned()).tick().expect("every service does its part")
}

impl Instance {
    /// One tick, and what each service says that it has done, by its name.
    ///
    /// # Panics
    ///
    /// If a service could not do its part.
    pub fn tick(&self) -> Value {
        tick(&self.client(), SERVICE_SECRET)
    }
}

impl Target {
    /// One tick of the instance that was started for the suite. Another is ticked by whoever started it.
    ///
    /// # Panics
    ///
    /// If a service could not do its part.
    pub fn tick(&self) {
        if self.is_started_here() {
            tick(self.client(), SERVICE_SECRET);
        }
    }
}
