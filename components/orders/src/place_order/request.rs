//! The body of `POST /v1/orders`, and its rules.

use crate::error::Error;
use crate::order::{Order, ShippingAddress};
use deserr::{Deserr, ValuePointerRef};
use schemars::{JsonSchema, Schema, json_schema};
use serde::Serialize;
use spindle_contracts::address::{self, AddressLine, MAX_LINE};
use spindle_contracts::input::{BrokenRule, Integer, Name};
use spindle_contracts::{FieldError, InputErrors, Money, ProductId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most items of an order: as many as the catalog reserves at once.
const MAX_ITEMS: usize = 100;
/// The longest payment token, in bytes.
const MAX_TOKEN: usize = 255;

/// A quantity: a hundred items of the largest one at the highest price still add up.
type Quantity = Integer<1, 10_000>;

/// An order to place, with exactly one of `shipping_address` and `shipping_address_id`.
// It is written as the payload of the idempotency key, without the members that do not count.
#[derive(Debug, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields, validate = PlaceOrderRequest::with_one_destination -> BrokenRule)]
#[schemars(deny_unknown_fields, transform = require_one_destination)]
pub(crate) struct PlaceOrderRequest {
    /// The products to order, each once.
    #[deserr(try_from(Vec<RequestedItem>) = check_items -> Vec<BrokenRule>)]
    #[schemars(length(min = 1, max = MAX_ITEMS))]
    pub(super) items: Vec<RequestedItem>,
    /// The total that the customer has seen, with discounts and taxes. If it is not the total of now, nothing is ordered. Without it, the order has
    /// any total.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    expected_total: Option<Money>,
    /// The recipient and the address. A saved address is accepted as `GET /v1/users/me` shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    shipping_address: Option<RequestedAddress>,
    /// The id of a saved address of the caller, which the order keeps as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    shipping_address_id: Option<Uuid>,
    /// The means of payment.
    pub(super) payment_method: PaymentMethod,
}

/// A product to order, and its quantity.
#[derive(Debug, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct RequestedItem {
    /// The product.
    product_id: ProductId,
    /// The number of pieces.
    quantity: Quantity,
    /// The price of one piece that the customer has seen. If it is not the price of now, nothing is ordered. Without it, the item has any price.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    expected_unit_price: Option<Money>,
}

/// A recipient and an address.
#[derive(Debug, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields, validate = RequestedAddress::with_required_fields -> Vec<BrokenRule>)]
#[schemars(deny_unknown_fields, transform = address::require_fields_by_country)]
pub(crate) struct RequestedAddress {
    /// Ignored: the id of a saved address.
    #[serde(skip_serializing)]
    #[deserr(default)]
    #[expect(dead_code, reason = "accepted and ignored")]
    id: Option<Uuid>,
    /// Ignored: the label of a saved address.
    #[serde(skip_serializing)]
    #[deserr(default)]
    #[expect(dead_code, reason = "accepted and ignored")]
    label: Option<String>,
    /// The recipient.
    name: Name,
    /// Street, house and so on.
    #[deserr(try_from(Vec<AddressLine>) = address::check_lines -> BrokenRule)]
    #[schemars(with = "Vec<AddressLine>", length(min = 1, max = 4))]
    lines: Vec<String>,
    /// The town, or the area of a country whose addresses have that instead. Required in most countries.
    #[serde(default)]
    #[deserr(default, try_from(String) = address::check_city -> BrokenRule)]
    #[schemars(length(max = MAX_LINE), extend("format" = "optional-line"))]
    city: String,
    /// The postal code. Required in the countries whose post requires it.
    #[serde(default)]
    #[deserr(default, try_from(String) = address::check_postal_code -> BrokenRule)]
    #[schemars(length(max = 20), extend("format" = "optional-line"))]
    postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
    #[deserr(try_from(String) = address::check_country -> BrokenRule)]
    #[schemars(regex(pattern = "^[A-Z]{2}$"), extend("format" = "country"))]
    country: String,
}

/// A means of payment.
#[derive(Debug, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct PaymentMethod {
    /// The payment provider's token of a card or an account.
    #[deserr(try_from(String) = check_token -> BrokenRule)]
    #[schemars(length(min = 1, max = MAX_TOKEN), regex(pattern = "^[!-~]+$"))]
    pub(super) token: String,
}

/// The place that an order is to be shipped to.
pub(super) enum Destination {
    /// This address.
    Address(ShippingAddress),
    /// The customer's saved address with this id.
    Saved(Uuid),
}

impl PlaceOrderRequest {
    fn with_one_destination(self, _: ValuePointerRef<'_>) -> Result<Self, BrokenRule> {
        match (&self.shipping_address, self.shipping_address_id) {
            (Some(_), None) | (None, Some(_)) => Ok(self),
            (None, None) => {
                Err(BrokenRule::at("/shipping_address", "is required, unless shipping_address_id is given"))
            }
            (Some(_), Some(_)) => {
                Err(BrokenRule::at("/shipping_address_id", "must be absent if shipping_address is given"))
            }
        }
    }

    /// Returns the place that the order is to be shipped to.
    pub(super) fn destination(&self) -> Destination {
        match &self.shipping_address {
            Some(address) => Destination::Address(address.to_shipping_address()),
            None => Destination::Saved(self.shipping_address_id.expect("a request has one of the two")),
        }
    }

    /// Returns the products with their quantities.
    pub(super) fn products(&self) -> impl Iterator<Item = (ProductId, i64)> {
        self.items.iter().map(|item| (item.product_id, item.quantity.get()))
    }

