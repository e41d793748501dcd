//! Events over Redis: they reach the gateway, also after a crash of the server or the relay.

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

/// The time limit of each step.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Returns the relay between `redis` and `instance`.
fn relay(state: &Path, redis: &RedisServer, instance: &Instance) -> Relay {
    Relay::new(&Workspace::locate(), Mode::Release, state, &instance.env_file(), &redis.url(), instance.url())
        .expect("the relay can be started")
}

/// Watches over `relay` until `done` holds.
fn watch_until(relay: &mut Relay, what: &str, mut done: impl FnMut(&Relay) -> bool) {
    let start = Instant::now();
    while !done(relay) {
        relay.watch(|_| ()).expect("the relay can be started");
        assert!(start.elapsed() < TIMEOUT, "not {what} after {TIMEOUT:?}: {}", relay.log());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Returns a batch of one event of the order `subject`, which no service consumes.
fn batch(subject: &str) -> String {
    json!([{
        "specversion": "1.0", "id": subject, "source": "/orders", "type": "OrderCreated", "subject": subject,
        "time": "2026-11-22T20:01:19.012Z", "datacontenttype": "application/json", "sequence": "1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": {},
    }])
    .to_string()
}

/// Returns `content` signed as a service publishes it.
fn signed(content: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SERVICE_SECRET.as_bytes()).expect("any length is a key");
    let sum = mac.chain_update(b"spindle events\0").chain_update(content).finalize().into_bytes();
    format!("{}\n{content}", base16ct::lower::encode_string(&sum))
}

/// Returns the number of messages that the gateway has handled with `status`.
fn handled(instance: &Instance, status: u16) -> usize {
    let status = format!("\"http.response.status_code\":{status},");
    instance.log().lines().filter(|line| line.contains("\"/internal/events\"") && line.contains(&status)).count()
}

#[test]
fn a_published_event_reaches_the_gateway_after_a_crash_of_redis_or_the_relay() {
    let Some(mut redis) =
        RedisServer::start("a_published_event_reaches_the_gateway_after_a_crash_of_redis_or_the_relay")
    else {
        return;
    };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let mut relay = relay(state.path(), &redis, &instance);
    let reaches = |relay: &mut Relay, redis: &RedisServer, count: usize| {
        watch_until(relay, "up", Relay::is_subscribed);
        assert_eq!(redis.publish(CHANNEL, &signed(&batch(&format!("o-{count}")))), 1, "one relay receives it");
        watch_until(relay, "handled", |_| handled(&instance, 202) == count);
    };
    reaches(&mut relay, &redis, 1);

    relay.kill().expect("the relay can be killed");
    assert_eq!(redis.publish(CHANNEL, &signed(&batch("lost"))), 0);
    reaches(&mut relay, &redis, 2);

    redis.kill();
    watch_until(&mut relay, "gone", |relay| !relay.is_subscribed());
    redis.restart();
    reaches(&mut relay, &redis, 3);
}

#[test]
fn an_event_that_no_service_has_signed_is_dropped() {
    let Some(redis) = RedisServer::start("an_event_that_no_service_has_signed_is_dropped") else { return };
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let mut relay = relay(state.path(), &redis, &instance);
    watch_until(&mut relay, "up", Relay::is_subscribed);
    let forged = signed(&batch("o-1")).replace("o-1", "o-2");
    let bad =
        [String::new(), batch("o-1"), forged, signed("no JSON"), signed("{}"), signed(r#"[{"specversion":"1.0"}]"#)];
    for message in &bad {
        redis.publish(CHANNEL, message);
    }
    redis.publish(CHANNEL, &signed(&batch("o-1")));
    watch_until(&mut relay, "handled", |_| handled(&instance, 202) == 1);
    let dropped = |relay: &Relay| relay.log().lines().filter(|line| line.contains("events not relayed")).count();
    watch_until(&mut relay, "finished with the unsigned messages", |relay| dropped(relay) == bad.len());
}
