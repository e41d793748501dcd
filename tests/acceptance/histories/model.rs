//! The model: the possible final statuses of an order, by the actions of its customer, an operator, the provider and the clock. It does not
//! model events, reservations or crashes: those must not make a difference.

use std::collections::BTreeSet;

use crate::fixture::OrderRequest;

/// The payment tokens, in about the proportions in which they are used.
pub(super) const TOKENS: [&str; 6] = ["pm_ok", "pm_ok", "pm_ok", "pm_declined", "pm_timeout", "pm_flaky"];

/// Whether an action took effect. An action without a response is a `Maybe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    No,
    Maybe,
    Yes,
}

/// An order in the model.
#[derive(Debug)]
pub(super) struct OrderModel {
    pub(super) request: OrderRequest,
    pub(super) quantity: u32,
    pub(super) token: &'static str,
    /// Its id, once the order was acknowledged.
    pub(super) id: Option<String>,
    /// The order was refused, because the stock was too low.
    pub(super) is_refused: bool,
    cancelled: Effect,
    fulfilled: Effect,
    /// The provider has authorised the payment that it left pending.
    authorized: Effect,
    timed_out: Effect,
}

impl OrderModel {
    pub(super) fn new(product_id: &str, quantity: u32, token: &'static str) -> Self {
        Self {
            request: OrderRequest::new(product_id, quantity, token),
            quantity,
            token,
            id: None,
            is_refused: false,
            cancelled: Effect::No,
            fulfilled: Effect::No,
            authorized: Effect::No,
            timed_out: Effect::No,
        }
    }

    /// Returns whether only the payment timeout is certain to change its status.
    pub(super) fn awaits_timeout(&self) -> bool {
        self.token == "pm_timeout" && self.authorized != Effect::Yes
    }

    /// Records that its customer cancelled it, with the status of the response, if there was one.
    pub(super) fn cancel(&mut self, status: Option<u16>) {
        match status {
            Some(200) => self.cancelled = Effect::Yes,
            Some(409) => assert_ne!(self.fulfilled, Effect::No, "refused: {self:?}"),
            Some(other) => panic!("{other}: {self:?}"),
            None if self.cancelled == Effect::No => self.cancelled = Effect::Maybe,
            None => {}
        }
    }

    /// Records that an operator marked it as fulfilled, with the status of the response, if there was one.
    pub(super) fn fulfil(&mut self, status: Option<u16>) {
        match status {
            Some(200) => {
                assert!(self.cancelled != Effect::Yes && self.token != "pm_declined", "fulfilled: {self:?}");
                self.fulfilled = Effect::Yes;
            }
            // It may not be paid yet.
            Some(409) => assert_ne!(self.fulfilled, Effect::Yes, "refused: {self:?}"),
            Some(other) => panic!("{other}: {self:?}"),
            None if self.fulfilled == Effect::No => self.fulfilled = Effect::Maybe,
            None => {}
        }
    }

    /// Records that the provider authorised its payment after all.
    pub(super) fn authorize(&mut self, effect: Effect) {
        self.authorized = effect;
    }

    /// Records that its payment deadline passed. That has no effect if it was paid by then.
    pub(super) fn time_out(&mut self) {
        self.timed_out = Effect::Maybe;
    }

    /// Returns its possible final statuses.
    pub(super) fn ends(&self) -> BTreeSet<&'static str> {
        if self.fulfilled == Effect::Yes {
            return BTreeSet::from(["fulfilled"]);
        }
        if self.cancelled == Effect::Yes {
            return BTreeSet::from(["cancelled"]);
        }
        let pays = match self.token {
            "pm_declined" => Effect::No,
            "pm_timeout" => self.authorized,
            _ => Effect::Yes,
        };
        let mut ends = BTreeSet::new();
        if pays != Effect::No {
            ends.insert("paid");
            if self.fulfilled == Effect::Maybe {
                ends.insert("fulfilled");
            }
        }
        if pays != Effect::Yes || [self.cancelled, self.timed_out].contains(&Effect::Maybe) {
            ends.insert("cancelled");
        }
        ends
    }
}
