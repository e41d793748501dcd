//! The erasure of a user: open orders are cancelled, and no order keeps what it says about the person longer than it has to.

use super::{Fixture, LAMP, START, request};
use http::StatusCode;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use spindle_contracts::event::{
    CloudEvent, EventData, PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided,
    UserErased,
};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestResponse, user_id};
use spindle_platform::trace::TraceContext;
use uuid::Uuid;

const DAY: i64 = 24 * 60 * 60;

impl Fixture {
    /// Delivers `UserErased` of the user with this number.
    fn erase_user(&self, number: u128) {
        let event = CloudEvent {
            specversion: CloudEvent::VERSION.to_owned(),
            id: self.client.platform().new_id().to_string(),
            source: CloudEvent::source_of("users"),
            kind: UserErased::NAME.to_owned(),
            subject: user_id(number).to_string(),
            time: self.client.platform().now(),
            datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
            sequence: "1".to_owned(),
            traceparent: TraceContext::start(self.client.platform().random()).to_string(),
            requestid: "r-1".to_owned(),
            data: to_raw_value(&json!({ "user_id": user_id(number) })).unwrap(),
        };
        let request = self.client.post("/internal/orders/events").as_service("users");
        request.json(&json!([event])).send().expect(StatusCode::ACCEPTED);
    }

    /// Returns the state of the erasure of the user with this number.
    fn erasure(&self, number: u128) -> Value {
        let path = format!("/internal/orders/erasures/{}", Uuid::from_u128(number));
        self.client.get(&path).as_service("users").send().expect(StatusCode::OK).json()
    }

    /// Returns the order at `path` as an operator reads it.
    fn read(&self, path: &str) -> Value {
        self.client.get(path).as_user(user_id(9), Role::Operator).send().expect(StatusCode::OK).json()
    }

    fn captured(&self) -> String {
        let path = self.order();
        self.receive::<PaymentAuthorized>(&path, json!({}));
        self.receive::<PaymentCaptured>(&path, json!({}));
        path
    }

    /// Returns every value of every column of every table of the database that contains `text`, as `table.column`.
    pub(super) fn places_of(&self, text: &str) -> Vec<String> {
        let columns: Vec<(String, String)> = self.client.rows(
            "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
        );
        let holds = |(table, column): &(String, String)| {
            let count =
                format!("SELECT count(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS TEXT), '{text}') > 0");
            self.client.rows::<(i64,)>(&count)[0].0 > 0
        };
        columns.iter().filter(|place| holds(place)).map(|(table, column)| format!("{table}.{column}")).collect()
    }
}

fn state(name: &str, open: i64, retained: i64, until: Option<i64>) -> Value {
    let until = until.map(Timestamp::from_millis);
    json!({ "state": name, "remaining": { "open_orders": open, "retained_orders": retained, "until": until } })
}

fn erased_address() -> Value {
    json!({ "name": "", "lines": [], "city": "", "postal_code": "", "country": "DE" })
}

#[test]
fn open_orders_are_cancelled_as_by_their_customer_and_then_erased() {
    let fixture = Fixture::new();
    let (unpaid, authorized) = (fixture.order(), fixture.order());
    fixture.receive::<PaymentAuthorized>(&authorized, json!({}));
    fixture.pushed();
    assert_eq!(fixture.erasure(1), state("pending", 2, 0, None), "the event has not arrived");
    fixture.erase_user(1);
    fixture.tick();
    for path in [&unpaid, &authorized] {
        assert_eq!(
            (fixture.read(path)["status"].clone(), fixture.erasure(1)),
            (json!("cancelled"), state("pending", 2, 0, None))
        );
    }
    // So that payments voids the authorisation.
    assert_eq!(fixture.pushed(), ["OrderCancelled", "OrderCancelled"]);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10);
    let reasons: Vec<(String, String)> =
        fixture.client.rows("SELECT actor, detail FROM audit_log WHERE action = 'order.cancelled'");
    assert_eq!(reasons, vec![("users".to_owned(), json!({ "reason": "requested" }).to_string()); 2]);
    // As long as the money is not back, the order is not settled.
    assert_eq!(fixture.read(&unpaid)["shipping_address"]["name"], "Ada Lovelace");
    fixture.receive::<PaymentVoided>(&unpaid, json!({}));
    fixture.receive::<PaymentVoided>(&authorized, json!({}));
    fixture.set_seconds(2);
    assert_eq!(fixture.tick()["erased"], json!(2));
    for path in [&unpaid, &authorized] {
        assert_eq!(fixture.read(path)["shipping_address"], erased_address());
    }
    assert_eq!(fixture.erasure(1), state("done", 0, 0, None));
    let timeline = fixture.client.get(&format!("{unpaid}/timeline")).as_user(user_id(9), Role::Operator).send().json();
    let last = timeline["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["detail"], "The customer was erased: the name and the address are removed.");
    assert_eq!(fixture.places_of("Lovelace"), [""; 0]);
}

