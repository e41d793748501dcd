//! A provider that does not respond for a long time delays no tick, and no tick interrupts its call.

use std::sync::Mutex;
use std::sync::mpsc;

use serde_json::json;
use spindle_tests::Instance;
use spindle_tests::accounts::register;
use spindle_tests::notifications::{has_status, list, wait_until};
use spindle_tests::recorder::Recorder;
use xtask::build::WASM_TARGET;
use xtask::workspace::Workspace;

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
    let endpoint = format!("{}/hook", receiver.url());
    let variables = [
        ("notify_email_host", receiver.url()),
        ("notify_email_endpoint", endpoint.as_str()),
        ("notify_email_key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s"),
        ("notify_email_allow_private", "true"),
        // No push arrives, so everything waits for a tick.
        ("event_transport", "redis"),
        ("redis_address", "redis://127.0.0.1:9"),
    ];
    let file = Workspace::locate().target_dir().join(WASM_TARGET).join("release/notify_webhook.wasm");
    let instance = Instance::with_providers(state.path(), &variables, &[("notify-email", &file)]);
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
