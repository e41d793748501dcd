//! Asking for what no push has brought.

use super::shop::{Shop, event, stands};
use crate::Event;
use crate::inbox;
use crate::outbox::{PAGE, Page};
use crate::pull::pull;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::event::{CloudEvent, OrderFulfilled};
use spindle_contracts::{OrderId, UserId};
use spindle_platform::http::{Response, empty, json as with_json};
use std::time::Instant;
use uuid::Uuid;

fn cursor(shop: &Shop) -> i64 {
    block_on(async { inbox::cursor(&shop.db().await, "orders").await.unwrap() })
}

/// Lets orders answer with `response` whatever it is asked.
fn orders_answers(shop: &Shop, response: impl Fn() -> Response + 'static) {
    shop.platform.serve("orders.spin.internal", move |_| {
        let response = response();
        Box::pin(async { response })
    });
}

#[test]
fn a_tick_makes_up_for_lost_pushes_page_by_page() {
    let shop = Shop::new();
    let (mut orders, told) = shop.request_payments(&["ok"; PAGE * 2 + 50]);
    drop(told);
    let report = shop.tick();
    assert_eq!((report.pulled, report.handled, report.waiting), (250, 250, 0));
    let mut effects = shop.effects();
    orders.sort_unstable();
    effects.sort_unstable();
    assert!(effects == orders, "each had its effect, once");
    assert_eq!(cursor(&shop), 250);
    let pages = shop.platform.statements("orders").iter().filter(|sql| sql.contains("seq > ?1")).count();
    assert_eq!(pages, 3);
    assert_eq!(shop.tick().pulled, 0);
}

#[test]
fn a_lost_push_among_others_is_made_up_for() {
    let shop = Shop::new();
    let (lost, told) = shop.request_payments(&["ok"]);
    drop(told);
    let (pushed, told) = shop.request_payments(&["ok"]);
    shop.push(told);
    assert_eq!(shop.effects(), pushed);
    assert_eq!(shop.tick().pulled, 1);
    assert_eq!(shop.effects(), [pushed, lost].concat());
}

#[test]
fn the_cursor_goes_past_what_is_for_others_and_never_back() {
    let shop = Shop::new();
    let id = OrderId(Uuid::from_u128(9));
    let fulfilled = OrderFulfilled { order_id: id, user_id: UserId(Uuid::from_u128(1)), number: "S-9".to_owned() };
    let _ = shop.tell(&shop.orders(), &[Event::new(id, &fulfilled), Event::new(id, &fulfilled)]);
    assert_eq!((shop.tick().pulled, cursor(&shop)), (0, 2));
    block_on(async { inbox::set_cursor(&shop.db().await, "orders", 1).await.unwrap() });
    assert_eq!(cursor(&shop), 2);
    block_on(async { inbox::set_cursor(&shop.db().await, "orders", 3).await.unwrap() });
    assert_eq!(cursor(&shop), 3);
}

#[test]
fn a_service_that_does_not_answer_holds_up_nothing_else() {
    let shop = Shop::with(&[("broken", "card"), ("event_retry_base_ms", "0")]);
    let (orders, told) = shop.request_payments(&["card"]);
    shop.push(told);
    shop.platform.set_variable("broken", "");
    orders_answers(&shop, || empty(StatusCode::INTERNAL_SERVER_ERROR));
    let report = shop.tick();
    assert_eq!((report.pulled, report.handled, shop.effects()), (0, 1, orders));
    assert_eq!(cursor(&shop), 0);
    assert!(shop.platform.logged().iter().any(|line| line.contains("orders answered 500")));
}

#[test]
fn what_an_answer_has_of_others_is_not_kept() {
    let shop = Shop::new();
    let request = json!(shop.request("ok"));
    orders_answers(&shop, move || {
        let foreign = CloudEvent { source: "/catalog".to_owned(), ..event(1, request.clone()) };
        let other = CloudEvent { kind: "OrderCreated".to_owned(), ..event(2, json!({})) };
        let page = Page { events: vec![foreign, other, event(3, request.clone())], next: 3 };
        with_json(StatusCode::OK, &page)
    });
    assert_eq!((shop.tick().pulled, cursor(&shop)), (1, 3));
    assert_eq!(shop.inbox(), [stands("done", 1)]);
}

#[test]
fn an_answer_that_leads_nowhere_is_not_asked_for_again() {
    let shop = Shop::new();
    orders_answers(&shop, || {
        let events = (1..=PAGE as u128).map(|number| event(number, json!({}))).collect();
        with_json(StatusCode::OK, &Page { events, next: 0 })
    });
    assert_eq!((shop.tick().pulled, cursor(&shop)), (0, 0));
}

#[test]
fn nobody_is_asked_once_the_time_is_over() {
    let shop = Shop::new();
    drop(shop.request_payments(&["ok"]));
    let pulled = block_on(async { pull(&shop.payments(), &shop.db().await, Instant::now()).await });
    assert_eq!((pulled, cursor(&shop)), (0, 0));
}

#[test]
fn who_asks_says_from_where_on() {
    let shop = Shop::new();
    for query in ["", "?after=", "?after=x", "?after=1&after=2", "?before=3"] {
        let request = http::Request::get(format!("/internal/orders/events{query}")).body(bytes::Bytes::new()).unwrap();
        let context = shop.payments();
        let answer = block_on(context.client().call("orders", request, std::time::Duration::from_secs(1))).unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}
