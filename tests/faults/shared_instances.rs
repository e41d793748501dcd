//! Nothing of a user passes from one request to another that the same instance serves, one after the other or at once. An instance of WASI 0.3 serves 128
//! requests, 16 at once; in the world of WASI 0.2 this holds because none serves two.

use std::thread;

use serde_json::{Value, json};
use spindle_tests::accounts::Account;
use spindle_tests::{Instance, Response, orders, products};

/// The users, each with requests of its own at any time.
const USERS: usize = 6;

/// The rounds of requests of each user: together more than one instance of a service serves.
const ROUNDS: usize = 30;

/// A user, and the text that only its own responses may have.
struct Person {
    account: Account,
    canary: String,
}

/// Checks that a response has the text of `person`, and of no other user.
#[track_caller]
fn expect_own(response: &Response, person: &Person, people: &[Person]) {
    let whole = format!("{:?} {}", response.headers, response.text());
    assert!(whole.contains(&person.canary), "{} is missing: {whole}", person.canary);
    expect_no_other(&whole, person, people);
}

#[track_caller]
fn expect_no_other(whole: &str, person: &Person, people: &[Person]) {
    for other in people.iter().filter(|other| other.canary != person.canary) {
        for text in [&other.canary, &other.account.id, &other.account.email, &other.account.access_token] {
            assert!(!whole.contains(text), "a response to {} has {text}: {whole}", person.canary);
        }
    }
}

/// Sends every kind of request of one user: reads, writes, refused ones, and ones that call other services.
fn act(person: &Person, people: &[Person], product: &str, round: usize) {
    let client = &person.account.client;
    let id = format!("{}-{round}", person.canary);
    let me = client.send("GET", "/v1/users/me", &[("x-request-id", &id)], None).expect_status(200);
    assert_eq!(me.header("x-request-id"), Some(id.as_str()));
    expect_own(&me, person, people);
    // A write asks auth for the rights of now: its instance serves others meanwhile.
    let patched = client.patch("/v1/users/me", &me.etag(), &json!({"display_name": person.canary}));
    expect_own(&patched.expect_status(200), person, people);
    // Refused by the edge, and by the rules of a body, whose field the problem names.
    let anonymous = client.anonymous().send("GET", "/v1/users/me", &[("x-request-id", &id)], None).expect_status(401);
    expect_own(&anonymous, person, people);
    let invalid = client.patch("/v1/users/me", &me.etag(), &json!({person.canary.clone(): 1}));
    expect_own(&invalid.expect_status(422), person, people);
    let mut order = orders::order_body(&[(product, 1)], "pm_ok");
    order["shipping_address"]["name"] = Value::from(person.canary.as_str());
    let headers = [("content-type", "application/json"), ("idempotency-key", id.as_str())];
    let placed = client.send("POST", "/v1/orders", &headers, Some(order.to_string().as_bytes())).expect_status(201);
    expect_own(&placed, person, people);
    let mine = client.get("/v1/orders?limit=100").expect_status(200);
    expect_own(&mine, person, people);
}

#[test]
fn no_response_has_anything_of_another_user() {
    let state = tempfile::tempdir().expect("a folder");
    let instance = Instance::start(state.path());
    let admin = instance.admin();
    let product = products::create_product(&admin.client, &json!({"stock": {"on_hand": USERS * ROUNDS}})).id;
    let people: Vec<Person> = (0..USERS)
        .map(|number| {
            let account = instance.accounts().customer(&format!("sharing-{number}"));
            Person { account, canary: format!("canary-of-user-{number}-") }
        })
        .collect();
    for person in &people {
        let client = &person.account.client;
        let etag = client.get("/v1/users/me").expect_status(200).etag();
        client.patch("/v1/users/me", &etag, &json!({"display_name": person.canary})).expect_status(200);
    }
    thread::scope(|scope| {
        for person in &people {
            let (people, product) = (&people, &product);
            scope.spawn(move || (0..ROUNDS).for_each(|round| act(person, people, product, round)));
        }
    });
    // The line of each request has its own id and user, whatever the instance did meanwhile.
    for line in instance.log().lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let Some(person) =
            line["request_id"].as_str().and_then(|id| people.iter().find(|person| id.starts_with(&person.canary)))
        else {
            continue;
        };
        expect_no_other(&line.to_string(), person, &people);
    }
}