    /// Compares the prices of `order` with those that the request expects.
    ///
    /// # Errors
    ///
    /// [`Error::PriceChanged`] if one of them is another.
    pub(super) fn check_prices(&self, order: &Order) -> Result<(), Error> {
        let (mut items, mut errors) = (Vec::new(), Vec::new());
        let mut compare = |expected: Option<Money>, found: Money, pointer: String| {
            let differs = expected.is_some_and(|expected| expected != found);
            if differs {
                let detail = format!("must be the price of now, {} {} in minor units", found.amount, found.currency);
                errors.push(FieldError::new(pointer, detail));
            }
            differs
        };
        for (index, requested) in self.items.iter().enumerate() {
            let Some(item) = order.items.iter().find(|item| item.product_id == requested.product_id) else { continue };
            let found = item.unit_price;
            if compare(requested.expected_unit_price, found, format!("/items/{index}/expected_unit_price")) {
                items.push((item.product_id, found));
            }
        }
        let total = order.total;
        compare(self.expected_total, total, "/expected_total".to_owned());
        if errors.is_empty() { Ok(()) } else { Err(Error::PriceChanged { total, items, errors }) }
    }
}

impl RequestedAddress {
    fn with_required_fields(self, _: ValuePointerRef<'_>) -> Result<Self, Vec<BrokenRule>> {
        let missing = address::missing_fields(&self.country, &self.city, &self.postal_code);
        if missing.is_empty() { Ok(self) } else { Err(missing) }
    }

    fn to_shipping_address(&self) -> ShippingAddress {
        let Self { name, lines, city, postal_code, country, .. } = self;
        ShippingAddress {
            name: name.to_string(),
            lines: lines.clone(),
            city: city.clone(),
            postal_code: postal_code.clone(),
            country: country.clone(),
        }
    }
}

/// Checks the items of an order.
fn check_items(items: Vec<RequestedItem>) -> Result<Vec<RequestedItem>, Vec<BrokenRule>> {
    if !(1..=MAX_ITEMS).contains(&items.len()) {
        return Err(vec![BrokenRule::new("must have 1 to 100 items")]);
    }
    let mut products = BTreeSet::new();
    let repeated: Vec<BrokenRule> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !products.insert(item.product_id))
        .map(|(index, _)| {
            BrokenRule::at(format!("/{index}/product_id"), "must not repeat the product of an earlier item")
        })
        .collect();
    if repeated.is_empty() { Ok(items) } else { Err(repeated) }
}

/// Checks a payment token.
fn check_token(text: String) -> Result<String, BrokenRule> {
    let is_token = (1..=MAX_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_token { Ok(text) } else { Err(BrokenRule::new("must have 1 to 255 visible ASCII characters")) }
}

/// Adds to the schema that exactly one of the members has an address.
fn require_one_destination(schema: &mut Schema) {
    let only =
        |member: &str, kind: &str| json_schema!({ "required": [member], "properties": { member: { "type": kind } } });
    let alternatives = [only("shipping_address", "object"), only("shipping_address_id", "string")];
    schema.insert("oneOf".to_owned(), alternatives.map(serde_json::Value::from).to_vec().into());
}

#[cfg(test)]
mod tests {
    use super::{PlaceOrderRequest, check_token};
    use serde_json::{Value, json};
    use spindle_platform::testing::{assert_schema_and_type_agree_except, merged};

    /// Returns whether a product is in several items, which a schema cannot say.
    fn repeats_a_product(request: &Value) -> bool {
        let items = request["items"].as_array().map_or(&[][..], Vec::as_slice);
        let id = |item: &Value| item["product_id"].as_str().map(str::to_ascii_lowercase);
        items.iter().enumerate().any(|(index, item)| items[..index].iter().any(|earlier| id(earlier) == id(item)))
    }

    #[test]
    fn the_schema_of_a_request_says_what_is_read() {
        let euro = json!({ "amount": 1299, "currency": "EUR" });
        let product = "018bcfe5-6800-7000-8000-00000000000a";
        let to_an_id = json!({
            "items": [{ "product_id": product, "quantity": 2, "expected_unit_price": euro }],
            "expected_total": euro,
            "shipping_address_id": "018bcfe5-6800-7000-8000-0000000000ad",
            "payment_method": { "token": "pm_ok" },
        });
        let address = json!({
            "id": "018bcfe5-6800-7000-8000-0000000000ad", "label": "Home", "name": "Ada Lovelace", "lines": ["1 Main St"],
            "city": "Berlin", "postal_code": "10115", "country": "DE",
        });
        let mut to_an_address = merged(&to_an_id, &json!({ "shipping_address": address }));
        to_an_address.as_object_mut().unwrap().remove("shipping_address_id");
        let mut without_options = to_an_address.clone();
        without_options["items"] = json!([{ "product_id": product, "quantity": 10_000 }]);
        without_options["expected_total"] = Value::Null;
        without_options["shipping_address"] =
            json!({ "name": "Ada", "lines": ["1 Nathan Road"], "country": "SG", "postal_code": "018956" });
        let examples = [to_an_id, to_an_address, without_options];
        assert_schema_and_type_agree_except::<PlaceOrderRequest>(&examples, &[], repeats_a_product);
    }

    #[test]
    fn a_payment_token_is_visible_ascii() {
        let (longest, too_long) = ("t".repeat(255), "t".repeat(256));
        for text in ["pm_ok", "!", &longest] {
            assert!(check_token(text.to_owned()).is_ok(), "{text:?} should be accepted");
        }
        for text in ["", "pm ok", "pm_ök", "pm\n", &too_long] {
            assert!(check_token(text.to_owned()).is_err(), "{text:?} should be refused");
        }
    }
}
