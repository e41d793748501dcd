//! The events and the audit rows of writes.

use super::{client, create, product_input};
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;

fn rows(client: &TestClient, statement: &str) -> Vec<(String, String, Value)> {
    let rows: Vec<(String, String, String)> = client.rows(statement);
    rows.into_iter().map(|(kind, subject, data)| (kind, subject, serde_json::from_str(&data).unwrap())).collect()
}

fn events(client: &TestClient) -> Vec<(String, String, Value)> {
    rows(client, "SELECT type, subject, data FROM outbox ORDER BY seq")
}

#[test]
fn each_change_publishes_the_event_of_its_kind() {
    let client = client();
    let product = create(&client, product_input("A"));
    let id = product["id"].as_str().unwrap();
    let path = format!("/v1/products/{id}");
    client.patch(&path).as_role(Role::Operator).header("if-match", "*").json(&json!({ "name": "Other" })).send();
    client.put(&format!("{path}/stock")).as_role(Role::Operator).json(&json!({ "on_hand": 3 })).send();
    client.delete(&path).as_role(Role::Operator).header("if-match", "*").send();
    client.delete(&path).as_role(Role::Operator).header("if-match", "*").send();
    let mut renamed = product.clone();
    renamed["name"] = "Other".into();
    let event = |kind: &str, data: Value| (kind.to_owned(), id.to_owned(), data);
    let stock = json!({ "id": id, "sku": "A", "on_hand": 3, "reserved": 0, "allocated": 0, "available": 3 });
    let expected = [
        event("ProductCreated", product.clone()),
        event("ProductUpdated", renamed),
        event("StockChanged", stock),
        event("ProductArchived", json!({ "id": id, "sku": "A" })),
    ];
    assert_eq!(events(&client), expected);
    let audited = rows(&client, "SELECT action, subject, detail FROM audit_log ORDER BY seq");
    let row = |action: &str, detail: Value| (action.to_owned(), id.to_owned(), detail);
    let expected = [
        row("product.created", json!({})),
        row("product.changed", json!({ "fields": ["name"] })),
        row("stock.set", json!({ "on_hand": 3 })),
        row("product.archived", json!({})),
    ];
    assert_eq!(audited, expected);
}

#[test]
fn a_refused_write_publishes_no_event() {
    let client = client();
    create(&client, product_input("A"));
    client.post("/v1/products").as_role(Role::Operator).json(&product_input("a")).send();
    assert_eq!(events(&client).len(), 1);
}