#[test]
fn a_captured_order_keeps_its_address_until_the_books_do_not_need_it() {
    let fixture = Fixture::new();
    let (shipped, refunded) = (fixture.captured(), fixture.captured());
    fixture.fulfil(&shipped).expect(StatusCode::OK);
    fixture.client.post(&format!("{refunded}/cancel")).send().expect(StatusCode::OK);
    fixture.receive::<PaymentRefunded>(&refunded, json!({}));
    fixture.erase_user(1);
    fixture.set_seconds(60);
    assert_eq!(fixture.tick()["erased"], json!(0));
    let until = START + 3650 * DAY * 1_000;
    assert_eq!(fixture.erasure(1), state("done", 0, 2, Some(until)));
    fixture.set_seconds(3650 * DAY - 1);
    assert_eq!(fixture.tick()["erased"], json!(0));
    assert_eq!(fixture.read(&shipped)["shipping_address"]["name"], "Ada Lovelace");
    fixture.set_seconds(3650 * DAY);
    assert_eq!(fixture.tick()["erased"], json!(2));
    for path in [&shipped, &refunded] {
        assert_eq!(fixture.read(path)["shipping_address"], erased_address());
    }
    assert_eq!((fixture.erasure(1), fixture.tick()["erased"].clone()), (state("done", 0, 0, None), json!(0)));
}

#[test]
fn an_order_that_is_to_be_shipped_keeps_its_address_until_then() {
    let fixture = Fixture::new();
    fixture.client.platform().set_variable("order_retention_days", "0");
    let path = fixture.captured();
    fixture.erase_user(1);
    fixture.tick();
    assert_eq!((fixture.erasure(1), fixture.awaiting(&path)), (state("pending", 1, 0, None), json!("Ready to ship.")));
    fixture.fulfil(&path).expect(StatusCode::OK);
    fixture.set_seconds(2);
    assert_eq!(fixture.tick()["erased"], json!(1));
    assert_eq!(
        (fixture.read(&path)["shipping_address"].clone(), fixture.erasure(1)),
        (erased_address(), state("done", 0, 0, None))
    );
}

#[test]
fn a_refund_that_is_known_before_its_capture_keeps_the_order_for_the_books() {
    let fixture = Fixture::new();
    let path = fixture.order();
    fixture.receive::<PaymentAuthorized>(&path, json!({}));
    fixture.receive::<PaymentRefunded>(&path, json!({}));
    fixture.erase_user(1);
    assert_eq!(fixture.tick()["erased"], json!(0));
    assert_eq!(fixture.erasure(1)["remaining"]["retained_orders"], 1);
}

#[test]
fn an_erased_user_places_no_order_and_leaves_no_key() {
    let fixture = Fixture::new();
    let key = "for-ada-lovelace";
    let placed = fixture.place_with(key, &request()).expect(StatusCode::CREATED);
    fixture.erase_user(1);
    fixture.tick();
    assert_eq!(fixture.places_of(key), [""; 0], "the stored response is deleted");
    // A token that is still valid.
    for _ in 0..2 {
        assert_eq!(fixture.place_with(key, &request()).problem(), "401 unauthorized");
        assert_eq!(fixture.places_of(key), [""; 0]);
    }
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT count(*) FROM orders"), [(1,)]);
    assert_eq!(fixture.catalog.borrow().available[LAMP], 10, "nothing is reserved");
    assert!(placed.json()["id"].is_string());
    let other = fixture.client.post("/v1/orders").as_user(user_id(2), Role::Customer);
    other.header("idempotency-key", key).json(&request()).send().expect(StatusCode::CREATED);
}

