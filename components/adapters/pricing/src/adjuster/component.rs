//! The adjuster that spin.toml composes into this component.

use spindle_contracts::provider::{pricing, truncated};

wit_bindgen::generate!({ path: "../../../wit/pricing", world: "price-taker" });

use spindle::pricing::adjuster::{self, Adjustment, Cart, Error, Kind, Line};

pub(crate) fn adjust(cart: pricing::Cart) -> Result<Vec<pricing::Adjustment>, pricing::Error> {
    Ok(adjuster::adjust(&cart.into())?.into_iter().map(pricing::Adjustment::from).collect())
}

impl From<pricing::Cart> for Cart {
    fn from(cart: pricing::Cart) -> Self {
        let pricing::Cart { order_id, user_id, currency, lines, country, postal_code } = cart;
        Self {
            order_id: order_id.to_string(),
            user_id: user_id.to_string(),
            currency: currency.code().to_owned(),
            lines: lines.into_iter().map(Line::from).collect(),
            country,
            postal_code,
        }
    }
}

impl From<pricing::Line> for Line {
    fn from(line: pricing::Line) -> Self {
        let pricing::Line { product_id, sku, quantity, unit_price } = line;
        Self { product_id: product_id.to_string(), sku, quantity, unit_price }
    }
}

impl From<Adjustment> for pricing::Adjustment {
    fn from(adjustment: Adjustment) -> Self {
        let Adjustment { kind, label, amount } = adjustment;
        let kind = match kind {
            Kind::Discount => pricing::Kind::Discount,
            Kind::Tax => pricing::Kind::Tax,
        };
        Self { kind, label, amount }
    }
}

impl From<Error> for pricing::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(reason) => Self::Refused(truncated(reason)),
            Error::Unavailable(detail) => Self::Unavailable(truncated(detail)),
            Error::Other(detail) => Self::Other(truncated(detail)),
        }
    }
}
