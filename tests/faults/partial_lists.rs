//! The lists that the gateway puts together from several services, when the address of one of them leads nowhere.

use serde_json::{Value, json};
use spindle_tests::notifications::{create_user_at, has_status, wait_until};
use spindle_tests::orders::place_order;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance, closed_port};

const AUDIT: &str = "/v1/admin/audit";
const VERIFICATION: &str = "/v1/admin/audit/verify";
const LETTERS: &str = "/v1/admin/dead-letters";

/// Returns the body of a 200 in which the part of orders is missing.
#[track_caller]
fn without_orders(admin: &Client, path: &str) -> Value {
    let body = admin.get(path).expect_status(200).json();
    assert_eq!(body["missing"], json!([{"service": "orders", "cause": "connection refused"}]), "{body}");
    body
}

/// Returns the path of the page after that in `body`.
fn next(path: &str, body: &Value) -> String {
    format!("{path}?cursor={}", body["next_cursor"].as_str().expect("there is another page"))
}

/// Returns the audited actions on the page in `body`, of one service.
fn actions(body: &Value, service: &str) -> Vec<String> {
    let rows = body["items"].as_array().expect("items are a list").iter().filter(|row| row["service"] == service);
    rows.map(|row| row["action"].as_str().expect("an action").to_owned()).collect()
}

#[test]
fn without_a_service_the_lists_have_the_parts_of_the_others_and_a_later_page_has_its_part() {
    let state = tempfile::tempdir().expect("a temp folder");
    {
        let instance = Instance::start(state.path());
        let product = create_product(&instance.accounts().operator().client, &json!({"stock": {"on_hand": 5}}));
        place_order(&instance.accounts().customer("ada").client, &product, 1, "pm_ok");
        // An e-mail that the sandbox refuses: a dead letter of notifications.
        let admin = instance.admin().client;
        let user = create_user_at(&admin, "bounce.test", &json!({}));
        wait_until(&admin, &user.id, has_status("welcome", "dead"), || drop(instance.tick()));
    }
    let orders = closed_port();
    let (audit, letters, verification) = {
        let instance = Instance::start_unready(state.path(), &[("orders_url", &orders)], |_| ());
        let admin = instance.admin().client;

        let letters = without_orders(&admin, LETTERS);
        assert_eq!(letters["items"].as_array().map(Vec::len), Some(1), "{letters}");
        assert_eq!(letters["items"][0]["service"], "notifications");
        let only_orders = admin.get(&format!("{LETTERS}?service=orders"));
        expect_problem(&only_orders, 503, "unavailable");
        assert_eq!(only_orders.json()["detail"], "The dead letters are unavailable: orders (connection refused).");

        let audit = without_orders(&admin, &format!("{AUDIT}?limit=100"));
        assert!(!actions(&audit, "users").is_empty(), "{audit}");
        assert!(actions(&audit, "orders").is_empty(), "{audit}");

        let verification = without_orders(&admin, VERIFICATION);
        assert_eq!(verification["intact"], Value::Null);
        assert_eq!(verification["services"].as_array().map(Vec::len), Some(5), "{verification}");

        // A service elsewhere is shared by all replicas, so this one is ready. The cause is in the report, the address in the log.
        let readiness = instance.client().get("/readyz").expect_status(200);
        assert!(!readiness.text().contains("orders"), "{}", readiness.text());
        let health = admin.get("/v1/admin/health").expect_status(200);
        assert!(!health.text().contains(&orders), "{}", health.text());
        let services = health.json()["services"].as_array().expect("services are a list").clone();
        let causes: Vec<&Value> = services.iter().map(|service| &service["cause"]).filter(|c| !c.is_null()).collect();
        assert_eq!((&health.json()["state"], causes), (&json!("unavailable"), vec![&json!("connection refused")]));
        let log = instance.log();
        let line = log.lines().find(|line| line.contains("\"service not available\"")).expect("a warning");
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        let expected = ["orders", orders.as_str(), "no connection: connection refused"].map(Value::from);
        assert_eq!(["callee", "url", "cause"].map(|field| line[field].clone()), expected);
        (next(AUDIT, &audit), next(LETTERS, &letters), next(VERIFICATION, &verification))
    };
    let instance = Instance::start(state.path());
    let admin = instance.admin().client;
    let page = admin.get(&format!("{audit}&limit=100")).expect_status(200).json();
    assert!(actions(&page, "orders").contains(&"order.placed".to_owned()), "{page}");
    assert_eq!((&page["next_cursor"], page.get("missing")), (&Value::Null, None));
    assert_eq!(admin.get(&letters).expect_status(200).json(), json!({"items": [], "next_cursor": null}));
    let verified = admin.get(&verification).expect_status(200).json();
    assert_eq!((&verified["intact"], verified.get("missing")), (&json!(true), None), "{verified}");
}
