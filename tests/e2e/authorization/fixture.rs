//! The callers of the table, and the owner's resources.

use super::table::CALLERS;
use serde_json::{Value, json};
use spindle_tests::accounts::{Account, admin, customer, operator};
use spindle_tests::jwt::Jwt;
use spindle_tests::notifications::{create_user_at, has_status, wait_until};
use spindle_tests::orders::{self, Order, place_order};
use spindle_tests::payments::payment_of;
use spindle_tests::products::{Product, create_product};
use spindle_tests::users::create_user;
use spindle_tests::{Client, target};
use std::thread;

/// The service of the [`dead_letter`]s.
pub(super) const CONSUMER: &str = "notifications";

/// The callers, and what the bodies of requests name.
pub(crate) struct Fixture {
    /// The owner of every resource.
    pub(crate) owner: Account,
    /// A product that can be ordered.
    pub(crate) product: Product,
    stranger: Account,
    operator: Account,
    admin: Account,
    /// The erased user.
    pub(super) erased: Account,
    demoted: Account,
    ended: Account,
    deactivated: Account,
}

impl Fixture {
    /// Makes the callers. Each is logged in first, and the rights of the last four end then.
    pub(crate) fn new() -> Self {
        let with_role = |name: &'static str, role: &'static str| move || target().accounts().with_role(name, role);
        let fixture = thread::scope(|scope| {
            // Most of the time goes into passwords.
            let [stranger, owner] = ["stranger", "owner"].map(|name| scope.spawn(move || customer(name)));
            let [erased, ended, deactivated] =
                ["erased", "ended", "deactivated"].map(|name| scope.spawn(with_role(name, "admin")));
            let demoted = scope.spawn(with_role("demoted", "operator"));
            // Logged in now, as some operations require.
            let [operator, admin] = [operator(), admin()].map(|shared| shared.log_in_again());
            let product = create_product(&operator.client, &json!({"stock": {"on_hand": 1000}}));
            let [stranger, owner, erased, ended, deactivated, demoted] =
                [stranger, owner, erased, ended, deactivated, demoted].map(|made| made.join().expect("an account"));
            Self { owner, product, stranger, operator, admin, erased, demoted, ended, deactivated }
        });
        fixture.end_rights();
        fixture
    }

    fn end_rights(&self) {
        let Self { admin, erased, demoted, ended, deactivated, .. } = self;
        erased.client.delete("/v1/users/me", "*").expect_status(204);
        admin.client.patch(&demoted.path(), "*", &json!({"role": "customer"})).expect_status(200);
        ended.client.delete(&format!("/v1/auth/sessions/{}", session_of(ended)), "*").expect_status(204);
        let response = admin.client.post(&format!("{}/deactivate", deactivated.path()), &json!({}));
        assert!(matches!(response.status, 200 | 204), "{}", response.text());
    }

    /// Returns the client of each caller, in the order of [`CALLERS`].
    pub(super) fn clients(&self) -> [&Client; CALLERS.len()] {
        let Self { stranger, owner, operator, admin, erased, demoted, ended, deactivated, .. } = self;
        let [stranger, owner, operator, admin] = [stranger, owner, operator, admin].map(|account| &account.client);
        let [erased, demoted, ended, deactivated] =
            [erased, demoted, ended, deactivated].map(|account| &account.client);
        [target().client(), stranger, owner, operator, admin, erased, demoted, ended, deactivated]
    }

    /// Returns a customer who is not the owner.
    pub(crate) fn stranger(&self) -> &Client {
        &self.stranger.client
    }

    /// Returns an operator.
    pub(crate) fn operator(&self) -> &Client {
        &self.operator.client
    }

    /// Returns the admin.
    pub(crate) fn admin(&self) -> &Client {
        &self.admin.client
    }

    /// Returns the resource at `path` as the admin reads it; `None` if no operation reads it.
    pub(super) fn read(&self, path: &str) -> Option<String> {
        let response = self.admin.client.get(path);
        (response.status == 200).then(|| response.text())
    }

    fn order(&self, token: &str) -> Order {
        place_order(&self.owner.client, &self.product, 1, token)
    }

    fn captured_order(&self) -> Order {
        let order = self.order("pm_ok");
        orders::wait_until(&self.owner.client, &order.path, "payment_captured", || target().tick());
        order
    }

    fn wait_for(&self, user_id: &str, matches: impl Fn(&Value) -> bool) -> String {
        text(&wait_until(&self.operator.client, user_id, matches, || target().tick())["id"])
    }
}

impl Drop for Fixture {
    /// Erases the admins whose password is that of every test: the suite may run on an instance that stays.
    fn drop(&mut self) {
        for account in [&self.ended, &self.deactivated] {
            // A test that has failed before need not fail again.
            let _ = self.admin.client.try_send("DELETE", &account.path(), &[("if-match", "*")], None);
        }
    }
}

/// Returns the owner's id.
pub(super) fn owner(fixture: &Fixture) -> String {
    fixture.owner.id.clone()
}

/// Returns the id of a new user without a password.
pub(crate) fn user(fixture: &Fixture) -> String {
    create_user(&fixture.admin.client, "user").id
}

/// Returns the id of a new user who is deactivated.
pub(super) fn deactivated_user(fixture: &Fixture) -> String {
    let user = create_user(&fixture.admin.client, "deactivated");
    fixture.admin.client.post(&format!("{}/deactivate", user.path), &json!({})).expect_status(200);
    user.id
}

/// Returns the id of a new session of the owner.
pub(super) fn session(fixture: &Fixture) -> String {
    session_of(&fixture.owner.log_in_again())
}

/// Returns the id of a new product.
pub(super) fn product(fixture: &Fixture) -> String {
    create_product(&fixture.operator.client, &json!({"stock": {"on_hand": 3}})).id
}

/// Returns the id of a new order of the owner, whose payment is pending.
pub(super) fn unpaid_order(fixture: &Fixture) -> String {
    fixture.order("pm_timeout").id
}

/// Returns the id of a new order of the owner that can be shipped.
pub(super) fn paid_order(fixture: &Fixture) -> String {
    fixture.captured_order().id
}

/// Returns the id of a new payment of the owner that can be refunded.
pub(super) fn captured_payment(fixture: &Fixture) -> String {
    let payment = payment_of(&fixture.owner.client, &fixture.captured_order()).expect("a captured order has a payment");
    text(&payment["id"])
}

/// Returns the id of a notification of the owner.
pub(super) fn notification(fixture: &Fixture) -> String {
    fixture.wait_for(&fixture.owner.id, has_status("welcome", "sent"))
}

/// Returns the id of a new dead letter of [`CONSUMER`].
pub(super) fn dead_letter(fixture: &Fixture) -> String {
    let recipient = create_user_at(&fixture.admin.client, "bounce.test", &json!({}));
    fixture.wait_for(&recipient.id, has_status("welcome", "dead"))
}

fn session_of(account: &Account) -> String {
    text(&Jwt::parse(&account.access_token).claims["sid"])
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}")).to_owned()
}
