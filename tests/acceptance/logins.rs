//! Check 20: twenty concurrent logins finish in time, and reads are hardly slower meanwhile. The short form, beside which other tests run, has eight.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, millis, quantile, read_until, scale};
use spindle_tests::{Account, Client, Instance};

/// The path of the reads.
const ME: &str = "/v1/users/me";

/// The slowest that 95 of 100 logins may be.
const MAX_P95: Duration = Duration::from_millis(2500);

/// The largest factor by which a read may be slower meanwhile.
const MAX_SLOWDOWN: f64 = 1.2;

/// The time of reads without logins before each round.
const ALONE: Duration = Duration::from_millis(500);

#[test]
fn concurrent_logins_finish_in_time_and_hardly_slow_reads_down() {
    let (rounds, concurrent) = (scale(1, 10), scale(8, 20));
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let user = instance.accounts().customer("reader");
    let clients: Vec<Client> = (0..concurrent).map(|_| instance.client()).collect();

    let (mut alone, mut meanwhile, mut logins) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        // In turn, so that other load of the machine affects both.
        let begin = Instant::now();
        alone.extend(read_until(&user.client, ME, || begin.elapsed() > ALONE));
        thread::scope(|scope| {
            let running = scope.spawn(|| log_in_concurrently(&clients, &user));
            meanwhile.extend(read_until(&user.client, ME, || running.is_finished()));
            logins.extend(running.join().expect("every login succeeds"));
        });
    }

    let (login_p50, login_p95) = (quantile(&mut logins, 0.5), quantile(&mut logins, 0.95));
    let (read_alone, read_meanwhile) = (quantile(&mut alone, 0.5), quantile(&mut meanwhile, 0.5));
    let slowdown = read_meanwhile.as_secs_f64() / read_alone.as_secs_f64();
    figures(
        &format!("logins: {concurrent} at once, and a reader"),
        &[
            ("logins", &logins.len()),
            ("login p50 (ms)", &millis(login_p50)),
            ("login p95 (ms)", &millis(login_p95)),
            ("read p50, alone (ms)", &millis(read_alone)),
            ("read p50, meanwhile (ms)", &millis(read_meanwhile)),
            ("read p95, alone (ms)", &millis(quantile(&mut alone, 0.95))),
            ("read p95, meanwhile (ms)", &millis(quantile(&mut meanwhile, 0.95))),
            ("times as slow", &format!("{slowdown:.2}")),
        ],
    );
    assert!(!is_full() || login_p95 <= MAX_P95, "{login_p95:?}");
    assert!(!is_full() || slowdown <= MAX_SLOWDOWN, "reads were {slowdown:.2} times as slow");
}

/// Logs in concurrently, and returns the time that each login took.
fn log_in_concurrently(clients: &[Client], user: &Account) -> Vec<Duration> {
    let barrier = Barrier::new(clients.len());
    thread::scope(|scope| {
        let logins: Vec<_> = clients
            .iter()
            .map(|client| {
                scope.spawn(|| {
                    barrier.wait();
                    let start = Instant::now();
                    Account::log_in(client, &user.email, &user.password);
                    start.elapsed()
                })
            })
            .collect();
        logins.into_iter().map(|login| login.join().expect("every login succeeds")).collect()
    })
}
