//! A reservation: the stock that is reserved for an order, and the states that it goes through. Pure.
//!
//! ```text
//! held ──▶ allocated ──▶ shipped
//!  │ │         │
//!  │ └─────────┴──▶ released
//!  └──▶ expired
//! ```
//!
//! Reserving takes units from those that can be sold; committing allocates them to their order, which is paid; shipping takes them off the shelf;
//! releasing returns them, until they are shipped. A released or expired reservation never holds stock again: a late request of its order must
//! not take any.

use crate::product::{Product, Status, Stock};
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, Money, OrderId, ProductId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// The maximum number of lines of a reservation.
const MAX_LINES: usize = 100;

/// A reservation, as stored and as sent to orders.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Reservation {
    pub(crate) order_id: OrderId,
    pub(crate) state: ReservationState,
    pub(crate) expires_at: Timestamp,
    /// In the order of the request.
    pub(crate) lines: Vec<Line>,
}

/// The state of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReservationState {
    /// The units are reserved on the shelf.
    Held,
    /// The units are sold, and still on the shelf.
    Allocated,
    /// The units have left the shelf.
    Shipped,
    /// The units were taken off the shelf when their order was paid, by a release before [`Allocated`](Self::Allocated).
    #[serde(rename = "committed")]
    TakenAtPayment,
    /// The units were returned to the stock.
    Released,
    /// The order did not commit in time, and the units were returned to the stock.
    Expired,
}

/// A line, with the product's name and price at the time of the reservation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Line {
    pub(crate) product_id: ProductId,
    pub(crate) quantity: u32,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) unit_price: Money,
}

/// The body of `POST /internal/catalog/reservations`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReservationRequest {
    pub(crate) order_id: OrderId,
    lines: Vec<RequestedLine>,
}

/// A quantity of a product.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestedLine {
    product_id: ProductId,
    quantity: u32,
}

/// The change of a product's stock by a transition of a reservation, per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StockDelta {
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) allocated: i64,
}

/// The stock of a product after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductStock {
    pub(crate) product_id: ProductId,
    pub(crate) sku: String,
    pub(crate) stock: Stock,
}

/// Why a reservation cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReservationError {
    /// The request breaks rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// These lines exceed the stock, or name products that are not for sale.
    #[error("{} lines exceed the stock", .0.len())]
    OutOfStock(Vec<FieldError>),
    /// The order has reserved other lines before.
    #[error("the order has reserved other lines")]
    LinesDiffer,
    /// The reservation has this state, from which no transition leads to the requested one.
    #[error("the reservation is {}", .0.name())]
    WrongState(ReservationState),
}

impl StockDelta {
    /// The change by a new reservation.
    pub(crate) const RESERVE: Self = Self { on_hand: 0, reserved: 1, allocated: 0 };

    /// The change by a transition that moves no unit.
    const NONE: Self = Self { on_hand: 0, reserved: 0, allocated: 0 };
}

impl ReservationState {
    const ALL: [Self; 6] =
        [Self::Held, Self::Allocated, Self::Shipped, Self::TakenAtPayment, Self::Released, Self::Expired];

    /// Returns the name of the state in JSON and in the database.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Allocated => "allocated",
            Self::Shipped => "shipped",
            Self::TakenAtPayment => "committed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// Returns the state with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Returns the change of the stock by the transition from this state to `next`; `None` if that was made before.
    ///
    /// # Errors
    ///
    /// [`ReservationError::WrongState`] if there is no such transition.
    pub(crate) fn transition(self, next: Self) -> Result<Option<StockDelta>, ReservationError> {
        let delta = |delta| Ok(Some(delta));
        match (self, next) {
            (here, next) if here == next => Ok(None),
            // The units of an expired reservation have been returned already.
            (Self::Expired, Self::Released) => Ok(None),
            // A late repetition of the request to commit.
            (Self::Shipped, Self::Allocated) => Ok(None),
            (Self::Held, Self::Allocated) => delta(StockDelta { reserved: -1, allocated: 1, ..StockDelta::NONE }),
            (Self::Held, Self::Released | Self::Expired) => delta(StockDelta { reserved: -1, ..StockDelta::NONE }),
            (Self::Allocated, Self::Shipped) => delta(StockDelta { on_hand: -1, allocated: -1, ..StockDelta::NONE }),
            (Self::Allocated, Self::Released) => delta(StockDelta { allocated: -1, ..StockDelta::NONE }),
            (Self::TakenAtPayment, Self::Allocated) => {
                delta(StockDelta { on_hand: 1, allocated: 1, ..StockDelta::NONE })
            }
            (Self::TakenAtPayment, Self::Shipped) => delta(StockDelta::NONE),
            (Self::TakenAtPayment, Self::Released) => delta(StockDelta { on_hand: 1, ..StockDelta::NONE }),
            (here, _) => Err(ReservationError::WrongState(here)),
        }
    }

