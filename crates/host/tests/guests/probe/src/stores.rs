//! Stores, variables and configuration, each result as text.

use crate::bindings::fermyon::spin::key_value::Store;
use crate::bindings::fermyon::spin::sqlite::{Connection, Value};
use crate::bindings::fermyon::spin::variables;
use crate::bindings::wasi::config::store as config_store;

pub(crate) fn variable(name: &str) -> String {
    variables::get(name).unwrap_or_else(|error| format!("error: {error:?}"))
}

pub(crate) fn config(name: &str) -> String {
    match config_store::get(name) {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("error: {error:?}"),
    }
}

pub(crate) fn get(store: &str, key: &str) -> String {
    match Store::open(store).and_then(|store| store.get(key)) {
        Ok(Some(value)) => String::from_utf8_lossy(&value).into_owned(),
        Ok(None) => "none".into(),
        Err(error) => format!("error: {error:?}"),
    }
}

pub(crate) fn set(store: &str, key: &str, value: &str) -> String {
    match Store::open(store).and_then(|store| store.set(key, value.as_bytes())) {
        Ok(()) => "set".into(),
        Err(error) => format!("error: {error:?}"),
    }
}

/// Runs each line of `script` as a statement on one connection, and returns the rows of the last.
pub(crate) fn sql(database: &str, script: &str) -> String {
    let connection = match Connection::open(database) {
        Ok(connection) => connection,
        Err(error) => return format!("error: {error:?}"),
    };
    run(&connection, script)
}

/// Runs `script` likewise, and then `end` while the connection is open.
pub(crate) fn sql_and(database: &str, script: &str, end: impl FnOnce()) {
    let connection = Connection::open(database).expect("the database can be opened");
    let answer = run(&connection, script);
    assert_eq!(answer, "", "the script has neither rows nor errors");
    end();
}

fn run(connection: &Connection, script: &str) -> String {
    let mut answer = String::new();
    for statement in script.lines() {
        match connection.execute(statement, &[]) {
            Ok(result) => {
                let row = |values: &Vec<Value>| values.iter().map(text).collect::<Vec<_>>().join("|");
                answer = result.rows.iter().map(|found| row(&found.values)).collect::<Vec<_>>().join("\n");
            }
            Err(error) => return format!("error: {error:?}"),
        }
    }
    answer
}

fn text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("{bytes:?}"),
        Value::Null => "null".into(),
    }
}
