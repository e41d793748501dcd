//! Providers in three languages, each on another channel, deliver notifications.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spindle_tests::notifications::{create_user_at, has_status, request, wait_until};
use spindle_tests::{Instance, Recorder};

use crate::examples::built;
use crate::fixture::built_provider;

#[test]
fn a_notification_is_delivered_by_providers_in_three_languages() {
    let test = "a_notification_is_delivered_by_providers_in_three_languages";
    let (Some(js), Some(python)) = (built(test, "notify-js"), built(test, "notify-python")) else { return };
    let state = tempfile::tempdir().expect("a temp folder");
    let server = Recorder::start(|_| (200, r#"{"id":"m-1"}"#.to_owned()));
    let channels = ["email", "push", "sms"];
    let mut variables: Vec<(String, String)> = Vec::new();
    for channel in channels {
        let endpoint = format!("{}/{channel}", server.url());
        for (name, value) in [("host", server.url()), ("endpoint", &endpoint), ("allow_private", "true")] {
            variables.push((format!("notify_{channel}_{name}"), value.to_owned()));
        }
    }
    variables.push(("notify_sms_key".to_owned(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s".to_owned()));
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    let webhook = built_provider("notify_webhook.wasm");
    let providers = [("notify-email", &*js), ("notify-push", &*python), ("notify-sms", &*webhook)];
    let instance = Instance::with_providers(state.path(), &variables, &providers);

    let admin = instance.admin().client;
    let all = json!({"email": true, "push": true, "sms": true});
    let user = create_user_at(
        &admin,
        "example.com",
        &json!({"phone": "+4930123456", "locale": "en", "notification_preferences": all}),
    );
    let wish = json!({"user_id": user.id, "template": "message", "data": {"subject": "Hello", "text": "A & B"}});
    let items = request(&admin, &wish).expect_status(202).json()["items"].clone();
    let items = items.as_array().expect("items are a list");
    assert_eq!(items.len(), channels.len(), "{items:?}");

    let mut shown: BTreeMap<String, Value> = BTreeMap::new();
    for item in items {
        let is_sent =
            |notification: &Value| notification["id"] == item["id"] && has_status("message", "sent")(notification);
        wait_until(&admin, &user.id, is_sent, || drop(instance.tick()));
        let recorded = server.recorded();
        let mut of_key = recorded.iter().filter(|request| request.header("idempotency-key") == item["id"]);
        let request = of_key.next().expect("it arrived under its id");
        assert_eq!(of_key.next(), None, "it arrived once");
        shown.insert(request.line.clone(), request.json());
    }
    let body = |channel: &str| &shown[&format!("POST /{channel} HTTP/1.1")];
    let mail = body("email")["text"].as_str().expect("a chat is sent text");
    assert!(mail.starts_with("*Hello*\n") && mail.contains("A &amp; B"), "{mail}");
    assert_eq!(body("push")["topic"], format!("spindle-{}", user.id));
    assert_eq!((&body("push")["title"], &body("push")["message"]), (&json!("Hello"), &json!("A & B")));
    assert_eq!(body("sms")["type"], "notification.sms");
    assert_eq!(body("sms")["data"]["to"], "+4930123456");
}
