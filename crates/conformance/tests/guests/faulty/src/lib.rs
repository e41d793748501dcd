//! A provider of all interfaces. It has no fault, unless the variable `mode` names one: each check of the kit has a mode that fails it. In an
//! adapter, which has no variable of that name, `key` holds the mode.
#![cfg(target_family = "wasm")]
#![expect(unsafe_code, reason = "generated bindings export C symbols")]
#![expect(clippy::print_stdout, reason = "it prints secrets on purpose")]

mod bindings {
    wit_bindgen::generate!({
        inline: "
            package spindle:faulty;
            world faulty {
              import fermyon:spin/variables@2.0.0;
              export spindle:notify/provider@1.0.0;
              export spindle:payments/provider@1.0.0;
              export spindle:pricing/adjuster@1.0.0;
            }
        ",
        path: [
            "../../../../../wit/notify",
            "../../../../../wit/payments",
            "../../../../../wit/pricing",
            "../../../../host/wit/deps/spin@2.0.0",
        ],
        generate_all,
    });
}

mod faults;
mod http_client;
mod notify;
mod payments;
mod pricing;
mod service_call;

struct Faulty;

bindings::export!(Faulty with_types_in bindings);

/// Returns the name of the fault.
fn mode() -> String {
    let mode = setting("mode");
    if mode.is_empty() { setting("key") } else { mode }
}

/// Returns a setting of the provider.
fn setting(name: &str) -> String {
    bindings::fermyon::spin::variables::get(name).unwrap_or_default()
}
