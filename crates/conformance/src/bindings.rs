//! Generated bindings of `wit/`: the exports of providers, and their imports besides WASI.

#![allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    reason = "generated from WIT, where the documentation is, by whatever version of wasmtime"
)]

/// Providers of notifications.
pub(crate) mod notify {
    wasmtime::component::bindgen!({ path: "../../wit/notify", world: "notify-provider", exports: { default: async } });
}

/// Providers of payments.
pub(crate) mod payments {
    wasmtime::component::bindgen!({ path: "../../wit/payments", world: "payment-provider", exports: { default: async } });
}

/// Adjusters of prices.
pub(crate) mod pricing {
    wasmtime::component::bindgen!({ path: "../../wit/pricing", world: "price-adjuster", exports: { default: async } });
}

/// The interfaces through which a provider reads its settings.
pub(crate) mod settings {
    wasmtime::component::bindgen!({
        inline: "
            package spindle:conformance;
            world settings {
              import fermyon:spin/variables@2.0.0;
              import wasi:config/store@0.2.0-draft-2024-09-27;
            }
        ",
        path: ["../host/wit/deps/spin@2.0.0", "../host/wit/deps/wasi-runtime-config-2024-09-27"],
    });
}
