//! Events over Redis: they come through, and neither the server nor the relay is needed for long.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::Instance;
use spindle_tests::redis::RedisServer;
use xtask::build::Mode;
use xtask::relay::Relay;
use xtask::workspace::Workspace;

/// The channel of events.
const CHANNEL: &str = "spindle.events";

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The relay between `redis` and `instance`.
fn relay(state: &Path, redis: &RedisServer, instance: &Instance) -> Relay {
    Relay::new(&Workspace::locate(), Mode::Release, state, &instance.env_file(), &redis.url(), instance.url())
        .expect("the relay can be started")
}

/// Looks after `relay` until `done`.
fn watch_until(relay: &mut Relay, what: &str, mut done: impl FnMut(&Relay) -> bool) {
    let start = Instant::now();
    while !done(relay) {
        relay.watch(|_| ()).expect("the relay can be started");
        assert!(start.elapsed() < PATIENCE, "not {what} after {PATIENCE:?}: {}", relay.log());
        thread::sleep(Duration::from_millis(5));
    }
}

/// A batch of one event that nobody listens to, of the order `subject`.
fn batch(subject: &str) -> String {
    json!([{
        "specversion": "1.0", "id": subject, "source": "/orders", "type": "OrderCreated", "subject": subject,
        "time": "2026-11-22T20:01:19.012Z", "datacontenttype": "application/json", "sequence": "1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": {},
    }])
    .to_string()
}

/// How many messages the gateway has taken, with which status.
fn taken(instance: &Instance, status: u16) -> usize {
    let status = format!("\"status\":{status},");
    instance.log().lines().filter(|line| line.contains("\"/internal/events\"") && line.contains(&status)).count()
}

#[test]
fn what_is_published_reaches_the_gateway_whatever_was_killed_before() {
    let Some(mut redis) = RedisServer::start("what_is_published_reaches_the_gateway_whatever_was_killed_before") else {
        return;
    };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let mut relay = relay(state.path(), &redis, &instance);
    let reaches = |relay: &mut Relay, redis: &RedisServer, count: usize| {
        watch_until(relay, "up", Relay::hears);
        assert_eq!(redis.publish(CHANNEL, &batch(&format!("o-{count}"))), 1, "one relay hears it");
        watch_until(relay, "taken", |_| taken(&instance, 202) == count);
    };
    reaches(&mut relay, &redis, 1);

    relay.kill().expect("the relay can be killed");
    assert_eq!(redis.publish(CHANNEL, &batch("nobody hears it")), 0);
    reaches(&mut relay, &redis, 2);

    redis.kill();
    watch_until(&mut relay, "gone", |relay| !relay.hears());
    redis.restart();
    reaches(&mut relay, &redis, 3);
}

#[test]
fn what_is_no_event_is_dropped_and_stops_nothing() {
    let Some(redis) = RedisServer::start("what_is_no_event_is_dropped_and_stops_nothing") else { return };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let mut relay = relay(state.path(), &redis, &instance);
    watch_until(&mut relay, "up", Relay::hears);
    for message in ["", "no JSON", "{}", "[{\"specversion\":\"1.0\"}]"] {
        redis.publish(CHANNEL, message);
    }
    redis.publish(CHANNEL, &batch("o-1"));
    watch_until(&mut relay, "taken", |_| taken(&instance, 202) == 1);
    let dropped = relay.log().lines().filter(|line| line.contains("events not relayed")).count();
    assert_eq!(dropped, 4, "{}", relay.log());
}
