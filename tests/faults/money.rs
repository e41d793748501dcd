//! Orders of nothing, and in currencies with no and with three decimals, from the catalog to the sum in the e-mail.

use serde_json::json;
use spindle_tests::Recorder;
use spindle_tests::notifications::{has_status, start_with_mail, wait_until};
use spindle_tests::orders::{self, fulfil, place_order, unique_key};
use spindle_tests::payments::{self, refund_shipped};
use spindle_tests::products::create_product;

#[test]
fn a_sum_has_the_decimals_of_its_currency_up_to_the_mail() {
    let state = tempfile::tempdir().expect("a temp folder");
    let server = Recorder::start(|_| (200, "{}".to_owned()));
    let instance = start_with_mail(state.path(), &server, &[]);
    let admin = instance.admin().client;
    let tick = || drop(instance.tick());
    for (amount, currency, sum) in [(0, "EUR", "€0.00"), (1_500, "JPY", "¥3,000"), (12_345, "KWD", "KWD 24.690")] {
        let price = json!({"price": {"amount": amount, "currency": currency}, "stock": {"on_hand": 5}});
        let product = create_product(&admin, &price);
        let user = instance.accounts().customer("buyer");
        let order = place_order(&user.client, &product, 2, "pm_ok");
        let total = json!({"amount": 2 * amount, "currency": currency});
        assert_eq!(order.body["total"], total);
        orders::wait_until(&user.client, &order.path, "payment_captured", tick);
        let captured = |payment: &serde_json::Value| payment["status"] == "captured";
        let payment = payments::wait_until(&admin, &order, captured, tick);
        assert_eq!(payment["amount"], total);
        fulfil(&admin, &order.path).expect_status(200);
        refund_shipped(&admin, &payment, &unique_key()).expect_status(202);
        for template in ["order-paid", "payment-refunded"] {
            let sent = wait_until(&admin, &user.id, has_status(template, "sent"), tick);
            let of_it = |request: &spindle_tests::recorder::Recorded| {
                request.body.contains(sent["id"].as_str().expect("an id"))
            };
            let mail = server.recorded().into_iter().find(of_it).expect("it arrived under its id").json();
            let text = mail["data"]["text"].as_str().expect("a mail has a text");
            assert!(text.contains(sum), "{sum} in {text}");
        }
    }
}
