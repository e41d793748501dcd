//! What the tick goes on with.

use super::{LAMP, Shop, body};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::event::{PaymentAuthorized, PaymentVoided};

#[test]
fn an_order_that_nobody_answers_for_is_cancelled_in_time_and_says_when() {
    let shop = Shop::open();
    let path = shop.order();
    let awaiting = json!({
        "what": "The payment provider's answer. Without one, the order is cancelled by itself.",
        "until": "2023-11-14T22:28:20.000Z",
    });
    assert_eq!(body(&shop.get(&format!("{path}/timeline")))["awaiting"], awaiting);
    shop.platform.set_now(spindle_contracts::Timestamp::from_millis(super::START + 899_999));
    assert_eq!(shop.tick()["overdue"], json!(0));
    shop.set_seconds(900);
    assert_eq!(shop.tick()["overdue"], json!(1));
    assert_eq!(shop.tick()["overdue"], json!(0));
    assert_eq!(shop.kinds(&path)[2..], ["cancelled", "stock_released"]);
    assert_eq!(shop.catalog.borrow().available[LAMP], 10);
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderCancelled"]);
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.tell::<PaymentVoided>(&path, json!({}));
    assert_eq!((shop.status(&path), shop.awaits(&path)), ("cancelled".to_owned(), Value::Null));
}

#[test]
fn while_the_catalog_is_down_a_paid_order_waits_for_its_stock() {
    let shop = Shop::open();
    let path = shop.order();
    shop.catalog.borrow_mut().is_down = true;
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    assert_eq!(shop.inbox(), (0, 0), "the event is done");
    assert_eq!(shop.status(&path), "pending_payment");
    assert_eq!(shop.awaits(&path), "The payment is authorised, and the catalog has yet to confirm the stock.");
    // It is paid for: time is no reason any more.
    shop.set_seconds(1_000);
    assert_eq!((shop.tick()["overdue"].clone(), shop.status(&path)), (json!(0), "pending_payment".to_owned()));
    shop.catalog.borrow_mut().is_down = false;
    assert_eq!(shop.tick()["stock_taken"], json!(1));
    assert_eq!((shop.status(&path), shop.catalog.borrow().states()), ("paid".to_owned(), vec!["committed"]));
    assert_eq!(shop.pushed(), ["PaymentRequested", "OrderPaid"]);
    assert_eq!(shop.tick()["stock_taken"], json!(0));
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_again() {
    let shop = Shop::open();
    let path = shop.order();
    shop.catalog.borrow_mut().loses_answers = true;
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    assert_eq!((shop.status(&path), shop.catalog.borrow().states()), ("pending_payment".to_owned(), vec!["committed"]));
    shop.catalog.borrow_mut().loses_answers = false;
    shop.tick();
    assert_eq!(shop.status(&path), "paid");
}

#[test]
fn an_order_that_waits_for_its_stock_can_be_cancelled() {
    let shop = Shop::open();
    let path = shop.order();
    shop.catalog.borrow_mut().loses_answers = true;
    shop.tell::<PaymentAuthorized>(&path, json!({}));
    shop.catalog.borrow_mut().loses_answers = false;
    assert_eq!(shop.post(&format!("{path}/cancel")).status(), StatusCode::OK);
    shop.tick();
    assert_eq!((shop.status(&path), shop.catalog.borrow().states()), ("cancelled".to_owned(), vec!["released"]));
    assert_eq!(shop.catalog.borrow().available[LAMP], 10);
}

#[test]
fn stock_that_could_not_be_given_back_is_given_back_later() {
    let shop = Shop::open();
    let path = shop.order();
    shop.catalog.borrow_mut().is_down = true;
    let cancelled = shop.post(&format!("{path}/cancel"));
    assert_eq!((cancelled.status(), &body(&cancelled)["status"]), (StatusCode::OK, &json!("cancelled")));
    let waits = "The stock is still to be given back: the catalog has not confirmed it yet.";
    assert_eq!(shop.awaits(&path), waits);
    assert_eq!(shop.tick()["stock_released"], json!(0));
    shop.catalog.borrow_mut().is_down = false;
    assert_eq!(shop.tick()["stock_released"], json!(1));
    assert_eq!((shop.awaits(&path), shop.catalog.borrow().available[LAMP]), (Value::Null, 10));
    assert_eq!(shop.tick()["stock_released"], json!(0));
}

#[test]
fn a_tick_in_peace_does_nothing() {
    let shop = Shop::open();
    let path = shop.order();
    let (order, asked) = (body(&shop.get(&path)), shop.catalog.borrow().asked);
    let nothing = json!({ "overdue": 0, "stock_taken": 0, "stock_released": 0, "abandoned": 0, "keys_pruned": 0 });
    assert_eq!(shop.tick(), nothing);
    assert_eq!((body(&shop.get(&path)), shop.catalog.borrow().asked), (order, asked));
}
