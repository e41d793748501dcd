//! The client in clients/rust.

use std::process::Command;

use xtask::workspace::Workspace;

use crate::shop;

#[test]
fn a_shop_in_rust_orders_and_cancels() {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--profile", "host", "--package", "spindle-client", "--example", "shop"]);
    shop::passes(command.current_dir(Workspace::locate().root()));
}
