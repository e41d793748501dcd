//! A push: who is told what, and that it has its effect once.

use super::shop::{Shop, event, stands};
use crate::Event;
use crate::tick::Report;
use http::{Method, StatusCode};
use serde_json::json;
use spindle_contracts::event::{CloudEvent, OrderFulfilled};
use spindle_contracts::{OrderId, UserId};
use spindle_platform::trace::TraceContext;
use uuid::Uuid;

#[test]
fn a_push_reaches_who_listens_and_has_its_effect_once() {
    let shop = Shop::new();
    let (orders, told) = shop.request_payments(&["ok", "ok"]);
    shop.push(told);
    assert_eq!(shop.effects(), orders);
    assert_eq!(shop.inbox(), [stands("done", 1), stands("done", 1)]);
    // The next tick asks for all events since the beginning, and they are no news.
    assert_eq!(shop.tick(), Report::default());
    assert_eq!(shop.effects(), orders);
}

#[test]
fn a_copy_is_no_news() {
    let shop = Shop::new();
    let copy = event(1, json!(shop.request("ok")));
    assert_eq!(shop.send("orders", &[copy.clone(), copy.clone()]), StatusCode::ACCEPTED);
    assert_eq!(shop.send("orders", std::slice::from_ref(&copy)), StatusCode::ACCEPTED);
    assert_eq!(shop.send("gateway", &[copy]), StatusCode::ACCEPTED);
    assert_eq!((shop.effects().len(), shop.inbox()), (1, vec![stands("done", 1)]));
}

#[test]
fn a_push_of_many_comes_in_batches_and_a_larger_one_is_refused() {
    let shop = Shop::new();
    let (orders, told) = shop.request_payments(&["ok"; 101]);
    shop.push(told);
    assert_eq!(shop.effects(), orders);
    let calls = shop.platform.statements("payments").iter().filter(|sql| sql.contains("INSERT INTO inbox")).count();
    assert_eq!(calls, 2);
    let many: Vec<CloudEvent> = (1..=101).map(|number| event(number, json!({}))).collect();
    assert_eq!(shop.send("orders", &many), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(shop.inbox().len(), orders.len());
}

#[test]
fn an_event_of_another_service_spoils_the_whole_batch() {
    let shop = Shop::new();
    let own = event(1, json!(shop.request("ok")));
    let foreign = CloudEvent { source: "/catalog".to_owned(), ..event(2, json!({})) };
    assert_eq!(shop.send("orders", &[own, foreign]), StatusCode::FORBIDDEN);
    assert_eq!(shop.inbox(), []);
    // Who tells nothing to payments is not heard at all.
    let (status, _) = shop.ask("users", Method::POST, "/internal/payments/events", None);
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn what_is_not_for_it_is_passed_by() {
    let shop = Shop::new();
    let other = CloudEvent { kind: "OrderCreated".to_owned(), ..event(1, json!({})) };
    let unknown = CloudEvent { kind: "OrderSung".to_owned(), ..event(2, json!({})) };
    // Nobody but orders asks for payments.
    let pretended = CloudEvent { source: "/catalog".to_owned(), ..event(3, json!({})) };
    let no_source = CloudEvent { source: "orders".to_owned(), ..event(4, json!({})) };
    assert_eq!(shop.send("gateway", &[other, unknown, pretended, no_source]), StatusCode::ACCEPTED);
    assert_eq!(shop.inbox(), []);
}

#[test]
fn what_nobody_listens_to_is_kept_and_not_pushed() {
    let shop = Shop::new();
    let id = OrderId(Uuid::from_u128(9));
    let fulfilled = OrderFulfilled { order_id: id, user_id: UserId(Uuid::from_u128(1)), number: "S-9".to_owned() };
    let told = shop.tell(&shop.orders(), &[Event::new(id, &fulfilled)]);
    shop.push(told);
    assert_eq!(shop.platform.statements("payments"), [""; 0]);
}

#[test]
fn a_push_that_fails_costs_a_line_in_the_log() {
    let shop = Shop::new();
    let (_, told) = shop.request_payments(&["ok"]);
    shop.platform.set_variable("payments_url", "http://nowhere.spin.internal");
    shop.push(told);
    let logged = shop.platform.logged();
    assert!(logged.iter().any(|line| line.contains("events not pushed")), "{logged:?}");
    assert_eq!(shop.tick().pulled, 1);
}

#[test]
fn the_trace_and_the_request_go_on_in_the_handler_and_in_what_it_tells() {
    let shop = Shop::new();
    let context = shop.orders();
    let data = shop.request("tells");
    let told = shop.tell(&context, &[Event::new(data.order_id, &data)]);
    shop.push(told);
    let effects: Vec<(String, String)> = shop.rows("SELECT trace, request_id FROM effects");
    let told: Vec<(String, String)> = shop.rows("SELECT traceparent, request_id FROM outbox");
    assert_eq!(effects, told);
    let [(trace, request_id)] = effects.as_slice() else { panic!("one effect: {effects:?}") };
    let trace = TraceContext::parse(trace).unwrap();
    assert_eq!((trace.trace_id(), request_id.as_str()), (context.trace().trace_id(), context.request_id()));
    assert_ne!(trace, context.trace());
}
