//! A payment provider that moves no money: the token of a payment decides its result. It needs no rights, stores nothing, and implements
//! `spindle:payments/provider` as any other provider does.

#[cfg(target_family = "wasm")]
mod component;
pub mod sandbox;
