//! The state that all replicas share: limits, caches, sessions, keys, rights and orders. Each is changed at one replica and seen at the others.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spindle_tests::haproxy::REPLICAS;
use spindle_tests::jwt::Jwt;
use spindle_tests::orders::{order_body, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Account, Client};

use super::platform::{EXPORTS, Platform};
use crate::fixture::{concurrently, order_id};

/// Checks all of it. Returns the id of the order that this places.
pub(super) fn check(platform: &Platform, product: &str) -> String {
    let replicas: Vec<Client> = (0..REPLICAS).map(|number| platform.replica(number).client()).collect();
    let accounts = platform.replica(0).accounts();
    let admin = accounts.admin();
    let user = accounts.customer("shared");
    limits(&replicas, &user);
    sessions(&replicas, &user);
    keys(&replicas, &admin, &user);
    rights(&replicas, &admin, &user);
    caches(&replicas, &admin, product);
    orders(&replicas, &accounts.customer("buyer"), product)
}

/// The quota of a client is that of all replicas together.
fn limits(replicas: &[Client], user: &Account) {
    let export = |number: usize| replicas[number % 3].as_user(&user.access_token).get("/v1/users/me/export");
    (0..EXPORTS).for_each(|number| drop(export(number).expect_status(200)));
    for number in 0..3 {
        expect_problem(&export(number), 429, "rate-limited");
    }
}

/// A session that ends at one replica has ended at all.
fn sessions(replicas: &[Client], user: &Account) {
    let session = user.log_in_again();
    let read = |replica: &Client| replica.as_user(&session.access_token).get("/v1/auth/sessions");
    replicas.iter().for_each(|replica| drop(read(replica).expect_status(200)));
    replicas[0].post("/v1/auth/logout", &json!({"refresh_token": session.refresh_token})).expect_status(204);
    replicas.iter().for_each(|replica| drop(expect_problem(&read(replica), 401, "unauthorized")));
}

/// A key that one replica makes signs at all, and what it has signed is valid at all; so is what the key before it has signed.
fn keys(replicas: &[Client], admin: &Account, user: &Account) {
    let rotated = replicas[1].as_user(&admin.access_token).post("/v1/admin/auth/keys/rotate", &json!({}));
    let kid = rotated.expect_status(200).json()["kid"].clone();
    for replica in replicas {
        let listed = replica.get("/.well-known/jwks.json").expect_status(200).json();
        let is_listed = listed["keys"].as_array().is_some_and(|keys| keys.iter().any(|key| key["kid"] == kid));
        assert!(is_listed, "{kid}: {listed}");
        let session = Account::log_in(replica, &user.email, &user.password);
        assert_eq!(Jwt::parse(&session.access_token).header["kid"], kid);
        for other in replicas {
            other.as_user(&session.access_token).get("/v1/users/me").expect_status(200);
        }
        replica.as_user(&user.access_token).get("/v1/users/me").expect_status(200);
    }
}

/// A user whom one replica deactivates does nothing at any.
fn rights(replicas: &[Client], admin: &Account, user: &Account) {
    let change = |replica: &Client| {
        let user = replica.as_user(&user.access_token);
        user.patch("/v1/users/me", "*", &json!({"display_name": "Shared"}))
    };
    replicas.iter().for_each(|replica| drop(change(replica).expect_status(200)));
    let path = format!("{}/deactivate", user.path());
    replicas[2].as_user(&admin.access_token).post(&path, &json!({})).expect_status(200);
    replicas.iter().for_each(|replica| drop(expect_problem(&change(replica), 401, "unauthorized")));
}

/// No replica reads an old representation after a change at another.
fn caches(replicas: &[Client], admin: &Account, product: &str) {
    let path = format!("/v1/products/{product}");
    for (number, replica) in replicas.iter().enumerate() {
        let paths = [path.as_str(), "/v1/products?limit=5"];
        let read = || {
            paths.map(|path| {
                replicas.iter().map(|other| other.get(path).expect_status(200).json()).collect::<Vec<Value>>()
            })
        };
        read();
        let (name, etag) = (format!("Lamp {number}"), replica.get(&path).etag());
        replica.as_user(&admin.access_token).patch(&path, &etag, &json!({"name": name})).expect_status(200);
        let [products, lists] = read();
        products.iter().for_each(|product| assert_eq!(product["name"], name.as_str()));
        for list in lists {
            let items = list["items"].as_array().expect("a list");
            assert!(items.iter().any(|item| item["id"] == product && item["name"] == name.as_str()), "{list}");
        }
    }
}

/// One key is one order, wherever its requests arrive. Returns its id.
fn orders(replicas: &[Client], customer: &Account, product: &str) -> String {
    let (key, body) = (unique_key(), order_body(&[(product, 1)], "pm_ok"));
    let place = |replica: &Client| try_place_order(&replica.as_user(&customer.access_token), &key, &body);
    let at_once = concurrently(9, |number| place(&replicas[number % 3]));
    // Those that come while the first is in flight get a response that says when to try again.
    let (accepted, refused): (Vec<_>, Vec<_>) = at_once.iter().partition(|response| response.status == 201);
    assert!(refused.iter().all(|response| response.header("retry-after").is_some()), "{refused:?}");
    let fresh = accepted.iter().filter(|response| response.header("idempotency-replayed").is_none());
    assert!(fresh.count() <= 1, "{accepted:?}");
    let again = replicas.iter().map(|replica| order_id(&place(replica).expect_status(201)));
    let ids: BTreeSet<String> = accepted.into_iter().map(order_id).chain(again).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    ids.into_iter().next().expect("an order")
}
