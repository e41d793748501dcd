//! CORS: the origins whose scripts may call the API.

use spindle_tests::accounts::admin;
use spindle_tests::{skip, target};

fn preflight(origin: &str, method: &str) -> spindle_tests::Response {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", "authorization, content-type, if-match"),
    ];
    target().client().send("OPTIONS", "/v1/users", &headers, None)
}

fn has_entry(response: &spindle_tests::Response, name: &str, value: &str) -> bool {
    let list = response.header(name).unwrap_or_default();
    list.split(',').any(|entry| entry.trim().eq_ignore_ascii_case(value))
}

#[test]
fn a_preflight_from_a_configured_origin_is_allowed() {
    let Some(origin) = target().cors_origin() else {
        return skip("a_preflight_from_a_configured_origin_is_allowed", "--cors-origin");
    };
    let response = preflight(origin, "POST").expect_status(204);
    assert_eq!(response.header("access-control-allow-origin"), Some(origin));
    assert!(has_entry(&response, "access-control-allow-methods", "POST"), "{response:?}");
    for name in ["authorization", "content-type", "if-match"] {
        assert!(has_entry(&response, "access-control-allow-headers", name), "{response:?}");
    }
    assert!(response.header("access-control-max-age").is_some_and(|age| age.parse::<u32>().is_ok()));
    assert!(has_entry(&response, "vary", "origin"), "{response:?}");
}

#[test]
fn a_configured_origin_can_read_the_response() {
    let Some(origin) = target().cors_origin() else {
        return skip("a_configured_origin_can_read_the_response", "--cors-origin");
    };
    let (anonymous, admin) = (target().client(), &admin().client);
    for (client, path) in [(admin, "/v1/users?limit=1"), (anonymous, "/v1/users?limit=1"), (anonymous, "/v1/nothing")] {
        let response = client.send("GET", path, &[("origin", origin)], None);
        assert_eq!(response.header("access-control-allow-origin"), Some(origin), "{path}");
        for name in ["etag", "link", "location", "retry-after", "www-authenticate", "x-request-id"] {
            assert!(has_entry(&response, "access-control-expose-headers", name), "{name}: {response:?}");
        }
        assert!(has_entry(&response, "vary", "origin"), "{response:?}");
    }
}

#[test]
fn any_other_origin_is_refused() {
    let mut origins = vec!["https://evil.example".to_owned(), "null".to_owned()];
    if let Some(origin) = target().cors_origin() {
        origins.push(format!("{origin}.evil.example"));
        origins.push(origin.replace("https://", "http://"));
    }
    for origin in origins {
        let preflight = preflight(&origin, "DELETE");
        assert_eq!(preflight.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(preflight.header("access-control-allow-methods"), None, "{origin}");
        let response = admin().client.send("GET", "/v1/users?limit=1", &[("origin", &origin)], None);
        assert_eq!(response.header("access-control-allow-origin"), None, "{origin}");
    }
}
