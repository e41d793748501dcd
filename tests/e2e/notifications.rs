//! `/v1/notifications`, and the messages that events trigger. The address selects the result of the sandbox provider.

mod erasure;
mod events;
mod log_lines;
mod requests;
mod sandbox;

use serde_json::Value;
use spindle_tests::accounts::operator;
use spindle_tests::notifications::wait_until;
use spindle_tests::target;

/// Returns the first notification of the user `user_id` that `matches`, once it exists.
#[track_caller]
fn wait_for(user_id: &str, matches: impl Fn(&Value) -> bool) -> Value {
    wait_until(&operator().client, user_id, matches, || target().tick())
}
