//! A notification provider that writes a line for each message and sends none: the default, and the sandbox. It has no rights, keeps
//! nothing, and implements `spindle:notify/provider` as any other provider would.

#[cfg(target_family = "wasm")]
mod component;
pub mod log;
