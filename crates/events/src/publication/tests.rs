//! Against the native backend: a push reaches its consumers over either transport, and a failed push is logged.

use super::{BATCH, CHANNEL, push};
use crate::signature::verify;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_contracts::event::CloudEvent;
use spindle_platform::http::{Params, empty};
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};
use std::cell::RefCell;
use std::rc::Rc;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn context(transport: &str) -> (Platform, Context) {
    let platform = Platform::native()
        .with_variable("service_token_secret", SECRET)
        .with_variable("payments_url", "http://payments.spin.internal")
        .with_variable("event_transport", transport)
        .with_variable("redis_address", "redis://127.0.0.1:6379")
        .build();
    let scope = Scope { service: "orders", migrations: &[] };
    let context = Context::new(platform.clone(), scope, "r-1".to_owned(), TraceContext::start([1; 24]));
    (platform, context)
}

/// Makes event `number` of orders; payments consumes one type of the two.
fn event(number: usize, kind: &str) -> CloudEvent {
    CloudEvent {
        specversion: CloudEvent::VERSION.to_owned(),
        id: format!("e-{number}"),
        source: CloudEvent::source_of("orders"),
        kind: kind.to_owned(),
        subject: "o-1".to_owned(),
        time: Timestamp::from_millis(0),
        datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
        sequence: number.to_string(),
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        requestid: "r-1".to_owned(),
        data: to_raw_value(&json!({})).unwrap(),
    }
}

/// Lets payments respond with `status`, and returns the ids of the events that it received, by request.
fn payments(platform: &Platform, status: StatusCode) -> Rc<RefCell<Vec<Vec<String>>>> {
    let received = Rc::new(RefCell::new(Vec::new()));
    let record = Rc::clone(&received);
    platform.serve("payments.spin.internal", move |request| {
        assert_eq!(request.path(), "/internal/payments/events");
        let record = Rc::clone(&record);
        let mut request = request.on_route(Params::default(), 1024 * 1024);
        Box::pin(async move {
            let events: Vec<CloudEvent> = serde_json::from_slice(&request.bytes().await.unwrap()).unwrap();
            record.borrow_mut().push(events.into_iter().map(|event| event.id).collect());
            empty(status)
        })
    });
    received
}

#[test]
fn over_http_each_consumer_receives_its_events_in_batches() {
    let (platform, context) = context("http");
    let received = payments(&platform, StatusCode::ACCEPTED);
    let mut events: Vec<CloudEvent> = (0..=BATCH).map(|number| event(number, "PaymentRequested")).collect();
    events.insert(1, event(1_000, "OrderCreated"));
    block_on(push(&context, events));
    let ids: Vec<String> = (0..=BATCH).map(|number| format!("e-{number}")).collect();
    assert_eq!(*received.borrow(), [&ids[..BATCH], &ids[BATCH..]]);
    assert_eq!((platform.published().len(), platform.logged().len()), (0, 0));
}

#[test]
fn over_redis_all_events_are_published_in_batches() {
    let (platform, context) = context("redis");
    let received = payments(&platform, StatusCode::ACCEPTED);
    let events: Vec<CloudEvent> = (0..=BATCH).map(|number| event(number, "PaymentRequested")).collect();
    block_on(push(&context, events.clone()));
    let published: Vec<(String, Value)> = platform
        .published()
        .into_iter()
        .map(|(channel, message)| (channel, serde_json::from_slice(verify(SECRET, &message).unwrap()).unwrap()))
        .collect();
    let channel = || CHANNEL.to_owned();
    assert_eq!(published, [(channel(), json!(events[..BATCH])), (channel(), json!(events[BATCH..]))]);
    assert!(received.borrow().is_empty());
}

#[test]
fn a_failed_push_is_only_logged() {
    let logged = |transport: &str, response: Option<StatusCode>| {
        let (platform, context) = context(transport);
        if let Some(status) = response {
            payments(&platform, status);
        }
        block_on(push(&context, vec![event(1, "PaymentRequested")]));
        let [line] = platform.logged().try_into().unwrap();
        assert!(line.contains("events not pushed"), "{line}");
        line
    };
    assert!(logged("http", Some(StatusCode::INTERNAL_SERVER_ERROR)).contains("payments answered 500"));
    assert!(logged("http", None).contains(r#""to":"payments""#));
    assert!(logged("pigeon", None).contains("neither http nor redis"));
}
