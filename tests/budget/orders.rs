//! The budgets of orders and their payments.

use std::cell::RefCell;

use serde_json::{Value, json};
use spindle_tests::Client;
use spindle_tests::accounts::Account;
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::notifications::{has_status, list};
use spindle_tests::orders::{Order, cancel, fulfil, kinds, order_body, place_order, try_place_order, unique_key};
use spindle_tests::payments::{payment_of, refund_shipped, send_webhook};
use spindle_tests::products::{Product, create_product};

use crate::fixture::{Fixture, RUNS};
use crate::table::check;
use crate::work::Work;

const PLACE: &str = "POST /v1/orders";

/// An instance with a buyer and a product in stock.
struct OrderFixture<'f> {
    fixture: &'f Fixture,
    admin: Client,
    buyer: Account,
    product: Product,
}

impl<'f> OrderFixture<'f> {
    fn new(fixture: &'f Fixture) -> Self {
        let (admin, buyer) = (fixture.instance.admin().client, fixture.instance.accounts().customer("buyer"));
        let product = create_product(&admin, &json!({"stock": {"on_hand": 100}}));
        fixture.settle();
        Self { fixture, admin, buyer, product }
    }

    /// Returns the work of `act` on an order that was placed with `token`, and on its payment, until the timeline of the order has an entry of the
    /// `kind`.
    fn work_on(&self, token: &str, kind: &str, act: impl Fn(&Order, &Value)) -> Work {
        self.work_after(token, |_| (), kind, act)
    }

    /// Does the same after `prepare`, whose work is not counted.
    fn work_after(&self, token: &str, prepare: impl Fn(&Order), kind: &str, act: impl Fn(&Order, &Value)) -> Work {
        let orders: Vec<Order> = (0..RUNS).map(|_| place_order(&self.buyer.client, &self.product, 1, token)).collect();
        self.fixture.settle();
        orders.iter().for_each(prepare);
        let payment = |order| payment_of(&self.admin, order).expect("an order has a payment");
        let payments: Vec<Value> = orders.iter().map(payment).collect();
        self.fixture.settle();
        let mut rest = orders.iter().zip(&payments);
        let work = self.fixture.work(|| {
            let (order, payment) = rest.next().expect("an order for each run");
            act(order, payment);
        });
        self.expect_entry(&orders, kind);
        work
    }

    fn expect_entry(&self, orders: &[Order], kind: &str) {
        for order in orders {
            let kinds = kinds(&self.buyer.client, &order.path);
            assert!(kinds.iter().any(|entry| entry == kind), "no {kind} in {kinds:?}");
        }
        self.fixture.settle();
    }

    /// Checks that the buyer got a mail from `template` for each of `count` orders.
    fn expect_mails(&self, template: &str, count: usize) {
        let is_sent = has_status(template, "sent");
        let sent = list(&self.admin, &self.buyer.id).iter().filter(|notification| is_sent(notification)).count();
        assert_eq!(sent, count, "{template}");
        self.fixture.settle();
    }
}

/// Returns the work of each event that `consumer` handled, by the name of its budget. The events are those of `types`, in this order.
fn events(work: &Work, consumer: &str, types: &[&str]) -> Vec<(String, Work)> {
    let runs = work.runs(consumer, &format!("POST /internal/{consumer}/events"));
    assert_eq!(runs.len(), types.len(), "the events at {consumer} are not {types:?}");
    types.iter().zip(runs).map(|(kind, run)| (format!("event {kind} at {consumer}"), run)).collect()
}

/// Checks the budgets of `operations` and of `events`.
fn check_with(events: &[(String, Work)], operations: &[(&str, &Work)]) {
    let events = events.iter().map(|(name, work)| (name.as_str(), work));
    check(&operations.iter().copied().chain(events).collect::<Vec<_>>());
}

#[test]
fn an_order() {
    order(&Fixture::new());
}

