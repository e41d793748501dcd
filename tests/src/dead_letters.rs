//! Dead letters, as an operator lists them.

use serde_json::Value;

use crate::Client;

/// Returns all dead letters of `service`.
///
/// # Panics
///
/// If they cannot be listed.
#[track_caller]
pub fn dead_letters(operator: &Client, service: &str) -> Vec<Value> {
    let list = format!("/v1/admin/dead-letters?service={service}&limit=100");
    let (mut letters, mut path) = (Vec::new(), list.clone());
    loop {
        let page = operator.get(&path).expect_status(200).json();
        letters.extend(page["items"].as_array().expect("items are a list").iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else { return letters };
        path = format!("{list}&cursor={cursor}");
    }
}
