//! The schemas of requests say what their types read.

use crate::api::UserQuery;
use crate::rules::is_locale;
use crate::user::{NewUser, UserPatch};
use serde_json::{Value, json};
use spindle_contracts::email;
use spindle_platform::testing::{Format, assert_schema_and_type_agree, assert_schema_and_type_agree_except};

/// The formats of users.
const FORMATS: [Format; 2] = [("language-tag", is_locale), ("idn-email", |text| email::check(text).is_ok())];

fn full() -> Value {
    json!({
        "email": "ada@example.com", "display_name": "Ada", "role": "operator", "locale": "de-CH", "phone": "+4930123456",
        "addresses": [
            { "label": "home", "name": "Ada King", "lines": ["1 Main St", "Flat 2"], "city": "Berlin", "postal_code": "10115", "country": "DE" },
            { "id": "01923f5e-7c00-7abc-8def-0123456789ab", "name": "Ada", "lines": ["1"], "country": "MO" },
        ],
        "notification_preferences": { "email": true, "sms": false },
    })
}

#[test]
fn a_new_user() {
    assert_schema_and_type_agree::<NewUser>(&[json!({ "email": "ada@example.com" }), full()], &FORMATS);
}

#[test]
fn a_change_of_a_user() {
    assert_schema_and_type_agree::<UserPatch>(
        &[json!({}), json!({ "phone": null, "display_name": null }), full()],
        &FORMATS,
    );
}

#[test]
fn the_filters_of_the_list() {
    let searched: [Format; 1] = [("idn-email", email::is_address)];
    let examples = [json!({ "email": "x@under_score.example" }), json!({ "collides": "true" })];
    // No parameter is null.
    let is_beyond = |value: &Value| match value.get("email") {
        Some(email) => email.is_null() || value["collides"] == "true",
        None => false,
    };
    assert_schema_and_type_agree_except::<UserQuery>(&examples, &searched, is_beyond);
}
