//! A scenario: requests that build on one another, each of which is an example of its operation.

use std::time::SystemTime;

use serde_json::{Value, json};
use spindle_tests::accounts::{Account, PASSWORD};
use spindle_tests::orders::{self, Order, unique_key};
use spindle_tests::products::{Product, create_product, unique_word};
use spindle_tests::target::target_with;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Response, target};

use crate::example::{self, Call, Caller};
use crate::placeholders::{NAMED_ORDER, Placeholders};

/// The numbers of the ids in examples, so that a resource has one id in all of them.
pub(crate) mod ids {
    pub(crate) const CUSTOMER: usize = 0x01;
    pub(crate) const OPERATOR: usize = 0x02;
    pub(crate) const ADMIN: usize = 0x03;
    pub(crate) const PRODUCT: usize = 0x11;
    pub(crate) const ORDER: usize = 0x21;
    pub(crate) const PAYMENT: usize = 0x31;
    pub(crate) const NOTIFICATION: usize = 0x41;
    pub(crate) const SESSION: usize = 0x51;
    pub(crate) const ADDRESS: usize = 0x61;
}

/// The requests of a test, and the names of the values in their examples.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) placeholders: Placeholders,
}

/// The pieces that a customer may hold without paying, which is the default.
pub(crate) const MAX_UNPAID_PIECES: u32 = 1000;

impl Scenario {
    /// Begins a scenario on the instance.
    pub(crate) fn new() -> Self {
        // As in production, since an example shows it.
        target_with(&[("customer_max_unpaid_pieces", &MAX_UNPAID_PIECES.to_string())]);
        Self { placeholders: Placeholders::default() }
    }

    /// Sends `call`, and checks that request and response are those of the example `name`: `getOrder/paid`.
    ///
    /// # Panics
    ///
    /// If they differ.
    #[track_caller]
    pub(crate) fn check(&self, name: &str, call: &Call) -> Response {
        let sent = SystemTime::now();
        let response = call.send();
        self.check_response(name, call, &response, sent);
        response
    }

    /// Checks a response that came to `call` at `sent`.
    ///
    /// # Panics
    ///
    /// If it differs from the example `name`.
    #[track_caller]
    pub(crate) fn check_response(&self, name: &str, call: &Call, response: &Response, sent: SystemTime) {
        let mut example = call.example(response);
        self.placeholders.replace(&mut example, sent);
        example::check(name, &example);
    }

    /// Returns someone without a token.
    pub(crate) fn anyone(&self) -> Caller {
        caller("anyone", target().client())
    }

    /// Returns an operator.
    pub(crate) fn operator(&mut self) -> Caller {
        self.named("operator", ids::OPERATOR, &target().accounts().operator())
    }

    /// Returns an admin.
    pub(crate) fn admin(&mut self) -> Caller {
        self.named("admin", ids::ADMIN, &target().accounts().admin())
    }

    /// Returns a new customer, `ada@example.com`.
    pub(crate) fn customer(&mut self) -> (Account, Caller) {
        let email = self.email("ada@example.com");
        let body = json!({"email": email, "password": PASSWORD, "display_name": "Ada Lovelace"});
        target().client().post("/v1/auth/register", &body).expect_status(201);
        let account = Account::log_in(target().client(), &email, PASSWORD);
        let caller = self.named("customer", ids::CUSTOMER, &account);
        (account, caller)
    }

    /// Returns a new e-mail address, which examples show as `shown`.
    pub(crate) fn email(&mut self, shown: &str) -> String {
        let (name, domain) = shown.split_once('@').expect("an e-mail address");
        let email = unique_email(name).replace("example.com", domain);
        self.name_email(&email, shown);
        email
    }

    /// Shows `email` as `shown`, also in a query.
    pub(crate) fn name_email(&mut self, email: &str, shown: &str) {
        let encoded = |email: &str| email.replace('@', "%40");
        self.placeholders.name(&encoded(email), &encoded(shown));
        self.placeholders.name(email, shown);
    }

    /// Returns a new word that examples show as `shown`: a SKU or a category.
    pub(crate) fn word(&mut self, shown: &str) -> String {
        let word = unique_word("word");
        self.placeholders.name(&word, shown);
        word
    }

    /// Returns a new idempotency key, which examples show as `shown`.
    pub(crate) fn key(&mut self, shown: &str) -> String {
        let key = unique_key();
        self.placeholders.name(&key, shown);
        key
    }

    /// Returns a new product, a lamp of 12.99 EUR with ten in stock.
    pub(crate) fn product(&mut self) -> Product {
        let changes = json!({
            "sku": self.word("LAMP-OAK"), "name": "Oak lamp", "category": self.word("lighting"), "stock": {"on_hand": 10},
        });
        let product = create_product(&self.operator().client, &changes);
        self.placeholders.name_id(&product.id, ids::PRODUCT);
        product
    }

    /// Places an order of `body` as `customer`, and names its id and number.
    pub(crate) fn order(&mut self, customer: &Caller, body: &Value) -> Order {
        let key = self.key("6f1c0a52-order-of-ada");
        let placed = orders::try_place_order(&customer.client, &key, body);
        let order = Order::from_response(&placed.expect_status(201));
        self.name_order(&order);
        order
    }

    /// Shows `order` as the order of the examples.
    pub(crate) fn name_order(&mut self, order: &Order) {
        self.placeholders.name_id(&order.id, ids::ORDER);
        self.placeholders.name(order.body["number"].as_str().expect("an order has a number"), NAMED_ORDER);
    }

    fn named(&mut self, role: &'static str, number: usize, account: &Account) -> Caller {
        self.placeholders.name_id(&account.id, number);
        caller(role, &account.client)
    }
}

fn caller(role: &'static str, client: &Client) -> Caller {
    Caller { role, client: client.clone() }
}

/// Returns the text at `pointer` in the body of `response`.
///
/// # Panics
///
/// If there is none.
#[track_caller]
pub(crate) fn text(response: &Response, pointer: &str) -> String {
    let body = response.json();
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer}: {body}")).to_owned()
}
