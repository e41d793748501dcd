//! The shop script that each client has: it browses, registers or logs in, orders, watches the order being paid, cancels, and watches until the
//! money is returned.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;
use spindle_tests::node::output;
use spindle_tests::products::create_product;
use spindle_tests::target;

/// Runs the shop script that `command` starts against the instance, which has a product to sell.
///
/// # Panics
///
/// If it fails, or does not print that the order is cancelled.
#[track_caller]
pub(crate) fn passes(command: &mut Command) {
    static PRODUCT: OnceLock<()> = OnceLock::new();
    PRODUCT.get_or_init(|| {
        let operator = target().accounts().operator();
        create_product(&operator.client, &json!({"stock": {"on_hand": 100}}));
    });
    let printed = output(command.env("SPINDLE_URL", target().client().base()));
    assert!(printed.contains("cancelled"), "no cancelled order in:\n{printed}");
}