    /// Returns the states from which a transition leads to this one, each with the change of the stock.
    pub(crate) fn transitions(self) -> impl Iterator<Item = (Self, StockDelta)> {
        Self::ALL.into_iter().filter_map(move |state| Some((state, state.transition(self).ok()??)))
    }

    /// Returns whether a transition to this state makes units available again. The others leave the number of available units.
    pub(crate) fn returns_units(self) -> bool {
        matches!(self, Self::Released | Self::Expired)
    }
}

impl ReservationRequest {
    /// Checks the rules that do not depend on the stock.
    pub(crate) fn check(&self) -> Result<(), ReservationError> {
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
                errors.push(FieldError::new(
                    format!("/lines/{index}/product_id"),
                    "repeats the product of an earlier line",
                ));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(ReservationError::Invalid(errors)) }
    }

    /// Returns the requested products with their quantities.
    pub(crate) fn quantities(&self) -> impl Iterator<Item = (ProductId, u32)> {
        self.lines.iter().map(|line| (line.product_id, line.quantity))
    }

    /// Returns the ids of the requested products.
    pub(crate) fn products(&self) -> impl Iterator<Item = ProductId> {
        self.quantities().map(|(product_id, _)| product_id)
    }

    /// Checks the rules that depend on `products` as they are now, so that the client learns which line breaks them. The statement that reserves has the
    /// same rules.
    ///
    /// # Errors
    ///
    /// The lines in another currency than the first; or those that exceed the stock or name no product that is for sale.
    pub(crate) fn check_stock(&self, products: &[Product]) -> Result<(), ReservationError> {
        let products: BTreeMap<ProductId, &Product> = products.iter().map(|product| (product.id, product)).collect();
        self.check_currencies(&products)?;
        let mut errors = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let product = products.get(&line.product_id).filter(|product| product.status == Status::Active);
            let error = match product {
                None => FieldError::new(format!("/lines/{index}/product_id"), "must be a product that is for sale"),
                Some(product) if product.stock.available() < line.quantity.into() => {
                    let detail = format!("must be at most {}, the available stock", product.stock.available());
                    FieldError::new(format!("/lines/{index}/quantity"), detail)
                }
                Some(_) => continue,
            };
            errors.push(error);
        }
        if errors.is_empty() { Ok(()) } else { Err(ReservationError::OutOfStock(errors)) }
    }

    /// Refuses products in several currencies: an order has one total.
    fn check_currencies(&self, products: &BTreeMap<ProductId, &Product>) -> Result<(), ReservationError> {
        let currency = |line: &RequestedLine| products.get(&line.product_id).map(|product| product.price.currency);
        let Some(first) = self.lines.iter().find_map(currency) else { return Ok(()) };
        let other = |(index, line): (usize, &RequestedLine)| {
            let other = currency(line).filter(|other| *other != first)?;
            let detail = format!(
                "has a price in {other}, but the first line has one in {first}: place one order for each currency"
            );
            Some(FieldError::new(format!("/lines/{index}/product_id"), detail))
        };
        let errors: Vec<FieldError> = self.lines.iter().enumerate().filter_map(other).collect();
        if errors.is_empty() { Ok(()) } else { Err(ReservationError::Invalid(errors)) }
    }
}

impl Reservation {
    /// Returns the ids of the reserved products.
    pub(crate) fn products(&self) -> impl Iterator<Item = ProductId> {
        self.lines.iter().map(|line| line.product_id)
    }

