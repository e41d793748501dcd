//! The requests and responses between a service and the adapter of a provider.
//!
//! A provider is a component that implements an interface of Spindle (wit/). It is composed into an adapter, a component that does nothing
//! but call it: a service sends its request to the adapter as JSON, and receives a [`ProviderResponse`] as JSON. The types here are the records
//! of the interface, which documents them.

pub mod notify;
pub mod payments;
pub mod pricing;

use serde::{Deserialize, Serialize};

/// The longest text of a provider that is passed on, in characters.
pub const MAX_TEXT: usize = 255;

/// The address of an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// The name under which it is called: the audience of tokens.
    pub service: &'static str,
    /// The variable with its address.
    pub url_variable: &'static str,
}

/// The response of a provider. If a provider gives none, as when it traps, the adapter responds with another status, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderResponse<T, E> {
    /// The operation succeeded.
    Ok(T),
    /// The operation failed, with the reason.
    Error(E),
}

impl<T, E> From<Result<T, E>> for ProviderResponse<T, E> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(value) => Self::Ok(value),
            Err(error) => Self::Error(error),
        }
    }
}

impl<T, E> From<ProviderResponse<T, E>> for Result<T, E> {
    fn from(response: ProviderResponse<T, E>) -> Self {
        match response {
            ProviderResponse::Ok(value) => Ok(value),
            ProviderResponse::Error(error) => Err(error),
        }
    }
}

/// Truncates `text` to [`MAX_TEXT`] characters.
#[must_use]
pub fn truncated(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{ProviderResponse, notify, payments, pricing, truncated};
    use crate::{OrderId, ProductId, UserId};
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};
    use std::fmt::Debug;
    use uuid::Uuid;

    fn assert_json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, expected: Value) {
        assert_eq!(serde_json::to_value(value).unwrap(), expected);
        assert_eq!(serde_json::from_value::<T>(expected).unwrap(), *value);
    }

    #[test]
    fn a_response_is_ok_or_an_error_with_its_kind() {
        assert_json(&notify::SendResponse::Ok("m-1".to_owned()), json!({ "ok": "m-1" }));
        let error = notify::Error::Rejected("no such address".to_owned());
        assert_json(
            &notify::SendResponse::Error(error),
            json!({ "error": { "kind": "rejected", "detail": "no such address" } }),
        );
        assert_json(&payments::SettleResponse::Ok(()), json!({ "ok": null }));
        let pending = payments::AuthorizationOutcome::Pending("ref".to_owned());
        assert_json(
            &payments::AuthorizeResponse::Ok(pending),
            json!({ "ok": { "status": "pending", "reference": "ref" } }),
        );
        let adjustment =
            pricing::Adjustment { kind: pricing::Kind::Discount, label: "10 % off".to_owned(), amount: -130 };
        assert_json(
            &pricing::AdjustResponse::Ok(vec![adjustment]),
            json!({ "ok": [{ "kind": "discount", "label": "10 % off", "amount": -130 }] }),
        );
    }

    #[test]
    fn a_request_has_the_members_of_the_interface() {
        let sms = notify::Sms { to: "+4930123456".to_owned(), text: "Paid.".to_owned() };
        let message = notify::Message {
            idempotency_key: "k".to_owned(),
            template: "order-paid".to_owned(),
            locale: "de".to_owned(),
            content: notify::Content::Sms(sms),
            attempt: 1,
        };
        assert_json(
            &message,
            json!({
                "idempotency_key": "k", "template": "order-paid", "locale": "de", "attempt": 1,
                "content": { "sms": { "to": "+4930123456", "text": "Paid." } },
            }),
        );
        let id = Uuid::from_u128(1);
        let line = pricing::Line { product_id: ProductId(id), sku: "S-1".to_owned(), quantity: 2, unit_price: 650 };
        let cart = pricing::Cart {
            order_id: OrderId(id),
            user_id: UserId(id),
            currency: "EUR".parse().unwrap(),
            lines: vec![line],
            country: "DE".to_owned(),
            postal_code: "10115".to_owned(),
        };
        assert_json(
            &cart,
            json!({
                "order_id": id, "user_id": id, "currency": "EUR", "country": "DE", "postal_code": "10115",
                "lines": [{ "product_id": id, "sku": "S-1", "quantity": 2, "unit_price": 650 }],
            }),
        );
    }

    #[test]
    fn a_result_converts_to_a_response_and_back() {
        for result in [Ok(1), Err("no")] {
            assert_eq!(Result::from(ProviderResponse::from(result)), result);
        }
    }

    #[test]
    fn a_long_text_of_a_provider_is_truncated() {
        assert_eq!(truncated("é".repeat(300)), "é".repeat(255));
        assert_eq!(truncated("é".repeat(255)), "é".repeat(255));
    }
}