#[test]
fn an_order_in_flight_at_the_erasure_is_not_placed_and_its_stock_is_released() {
    let fixture = Fixture::new();
    // The erasure is handled after the request has claimed its key, and before its order is inserted.
    let erase = format!(
        "CREATE TRIGGER erasure AFTER INSERT ON idempotency_keys BEGIN
            INSERT INTO erased_users (user_id, erased_at, next_at) VALUES ('{}', {START}, {START}); END",
        user_id(1)
    );
    fixture.client.rows::<(i64,)>(&erase);
    assert_eq!(fixture.place_with("k", &request()).problem(), "401 unauthorized");
    assert_eq!((fixture.catalog.borrow().states(), fixture.catalog.borrow().available[LAMP]), (vec!["released"], 10));
    for (table, count) in [("orders", 0), ("outbox", 0), ("idempotency_keys", 0)] {
        assert_eq!(fixture.client.rows::<(i64,)>(&format!("SELECT count(*) FROM {table}")), [(count,)], "{table}");
    }
    fixture.tick();
    assert_eq!(fixture.erasure(1), state("done", 0, 0, None));
}

#[test]
fn an_attempt_that_lost_its_claim_releases_no_stock() {
    let fixture = Fixture::new();
    // Another attempt takes over the claim, and may have placed the order before the erasure.
    let take_over = format!(
        "CREATE TRIGGER take_over AFTER INSERT ON idempotency_keys BEGIN
            UPDATE idempotency_keys SET attempt = attempt + 1;
            INSERT INTO erased_users (user_id, erased_at, next_at) VALUES ('{}', {START}, {START}); END",
        user_id(1)
    );
    fixture.client.rows::<(i64,)>(&take_over);
    assert_eq!(fixture.place_with("k", &request()).problem(), "401 unauthorized");
    assert_eq!(fixture.catalog.borrow().states(), ["held"]);
}

#[test]
fn a_key_in_progress_at_the_erasure_keeps_it_pending() {
    let fixture = Fixture::new();
    fixture.catalog.borrow_mut().is_down = true;
    assert_eq!(fixture.place_with("for-ada", &request()).status(), StatusCode::SERVICE_UNAVAILABLE);
    fixture.erase_user(1);
    fixture.tick();
    assert_eq!(fixture.erasure(1), state("pending", 0, 0, None));
    fixture.catalog.borrow_mut().is_down = false;
    fixture.client.rows::<(i64,)>("UPDATE idempotency_keys SET lease_until = 1");
    fixture.tick();
    fixture.set_seconds(5);
    fixture.tick();
    assert_eq!((fixture.erasure(1), fixture.places_of("for-ada").len()), (state("done", 0, 0, None), 0));
}

#[test]
fn a_reason_of_the_provider_is_removed_from_timeline_and_dead_letters() {
    let fixture = Fixture::new();
    let (path, dead) = (fixture.order(), fixture.order());
    let reason = json!({ "reason": "the card of Ada is closed" });
    fixture.receive::<PaymentDeclined>(&path, reason.clone());
    let refusal = "CREATE TRIGGER refusal BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'no, Ada'); END";
    fixture.client.rows::<(i64,)>(refusal);
    fixture.receive::<PaymentDeclined>(&dead, reason);
    fixture.tick();
    assert_eq!(fixture.inbox(), (0, 1));
    fixture.client.rows::<(i64,)>("DROP TRIGGER refusal");
    assert_eq!(fixture.places_of("the card of Ada"), ["orders.decline_reason", "order_timeline.detail", "inbox.data"]);
    fixture.erase_user(1);
    fixture.tick();
    assert_eq!(fixture.places_of("the card of Ada"), [""; 0]);
    assert_eq!(fixture.places_of("no, Ada"), [""; 0]);
    // The letter is handled as before.
    fixture.set_seconds(15 * 60);
    fixture.tick();
    fixture.set_seconds(16 * 60);
    fixture.tick();
    assert_eq!((fixture.inbox(), fixture.read(&dead)["status"].clone()), ((0, 0), json!("cancelled")));
    assert_eq!((fixture.erasure(1), fixture.places_of("Lovelace").len()), (state("done", 0, 0, None), 0));
}

