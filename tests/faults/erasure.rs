//! Check 23: after the erasure of a person no byte of them is in any database, its write-ahead log or journal, or any key-value store, once the
//! operator has taken the steps of docs/runbooks/erasure.md. Before it all of that is in the export of the person.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use spindle_tests::accounts::{Account, try_log_in};
use spindle_tests::export::{assert_exported, export};
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::libsql::{Server, Servers};
use spindle_tests::orders::{self, Order, unique_key};
use spindle_tests::payments::{self, send_webhook};
use spindle_tests::personal_fields::{canaries, canary};
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Client, Instance, Response, log};
use toml::Table;

/// The time limit for an erasure.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The fields whose text is stored as it is, so that the search has to find it before the erasure.
const STORED: [&str; 9] = [
    "users::UserPatch.email",
    "users::UserPatch.display_name",
    "users::UserPatch.phone",
    "users::AddressInput.name",
    "users::AddressInput.lines",
    "users::NewUser.email",
    "orders::RequestedAddress.name",
    "header user-agent",
    "header x-forwarded-for",
];

/// The fields with secrets and means of payment, which an export must not have.
const WITHHELD: [&str; 6] = [
    "auth::RegisterRequest.password",
    "auth::LoginRequest.password",
    "auth::ChangePasswordRequest.current",
    "auth::ChangePasswordRequest.new",
    "auth::AcceptRequest.password",
    "orders::PaymentMethod.token",
];

/// The fields whose text is not kept about the person: a name that another one has replaced, and an address without an account.
const NOT_KEPT: [&str; 2] = ["auth::RegisterRequest.display_name", "auth::LoginRequest.email"];

/// The stores of the edge and of the catalog, which are in memory unless they have a path.
const STORES: [&str; 2] = ["cache", "edge"];

/// A person who sends each request with canaries in its headers, and the canaries that were sent.
struct Person {
    client: Client,
    sent: RefCell<BTreeSet<&'static str>>,
}

