//! Text that people read: characters that would turn it round or hide in it are refused in every field of every service, and text of every script
//! is accepted.

use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin, customer, operator};
use spindle_tests::orders::{order_body, try_place_order, unique_key};
use spindle_tests::problem::expect_invalid;
use spindle_tests::products::{create_product, product_body};
use spindle_tests::target;
use spindle_tests::users::unique_email;

/// Characters that a reader does not see: an override and an isolate of direction, a zero-width space, a control, one for private use.
const HIDDEN: [char; 5] = ['\u{202e}', '\u{2067}', '\u{200b}', '\u{7}', '\u{e000}'];

/// An id that no product has.
const UNKNOWN_PRODUCT: &str = "0190a5c0-0000-7000-8000-000000000000";

/// Returns a body with `text` in place of the string at `pointer`.
fn with_text(mut body: Value, pointer: &str, text: &str) -> Value {
    *body.pointer_mut(pointer).expect("it is in the body") = json!(text);
    body
}

#[test]
fn a_hidden_character_in_a_profile_is_refused() {
    let address = json!({"label": "home", "name": "Ada", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE"});
    let user = json!({"email": unique_email("hidden"), "display_name": "Ada", "addresses": [address]});
    let fields = ["label", "name", "lines/0", "city", "postal_code"].map(|field| format!("/addresses/0/{field}"));
    for pointer in fields.iter().map(String::as_str).chain(["/display_name", "/email"]) {
        for hidden in HIDDEN {
            let text = format!("10115{hidden}");
            expect_invalid(&admin().client.post("/v1/users", &with_text(user.clone(), pointer, &text)), &[pointer]);
        }
    }
    let body = json!({"email": unique_email("hidden"), "password": PASSWORD, "display_name": "Ada\u{202e}"});
    expect_invalid(&target().client().post("/v1/auth/register", &body), &["/display_name"]);
}

#[test]
fn a_name_with_a_web_address_is_refused() {
    let name = "You won 500 EUR! Claim: http://evil.example";
    let body = json!({"email": unique_email("claim"), "password": PASSWORD, "display_name": name});
    expect_invalid(&target().client().post("/v1/auth/register", &body), &["/display_name"]);
    let ada = customer("claim");
    let etag = ada.client.get("/v1/users/me").expect_status(200).etag();
    expect_invalid(&ada.client.patch("/v1/users/me", &etag, &json!({"display_name": name})), &["/display_name"]);
    let mut order = order_body(&[(UNKNOWN_PRODUCT, 1)], "pm_ok");
    order["shipping_address"]["name"] = json!(name);
    expect_invalid(&try_place_order(&ada.client, &unique_key(), &order), &["/shipping_address/name"]);
}

#[test]
fn a_hidden_character_in_a_product_is_refused() {
    let product = product_body(&json!({"attributes": {"colour": "red"}, "description": "Brass."}));
    for pointer in ["/name", "/description", "/category", "/attributes/colour"] {
        for hidden in HIDDEN {
            let body = with_text(product.clone(), pointer, &format!("lamp{hidden}"));
            expect_invalid(&operator().client.post("/v1/products", &body), &[pointer]);
        }
    }
}

#[test]
fn a_hidden_character_on_a_label_is_refused() {
    let lamp = create_product(&operator().client, &json!({"stock": {"on_hand": 1}}));
    let order = order_body(&[(&lamp.id, 1)], "pm_ok");
    for field in ["name", "lines/0", "city", "postal_code"] {
        let pointer = format!("/shipping_address/{field}");
        for hidden in HIDDEN {
            let body = with_text(order.clone(), &pointer, &format!("10115{hidden}"));
            expect_invalid(&try_place_order(&customer("hidden").client, &unique_key(), &body), &[&pointer]);
        }
    }
}

#[test]
fn a_hidden_character_in_a_message_is_refused() {
    let user = customer("hidden");
    let message = json!({"user_id": user.id, "template": "message", "data": {"subject": "Hello", "text": "A\nB"}});
    for pointer in ["/data/subject", "/data/text"] {
        for hidden in HIDDEN {
            let body = with_text(message.clone(), pointer, &format!("Hello{hidden}"));
            expect_invalid(&operator().client.post("/v1/notifications", &body), &[pointer]);
        }
    }
}

#[test]
fn names_of_every_script_and_emoji_are_kept() {
    for name in
        ["Zoë O’Brien", "محمد", "می\u{200c}خواهم", "שלום", "क्\u{200d}ष", "王小明", "서울", "👩🏽\u{200d}🚀", "❤\u{fe0f}"]
    {
        let body = json!({"email": unique_email("script"), "display_name": name});
        let created = admin().client.post("/v1/users", &body).expect_status(201);
        assert_eq!(created.json()["display_name"], name);
    }
}
