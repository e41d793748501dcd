//! The entry point for messages: Spin's Redis trigger.

use super::Backend;
use crate::Platform;
use bytes::Bytes;

/// The trigger's world, as Spin defines it.
#[allow(
    missing_docs,
    unreachable_pub,
    unsafe_code,
    unused_qualifications,
    rust_2018_idioms,
    clippy::all,
    reason = "generated from WIT"
)]
pub mod trigger {
    spin_sdk::wit_bindgen::generate!({
        inline: "
            package fermyon:spin;

            interface redis-types {
                enum error { success, error }
                type payload = list<u8>;
            }

            interface inbound-redis {
                use redis-types.{payload, error};
                handle-message: func(message: payload) -> result<_, error>;
            }

            world redis-trigger {
                export inbound-redis;
            }
        ",
        world: "redis-trigger",
        runtime_path: "::spin_sdk::wit_bindgen::rt",
        pub_export_macro: true,
    });
}

/// Handles one message with `handle`. Spin logs a failure, and drops the message in either case.
///
/// # Errors
///
/// If `handle` fails.
pub fn run<F: Future<Output = Result<(), ()>>>(
    message: Vec<u8>,
    handle: impl FnOnce(Platform, Bytes) -> F,
) -> Result<(), trigger::exports::fermyon::spin::inbound_redis::Error> {
    let handled = spin_executor::run(handle(Platform::new(Backend::default()), Bytes::from(message)));
    handled.map_err(|()| trigger::exports::fermyon::spin::inbound_redis::Error::Error)
}
