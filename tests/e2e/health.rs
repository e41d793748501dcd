//! Health and readiness.

use spindle_tests::target;

#[test]
fn liveness_is_200() {
    let response = target().client().get("/healthz").expect_status(200);
    assert_eq!(response.json(), serde_json::json!({"status": "ok"}));
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[test]
fn readiness_lists_every_service_with_its_time() {
    let response = target().client().get("/readyz").expect_status(200);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let body = response.json();
    let services = body["services"].as_array().unwrap_or_else(|| panic!("services are a list: {body}"));
    let names: Vec<&str> = services.iter().filter_map(|service| service["name"].as_str()).collect();
    assert_eq!(names, ["auth", "catalog", "notifications", "orders", "payments", "users"], "{body}");
    for service in services {
        assert_eq!(service["ready"], true, "{body}");
        assert!(service["ms"].as_f64().is_some_and(|time| time >= 0.0), "{body}");
        let stores = service["stores"].as_array().unwrap_or_else(|| panic!("stores are a list: {body}"));
        let names: Vec<&str> = stores.iter().filter_map(|store| store["name"].as_str()).collect();
        match service["name"].as_str() {
            // The key-value stores: the edge's, which all services share, and the cache.
            Some("catalog") => assert_eq!(names, ["catalog", "edge", "cache"], "{body}"),
            Some(name) => assert_eq!(names, [name], "a service has its own database: {body}"),
            None => unreachable!("the names were compared"),
        }
        for store in stores {
            assert!(store["ms"].as_f64().is_some_and(|time| time >= 0.0), "{body}");
        }
    }
}
