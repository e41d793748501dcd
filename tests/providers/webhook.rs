//! notify-webhook.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::fixture::{KEY, ProviderFixture, built_provider, sms};

const SECRET: &[u8] = b"a secret of 32 bytes, no fewer ones";

fn start(settings: &[(&str, &str)]) -> ProviderFixture {
    let key = format!("whsec_{}", STANDARD.encode(SECRET));
    let settings: Vec<_> = [("key", &*key)].into_iter().chain(settings.iter().copied()).collect();
    ProviderFixture::start("notify-sms", &built_provider("notify_webhook.wasm"), &settings)
}

#[test]
fn a_webhook_is_signed_and_the_status_of_the_response_decides() {
    let fixture = start(&[]);
    assert_eq!(fixture.send(&sms("Bezahlt: 12,99 €")), json!({"ok": ""}));
    let request = fixture.only_request();
    assert_eq!(request.line, "POST /hook HTTP/1.1");
    assert_eq!((request.header("webhook-id"), request.header("idempotency-key")), (KEY, KEY));
    let signed = format!("{KEY}.{}.{}", request.header("webhook-timestamp"), request.body);
    let mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("a key of any length").chain_update(signed).finalize();
    assert_eq!(request.header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac.into_bytes())));
    assert_eq!(
        request.json(),
        json!({"type": "notification.sms", "data": {"id": KEY, "template": "order-paid", "locale": "de", "to": "+4930123456", "text": "Bezahlt: 12,99 €"}})
    );

    for (status, kind) in
        [(400, "rejected"), (404, "rejected"), (307, "rejected"), (429, "retryable"), (503, "retryable")]
    {
        let expected = json!({"error": {"kind": kind, "detail": format!("answered {status}")}});
        assert_eq!(fixture.send(&sms(&format!("status {status}"))), expected);
    }
}

#[test]
fn a_private_address_and_a_host_that_is_not_allowed_are_not_called() {
    let fixture = start(&[("allow_private", "false")]);
    let refused =
        json!({"error": {"kind": "retryable", "detail": "not configured: `endpoint` must begin with https://"}});
    assert_eq!(fixture.send(&sms("Bezahlt")), refused);
    assert_eq!(fixture.server.recorded(), []);

    let fixture = start(&[("host", "https://none.invalid")]);
    let detail = "the host of `endpoint` is not among the `allowed_outbound_hosts`";
    assert_eq!(fixture.send(&sms("Bezahlt")), json!({"error": {"kind": "retryable", "detail": detail}}));
    assert_eq!(fixture.server.recorded(), []);
}
