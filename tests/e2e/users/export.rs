//! A user gets everything that is kept about them, from all services.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, customer, operator};
use spindle_tests::export::{PATH, assert_exported, export};
use spindle_tests::orders::{order_body, try_place_order, unique_key};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{orders, payments, target};

/// Returns the items of the list `name` of an export.
fn items<'d>(document: &'d Value, name: &str) -> &'d [Value] {
    document[name].as_array().unwrap_or_else(|| panic!("no list {name}: {document:#}"))
}

#[test]
fn an_export_has_profile_session_order_payment_notification_and_audit_rows() {
    let user = customer("exporter");
    let etag = user.client.get(&user.path()).expect_status(200).etag();
    let address = json!({"label": "Summer house", "name": "Heir of the exporter", "lines": ["7 Export Lane"], "city": "Hull", "postal_code": "HU1 1AA", "country": "GB"});
    let profile = json!({"phone": "+493055571234", "locale": "de-CH", "addresses": [address]});
    user.client.patch(&user.path(), &etag, &profile).expect_status(200);

    let product = create_product(&operator().client, &json!({"name": "Lamp of the export", "stock": {"on_hand": 1}}));
    let (key, body) = (unique_key(), order_body(&[(&product.id, 1)], "pm_ok"));
    let placed = orders::Order::from_response(&try_place_order(&user.client, &key, &body).expect_status(201));
    let tick = || target().tick();
    orders::wait_until(&user.client, &placed.path, "payment_captured", tick);
    let payment = payments::wait_until(&user.client, &placed, |payment| payment["status"] == "captured", tick);
    let text = "Your parcel is with your neighbour at number nine.";
    let message = json!({
        "user_id": user.id, "template": "message", "channel": "email", "data": {"subject": "Parcel", "text": text},
    });
    spindle_tests::notifications::request(&operator().client, &message).expect_status(202);

    let response = user.client.get(PATH).expect_status(200);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let file = format!("attachment; filename=\"spindle-export-{}.json\"", user.id);
    assert_eq!(response.header("content-disposition"), Some(file.as_str()));
    let document = response.json();
    let expected = [
        ("e-mail address", user.email.as_str()),
        ("display name", "exporter"),
        ("phone", "+493055571234"),
        ("label", "Summer house"),
        ("recipient at the address", "Heir of the exporter"),
        ("street", "7 Export Lane"),
        ("order", placed.id.as_str()),
        ("recipient", "Ada Lovelace"),
        ("street of the order", "1 Main St"),
        ("product", "Lamp of the export"),
        ("payment", payment["id"].as_str().expect("a payment has an id")),
        ("idempotency key", key.as_str()),
        ("message", text),
        ("audit row", "order.placed"),
    ];
    let withheld = [
        ("password", PASSWORD),
        ("token", "pm_ok"),
        ("access token", user.access_token.as_str()),
        ("refresh token", user.refresh_token.as_str()),
        ("hash", "$argon2id$"),
    ];
    assert_exported(&document, expected, withheld);
    assert_eq!(document["profile"], user.client.get("/v1/users/me").expect_status(200).json());
    let kinds: Vec<&Value> =
        items(&items(&document, "orders")[0], "timeline").iter().map(|entry| &entry["kind"]).collect();
    assert!(kinds.contains(&&json!("payment_captured")), "{kinds:?}");
    let counts = ["sessions", "orders", "payments"].map(|name| items(&document, name).len());
    assert_eq!((counts, document["credentials"][0]["failed_log_ins"].clone()), ([1, 1, 1], json!([])));
}

#[test]
fn an_export_has_only_the_data_of_its_user() {
    let (one, other) = (customer("exporter"), customer("neighbour"));
    let document = export(&one.client);
    assert_exported(&document, [("id", one.id.as_str())], [("id", other.id.as_str()), ("email", other.email.as_str())]);
    assert_eq!(items(&document, "orders"), [] as [Value; 0]);
    let path = format!("{}/export", one.path());
    expect_problem(&admin().client.get(&path), 404, "not-found");
}

#[test]
fn the_length_of_a_long_export_is_not_bounded_by_a_page() {
    let user = customer("exporter");
    let product = create_product(&operator().client, &json!({"stock": {"on_hand": 1000}}));
    let placed: Vec<String> = (0..120).map(|_| orders::place_order(&user.client, &product, 1, "pm_ok").id).collect();
    let document = export(&user.client);
    let mut exported: Vec<&str> =
        items(&document, "orders").iter().map(|order| order["id"].as_str().expect("an id")).collect();
    exported.reverse();
    assert_eq!(exported, placed);
    assert_eq!(items(&document, "idempotency_keys").len(), 120);
}