/// Checks the budgets on this instance.
pub(crate) fn order(fixture: &Fixture) {
    let fixture = OrderFixture::new(fixture);
    let placed = RefCell::new(Vec::new());
    let order = fixture
        .fixture
        .work(|| placed.borrow_mut().push(place_order(&fixture.buyer.client, &fixture.product, 1, "pm_ok")));
    fixture.expect_entry(&placed.into_inner(), "payment_captured");
    fixture.expect_mails("order-paid", RUNS);
    let by_event = [
        events(&order, "payments", &["PaymentRequested", "OrderPaid"]),
        events(&order, "orders", &["PaymentAuthorized", "PaymentCaptured"]),
        events(&order, "notifications", &["OrderPaid"]),
    ];
    check_with(
        &by_event.concat(),
        &[
            ("order, until the response", &order.until_response("orders", PLACE)),
            // The first event at orders is PaymentAuthorized.
            ("order, until it is paid", &order.until_response("orders", "POST /internal/orders/events")),
            ("order, until it is captured and the buyer notified", &order),
        ],
    );
}

#[test]
fn an_order_to_a_saved_address() {
    let fixture = Fixture::new();
    let fixture = OrderFixture::new(&fixture);
    let mut body = order_body(&[(&fixture.product.id, 1)], "pm_ok");
    let address = body.as_object_mut().and_then(|order| order.remove("shipping_address")).expect("an address");
    let buyer = &fixture.buyer.client;
    let user = buyer.patch("/v1/users/me", "*", &json!({"addresses": [address]})).expect_status(200).json();
    body["shipping_address_id"] = user["addresses"][0]["id"].clone();
    let order = fixture.fixture.work(|| drop(try_place_order(buyer, &unique_key(), &body).expect_status(201)));
    check(&[("order to a saved address, until the response", &order.until_response("orders", PLACE))]);
}

#[test]
fn a_fulfilment() {
    let fixture = Fixture::new();
    let fixture = OrderFixture::new(&fixture);
    let work =
        fixture.work_on("pm_ok", "fulfilled", |order, _| drop(fulfil(&fixture.admin, &order.path).expect_status(200)));
    fixture.expect_mails("order-fulfilled", RUNS);
    check_with(
        &events(&work, "notifications", &["OrderFulfilled"]),
        &[("fulfilment, until the buyer is notified", &work)],
    );
}

#[test]
fn a_cancellation() {
    cancellation(&Fixture::new());
}

/// Checks the budgets on this instance.
pub(crate) fn cancellation(fixture: &Fixture) {
    let fixture = OrderFixture::new(fixture);
    let act = |order: &Order, _: &Value| drop(cancel(&fixture.admin, &order.path).expect_status(200));
    let work = fixture.work_on("pm_ok", "payment_refunded", act);
    fixture.expect_mails("order-cancelled", RUNS);
    fixture.expect_mails("payment-refunded", RUNS);
    let by_event = [events(&work, "payments", &["OrderCancelled"]), events(&work, "orders", &["PaymentRefunded"])];
    check_with(&by_event.concat(), &[("cancellation of a paid order, until the buyer is notified", &work)]);
}

/// Of an order that was shipped. Another refund cancels its order as well, and the event that tells payments of that may arrive during its call of the
/// provider: then it waits for it, which costs two statements and a commit more.
#[test]
fn a_refund() {
    let fixture = Fixture::new();
    let fixture = OrderFixture::new(&fixture);
    let ship = |order: &Order| drop(fulfil(&fixture.admin, &order.path).expect_status(200));
    let act =
        |_: &Order, payment: &Value| drop(refund_shipped(&fixture.admin, payment, &unique_key()).expect_status(202));
    let work = fixture.work_after("pm_ok", ship, "payment_refunded", act);
    fixture.expect_mails("payment-refunded", RUNS);
    check(&[("refund of a shipped order, until the buyer is notified", &work)]);
}

#[test]
fn a_webhook() {
    let fixture = Fixture::new();
    let fixture = OrderFixture::new(&fixture);
    let client = fixture.fixture.client();
    let act = |_: &Order, payment: &Value| {
        let (id, reference) = (&payment["id"], &payment["provider_reference"]);
        let event = json!({"id": unique_key(), "type": "payment.authorized", "payment_id": id, "reference": reference});
        drop(send_webhook(&client, WEBHOOK_SECRET, &event).expect_status(202));
    };
    let work = fixture.work_on("pm_timeout", "payment_captured", act);
    check(&[
        ("webhook, until the response", &work.until_response("payments", "POST /v1/webhooks/payments/sandbox")),
        ("webhook that authorises, until the buyer is notified", &work),
    ]);
}
