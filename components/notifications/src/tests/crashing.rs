//! An instance that dies: what was sent and what not, and that whoever goes on asks under the same key.

use super::{Desk, EVE, LEASE, sent, stands};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Lets the instance die in the midst of what it does.
fn dies(work: impl FnOnce()) {
    catch_unwind(AssertUnwindSafe(work)).expect_err("it dies");
}

#[test]
fn one_that_dies_after_the_call_and_before_writing_it_down_is_made_up_for_under_the_same_key() {
    let mut desk = Desk::new();
    desk.answer_with(|_| panic!("sent, and then the power went"));
    dies(|| desk.tell(1, "OrderPaid", EVE));
    assert_eq!(desk.stand(), [stands("email", "queued")]);
    desk.answer_with(|_| sent("m-1"));
    assert_eq!(desk.tick_after(LEASE * 1_000 - 1)["handled"], 0);
    desk.tick_after(1);
    let id = desk.only()["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.asked(), [(id.clone(), 1), (id, 2)]);
    // The call that was cut off stays visible as such.
    let only = desk.only();
    assert_eq!((&only["status"], &only["attempts"]), (&json!("sent"), &json!(2)));
    assert_eq!((&only["calls"][0]["outcome"], &only["calls"][0]["ended_at"]), (&Value::Null, &Value::Null));
    assert_eq!(only["calls"][1]["outcome"], "sent");
}

#[test]
fn one_that_dies_before_anything_is_queued_queues_nothing_twice() {
    let mut desk = Desk::new();
    desk.keep(1, "OrderPaid", EVE);
    assert_eq!(desk.stand(), []);
    // Another instance: what was left for after the response is gone with the first.
    desk.tick_after(1_000);
    assert_eq!((desk.stand(), desk.asked().len()), (vec![stands("email", "sent")], 1));
}

#[test]
fn one_that_dies_each_time_is_given_up_and_says_so() {
    let mut desk = Desk::new();
    desk.answer_with(|_| panic!("a message that kills"));
    dies(|| desk.tell(1, "OrderPaid", EVE));
    for _ in 0..2 {
        dies(|| drop(desk.tick_after(LEASE * 1_000)));
    }
    desk.tick_after(LEASE * 1_000);
    let only = desk.only();
    assert_eq!((&only["status"], &only["attempts"]), (&json!("dead"), &json!(3)));
    assert_eq!(
        (&only["last_error"], &desk.dead_letters()[0]["error"]),
        (&json!("no attempt came to an end"), &only["last_error"])
    );
}
