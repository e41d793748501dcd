//! A notification provider that accepts each message and sends none: the default, and the sandbox. The log line of the adapter is all that shows
//! of a message. The provider needs no rights, stores nothing, and implements `spindle:notify/provider` as any other provider does.

#[cfg(target_family = "wasm")]
mod component;
pub mod sandbox;
