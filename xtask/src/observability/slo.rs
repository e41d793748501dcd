//! The objectives in `observability/slo.yaml`, in the form `prometheus/v1` of sloth.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The objectives of Spindle.
#[derive(Debug, Deserialize)]
pub struct Slos {
    /// The objectives, in the order of the file.
    pub slos: Vec<Slo>,
}

/// An objective.
#[derive(Debug, Deserialize)]
pub struct Slo {
    /// Its name, such as `orders-latency`.
    pub name: String,
    /// The share of good events, in percent.
    pub objective: f64,
    /// A sentence for people.
    pub description: String,
    /// `service_name`, if it is about one service.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What is measured.
    pub sli: Indicator,
    /// The alerts.
    pub alerting: Alerting,
}

/// The indicator of an objective.
#[derive(Debug, Deserialize)]
pub struct Indicator {
    /// Its queries.
    pub events: Query,
}

/// The queries of an indicator, with `{{.window}}` in the place of the window.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// The rate of bad events.
    pub error_query: String,
    /// The rate of all events.
    pub total_query: String,
}

/// The alerts of an objective.
#[derive(Debug, Deserialize)]
pub struct Alerting {
    /// Their name.
    pub name: String,
    /// Their texts.
    pub annotations: Annotations,
}

/// The texts of an alert.
#[derive(Debug, Deserialize)]
pub struct Annotations {
    /// One sentence.
    pub summary: String,
    /// The numbers.
    pub description: String,
    /// The address of the runbook.
    pub runbook_url: String,
}

impl Slos {
    /// Reads `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read or has another form.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_saphyr::from_str(&text).with_context(|| format!("{} has no objectives", path.display()))
    }

    /// Returns the services that have objectives, in the order of the file.
    pub fn services(&self) -> Vec<&str> {
        let mut services = Vec::new();
        for service in self.slos.iter().filter_map(Slo::service) {
            if !services.contains(&service) {
                services.push(service);
            }
        }
        services
    }

    /// Returns the objective `name`.
    pub fn named(&self, name: &str) -> Option<&Slo> {
        self.slos.iter().find(|slo| slo.name == name)
    }
}

impl Slo {
    /// Returns the service that it is about; `None` for the whole platform.
    pub fn service(&self) -> Option<&str> {
        self.labels.get("service_name").map(String::as_str)
    }

    /// Returns the objective as a share of 1.
    pub fn objective_ratio(&self) -> f64 {
        // In the decimals that the file has: 99.9 / 100 is not 0.999.
        (self.objective * 1_000.0).round() / 100_000.0
    }

    /// Returns the time in seconds that a good event takes at most, which is the bucket of its query; `None` if it is not about a time.
    pub fn limit(&self) -> Option<f64> {
        let (_, rest) = self.sli.events.error_query.split_once("le=\"")?;
        rest.split('"').next()?.parse().ok()
    }
}
