//! Log-out: it always succeeds, and revokes the whole family of tokens.

use serde_json::{Value, json};
use spindle_tests::accounts::customer;
use spindle_tests::jwt::encode;
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::{Response, target};

use super::{expect_tokens, refresh, user};

fn log_out(body: &Value) -> Response {
    target().client().post("/v1/auth/logout", body)
}

#[test]
fn a_logout_revokes_the_whole_family() {
    let ada = customer("out");
    let (_, second) = expect_tokens(&refresh(&ada.refresh_token), &user(&ada.id, &ada.email, "customer"));
    let stays = ada.log_in_again();
    // Any token of the family identifies it, also a rotated one.
    let response = log_out(&json!({"refresh_token": ada.refresh_token})).expect_status(204);
    assert_eq!((response.body.len(), response.header("cache-control")), (0, Some("no-store")));
    for token in [&ada.refresh_token, &second] {
        let refused = refresh(token);
        expect_problem(&refused, 401, "unauthorized");
        assert_eq!(refused.header("cache-control"), Some("no-store"));
    }
    expect_problem(&ada.client.get("/v1/auth/sessions"), 401, "unauthorized");
    // Another session of the same user stays open.
    stays.client.get("/v1/auth/sessions").expect_status(200);
    refresh(&stays.refresh_token).expect_status(200);
    log_out(&json!({"refresh_token": ada.refresh_token})).expect_status(204);
}

#[test]
fn a_logout_with_any_token_is_a_204() {
    let long = "A".repeat(10_000);
    for token in ["", "x", "not a token!", &encode([7; 32]), &encode([7; 31]), &long, "eyJhbGciOiJub25lIn0.e30."] {
        log_out(&json!({"refresh_token": token})).expect_status(204);
    }
    expect_invalid(&log_out(&json!({})), &["/refresh_token"]);
    expect_invalid(&log_out(&json!({"refresh_token": "x", "all": true})), &["/all"]);
    expect_invalid(&log_out(&json!({"refresh_token": ["x"]})), &["/refresh_token"]);
}
