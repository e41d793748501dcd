//! One part away is one part away: while the database of a service does not respond, the replica is ready, the catalog is read, what needs the
//! database gets 503, and the report on health names it. The databases are doubles of libSQL servers, which are killed.

use serde_json::{Value, json};
use spindle_tests::Instance;
use spindle_tests::libsql::Servers;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use xtask::store::LibsqlServer;

/// The token with which monitoring reads the report, also while no access token can be checked.
const METRICS_TOKEN: &str = "a token of monitoring that only the tests know, of 32 bytes";

/// Returns the names of the services with this state in the report.
fn with_state(report: &Value, of: &str) -> Vec<String> {
    let services = report["services"].as_array().expect("services are a list");
    let of_state = services.iter().filter(|service| service["state"] == of);
    of_state.map(|service| service["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn the_catalog_is_read_without_the_databases_of_other_services() {
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start(&LibsqlServer::Double, state.path());
    let instance = Instance::with(state.path(), &[("metrics_token", METRICS_TOKEN)]);
    let product = create_product(&instance.accounts().operator().client, &json!({"stock": {"on_hand": 5}}));
    let path = product.path;
    let customer = instance.accounts().customer("ada");
    let (anonymous, monitoring) = (instance.client(), instance.client().as_user(METRICS_TOKEN));
    let report = || monitoring.get("/v1/admin/health").expect_status(200).json();
    assert_eq!(report()["state"], "ok");

    // The path of a read that needs the database.
    for (service, needs_it) in [
        ("orders", Some("/v1/orders".to_owned())),
        // A customer reads nothing of it.
        ("payments", None),
        ("auth", Some("/v1/auth/sessions".to_owned())),
        ("users", Some(customer.path())),
    ] {
        servers.get(service).kill();
        anonymous.get(&path).expect_status(200);
        anonymous.get("/v1/products?limit=5").expect_status(200);
        anonymous.get("/readyz").expect_status(200);
        anonymous.get("/healthz").expect_status(200);
        let report = report();
        assert_eq!(with_state(&report, "unavailable"), [service], "{report}");
        if let Some(needs_it) = &needs_it {
            let refused = customer.client.get(needs_it);
            expect_problem(&refused, 503, "unavailable");
            assert!(refused.header("retry-after").is_some(), "{needs_it}");
        }
        servers.get(service).restart();
        if let Some(needs_it) = &needs_it {
            customer.client.get(needs_it).expect_status(200);
        }
    }
    assert_eq!(report()["state"], "ok");
}
