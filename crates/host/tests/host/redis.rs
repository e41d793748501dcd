//! Redis triggers as in Spin: serial, without retries, and without a second connection.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::Duration;

use spindle_host::{RedisConsumer, RunningApp, start};

use crate::binary::command;
use crate::redis_server::RedisServer;
use crate::support::{Captured, TestApp};

/// The component `consumer` on the channel that a variable names.
const CONSUMER_APP: &str = "[variables]\nchannel = { default = \"things\" }\nserver = { required = true }\n\
    [application.trigger.redis]\naddress = \"{{ server }}\"\n\
    [[trigger.redis]]\nchannel = \"{{ channel }}\"\ncomponent = \"consumer\"\n\
    [component.consumer]\nsource = \"{consumer}\"\n";

fn app(server: &RedisServer) -> TestApp {
    let app = TestApp::new(CONSUMER_APP);
    app.write(".env", &format!("SPIN_VARIABLE_SERVER={}\n", server.url()));
    app
}

async fn start_consumer(app: &TestApp, out: &Captured) -> RedisConsumer {
    let mut options = app.options();
    options.stdout = out.target();
    match start(options).await.unwrap() {
        RunningApp::Redis(consumer) => consumer,
        RunningApp::Http(host) => panic!("it serves {}", host.url()),
    }
}

/// Publishes each of `messages`, and returns the number of subscribers that received the last.
fn publish(server: &RedisServer, messages: &[&str]) -> usize {
    let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
    let publish = |message| redis::cmd("PUBLISH").arg("things").arg(message).query(&mut connection).unwrap();
    messages.iter().map(publish).last().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_handled_serially_and_dropped_when_they_fail() {
    let name = "messages_are_handled_serially_and_dropped_when_they_fail";
    let Some(server) = RedisServer::start(name) else { return };
    let (app, out) = (app(&server), Captured::default());
    let consumer = start_consumer(&app, &out).await;
    let channels: Vec<_> =
        consumer.channels().map(|(server, channels)| (server.to_owned(), channels.clone())).collect();
    let expected = [("things".to_owned(), vec!["consumer".to_owned()])].into();
    assert_eq!(channels, [(format!("127.0.0.1:{}", server.port), expected)]);

    assert_eq!(publish(&server, &["sleep", "fail", "trap", "last"]), 1);
    let running = tokio::spawn(consumer.run());
    tokio::time::timeout(Duration::from_secs(20), async {
        while !out.text().contains("ends last") {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    let expected = "begins sleep\nends sleep\nbegins fail\nbegins trap\nbegins last\nends last\n";
    assert_eq!(out.text(), expected);

    drop(server);
    assert!(running.await.unwrap().to_string().starts_with("disconnected from 127.0.0.1:"));
}

#[test]
fn the_binary_prints_its_channels_and_fails_when_the_connection_is_lost() {
    let name = "the_binary_prints_its_channels_and_fails_when_the_connection_is_lost";
    let Some(server) = RedisServer::start(name) else { return };
    let app = app(&server);
    let mut child = command(&app.path("spin.toml")).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), format!("Active Channels on 127.0.0.1:{}:", server.port));
    assert_eq!(lines.next().unwrap(), format!("\t127.0.0.1:{}/things: [consumer]", server.port));
    publish(&server, &["hello"]);
    assert_eq!([lines.next().unwrap(), lines.next().unwrap()], ["begins hello", "ends hello"]);

    drop(server);
    assert!(!child.wait().unwrap().success());
    let mut printed = String::new();
    child.stderr.take().unwrap().read_to_string(&mut printed).unwrap();
    assert!(printed.trim_end().lines().last().unwrap().starts_with("error: disconnected from 127.0.0.1:"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_is_reported_at_once_without_its_password() {
    let app = TestApp::new(CONSUMER_APP);
    app.write(".env", "SPIN_VARIABLE_SERVER=redis://:hunter2@127.0.0.1:1\n");
    let line = app.refusal().await;
    assert!(line.starts_with("Redis trigger failed to connect to 127.0.0.1:1"), "{line}");
    app.write(".env", "SPIN_VARIABLE_SERVER=hunter2\n");
    assert_eq!(app.refusal().await, "the address of a Redis trigger is no Redis URL");
}

#[tokio::test]
async fn an_invalid_redis_trigger_is_refused() {
    let refusal = async |manifest: &str| TestApp::new(manifest).refusal().await;
    let trigger = "[[trigger.redis]]\nchannel = \"things\"\naddress = \"redis://127.0.0.1:1\"\n";
    let both = format!(
        "{trigger}component = \"consumer\"\n[[trigger.http]]\nroute = \"/...\"\ncomponent = \"consumer\"\n\
         [component.consumer]\nsource = \"{{consumer}}\"\n"
    );
    assert!(refusal(&both).await.contains("in one application are not supported"));
    let requests = format!("{trigger}component = \"probe\"\n[component.probe]\nsource = \"{{probe}}\"\n");
    assert!(refusal(&requests).await.contains("does not export fermyon:spin/inbound-redis"));
    let unknown = refusal(&format!("{trigger}component = \"unknown\"\n")).await;
    assert!(unknown.ends_with("component \"unknown\" does not exist"), "{unknown}");
    let nowhere = "[[trigger.redis]]\nchannel = \"things\"\ncomponent = \"consumer\"\n\
                   [component.consumer]\nsource = \"{consumer}\"\n";
    assert!(refusal(nowhere).await.ends_with("has no address, and neither has application.trigger.redis"));
}
