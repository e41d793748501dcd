//! Generated bindings of `wit/`: the traits that [`crate::interfaces`] implements, and the types of the guest's calls.

#![allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    reason = "generated from WIT, where the documentation is, by whatever version of wasmtime"
)]

/// The exports of a component with a Redis trigger.
pub(crate) mod messages {
    wasmtime::component::bindgen!({
        path: "wit/messages",
        world: "spindle:host-messages/messages",
        exports: { default: async },
    });
}

/// The imports of components in the world of WASI 0.3.
pub(crate) mod wasi3 {
    wasmtime::component::bindgen!({
        path: "wit/wasi3",
        world: "spindle:host-wasi3/stores",
        imports: { default: async | trappable | tracing },
        with: {
            "spin:sqlite/sqlite@3.1.0.connection": crate::stores::Session,
            "spin:redis/redis@3.0.0.connection": redis::aio::MultiplexedConnection,
        },
    });
}

wasmtime::component::bindgen!({
    path: "wit",
    world: "spindle:host/stores",
    imports: { default: async | trappable | tracing },
    with: {
        "fermyon:spin/sqlite@2.0.0.connection": crate::stores::Session,
        "fermyon:spin/key-value@2.0.0.store": crate::stores::key_value::Store,
        "fermyon:spin/redis@2.0.0.connection": redis::aio::MultiplexedConnection,
        "wasi:keyvalue/store@0.2.0-draft2.bucket": crate::stores::key_value::Store,
        "wasi:keyvalue/atomics@0.2.0-draft2.cas": crate::stores::key_value::CompareAndSwap,
    },
});
