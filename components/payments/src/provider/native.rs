//! A stand-in for the provider: answers as a test says, in the thread that the test runs in.

use super::{Answer, Call};
use std::cell::RefCell;

type Provider = Box<dyn FnMut(&Call) -> Answer>;

thread_local! {
    static PROVIDER: RefCell<Option<Provider>> = const { RefCell::new(None) };
}

/// Lets the provider answer with `provider` from now on.
#[cfg(test)]
pub(crate) fn answer_with(provider: impl FnMut(&Call) -> Answer + 'static) {
    PROVIDER.set(Some(Box::new(provider)));
}

pub(super) async fn make(call: &Call) -> Answer {
    PROVIDER.with_borrow_mut(|provider| match provider {
        Some(provider) => provider(call),
        None => Answer::Retryable("there is no provider here".to_owned()),
    })
}
