//! Reads variables, through the interface that every version of Spin has.

mod bindings {
    wit_bindgen::generate!({
        path: "../host/wit/deps/spin@2.0.0",
        inline: "package spindle:notifier; world settings { import fermyon:spin/variables@2.0.0; }",
        world: "spindle:notifier/settings",
        generate_all,
    });
}

use bindings::fermyon::spin::variables;

/// Returns the variable `name`; `None` if it is not defined.
pub(super) fn get(name: &str) -> Option<String> {
    variables::get(name).ok()
}
