//! `/v1/notifications`, and what users are told of what happens. The sandbox provider decides by the address what becomes of it.

mod erasing;
mod requesting;
mod sandbox;
mod telling;

use serde_json::Value;
use spindle_tests::accounts::operator;
use spindle_tests::notifications::wait_until;
use spindle_tests::target;

/// The notification of the user `user_id` that `is_there` looks for, once there is one.
#[track_caller]
fn wait_for(user_id: &str, is_there: impl Fn(&Value) -> bool) -> Value {
    wait_until(&operator().client, user_id, is_there, || target().tick())
}
