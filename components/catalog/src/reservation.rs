//! A reservation: what an order holds of the stock, and what may become of it. Pure.
//!
//! ```text
//! held ──▶ committed ──▶ released
//!   ├───────────────────────▲
//!   └──▶ expired
//! ```
//!
//! To hold takes pieces from what can be sold; to commit takes them out of the warehouse; to release puts them back, from either. An order
//! that was released or has expired never holds anything again: a request that was late must not take stock for it.

use crate::error::Error;
use crate::product::{Product, Status, Stock};
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, Money, OrderId, ProductId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// The most lines that an order may have.
const MAX_LINES: usize = 100;

/// A reservation as stored and as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Reservation {
    pub(crate) order_id: OrderId,
    pub(crate) state: State,
    pub(crate) expires_at: Timestamp,
    /// In the order in which they were asked for.
    pub(crate) lines: Vec<Line>,
}

/// What has become of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Its pieces lie in the warehouse and are promised.
    Held,
    /// Its pieces have left the warehouse.
    Committed,
    /// Its pieces were put back.
    Released,
    /// Nobody committed it in time, and its pieces were put back.
    Expired,
}

/// A line with what the product was called and cost at that moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Line {
    pub(crate) product_id: ProductId,
    pub(crate) quantity: u32,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) unit_price: Money,
}

/// What an order asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) order_id: OrderId,
    lines: Vec<LineDraft>,
}

/// So much of a product.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineDraft {
    product_id: ProductId,
    quantity: u32,
}

/// What a step of a reservation does to the stock of each of its products, per piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
}

/// What is left of a product whose stock was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) product_id: ProductId,
    pub(crate) sku: String,
    pub(crate) stock: Stock,
}

impl Effect {
    /// What it does to hold pieces.
    pub(crate) const HOLD: Self = Self { on_hand: 0, reserved: 1 };
}

impl State {
    const ALL: [Self; 4] = [Self::Held, Self::Committed, Self::Released, Self::Expired];

    /// The state as it is stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Committed => "committed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// The state called `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// What it does to the stock that a reservation goes from this state to `next`: nothing if it is there already.
    pub(crate) fn step(self, next: Self) -> Result<Option<Effect>, Error> {
        match (self, next) {
            (here, next) if here == next => Ok(None),
            // What has expired has been put back already.
            (Self::Expired, Self::Released) => Ok(None),
            (Self::Held, Self::Committed) => Ok(Some(Effect { on_hand: -1, reserved: -1 })),
            (Self::Held, Self::Released | Self::Expired) => Ok(Some(Effect { on_hand: 0, reserved: -1 })),
            (Self::Committed, Self::Released) => Ok(Some(Effect { on_hand: 1, reserved: 0 })),
            (here, _) => Err(Error::ReservationIs(here)),
        }
    }
}

