//! A notification provider that posts each message to a URL, signed after Standard Webhooks (standardwebhooks.com), so that whoever
//! receives it can tell that it is ours and has it once.

#[cfg(target_family = "wasm")]
mod component;
pub mod signature;
pub mod webhook;
