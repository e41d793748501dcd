//! What our own notification providers share: the interface's types, their settings, where they may post, the post itself, and what an
//! answer means. A provider has no platform below it: it is composed into one that has, and takes part in its rights.

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

// As the bindings of a provider that stands alone would have it: `new-provider` copies the exchange.
#[cfg(target_family = "wasm")]
use ::wasi;

pub use bindings::exports::spindle::notify::provider::{Content, Email, Error, Guest, Message, Push, Sms};
#[cfg(target_family = "wasm")]
pub use post::send;
pub use post::{Answer, Post};
pub use settings::Settings;
pub use target::Target;
