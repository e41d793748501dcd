//! Expired access tokens.

use std::thread;
use std::time::Duration;

use serde_json::json;
use spindle_tests::Instance;
use spindle_tests::problem::expect_problem;

/// The lifetime of one second, the five seconds by which clocks may differ, and one more.
const PAST_ITS_END: Duration = Duration::from_secs(7);

#[test]
fn an_expired_token_is_refused_everywhere_and_a_refresh_helps() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with(state.path(), &[("access_token_seconds", "1")]);
    let admin = instance.admin();
    let paths = ["/v1/users/me", "/v1/auth/sessions", "/v1/admin/audit"];
    for path in paths {
        admin.client.get(path).expect_status(200);
    }
    thread::sleep(PAST_ITS_END);
    for path in paths {
        let response = admin.client.get(path);
        expect_problem(&response, 401, "unauthorized");
        let challenge = "Bearer error=\"invalid_token\", error_description=\"The access token has expired.\"";
        assert_eq!(response.header("www-authenticate"), Some(challenge), "{path}");
    }
    let refreshed = instance.client().post("/v1/auth/refresh", &json!({"refresh_token": admin.refresh_token}));
    let token = refreshed.expect_status(200).json()["access_token"].as_str().expect("a token").to_owned();
    for path in paths {
        instance.client().as_user(&token).get(path).expect_status(200);
    }
}
