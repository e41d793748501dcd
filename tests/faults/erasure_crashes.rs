//! The erasure of a user survives a crash of the host at any point at which something becomes durable or visible: the open order is cancelled and its
//! authorisation voided, and no order keeps what it says about the person.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::accounts::Account;
use spindle_tests::instance::{Failpoints, SERVICE_SECRET};
use spindle_tests::orders::{self, Order};
use spindle_tests::payments;
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance};
use xtask::http;
use xtask::tick::Ticker;

/// The variables of the test: what was captured is not kept either, and a lease that a crash leaves behind ends soon.
const VARIABLES: [(&str, &str); 6] = [
    ("order_retention_days", "0"),
    ("access_token_seconds", "86400"),
    ("event_lease_seconds", "3"),
    ("event_retry_base_ms", "50"),
    ("event_retry_cap_ms", "500"),
    ("provider_timeout_seconds", "2"),
];

/// The time limit of an erasure.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The time between two ticks.
const TICK_INTERVAL: Duration = Duration::from_millis(200);

/// The number of failpoints at which the host crashes, evenly distributed among all.
const CRASHES: usize = 6;

/// A customer with an order that is shipped and one whose payment is pending, and the token of an admin.
struct Customer {
    account: Account,
    admin: String,
    orders: [Order; 2],
}

impl Customer {
    fn new(instance: &Instance) -> Self {
        let admin = instance.admin();
        let product = create_product(&admin.client, &json!({"stock": {"on_hand": 2}}));
        let account = instance.accounts().customer("erased");
        let orders = ["pm_ok", "pm_timeout"].map(|token| orders::place_order(&account.client, &product, 1, token));
        let tick = || drop(instance.tick());
        orders::wait_until(&account.client, &orders[0].path, "payment_captured", tick);
        payments::wait_until(&admin.client, &orders[1], |payment| payment["status"] == "requested", tick);
        orders::fulfil(&admin.client, &orders[0].path).expect_status(200);
        Self { account, admin: admin.access_token, orders }
    }

    /// Erases the user in `instance`, and ticks until nothing is left; `None` if the instance ends first. May be repeated.
    fn erase(&self, instance: &Instance) -> Option<()> {
        let (client, begin) = (instance.client(), Instant::now());
        let user = client.as_user(&self.account.access_token);
        let profile = user.try_send("GET", "/v1/users/me", &[], None).ok()?;
        if profile.status == 200 {
            let erased = user.try_send("DELETE", "/v1/users/me", &[("if-match", &profile.etag())], None).ok()?;
            assert_eq!(erased.status, 204, "{}", erased.text());
        }
        let ticker = Ticker::new(&http::Client::new(client.base()), SERVICE_SECRET.to_owned());
        while !self.is_erased(&client.as_user(&self.admin))? {
            assert!(begin.elapsed() < TIMEOUT, "the erasure is stuck: {}", instance.log());
            // A tick fails if the instance ends, and the next look at the orders says so.
            let _report = ticker.tick();
            thread::sleep(TICK_INTERVAL);
        }
        Some(())
    }

    /// Returns whether no order has a name any more; `None` if the instance has ended.
    fn is_erased(&self, admin: &Client) -> Option<bool> {
        for order in &self.orders {
            let response = admin.try_send("GET", &order.path, &[], None).ok()?;
            if response.status != 200 || response.json()["shipping_address"]["name"] != "" {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Checks the final state of both orders.
    fn check(&self, instance: &Instance) {
        let admin = instance.client().as_user(&self.admin);
        let statuses = self.orders.each_ref().map(|order| admin.get(&order.path).expect_status(200).json());
        assert_eq!(statuses.map(|order| order["status"].clone()), [json!("fulfilled"), json!("cancelled")]);
        for order in &self.orders {
            let kinds = orders::kinds(&admin, &order.path);
            assert_eq!(kinds.iter().filter(|kind| *kind == "erased").count(), 1, "{kinds:?}");
        }
        let voided = payments::payment_of(&admin, &self.orders[1]).expect("the order has a payment");
        assert_eq!(voided["status"], "voided");
    }
}

#[test]
fn an_erasure_is_completed_after_a_crash_at_any_failpoint() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with_failpoints(state.path(), &VARIABLES, Failpoints::Listed, |_| ());
    let customer = Customer::new(&instance);
    instance.arm_failpoints();
    customer.erase(&instance).expect("the host does not crash");
    customer.check(&instance);
    let failpoints = instance.failpoints().len();
    instance.kill();
    assert!(failpoints > CRASHES, "{failpoints} failpoints");
    let mut crashes = 0;
    for number in (1..failpoints).step_by(failpoints.div_ceil(CRASHES)) {
        let instance = Instance::with_failpoints(state.path(), &VARIABLES, Failpoints::CrashAt(number), |_| ());
        let customer = Customer::new(&instance);
        instance.arm_failpoints();
        crashes += usize::from(customer.erase(&instance).is_none());
        instance.kill();
        let instance = Instance::with(state.path(), &VARIABLES);
        customer.erase(&instance).expect("the host does not crash again");
        customer.check(&instance);
        instance.kill();
    }
    assert!(crashes > 0, "no erasure was interrupted");
}
