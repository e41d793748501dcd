//! The users and resources of the requests during one outage. Each request that uses one up has its own, so that none depends on another.

use std::collections::BTreeMap;
use std::thread;

use serde_json::{Value, json};
use spindle_tests::notifications::{self, create_user_at, has_status};
use spindle_tests::orders::{self, Order, place_order};
use spindle_tests::payments::{self, payment_of};
use spindle_tests::products::{Product, create_product};
use spindle_tests::users::{User, create_user};
use spindle_tests::{Account, Client, Instance, Response};

/// The users and resources.
pub(super) struct Resources {
    pub(super) anyone: Client,
    pub(super) operator: Client,
    pub(super) admin: Client,
    /// The owner of all orders.
    pub(super) owner: Account,
    /// Further sessions of the owner.
    pub(super) sessions: Sessions,
    /// Changes the password.
    pub(super) changes_password: Account,
    /// Ends all sessions.
    pub(super) ends_sessions: Account,
    /// Erases the own account.
    pub(super) leaves: Account,
    pub(super) products: Products,
    pub(super) users: Users,
    pub(super) unpaid_order: String,
    pub(super) paid_order: String,
    pub(super) captured_payment: Value,
    pub(super) refunded_payment: Value,
    refunded_order: Order,
    pub(super) notification: String,
    pub(super) letters: Letters,
}

/// Sessions of one user.
pub(super) struct Sessions {
    pub(super) ended: Account,
    pub(super) refreshed: Account,
    pub(super) logged_out: Account,
}

/// Products, by what is done to them.
pub(super) struct Products {
    pub(super) sold: Product,
    pub(super) changed: Product,
    pub(super) counted: Product,
    pub(super) archived: Product,
}

/// Users without a password, by what is done to them.
pub(super) struct Users {
    pub(super) changed: User,
    pub(super) erased: User,
    pub(super) deactivated: User,
    pub(super) reactivated: User,
    pub(super) invited: User,
    pub(super) accepts: User,
    /// Was erased before.
    pub(super) gone: User,
    /// Gets messages through the provider that is taken away.
    pub(super) recipient: User,
}

/// The ids of dead letters of notifications, by what is done to them.
pub(super) struct Letters {
    pub(super) read: String,
    pub(super) replayed: String,
    pub(super) discarded: String,
}

impl Resources {
    /// Creates them, side by side: most of the time goes into passwords.
    pub(super) fn new(instance: &Instance) -> Self {
        let accounts = instance.accounts();
        let customer = |name: &'static str| move || accounts.customer(name);
        thread::scope(|scope| {
            let [changes_password, ends_sessions, leaves] =
                ["password", "sessions", "leaves"].map(|name| scope.spawn(customer(name)));
            let owner = scope.spawn(|| {
                let owner = accounts.customer("owner");
                let [ended, refreshed, logged_out] = [(); 3].map(|()| owner.log_in_again());
                (owner, Sessions { ended, refreshed, logged_out })
            });
            // Sessions that no earlier outage has met.
            let operator = accounts.operator().log_in_again().client;
            let admin = accounts.admin().log_in_again().client;
            let letters = scope.spawn({
                let admin = admin.clone();
                move || [(); 3].map(|()| create_user_at(&admin, "bounce.test", &json!({})))
            });
            let products = Products::new(&operator);
            let users = Users::new(&admin);
            let (owner, sessions) = owner.join().expect("an owner");
            let [unpaid, paid, refunded] =
                ["pm_timeout", "pm_ok", "pm_ok"].map(|token| place_order(&owner.client, &products.sold, 1, token));

            let tick = || drop(instance.tick());
            for order in [&paid, &refunded] {
                orders::wait_until(&owner.client, &order.path, "payment_captured", tick);
            }
            let payment = |order| payment_of(&owner.client, order).expect("a captured order has a payment");
            let notification = notifications::wait_until(&operator, &owner.id, has_status("welcome", "sent"), tick);
            let [read, replayed, discarded] = letters.join().expect("three users").map(|user| {
                // The letter has the id of the notification.
                text(&notifications::wait_until(&operator, &user.id, has_status("welcome", "dead"), tick)["id"])
            });
            Self {
                anyone: instance.client(),
                sessions,
                changes_password: changes_password.join().expect("an account"),
                ends_sessions: ends_sessions.join().expect("an account"),
                leaves: leaves.join().expect("an account"),
                products,
                users,
                captured_payment: payment(&paid),
                refunded_payment: payment(&refunded),
                unpaid_order: unpaid.id,
                paid_order: paid.id,
                refunded_order: refunded,
                notification: text(&notification["id"]),
                letters: Letters { read, replayed, discarded },
                operator,
                admin,
                owner,
            }
        })
    }

    /// Reads what the catalog and the edge cache.
    pub(super) fn fill_caches(&self) {
        for path in ["/v1/products", "/v1/categories", &self.products.sold.path] {
            self.anyone.get(path).expect_status(200);
        }
        for client in [&self.owner, &self.changes_password, &self.ends_sessions, &self.leaves].map(|user| &user.client)
        {
            client.get("/v1/users/me").expect_status(200);
        }
    }

    /// Checks that the order, the refund and the message of the requests, whose `responses` are here by the ids of the operations, have come to their
    /// end, and that there is one of each.
    ///
    /// # Panics
    ///
    /// If not.
    pub(super) fn check_effects(&self, instance: &Instance, responses: &BTreeMap<&str, Response>) {
        let Self { owner, operator, .. } = self;
        let tick = || drop(instance.tick());
        let placed = Order::from_response(&responses["placeOrder"]);
        orders::wait_until(&owner.client, &placed.path, "payment_captured", tick);
        payments::wait_until(&owner.client, &self.refunded_order, |payment| payment["status"] == "refunded", tick);
        let recipient = &self.users.recipient.id;
        notifications::wait_until(operator, recipient, has_status("message", "sent"), tick);

        let orders = owner.client.get("/v1/orders").expect_status(200).json();
        assert_eq!(orders["items"].as_array().map(Vec::len), Some(4), "three of before, and one: {orders}");
        let messages = notifications::list(operator, recipient);
        let messages: Vec<&Value> = messages.iter().filter(|message| message["template"] == "message").collect();
        assert_eq!(messages.len(), 1, "{messages:?}");
    }
}

impl Products {
    fn new(operator: &Client) -> Self {
        let [sold, changed, counted, archived] =
            [(); 4].map(|()| create_product(operator, &json!({"stock": {"on_hand": 100}})));
        Self { sold, changed, counted, archived }
    }
}

impl Users {
    fn new(admin: &Client) -> Self {
        let [changed, erased, deactivated, reactivated, invited, accepts, gone] =
            ["changed", "erased", "deactivated", "reactivated", "invited", "accepts", "gone"]
                .map(|name| create_user(admin, name));
        admin.post(&format!("{}/deactivate", reactivated.path), &json!({})).expect_status(200);
        admin.delete(&gone.path, "*").expect_status(204);
        let by_sms =
            json!({"phone": "+4930123456", "notification_preferences": {"email": false, "sms": true, "push": false}});
        let recipient = create_user_at(admin, "example.com", &by_sms);
        Self { changed, erased, deactivated, reactivated, invited, accepts, gone, recipient }
    }
}

/// Returns a JSON string.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}")).to_owned()
}
