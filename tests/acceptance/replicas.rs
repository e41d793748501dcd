//! Three replicas on the same servers of libSQL and one Redis, behind HAProxy, are one platform: they start at once on empty databases, share what
//! they must, and lose nothing while one after another crashes, is replaced, or loses Redis or a database, under load.

mod load;
mod platform;
mod shared;
mod throughput;

use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::haproxy::REPLICAS;
use spindle_tests::instance::{Failpoints, SERVICE_SECRET};
use spindle_tests::skip;
use xtask::host::Runtime;
use xtask::http;
use xtask::spin;
use xtask::store::LibsqlServer;
use xtask::tick::{self, Ticker};
use xtask::workspace::Workspace;

use self::load::{Load, pause};
use self::platform::Platform;
use crate::fixture::{TIMEOUT, is_alive};

const READERS: usize = 3;

/// More than the customers buy.
const PIECES: i64 = 1_000_000;

/// The requests of each client after each step: its orders are some, its reads are more by then.
const REQUESTS: usize = 3;

/// The reads of each reader while a part is away.
const READS: usize = 10;

/// The time between two looks at a replica that is to crash.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// The counts of requests that failed, and of the steps in which they did.
#[derive(Default)]
struct Report {
    crashes: usize,
    lost_at_crashes: usize,
    restarts: usize,
    lost_at_restarts: usize,
    drained: usize,
    delayed_without_redis: usize,
    delayed_without_databases: usize,
}

impl Platform {
    fn load(&self, product: &str) -> Load {
        let readers = (0..READERS).map(|_| self.client()).collect();
        // The servers do not stand as many writers of Spin, which does not let them take turns (ADR 67).
        let buyers = if self.is_host() { scale(1, READERS) } else { 1 };
        let buyers = (0..buyers).map(|number| self.fixture.customer(&self.client(), number)).collect();
        Load::start(readers, buyers, product, pause())
    }

    /// A replica is killed, and another crashes at each of these failpoints: at most the requests in flight fail.
    fn crash(&mut self, load: &Load, failpoints: &[usize], report: &mut Report) {
        self.take(1).kill();
        load.go_on(REQUESTS);
        report.lost_at_crashes += load.expect_only_in_flight("a replica is killed");
        self.fill(1, None);
        report.crashes += 1;
        // Spin has no failpoints.
        let failpoints = if self.is_host() { failpoints } else { &[] };
        for number in failpoints {
            self.balancer.drain(2);
            self.take(2).stop();
            self.fill(2, Some(Failpoints::CrashAt(*number)));
            load.expect_none("a replica is replaced");
            let replica = self.replica(2);
            replica.arm_failpoints();
            let (client, begin) = (replica.client(), Instant::now());
            while is_alive(&client) {
                assert!(begin.elapsed() < TIMEOUT, "no crash at failpoint {number}");
                thread::sleep(POLL_INTERVAL);
            }
            load.go_on(REQUESTS);
            report.lost_at_crashes += load.expect_only_in_flight("a replica crashes");
            drop(self.take(2));
            self.fill(2, None);
            report.crashes += 1;
        }
        // A replica that crashed leaves the locks of its transactions to the servers for some seconds.
        load.calm(REQUESTS, "a replica that crashed is back");
    }

    /// Replicas are replaced one after another, those whose balancer drains them without a request that fails.
    fn roll(&mut self, load: &Load, replicas: usize, report: &mut Report) {
        for number in 0..replicas {
            self.balancer.drain(number);
            self.take(number).stop();
            load.go_on(REQUESTS);
            self.fill(number, None);
            load.go_on(REQUESTS);
            load.expect_none("a replica is drained and replaced");
            report.drained += 1;
        }
        for number in 0..replicas {
            self.take(number).stop();
            load.go_on(REQUESTS);
            self.fill(number, None);
            report.lost_at_restarts += load.expect_only_in_flight("a replica is stopped");
            report.restarts += 1;
        }
        load.go_on(REQUESTS);
        load.expect_none("all replicas are back");
    }

    /// Redis ends, and comes back empty.
    fn lose_redis(&mut self, load: &Load, report: &mut Report) {
        self.redis.kill();
        // On Spin a request waits for Redis.
        if self.is_host() {
            load.read_on(READS);
        }
        self.redis.restart();
        report.delayed_without_redis += load.calm(REQUESTS, "Redis was away");
    }

    /// The servers of these databases end, and come back.
    fn lose_databases(&self, load: &Load, labels: &[&str], report: &mut Report) {
        for label in labels {
            self.servers.get(label).kill();
            load.read_on(READS);
            self.servers.get(label).restart();
            report.delayed_without_databases += load.calm(REQUESTS, label);
        }
    }
}

fn three_replicas_are_one_platform(test: &str, runtime: Runtime) {
    let server = if is_full() { LibsqlServer::find().expect("a server") } else { LibsqlServer::Double };
    let Some(mut platform) = Platform::start(test, runtime, &server) else { return };
    let product = platform.stock(PIECES);
    let mut placed = vec![shared::check(&platform, &product)];
    let failpoints = scale(&[20][..], &[3, 8, 13, 21, 34, 55, 89]);
    let mut report = Report::default();
    let clock = Ticker::new(&http::Client::new(&platform.balancer.url()), SERVICE_SECRET.to_owned());
    let clocks = [(); 2].map(|()| clock.clone().spawn(tick::EVERY, |_| ()));

    let load = platform.load(&product);
    load.go_on(REQUESTS);
    load.expect_none("all replicas run");
    platform.crash(&load, failpoints, &mut report);
    platform.roll(&load, scale(1, REPLICAS), &mut report);
    platform.lose_redis(&load, &mut report);
    platform.lose_databases(
        &load,
        scale(&["payments"], &["payments", "orders", "auth", "users", "notifications"]),
        &mut report,
    );
    let [reads, _] = load.done();
    placed.extend(load.end());
    if is_full() && platform.is_host() {
        placed.extend(throughput::measure(&mut platform, &product));
    }
    drop(clocks);

    platform.fixture.settle(platform.replica(0)).expect("the replicas run");
    let placed = platform.kill().check_placed(placed);
    figures(
        test,
        &[
            ("servers", &server),
            ("reads", &reads),
            ("orders, each there once", &placed),
            ("replicas killed or crashed", &report.crashes),
            ("requests that failed at that, of those in flight", &report.lost_at_crashes),
            ("replicas replaced after the balancer had drained them, without a failed request", &report.drained),
            ("replicas replaced without", &report.restarts),
            ("requests that failed at that, of those in flight", &report.lost_at_restarts),
            ("orders refused at first while Redis was away", &report.delayed_without_redis),
            ("orders refused at first while a database was away", &report.delayed_without_databases),
        ],
    );
}

#[test]
fn three_hosts_are_one_platform() {
    three_replicas_are_one_platform("three_hosts_are_one_platform", Runtime::Host(Workspace::locate().host_binary()));
}

#[test]
fn three_spins_are_one_platform() {
    let test = "three_spins_are_one_platform";
    // The short form is about what the hosts share, and CI has no Spin.
    match spin::find() {
        _ if !is_full() => {}
        Ok((program, _)) => three_replicas_are_one_platform(test, Runtime::Spin(program)),
        Err(_) => skip(test, "Spin"),
    }
}