    /// Returns this reservation if it is the one that `request`, a repeated one, would make.
    ///
    /// # Errors
    ///
    /// [`ReservationError::WrongState`] if it has ended, [`ReservationError::LinesDiffer`] if its lines are others.
    pub(crate) fn repeated(self, request: &ReservationRequest) -> Result<Self, ReservationError> {
        match self.state {
            ReservationState::Released | ReservationState::Expired => Err(ReservationError::WrongState(self.state)),
            ReservationState::Held
            | ReservationState::Allocated
            | ReservationState::Shipped
            | ReservationState::TakenAtPayment => {
                if self.has_lines_of(request) {
                    Ok(self)
                } else {
                    Err(ReservationError::LinesDiffer)
                }
            }
        }
    }

    fn has_lines_of(&self, request: &ReservationRequest) -> bool {
        let requested: BTreeMap<ProductId, u32> =
            request.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
        let reserved: BTreeMap<ProductId, u32> =
            self.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
        requested == reserved
    }
}

#[cfg(test)]
mod tests {
    use super::{ReservationState as S, StockDelta};

    /// Returns the units of a new reservation after its transitions: on hand, reserved and allocated.
    fn units(path: &[S]) -> (i64, i64, i64) {
        let StockDelta { mut on_hand, mut reserved, mut allocated } = StockDelta::RESERVE;
        for states in path.windows(2) {
            let delta = states[0].transition(states[1]).unwrap().unwrap();
            on_hand += delta.on_hand;
            reserved += delta.reserved;
            allocated += delta.allocated;
            assert!(reserved >= 0 && allocated >= 0 && on_hand <= 0, "{path:?}");
        }
        (on_hand, reserved, allocated)
    }

    #[test]
    fn every_path_to_an_order_that_is_not_shipped_returns_all_units() {
        for path in [&[S::Held, S::Released][..], &[S::Held, S::Expired], &[S::Held, S::Allocated, S::Released]] {
            assert_eq!(units(path), (0, 0, 0), "{path:?}");
        }
    }

    #[test]
    fn sold_units_are_on_hand_until_they_are_shipped() {
        assert_eq!(units(&[S::Held, S::Allocated]), (0, 0, 1));
        assert_eq!(units(&[S::Held, S::Allocated, S::Shipped]), (-1, 0, 0));
    }

    #[test]
    fn units_that_the_release_before_took_at_the_payment_are_taken_once() {
        let change = |next: S| S::TakenAtPayment.transition(next).unwrap().unwrap();
        let shipped_later = [change(S::Allocated), S::Allocated.transition(S::Shipped).unwrap().unwrap()];
        let sum = |deltas: &[StockDelta]| {
            deltas.iter().fold((-1, 0, 0), |(on_hand, reserved, allocated), delta| {
                (on_hand + delta.on_hand, reserved + delta.reserved, allocated + delta.allocated)
            })
        };
        assert_eq!(sum(&shipped_later[..1]), (0, 0, 1));
        assert_eq!(sum(&shipped_later), (-1, 0, 0));
        assert_eq!(sum(&[change(S::Shipped)]), (-1, 0, 0));
        assert_eq!(sum(&[change(S::Released)]), (0, 0, 0));
    }

    #[test]
    fn a_transition_changes_the_available_units_only_if_it_returns_units() {
        for (here, next) in S::ALL.into_iter().flat_map(|here| S::ALL.map(|next| (here, next))) {
            let Ok(Some(StockDelta { on_hand, reserved, allocated })) = here.transition(next) else { continue };
            assert_eq!(on_hand - reserved - allocated, i64::from(next.returns_units()), "{here:?} to {next:?}");
        }
    }

    #[test]
    fn a_repeated_transition_changes_nothing_and_none_leads_back_to_held() {
        for state in S::ALL {
            assert_eq!(state.transition(state).unwrap(), None);
            assert!(state == S::Held || state.transition(S::Held).is_err(), "{state:?}");
        }
        for (state, next) in [(S::Expired, S::Released), (S::Shipped, S::Allocated)] {
            assert_eq!(state.transition(next).unwrap(), None, "{state:?} to {next:?}");
        }
        for (state, next) in [
            (S::Released, S::Allocated),
            (S::Expired, S::Allocated),
            (S::Allocated, S::Expired),
            (S::Released, S::Expired),
            (S::Held, S::Shipped),
            (S::Released, S::Shipped),
            (S::Expired, S::Shipped),
            (S::Shipped, S::Released),
            (S::Shipped, S::Expired),
        ] {
            assert!(state.transition(next).is_err(), "{state:?} to {next:?}");
        }
    }
}
