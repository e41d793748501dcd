//! The providers in examples/, built with the tools of their language.

use std::path::PathBuf;

use serde_json::json;
use xtask::examples::{EXAMPLES, build};
use xtask::workspace::Workspace;

use crate::fixture::{KEY, ProviderFixture, email, push, sms};
use crate::kit::{assert_conforms, can_build};
use crate::new_provider::BUILDING;

/// Returns the component of an example, which passes the kit; none if what builds it is not there.
pub(crate) fn built(test: &str, name: &str) -> Option<PathBuf> {
    let (_, language) = EXAMPLES.iter().find(|(example, _)| *example == name).expect("an example");
    if !can_build(test, *language) {
        return None;
    }
    let file = {
        let _one = BUILDING.lock().expect("no build has panicked");
        build(&Workspace::locate(), name).unwrap_or_else(|error| panic!("{error:#}"))
    };
    assert_conforms(&file);
    Some(file)
}

#[test]
fn the_javascript_example_posts_messages_to_a_chat() {
    let Some(file) = built("the_javascript_example_posts_messages_to_a_chat", "notify-js") else { return };
    let fixture = ProviderFixture::start("notify-email", &file, &[]);
    assert_eq!(fixture.send(&email("12,99 € for <b>Salt & Pepper</b>")), json!({"ok": ""}));
    let request = fixture.only_request();
    assert_eq!((&*request.line, request.header("idempotency-key")), ("POST /hook HTTP/1.1", KEY));
    let shown = "*Paid*\n12,99 € for &lt;b&gt;Salt &amp; Pepper&lt;/b&gt;\n(email, order-paid)";
    assert_eq!(request.json(), json!({"text": shown}));
    assert_eq!(fixture.send(&sms("Paid")), json!({"ok": ""}));

    for (status, kind) in [(404, "rejected"), (302, "rejected"), (429, "retryable"), (500, "retryable")] {
        let expected = json!({"error": {"kind": kind, "detail": format!("the chat answered {status}")}});
        assert_eq!(fixture.send(&sms(&format!("status {status}"))), expected);
    }
}

#[test]
fn the_python_example_reaches_devices_through_ntfy() {
    let Some(file) = built("the_python_example_reaches_devices_through_ntfy", "notify-python") else { return };
    let fixture = ProviderFixture::start("notify-push", &file, &[("sender", "shop"), ("key", "tk_1")]);
    assert_eq!(fixture.send(&push("12,99 €")), json!({"ok": "m-1"}));
    let request = fixture.only_request();
    assert_eq!((&*request.line, request.header("idempotency-key")), ("POST /hook HTTP/1.1", KEY));
    assert_eq!(request.header("authorization"), "Bearer tk_1");
    let topic = format!("shop-{KEY}");
    assert_eq!(
        request.json(),
        json!({"topic": topic, "title": "Paid", "message": "12,99 €", "tags": ["order-paid"], "sequence_id": KEY})
    );
    let refused = json!({"error": {"kind": "rejected", "detail": "ntfy sends push notifications only"}});
    assert_eq!(fixture.send(&sms("Paid")), refused);

    for (status, kind) in [(400, "rejected"), (401, "retryable"), (429, "retryable"), (507, "retryable")] {
        let expected = json!({"error": {"kind": kind, "detail": format!("the server answered {status}")}});
        assert_eq!(fixture.send(&push(&format!("status {status}"))), expected);
    }
}
