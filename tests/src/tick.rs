//! Ticks: an instance that a test starts has no clock, so the test ticks it.

use serde_json::Value;
use xtask::http;
use xtask::tick::Ticker;

use crate::instance::SERVICE_SECRET;
use crate::{Client, Instance, Target};

/// Ticks the instance of `client`, whose services share `secret`. Returns the report of each service, by its name.
///
/// # Panics
///
/// If a service fails.
pub fn tick(client: &Client, secret: &str) -> Value {
    Ticker::new(&http::Client::new(client.base()), secret.to_owned()).tick().expect("every service handles the tick")
}

impl Instance {
    /// Ticks it once. Returns the report of each service, by its name.
    ///
    /// # Panics
    ///
    /// If a service fails.
    pub fn tick(&self) -> Value {
        tick(&self.client(), SERVICE_SECRET)
    }
}

impl Target {
    /// Ticks the instance once if it was started for the suite. An external instance has its own clock.
    ///
    /// # Panics
    ///
    /// If a service fails.
    pub fn tick(&self) {
        if self.is_started_here() {
            tick(self.client(), SERVICE_SECRET);
        }
    }
}
