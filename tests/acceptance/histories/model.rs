//! The model: what an order may come to, after what its customer, an operator, the provider and the clock have done. It knows nothing of
//! events, reservations or crashes: those must not make a difference.

use std::collections::BTreeSet;

use crate::fixture::OrderRequest;

/// How a payment goes, in about the proportions in which it is to be tried.
pub(super) const TOKENS: [&str; 6] = ["pm_ok", "pm_ok", "pm_ok", "pm_declined", "pm_timeout", "pm_flaky"];

/// Whether something was done. What was asked for and not answered was perhaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    No,
    Perhaps,
    Yes,
}

/// An order as the model knows it.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) request: OrderRequest,
    pub(super) quantity: u32,
    pub(super) token: &'static str,
    /// Its id, once it was acknowledged.
    pub(super) id: Option<String>,
    /// It was refused, because there was not enough.
    pub(super) is_refused: bool,
    cancelled: Done,
    fulfilled: Done,
    /// The provider has authorised the payment, after it did not at first.
    authorized: Done,
    timed_out: Done,
}

impl Known {
    pub(super) fn new(product_id: &str, quantity: u32, token: &'static str) -> Self {
        Self {
            request: OrderRequest::new(product_id, quantity, token),
            quantity,
            token,
            id: None,
            is_refused: false,
            cancelled: Done::No,
            fulfilled: Done::No,
            authorized: Done::No,
            timed_out: Done::No,
        }
    }

    /// Whether only the clock is sure to take it further.
    pub(super) fn is_left_waiting(&self) -> bool {
        self.token == "pm_timeout" && self.authorized != Done::Yes
    }

    /// Its customer cancelled it, and got this status if there was an answer.
    pub(super) fn cancel(&mut self, status: Option<u16>) {
        match status {
            Some(200) => self.cancelled = Done::Yes,
            Some(409) => assert_ne!(self.fulfilled, Done::No, "refused: {self:?}"),
            Some(other) => panic!("{other}: {self:?}"),
            None if self.cancelled == Done::No => self.cancelled = Done::Perhaps,
            None => {}
        }
    }

    /// An operator said that it was sent off, and got this status if there was an answer.
    pub(super) fn fulfil(&mut self, status: Option<u16>) {
        match status {
            Some(200) => {
                assert!(self.cancelled != Done::Yes && self.token != "pm_declined", "sent off: {self:?}");
                self.fulfilled = Done::Yes;
            }
            // It may not be paid yet.
            Some(409) => assert_ne!(self.fulfilled, Done::Yes, "refused: {self:?}"),
            Some(other) => panic!("{other}: {self:?}"),
            None if self.fulfilled == Done::No => self.fulfilled = Done::Perhaps,
            None => {}
        }
    }

    /// The provider authorised its payment after all.
    pub(super) fn authorize(&mut self, done: Done) {
        self.authorized = done;
    }

    /// Its time was over, unless it was paid by then.
    pub(super) fn time_out(&mut self) {
        self.timed_out = Done::Perhaps;
    }

    /// What it may have come to once nothing moves any more.
    pub(super) fn ends(&self) -> BTreeSet<&'static str> {
        if self.fulfilled == Done::Yes {
            return BTreeSet::from(["fulfilled"]);
        }
        if self.cancelled == Done::Yes {
            return BTreeSet::from(["cancelled"]);
        }
        let pays = match self.token {
            "pm_declined" => Done::No,
            "pm_timeout" => self.authorized,
            _ => Done::Yes,
        };
        let mut ends = BTreeSet::new();
        if pays != Done::No {
            ends.insert("paid");
            if self.fulfilled == Done::Perhaps {
                ends.insert("fulfilled");
            }
        }
        if pays != Done::Yes || [self.cancelled, self.timed_out].contains(&Done::Perhaps) {
            ends.insert("cancelled");
        }
        ends
    }
}