impl Draft {
    /// Refuses what cannot be reserved of any stock.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut errors = Vec::new();
        if self.lines.is_empty() || self.lines.len() > MAX_LINES {
            errors.push(FieldError::new("/lines", "must have 1 to 100 items"));
        }
        let mut products = BTreeSet::new();
        for (index, line) in self.lines.iter().enumerate() {
            if line.quantity == 0 {
                errors.push(FieldError::new(format!("/lines/{index}/quantity"), "must be at least 1"));
            }
            if !products.insert(line.product_id) {
                errors.push(FieldError::new(format!("/lines/{index}/product_id"), "is on an earlier line"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    /// The products that it asks for.
    pub(crate) fn products(&self) -> impl Iterator<Item = ProductId> {
        self.lines.iter().map(|line| line.product_id)
    }

    /// The reservation until `expires_at` that this asks for, of `products` as they are; or which lines stand against it.
    pub(crate) fn reserve(&self, products: &[Product], expires_at: Timestamp) -> Result<Reservation, Error> {
        let products: BTreeMap<ProductId, &Product> = products.iter().map(|product| (product.id, product)).collect();
        self.check_currencies(&products)?;
        let mut errors = Vec::new();
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let product = products.get(&line.product_id).filter(|product| product.status == Status::Active);
            let error = match product {
                None => FieldError::new(format!("/lines/{index}/product_id"), "is no product that is for sale"),
                Some(product) if product.stock.available() < line.quantity.into() => {
                    let detail = format!("is more than the {} that are left", product.stock.available());
                    FieldError::new(format!("/lines/{index}/quantity"), detail)
                }
                Some(product) => {
                    lines.push(line.of(product));
                    continue;
                }
            };
            errors.push(error);
        }
        if !errors.is_empty() {
            return Err(Error::ShortStock(errors));
        }
        Ok(Reservation { order_id: self.order_id, state: State::Held, expires_at, lines })
    }

    /// Refuses products in several currencies: an order has one total.
    fn check_currencies(&self, products: &BTreeMap<ProductId, &Product>) -> Result<(), Error> {
        let currency = |line: &LineDraft| products.get(&line.product_id).map(|product| product.price.currency);
        let Some(first) = self.lines.iter().find_map(currency) else { return Ok(()) };
        let other = |(index, line): (usize, &LineDraft)| {
            let other = currency(line).filter(|other| *other != first)?;
            let detail = format!("costs {other}, and the first costs {first}: order them apart");
            Some(FieldError::new(format!("/lines/{index}/product_id"), detail))
        };
        let errors: Vec<FieldError> = self.lines.iter().enumerate().filter_map(other).collect();
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}

impl LineDraft {
    fn of(self, product: &Product) -> Line {
        let Self { product_id, quantity } = self;
        Line { product_id, quantity, sku: product.sku.clone(), name: product.name.clone(), unit_price: product.price }
    }
}

impl Reservation {
    /// The products that it is of.
    pub(crate) fn products(&self) -> impl Iterator<Item = ProductId> {
        self.lines.iter().map(|line| line.product_id)
    }

    /// What is left of an order that is put back before it came: so that it holds nothing if it comes after all.
    pub(crate) fn never_held(order_id: OrderId, now: Timestamp) -> Self {
        Self { order_id, state: State::Released, expires_at: now, lines: Vec::new() }
    }

    /// This reservation as the answer to `draft`, which asks for it once more.
    pub(crate) fn again(self, draft: &Draft) -> Result<Self, Error> {
        match self.state {
            State::Released | State::Expired => Err(Error::ReservationIs(self.state)),
            State::Held | State::Committed if self.is_for(draft) => Ok(self),
            State::Held | State::Committed => Err(Error::OtherLines),
        }
    }

    fn is_for(&self, draft: &Draft) -> bool {
        let asked: BTreeMap<ProductId, u32> = draft.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
        let held: BTreeMap<ProductId, u32> = self.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
        asked == held
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, State};

    #[test]
    fn each_way_through_the_states_takes_and_gives_the_same() {
        for way in [
            &[State::Held, State::Released][..],
            &[State::Held, State::Expired],
            &[State::Held, State::Committed, State::Released],
        ] {
            let (mut on_hand, mut reserved) = (Effect::HOLD.on_hand, Effect::HOLD.reserved);
            for step in way.windows(2) {
                let effect = step[0].step(step[1]).unwrap().unwrap();
                on_hand += effect.on_hand;
                reserved += effect.reserved;
            }
            assert_eq!((on_hand, reserved), (0, 0), "{way:?}");
        }
    }

    #[test]
    fn a_step_that_was_made_is_made_no_second_time_and_none_leads_back() {
        for state in State::ALL {
            assert_eq!(state.step(state).unwrap(), None);
            assert!(state == State::Held || state.step(State::Held).is_err(), "{state:?}");
        }
        assert_eq!(State::Expired.step(State::Released).unwrap(), None);
        assert!(State::Released.step(State::Committed).is_err());
        assert!(State::Expired.step(State::Committed).is_err());
        assert!(State::Committed.step(State::Expired).is_err());
        assert!(State::Released.step(State::Expired).is_err());
    }
}
