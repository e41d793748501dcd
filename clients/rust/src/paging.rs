//! Lists, item by item: the next page is read when it is needed.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{Stream, try_unfold};

use crate::{Error, Result, operations, types};

/// Items that are read as they are needed: a [`Stream`] that also has [`try_next`](Self::try_next).
#[must_use = "nothing is read before it is polled"]
pub struct Items<'a, T>(Pin<Box<dyn Stream<Item = Result<T>> + Send + 'a>>);

impl<'a, T> Items<'a, T> {
    pub(crate) fn new(items: impl Stream<Item = Result<T>> + Send + 'a) -> Self {
        Self(Box::pin(items))
    }

    /// Returns the next item; `None` after the last.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        std::future::poll_fn(|context| self.0.as_mut().poll_next(context)).await.transpose()
    }
}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Items")
    }
}

/// The page to read next.
enum Next {
    First,
    After(String),
    None,
}

/// Adds `items` to the builders of lists.
macro_rules! lists {
    ($($operation:ident => $item:ident,)+) => {
        $(impl<'a> operations::$operation<'a> {
            /// Returns the items of all pages, from that of `cursor` on if one is set. `limit` is the number of items that are read at once.
            pub fn items(self) -> Items<'a, types::$item> {
                Items::new(try_unfold((self, Next::First, VecDeque::new()), async |(list, mut next, mut items)| {
                    loop {
                        if let Some(item) = items.pop_front() {
                            return Ok(Some((item, (list, next, items))));
                        }
                        let request = match next {
                            Next::First => list.clone(),
                            Next::After(cursor) => list.clone().cursor(cursor),
                            Next::None => return Ok(None),
                        };
                        let page = request.send().await.map_err(Error::from)?.into_inner();
                        next = page.next_cursor.map_or(Next::None, Next::After);
                        items = page.items.into();
                    }
                }))
            }
        })+
    };
}

lists! {
    ListAuditRows => AuditRow,
    ListDeadLetters => DeadLetter,
    ListNotifications => Notification,
    ListOrders => Order,
    ListPayments => Payment,
    ListProducts => Product,
    ListSessions => Session,
    ListUsers => User,
}