impl Person {
    /// Returns the canary of `field`, which is about to be sent.
    #[track_caller]
    fn text(&self, field: &'static str) -> &'static str {
        self.sent.borrow_mut().insert(field);
        canary(field)
    }

    fn send(&self, method: &str, path: &str, body: &Value, more: &[(&str, &str)]) -> Response {
        let mut headers = vec![
            ("content-type", "application/json"),
            ("user-agent", self.text("header user-agent")),
            ("x-forwarded-for", self.text("header x-forwarded-for")),
        ];
        headers.extend_from_slice(more);
        self.client.send(method, path, &headers, Some(body.to_string().as_bytes()))
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        self.send("POST", path, body, &[])
    }

    /// Registers, mistypes address and password, logs in, and changes the password and each field of the profile.
    fn begin_account(&mut self) -> Account {
        let (email, password) = (self.text("auth::RegisterRequest.email"), self.text("auth::RegisterRequest.password"));
        let name = self.text("auth::RegisterRequest.display_name");
        let register = json!({"email": email, "password": password, "display_name": name});
        self.post("/v1/auth/register", &register).expect_status(201);
        let wrong = self.text("auth::LoginRequest.password");
        for email in [self.text("auth::LoginRequest.email"), email] {
            self.post("/v1/auth/login", &json!({"email": email, "password": wrong})).expect_status(401);
        }
        let login =
            self.post("/v1/auth/login", &json!({"email": email, "password": password})).expect_status(200).json();
        self.client = self.client.as_user(login["access_token"].as_str().expect("a token"));

        let new = self.text("auth::ChangePasswordRequest.new");
        let guess = json!({"current": self.text("auth::ChangePasswordRequest.current"), "new": new});
        self.post("/v1/auth/password", &guess).expect_status(401);
        self.post("/v1/auth/password", &json!({"current": password, "new": new})).expect_status(204);
        let profile = self.client.get("/v1/users/me").expect_status(200);
        let change = json!({
            "email": self.text("users::UserPatch.email"),
            "display_name": self.text("users::UserPatch.display_name"),
            "locale": self.text("users::UserPatch.locale"),
            "phone": self.text("users::UserPatch.phone"),
            "addresses": [self.address()],
            "notification_preferences": {"email": true, "sms": true, "push": true},
        });
        self.send("PATCH", "/v1/users/me", &change, &[("if-match", &profile.etag())]).expect_status(200);
        // The profile a second time, so that an earlier version of the row is in the file as well.
        self.send("PATCH", "/v1/users/me", &json!({"addresses": []}), &[("if-match", "*")]).expect_status(200);
        self.send("PATCH", "/v1/users/me", &json!({"addresses": [self.address()]}), &[("if-match", "*")])
            .expect_status(200);
        Account::log_in(&self.client, self.text("users::UserPatch.email"), new)
    }

    fn address(&self) -> Value {
        json!({
            "label": self.text("users::AddressInput.label"),
            "name": self.text("users::AddressInput.name"),
            "lines": [self.text("users::AddressInput.lines")],
            "city": self.text("users::AddressInput.city"),
            "postal_code": self.text("users::AddressInput.postal_code"),
            "country": "DE",
        })
    }

    /// Places an order, to be paid with `token`, under a key that begins with the canary.
    fn place_order(&self, product: &Product, token: &str) -> Order {
        let mut body = orders::order_body(&[(&product.id, 1)], token);
        body["shipping_address"] = json!({
            "name": self.text("orders::RequestedAddress.name"),
            "lines": [self.text("orders::RequestedAddress.lines")],
            "city": self.text("orders::RequestedAddress.city"),
            "postal_code": self.text("orders::RequestedAddress.postal_code"),
            "country": "DE",
        });
        let key = format!("{}-{}", self.text("header idempotency-key"), unique_key());
        Order::from_response(&self.send("POST", "/v1/orders", &body, &[("idempotency-key", &key)]).expect_status(201))
    }

    /// Places orders that end in each way: refused, declined later, shipped, and not decided.
    fn order(&self, instance: &Instance, product: &Product) {
        let tick = || drop(instance.tick());
        let refused = self.place_order(product, self.text("orders::PaymentMethod.token"));
        orders::wait_until(&self.client, &refused.path, "stock_released", tick);

        let declined = self.place_order(product, "pm_timeout");
        let has_reference = |payment: &Value| payment["provider_reference"].is_string();
        let payment = payments::wait_until(&self.client, &declined, has_reference, tick);
        let webhook = json!({
            "id": unique_key(), "type": "payment.declined", "payment_id": payment["id"],
            "reference": payment["provider_reference"], "reason": self.text("payments::WebhookEvent.reason"),
        });
        send_webhook(&self.client, WEBHOOK_SECRET, &webhook).expect_status(202);
        orders::wait_until(&self.client, &declined.path, "stock_released", tick);

        let paid = self.place_order(product, "pm_ok");
        orders::wait_until(&self.client, &paid.path, "payment_captured", tick);
        // An order that is paid and not shipped still needs its address.
        orders::fulfil(&instance.admin().client, &paid.path).expect_status(200);
        self.place_order(product, "pm_timeout");
    }
}

/// Returns the databases and stores in `state`, with their logs and journals, and all files of a server of libSQL.
fn stored_files(state: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![state.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_file() {
                files.push(path);
            } else if path.starts_with(state.join("sqld")) {
                folders.push(path);
            }
        }
    }
    files
}

/// Returns the canaries that are in the files in `state`, each as file and field.
fn found(state: &Path) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    for file in stored_files(state) {
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            // A journal, whose transaction has ended since the folder was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => panic!("{}: {error}", file.display()),
        };
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&bytes);
        let here = canaries().filter(|(_, canary)| text.contains(canary));
        found.extend(here.map(|(field, _)| (name.clone(), field)));
    }
    found
}

/// Rewrites each database, and empties its write-ahead log, as the runbook says: a server of libSQL is stopped meanwhile, and its log removed.
fn vacuum(state: &Path) {
    let servers = Servers::of_folder(state);
    let databases = fs::read_dir(state).expect("a folder").map(|entry| entry.expect("an entry").path());
    for file in databases.filter(|file| file.extension().is_some_and(|kind| kind == "db")) {
        let label = file.file_stem().and_then(|name| name.to_str()).expect("a database is named by its label");
        let server = match servers.as_ref().map(|servers| servers.get(label)) {
            Some(Server::Sqld(sqld)) => {
                sqld.kill();
                fs::remove_file(sqld.database().join("wallog")).expect("the server has a log");
                Some(sqld)
            }
            _ => None,
        };
        let db = Connection::open(&file).expect("SQLite opens the database");
        db.busy_timeout(Duration::from_secs(10)).expect("a timeout can be set");
        db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        drop(db);
        if let Some(sqld) = server {
            sqld.restart();
        }
    }
}

/// Ticks until the operator's view says that the erasure of the user `id` is done.
fn wait_until_erased(instance: &Instance, operator: &Client, id: &str) {
    let begin = Instant::now();
    loop {
        instance.tick();
        let erasure = operator.get(&format!("/v1/users/{id}/erasure")).expect_status(200).json();
        if erasure["state"] == "done" {
            return;
        }
        assert!(begin.elapsed() < TIMEOUT, "the erasure is not done: {erasure}");
    }
}

