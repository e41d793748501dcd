//! The parts that the notification providers of this workspace share: the types of the interface, their settings, the allowed targets, and the
//! HTTP POST with its response. A provider does not use spindle-platform: it is composed into an adapter, and has the adapter's rights.

#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/notify",
        world: "notify-provider",
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
    });
}
mod post;
mod settings;
mod target;

// The path that the bindings of a standalone provider have: `new-provider` copies `exchange.rs`.
#[cfg(target_family = "wasm")]
use ::wasi;

pub use bindings::exports::spindle::notify::provider::{Content, Email, Error, Guest, Message, Push, Sms};
#[cfg(target_family = "wasm")]
pub use post::send;
pub use post::{PostRequest, PostResponse};
pub use settings::Settings;
pub use target::Target;
