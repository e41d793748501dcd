//! A provider of everything. It is good, unless the variable `mode` names the one respect in which it is bad: each of the kit's checks has
//! a mode that it fails. Where nobody has a variable of that name, as in adapters, `key` does.
#![cfg(target_family = "wasm")]
#![expect(unsafe_code, reason = "generated bindings export C symbols")]
#![expect(clippy::print_stdout, reason = "it tells what it should not")]

mod bindings {
    wit_bindgen::generate!({
        inline: "
            package spindle:bad;
            world bad {
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

mod ask;
mod misbehave;
mod notify;
mod payments;
mod peer;
mod pricing;

struct Bad;

bindings::export!(Bad with_types_in bindings);

/// In which respect it is bad.
fn mode() -> String {
    let mode = setting("mode");
    if mode.is_empty() { setting("key") } else { mode }
}

/// What the provider is set up with.
fn setting(name: &str) -> String {
    bindings::fermyon::spin::variables::get(name).unwrap_or_default()
}