fn start(state: &Path) -> Instance {
    let variables = [
        ("log_level", "debug"),
        ("trusted_proxies", "127.0.0.0/8"),
        ("order_retention_days", "0"),
        ("event_retry_base_ms", "50"),
        ("event_retry_cap_ms", "200"),
        ("notification_max_attempts", "2"),
    ];
    let on_disk = |config: &mut Table| {
        for store in STORES {
            let path = state.join(format!("{store}.kv")).to_string_lossy().into_owned();
            let table = config["key_value_store"][store].as_table_mut().expect("a store");
            table.insert("path".to_owned(), path.into());
        }
    };
    Instance::with_runtime_config(state, &variables, on_disk)
}

#[test]
fn after_an_erasure_no_byte_of_the_person_is_in_any_file() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let (admin, operator) = (instance.admin().client, instance.accounts().operator().client);
    let product = create_product(&admin, &json!({"stock": {"on_hand": 10}}));

    let mut person = Person { client: instance.client(), sent: RefCell::default() };
    let account = person.begin_account();
    person.client = account.client.clone();
    let created = json!({
        "email": person.text("users::NewUser.email"),
        "display_name": person.text("users::NewUser.display_name"),
        "locale": person.text("users::NewUser.locale"),
        "phone": person.text("users::NewUser.phone"),
        "addresses": [person.address()],
    });
    let created = admin.post("/v1/users", &created).expect_status(201).json();
    let accept =
        json!({"token": created["invitation"]["token"], "password": person.text("auth::AcceptRequest.password")});
    person.post("/v1/auth/invitations/accept", &accept).expect_status(200);
    let created = created["id"].as_str().expect("an id");
    person.order(&instance, &product);
    let text = person.text("notifications::NotificationRequest.data");
    for user in [account.id.as_str(), created] {
        let message = json!({"user_id": user, "template": "message", "data": {"subject": text, "text": text}});
        let headers = [("content-type", "application/json"), ("idempotency-key", &*unique_key())];
        let body = message.to_string();
        operator.send("POST", "/v1/notifications", &headers, Some(body.as_bytes())).expect_status(202);
    }
    instance.tick();
    let sent = person.sent.borrow().clone();
    let all: BTreeSet<&str> = canaries().map(|(field, _)| field).collect();
    assert_eq!(all.difference(&sent).collect::<Vec<_>>(), Vec::<&&str>::new(), "send each canary");
    let before: BTreeSet<&str> = found(state.path()).into_iter().map(|(_, field)| field).collect();
    assert!(STORED.iter().all(|field| before.contains(field)), "the search finds what is stored: {before:?}");

    let is_one_of = |fields: &[&str], field: &str| fields.contains(&field);
    let exported = canaries().filter(|(field, _)| {
        !is_one_of(&WITHHELD, field) && !is_one_of(&NOT_KEPT, field) && !field.starts_with("users::NewUser.")
    });
    assert_exported(&export(&person.client), exported, canaries().filter(|(field, _)| is_one_of(&WITHHELD, field)));

    person.send("DELETE", "/v1/users/me", &json!({}), &[("if-match", "*")]).expect_status(204);
    admin.delete(&format!("/v1/users/{created}"), "*").expect_status(204);
    for user in [account.id.as_str(), created] {
        wait_until_erased(&instance, &operator, user);
    }
    vacuum(state.path());
    assert_eq!(found(state.path()), BTreeSet::new(), "these are still in the files");
    let verified = admin.get("/v1/admin/audit/verify").expect_status(200).json();
    assert_eq!(verified["intact"], true, "{verified}");
    // The log has nothing of the person but ids, at any time.
    let log = instance.log();
    assert!(log::check(&log).iter().any(|line| line["user.id"] == *account.id), "the log has their requests");
    let logged: Vec<_> = canaries().filter(|(_, canary)| log.contains(canary)).collect();
    assert_eq!(logged, [], "these are in the log");
    instance.kill();
    assert_eq!(found(state.path()), BTreeSet::new(), "these came back when the instance ended");
}

#[test]
fn an_erasure_that_a_crash_interrupts_is_completed() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let customer = instance.accounts().customer("erased");
    customer.client.delete("/v1/users/me", "*").expect_status(204);
    // The event may not have reached any consumer.
    instance.kill();
    let instance = start(state.path());
    let operator = instance.accounts().operator().client;
    wait_until_erased(&instance, &operator, &customer.id);
    assert_eq!(try_log_in(&instance.client(), &customer.email, &customer.password).status, 401);
}
