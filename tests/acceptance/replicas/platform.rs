//! Three replicas on the same servers of libSQL and one Redis, behind HAProxy.

use std::path::PathBuf;
use std::sync::Arc;

use spindle_tests::haproxy::{Haproxy, REPLICAS};
use spindle_tests::instance::Failpoints;
use spindle_tests::libsql::Servers;
use spindle_tests::payment_service::PaymentService;
use spindle_tests::redis::RedisServer;
use spindle_tests::{Client, Instance};
use xtask::host::Runtime;
use xtask::store::LibsqlServer;

use crate::fixture::{OrderFixture, SHORT_TIMEOUTS, concurrently};

/// The number of customers.
pub(super) const BUYERS: usize = 8;

/// The number of exports of a user that all replicas together admit.
pub(super) const EXPORTS: usize = 3;

/// The platform.
pub(super) struct Platform {
    runtime: Runtime,
    pub(super) fixture: OrderFixture,
    pub(super) servers: Arc<Servers>,
    pub(super) redis: RedisServer,
    pub(super) balancer: Haproxy,
    replicas: Vec<Option<Instance>>,
}

impl Platform {
    /// Starts all replicas at once, on empty databases. `None`: a program is not on this machine, and `test` is skipped.
    pub(super) fn start(test: &str, runtime: Runtime, server: &LibsqlServer) -> Option<Self> {
        let redis = RedisServer::start(test)?;
        let state = tempfile::tempdir().expect("a temp folder");
        let (servers, service) = (Servers::start(server, state.path()), PaymentService::start());
        let replicas = concurrently(REPLICAS, |_| {
            let provider = PaymentService::provider();
            let providers = [("payment-provider", provider.as_path())];
            Instance::replica(&runtime, state.path(), &variables(&service), &providers, &redis, None)
        });
        let urls: Vec<&str> = replicas.iter().map(Instance::url).collect();
        let balancer = Haproxy::start(test, urls.try_into().expect("as many as it has in its configuration"))?;
        let fixture = OrderFixture::of_instance(&replicas[0], state, service, BUYERS);
        let replicas = replicas.into_iter().map(Some).collect();
        Some(Self { runtime, fixture, servers, redis, balancer, replicas })
    }

    /// Creates a product with a stock of `pieces`, and returns its id.
    pub(super) fn stock(&mut self, pieces: i64) -> String {
        self.fixture.stock(self.replicas[0].as_ref().expect("the replica runs"), pieces)
    }

    /// Returns whether its replicas are embedded hosts.
    pub(super) fn is_host(&self) -> bool {
        matches!(self.runtime, Runtime::Host(_))
    }

    /// Returns a new client of the balancer.
    pub(super) fn client(&self) -> Client {
        Client::new(&self.balancer.url())
    }

    /// Returns the replica with this number.
    pub(super) fn replica(&self, number: usize) -> &Instance {
        self.replicas[number].as_ref().expect("the replica runs")
    }

    /// Takes the replica with this number out of the platform, without a word to the balancer.
    pub(super) fn take(&mut self, number: usize) -> Instance {
        self.replicas[number].take().expect("the replica runs")
    }

    /// Starts a replica in the place of one that was taken out, and waits until the balancer has found it.
    pub(super) fn fill(&mut self, number: usize, failpoints: Option<Failpoints>) {
        let provider: PathBuf = PaymentService::provider();
        let providers = [("payment-provider", provider.as_path())];
        let Self { runtime, fixture, redis, .. } = self;
        let variables = variables(&fixture.service);
        let replica = Instance::replica(runtime, fixture.state.path(), &variables, &providers, redis, failpoints);
        self.balancer.replace(number, replica.url());
        self.replicas[number] = Some(replica);
    }

    /// Kills all replicas, and returns the databases that they leave.
    pub(super) fn kill(self) -> OrderFixture {
        self.replicas.into_iter().flatten().for_each(Instance::kill);
        self.fixture
    }
}

fn variables(service: &PaymentService) -> Vec<(&'static str, &str)> {
    let exports = [("rate_limit_export", "3/3600"), ("trusted_proxies", "127.0.0.1")];
    assert!(exports[0].1.starts_with(&EXPORTS.to_string()), "the limit is the one that the test expects");
    SHORT_TIMEOUTS.into_iter().chain(exports).chain(service.variables()).collect()
}
