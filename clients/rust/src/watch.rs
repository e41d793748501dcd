//! Watching an order.

use std::time::Duration;

use futures_util::stream::try_unfold;
use progenitor_client::Error as OperationError;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::types::{Order, OrderStatus, OrderTimeline};
use crate::{Error, Items, Result, Spindle, Versioned as _};

/// The pauses between two requests: short after a change, then longer and longer.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// An order with its history.
#[derive(Clone, Debug)]
pub struct OrderProgress {
    /// The order.
    pub order: Order,
    /// Its history, and the event that it waits for.
    pub timeline: OrderTimeline,
}

impl OrderProgress {
    /// Returns whether nothing more will happen: the order is shipped, or cancelled and its payment returned.
    pub fn is_final(&self) -> bool {
        is_decided(&self.order) && self.timeline.awaiting.is_none()
    }
}

fn is_decided(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Fulfilled | OrderStatus::Cancelled)
}

struct Watch<'a> {
    spindle: &'a Spindle,
    id: Uuid,
    /// The order with its entity tag, as it was read last.
    order: Option<(Order, Option<String>)>,
    /// What was returned last, to compare with.
    seen: Option<(Option<String>, String)>,
    is_over: bool,
}

impl Spindle {
    /// Returns an order now and after each change, until nothing more will happen to it: see [`OrderProgress::is_final`]. Drop it to stop earlier.
    pub fn watch_order(&self, id: Uuid) -> Items<'_, OrderProgress> {
        let watch = Watch { spindle: self, id, order: None, seen: None, is_over: false };
        Items::new(try_unfold(watch, async |mut watch| {
            if watch.is_over {
                return Ok(None);
            }
            let mut pause = if watch.order.is_none() { Duration::ZERO } else { FIRST_PAUSE };
            loop {
                tokio::time::sleep(pause).await;
                if let Some(progress) = watch.look().await? {
                    watch.is_over = progress.is_final();
                    return Ok(Some((progress, watch)));
                }
                pause = pause.mul_f64(1.5).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            }
        }))
    }
}

impl Watch<'_> {
    /// Reads the order, and returns it if it has changed.
    async fn look(&mut self) -> Result<Option<OrderProgress>> {
        let mut request = self.spindle.get_order().id(self.id);
        if let Some((_, Some(etag))) = &self.order {
            request = request.if_none_match(etag);
        }
        let is_changed = match request.send().await {
            Ok(response) => {
                let etag = response.etag().map(str::to_owned);
                self.order = Some((response.into_inner(), etag));
                true
            }
            Err(OperationError::UnexpectedResponse(response)) if response.status() == StatusCode::NOT_MODIFIED => false,
            Err(error) => return Err(Error::from(error)),
        };
        // Each entry of the timeline is a new version of the order. Only the event that it waits for can change without one.
        let Some((order, etag)) = self.order.clone().filter(|(order, _)| is_changed || is_decided(order)) else {
            return Ok(None);
        };
        let timeline = self.spindle.get_order_timeline().id(self.id).send().await?.into_inner();
        let seen = (etag, serde_json::to_string(&timeline).map_err(Error::UnexpectedBody)?);
        if self.seen.as_ref() == Some(&seen) {
            return Ok(None);
        }
        self.seen = Some(seen);
        Ok(Some(OrderProgress { order, timeline }))
    }
}
