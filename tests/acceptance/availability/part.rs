//! An instance with all its parts, each of which can be taken away while it runs: the server of a database and Redis are killed, a provider closes
//! each connection without a response.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use spindle_tests::acceptance::is_full;
use spindle_tests::instance::place_stores;
use spindle_tests::libsql::Servers;
use spindle_tests::payment_service::PaymentService;
use spindle_tests::recorder::Recorder;
use spindle_tests::redis::RedisServer;
use spindle_tests::{Client, Instance};
use tempfile::TempDir;
use xtask::build::WASM_TARGET;
use xtask::store::LibsqlServer;
use xtask::workspace::Workspace;

/// The token with which monitoring reads the report on health, also while no access token can be checked.
const METRICS_TOKEN: &str = "a token of monitoring that only the tests know, of 32 bytes";

/// The pause between two reports on health.
const PAUSE: Duration = Duration::from_millis(20);

/// A part that is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Database(&'static str),
    KeyValue,
    PaymentProvider,
    NotificationProvider,
}

impl Part {
    pub(super) const ALL: [Self; 9] = [
        Self::Database("auth"),
        Self::Database("users"),
        Self::Database("catalog"),
        Self::Database("orders"),
        Self::Database("payments"),
        Self::Database("notifications"),
        Self::KeyValue,
        Self::PaymentProvider,
        Self::NotificationProvider,
    ];

    /// Returns the title of its column.
    pub(super) fn title(self) -> String {
        match self {
            Self::Database(label) => format!("database of {label}"),
            Self::KeyValue => "key-value".to_owned(),
            Self::PaymentProvider => "payment provider".to_owned(),
            Self::NotificationProvider => "notification provider".to_owned(),
        }
    }

    /// Returns the kind and the name under which the report on health has it while it is away.
    pub(super) fn reported(self) -> BTreeSet<(String, String)> {
        let part = match self {
            Self::Database(label) => Some(("database", label)),
            Self::KeyValue => Some(("key_value", "edge")),
            // A provider is away once its circuit breaker is open, which takes more failures.
            Self::PaymentProvider | Self::NotificationProvider => None,
        };
        part.map(|(kind, name)| (kind.to_owned(), name.to_owned())).into_iter().collect()
    }
}

/// An instance with all its parts.
pub(super) struct Platform {
    instance: Instance,
    monitoring: Client,
    servers: Arc<Servers>,
    redis: RedisServer,
    payments: PaymentService,
    sends_nothing: Arc<AtomicBool>,
    _state: TempDir,
}

impl Platform {
    /// Starts it for the test `test`. `None`: there is no Redis on this machine, and the test is skipped.
    pub(super) fn start(test: &str) -> Option<Self> {
        let redis = RedisServer::start(test)?;
        let state = tempfile::tempdir().expect("a temp folder");
        let kind = if is_full() { LibsqlServer::find().expect("a server") } else { LibsqlServer::Double };
        let servers = Servers::start(&kind, state.path());
        let (payments, sends_nothing) = (PaymentService::start(), Arc::new(AtomicBool::new(false)));
        let is_away = sends_nothing.clone();
        let messages =
            Recorder::start(move |_| (if is_away.load(Ordering::Relaxed) { 0 } else { 200 }, "{}".to_owned()));
        let endpoint = format!("{}/hook", messages.url());
        let mut variables = payments.variables().to_vec();
        variables.extend([
            ("metrics_token", METRICS_TOKEN),
            ("notify_sms_host", messages.url()),
            ("notify_sms_endpoint", &endpoint),
            ("notify_sms_key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s"),
            ("notify_sms_allow_private", "true"),
        ]);
        let webhook = Workspace::locate().target_dir().join(WASM_TARGET).join("release/notify_webhook.wasm");
        let providers = [("notify-sms", webhook.as_path()), ("payment-provider", &PaymentService::provider())];
        let instance = Instance::with_providers_and_config(state.path(), &variables, &providers, |config| {
            place_stores(config, &redis);
        });
        let monitoring = instance.client().as_user(METRICS_TOKEN);
        Some(Self { instance, monitoring, servers, redis, payments, sends_nothing, _state: state })
    }

    pub(super) fn instance(&self) -> &Instance {
        &self.instance
    }

    pub(super) fn take_away(&mut self, part: Part) {
        match part {
            Part::Database(label) => self.servers.get(label).kill(),
            Part::KeyValue => self.redis.kill(),
            Part::PaymentProvider => self.payments.lose_every(1),
            Part::NotificationProvider => self.sends_nothing.store(true, Ordering::Relaxed),
        }
    }

    pub(super) fn bring_back(&mut self, part: Part) {
        match part {
            Part::Database(label) => self.servers.get(label).restart(),
            Part::KeyValue => self.redis.restart(),
            Part::PaymentProvider => self.payments.lose_every(0),
            Part::NotificationProvider => self.sends_nothing.store(false, Ordering::Relaxed),
        }
    }

    /// Returns the kind and the name of each part that is not ok in the report on health.
    pub(super) fn failing_parts(&self) -> BTreeSet<(String, String)> {
        let report = self.monitoring.get("/v1/admin/health").expect_status(200).json();
        let services = report["services"].as_array().expect("services are a list");
        let parts = services.iter().flat_map(|service| service["parts"].as_array().expect("parts are a list").clone());
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        parts.filter(|part| part["state"] != "ok").map(|part| (text(&part["kind"]), text(&part["name"]))).collect()
    }

    /// Waits until the report on health names no part.
    ///
    /// # Panics
    ///
    /// If it still does at the time limit.
    pub(super) fn wait_until_healthy(&self, limit: Duration) {
        let begin = Instant::now();
        loop {
            let failing = self.failing_parts();
            if failing.is_empty() {
                return;
            }
            assert!(begin.elapsed() < limit, "still away: {failing:?}");
            thread::sleep(PAUSE);
        }
    }
}
