//! A provider that does not respond for a long time delays no tick, and no tick interrupts its call.

use std::sync::Mutex;
use std::sync::mpsc;

use serde_json::json;
use spindle_tests::accounts::register;
use spindle_tests::notifications::{has_status, list, start_with_mail, wait_until};
use spindle_tests::recorder::Recorder;

#[test]
fn a_tick_responds_while_a_provider_does_not_and_the_call_continues() {
    let state = tempfile::tempdir().expect("a temp folder");
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let receiver = Recorder::start(move |_| {
        // Until the test drops its end.
        let _ = held.lock().expect("no thread panics").recv();
        (200, "{}".to_owned())
    });
    // No push arrives, so everything waits for a tick.
    let redis = [("event_transport", "redis"), ("redis_address", "redis://127.0.0.1:9")];
    let instance = start_with_mail(state.path(), &receiver, &redis);
    let user = register(&instance.client(), "patient");
    let id = user["id"].as_str().expect("an id");
    let operator = instance.admin().client;

    let report = instance.tick();
    assert!(report["notifications"]["pulled"].as_u64() > Some(0), "{report}");
    assert!(list(&operator, id).iter().all(|item| item["status"] == "queued"), "the provider has not responded");
    drop(release);
    let sent = wait_until(&operator, id, has_status("welcome", "sent"), || {
        instance.tick();
    });
    assert_eq!(sent["attempts"], json!(1), "no tick interrupted the call");
}
