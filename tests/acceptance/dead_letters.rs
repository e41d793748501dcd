//! Check 9: ten of a thousand events cannot be handled. They become dead letters, delay no other event, and are handled after a replay once the
//! cause is removed.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::dead_letters::dead_letters;
use spindle_tests::orders::Order;
use spindle_tests::{Client, Instance, payment_fault};

use crate::retry_fixture::{ATTEMPTS, place_orders, product, start, tick_until};

/// The number of events that cannot be handled.
const POISON: usize = 10;

/// The quantity of an order whose payment is refused.
const POISONED: u32 = 7;

#[test]
fn poison_events_become_dead_letters_and_are_handled_after_a_replay() {
    let count = scale(100, 1_000);
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let (operator, product) = (instance.admin().client, product(&instance));
    let price = product.body["price"]["amount"].as_i64().expect("a price");
    payment_fault::inject(state.path(), &format!("NEW.amount = {}", price * i64::from(POISONED)));
    let is_poison = |number: usize| number.is_multiple_of(count / POISON);
    let quantity = |number| if is_poison(number) { POISONED } else { 1 };
    let (buyer, orders) = place_orders(&instance, &product, count, quantity);
    let (poison, sound): (Vec<_>, Vec<_>) = orders.iter().enumerate().partition(|(number, _)| is_poison(*number));
    let (poison, sound): (Vec<&Order>, Vec<&Order>) =
        (poison.into_iter().map(|(_, order)| order).collect(), sound.into_iter().map(|(_, order)| order).collect());

    let died = tick_until(&instance, "dead letters", || dead_letters(&operator, "payments").len() == POISON);
    let delivered = tick_until(&instance, "the others are paid", || are_paid(&buyer, &sound));
    let letters = dead_letters(&operator, "payments");
    let subjects: BTreeSet<&str> = letters.iter().filter_map(|letter| letter["subject"].as_str()).collect();
    assert_eq!(subjects, poison.iter().map(|order| order.id.as_str()).collect());
    for letter in &letters {
        check(letter);
    }
    assert!(poison.iter().all(|order| status(&buyer, order) == "pending_payment"));

    payment_fault::remove(state.path());
    let replayed = replay(&operator, &letters[0]) + replay_rest(&operator);
    assert_eq!(replayed, POISON);
    let handled = tick_until(&instance, "the poisoned are paid", || are_paid(&buyer, &poison));
    assert_eq!(dead_letters(&operator, "payments"), [Value::Null; 0]);
    check_effects(&instance, &operator, count);
    figures(
        "dead letters: events that cannot be handled, among others",
        &[
            ("events", &count),
            ("delivered", &sound.len()),
            ("dead after their attempts", &letters.len()),
            ("attempts of each", &ATTEMPTS),
            ("replayed and handled", &replayed),
            ("seconds until all were dead", &died.as_secs_f32()),
            ("seconds until all others were paid, after that", &delivered.as_secs_f32()),
            ("seconds from the replay until all were paid", &handled.as_secs_f32()),
        ],
    );
}

/// Checks that a letter has the number of its attempts and the error of each.
fn check(letter: &Value) {
    assert_eq!((&letter["type"], &letter["source"]), (&json!("PaymentRequested"), &json!("orders")), "{letter}");
    assert_eq!(letter["attempts"], ATTEMPTS, "{letter}");
    assert_eq!(letter["data"]["order_id"], letter["subject"], "{letter}");
    let failures = letter["failures"].as_array().expect("failures are a list");
    assert_eq!(failures.len(), ATTEMPTS, "{letter}");
    assert!(
        failures
            .iter()
            .all(|failure| failure["error"].as_str().is_some_and(|error| error.contains(payment_fault::CAUSE)))
    );
}

fn status(buyer: &Client, order: &Order) -> String {
    let order = buyer.get(&order.path).expect_status(200).json();
    order["status"].as_str().expect("an order has a status").to_owned()
}

fn are_paid(buyer: &Client, orders: &[&Order]) -> bool {
    orders.iter().all(|order| status(buyer, order) == "paid")
}

/// Replays one letter, and returns the number of replayed letters.
fn replay(admin: &Client, letter: &Value) -> usize {
    let path = format!("/v1/admin/dead-letters/payments/{}/replay", letter["id"].as_str().expect("a letter has an id"));
    count(&admin.post(&path, &json!({})).expect_status(202).json())
}

/// Replays all other letters in one call, and returns their number.
fn replay_rest(admin: &Client) -> usize {
    let which = json!({"service": "payments", "type": "PaymentRequested"});
    count(&admin.post("/v1/admin/dead-letters/replay", &which).expect_status(202).json())
}

fn count(response: &Value) -> usize {
    usize::try_from(response["replayed"].as_u64().expect("a number")).expect("a small one")
}

/// Checks that each order has one payment, and that both replays are in the audit log.
fn check_effects(instance: &Instance, operator: &Client, count: usize) {
    let (mut payments, mut path) = (Vec::new(), "/v1/payments?limit=100".to_owned());
    loop {
        let page = operator.get(&path).expect_status(200).json();
        payments.extend(page["items"].as_array().expect("items are a list").iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/payments?limit=100&cursor={cursor}");
    }
    let orders: BTreeSet<&str> = payments.iter().filter_map(|payment| payment["order_id"].as_str()).collect();
    assert_eq!((payments.len(), orders.len()), (count, count));
    let admin = instance.admin();
    for action in ["dead_letter.replayed", "dead_letters.replayed"] {
        let audit = admin.client.get(&format!("/v1/admin/audit?action={action}")).expect_status(200).json();
        assert_eq!(audit["items"].as_array().map(Vec::len), Some(1), "{audit}");
        assert_eq!(audit["items"][0]["actor"], admin.id.as_str());
    }
}
