//! Events over Redis: they come through, and neither the server nor the relay is needed for long.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;
use spindle_tests::Instance;
use spindle_tests::instance::SERVICE_SECRET;
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

/// Signs `content` as a service with the secret of the tests would publish it (crates/events/src/signature.rs).
fn sealed(content: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SERVICE_SECRET.as_bytes()).expect("any length is a key");
    let sum = mac.chain_update(b"spindle events\0").chain_update(content).finalize().into_bytes();
    format!("{}\n{content}", base16ct::lower::encode_string(&sum))
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
        watch_until(relay, "up", Relay::is_subscribed);
        assert_eq!(redis.publish(CHANNEL, &sealed(&batch(&format!("o-{count}")))), 1, "one relay hears it");
        watch_until(relay, "taken", |_| taken(&instance, 202) == count);
    };
    reaches(&mut relay, &redis, 1);

    relay.kill().expect("the relay can be killed");
    assert_eq!(redis.publish(CHANNEL, &sealed(&batch("nobody hears it"))), 0);
    reaches(&mut relay, &redis, 2);

    redis.kill();
    watch_until(&mut relay, "gone", |relay| !relay.is_subscribed());
    redis.restart();
    reaches(&mut relay, &redis, 3);
}

#[test]
fn what_no_service_has_published_is_dropped_and_stops_nothing() {
    let Some(redis) = RedisServer::start("what_no_service_has_published_is_dropped_and_stops_nothing") else { return };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let mut relay = relay(state.path(), &redis, &instance);
    watch_until(&mut relay, "up", Relay::is_subscribed);
    let forged = sealed(&batch("o-1")).replace("o-1", "o-2");
    let bad =
        [String::new(), batch("o-1"), forged, sealed("no JSON"), sealed("{}"), sealed(r#"[{"specversion":"1.0"}]"#)];
    for message in &bad {
        redis.publish(CHANNEL, message);
    }
    redis.publish(CHANNEL, &sealed(&batch("o-1")));
    watch_until(&mut relay, "taken", |_| taken(&instance, 202) == 1);
    let dropped = |relay: &Relay| relay.log().lines().filter(|line| line.contains("events not relayed")).count();
    watch_until(&mut relay, "told of all that was dropped", |relay| dropped(relay) == bad.len());
}