#[test]
fn an_erasure_continues_after_a_crash_at_each_of_its_statements() {
    // The tables that an erasure writes to, in the order of the writes: each write fails once.
    for (event, table) in [
        ("INSERT", "erased_users"),
        ("UPDATE", "orders"),
        ("INSERT", "order_timeline"),
        ("INSERT", "outbox"),
        ("UPDATE OF erase_from", "orders"),
        ("UPDATE", "erased_users"),
        ("UPDATE OF shipping_address", "orders"),
    ] {
        let fixture = Fixture::new();
        let (open, declined) = (fixture.order(), fixture.order());
        fixture.receive::<PaymentDeclined>(&declined, json!({ "reason": "the card of Ada is closed" }));
        let crash = format!("CREATE TRIGGER crash BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'crash'); END");
        fixture.client.rows::<(i64,)>(&crash);
        fixture.erase_user(1);
        let tick = || fixture.client.post("/internal/orders/tick").as_service("gateway").send().status();
        for _ in 0..2 {
            tick();
        }
        assert_ne!(fixture.erasure(1)["state"], "done", "{event} {table}");
        fixture.client.rows::<(i64,)>("DROP TRIGGER crash");
        // The event may be a dead letter by now, which the tick takes up.
        for seconds in [16 * 60, 17 * 60, 18 * 60] {
            fixture.set_seconds(seconds);
            tick();
            fixture.receive::<PaymentVoided>(&open, json!({}));
        }
        fixture.set_seconds(40 * 60);
        tick();
        assert_eq!(fixture.erasure(1), state("done", 0, 0, None), "{event} {table}");
        assert_eq!((fixture.places_of("Lovelace").len(), fixture.places_of("card of Ada").len()), (0, 0));
        let kinds: Vec<(String, i64)> = fixture
            .client
            .rows("SELECT kind, count(*) FROM order_timeline WHERE kind IN ('cancelled', 'erased') GROUP BY kind");
        assert_eq!(kinds, [("cancelled".to_owned(), 2), ("erased".to_owned(), 2)], "{event} {table}");
    }
}

#[test]
fn a_repeated_erasure_changes_nothing() {
    let fixture = Fixture::new();
    let path = fixture.order();
    for seconds in [0, 60, 120, 180] {
        fixture.set_seconds(seconds);
        fixture.erase_user(1);
        fixture.tick();
        fixture.receive::<PaymentVoided>(&path, json!({}));
    }
    let before = fixture.read(&path);
    fixture.erase_user(1);
    fixture.tick();
    assert_eq!((fixture.read(&path), fixture.erasure(1)), (before, state("done", 0, 0, None)));
}

#[test]
fn the_orders_of_a_customer_with_many_are_erased_in_slices() {
    let fixture = Fixture::new();
    let path = fixture.captured();
    fixture.fulfil(&path).expect(StatusCode::OK);
    let copies = "
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
        INSERT INTO orders (id, number, user_id, status, items, total, currency, shipping_address, payment_due_at, authorized_at, captured_at,
            version, created_at, updated_at)
        SELECT 'copy-' || i, 'N-' || i, user_id, status, items, total, currency, shipping_address, payment_due_at, authorized_at, captured_at,
            version, created_at, updated_at FROM orders, n";
    fixture.client.rows::<(i64,)>(&copies.replace("'copy-' || i", "printf('00000000-0000-0000-0001-%012d', i)"));
    fixture.client.platform().set_variable("order_retention_days", "0");
    fixture.erase_user(1);
    let erased: Vec<i64> = (0..4).map(|_| fixture.tick()["erased"].as_i64().unwrap()).collect();
    assert_eq!((erased, fixture.erasure(1)), (vec![500, 500, 201, 0], state("done", 0, 0, None)));
}

#[test]
fn only_users_may_ask_for_the_state_of_an_erasure() {
    let fixture = Fixture::new();
    let path = format!("/internal/orders/erasures/{}", user_id(1));
    let response: TestResponse = fixture.client.get(&path).as_service("payments").send();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}
