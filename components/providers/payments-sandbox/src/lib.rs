//! A payment provider that moves no money: what becomes of a payment is decided by its token. It has no rights, keeps nothing, and
//! implements `spindle:payments/provider` as any other provider would.

#[cfg(target_family = "wasm")]
mod component;
pub mod sandbox;
