//! A notification provider that posts each message to a URL, signed as Standard Webhooks (standardwebhooks.com) specify, so that
//! the receiver can verify the sender and ignore duplicates.

#[cfg(target_family = "wasm")]
mod component;
pub mod signature;
pub mod webhook;
