//! The number of host calls of a request, counted in the trace of the host, which has a line for every call of a guest. Drops of resources are not
//! calls.

use serde::Serialize;

/// The number of requests whose calls are counted.
pub(crate) const REQUESTS: u32 = 20;

/// The average number of host calls of one request.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Calls {
    pub(crate) all: f64,
    /// The calls of SQLite among all.
    pub(crate) sql: f64,
    /// The calls of key-value stores among all.
    pub(crate) key_value: f64,
}

/// Returns the average number of calls of the [`REQUESTS`] requests in `log`.
pub(crate) fn per_request(log: &str) -> Calls {
    let mut calls = Calls::default();
    let one = 1.0 / f64::from(REQUESTS);
    for line in log.lines() {
        let Some((_, call)) = line.split_once("wit-bindgen import{module=") else { continue };
        let Some((function, _)) = call.split_once("}: call") else { continue };
        calls.all += one;
        if function.contains("connection.execute") {
            calls.sql += one;
        }
        if ["\"key-value\"", "\"store\"", "\"atomics\""].iter().any(|module| function.starts_with(module)) {
            calls.key_value += one;
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::per_request;

    #[test]
    fn only_calls_of_guests_count() {
        let line =
            |function: &str, event: &str| format!("2026 TRACE wit-bindgen import{{{function}}}: {event} self_=1\n");
        let execute = r#"module="sqlite" function="[method]connection.execute""#;
        let get = r#"module="key-value" function="[method]store.get""#;
        let now = r#"module="wall-clock" function="now""#;
        let log =
            [line(execute, "call"), line(execute, "return"), line(get, "call"), line(now, "call"), "other\n".into()];
        let calls = per_request(&log.concat().repeat(20));
        assert_eq!([calls.all, calls.sql, calls.key_value].map(f64::round), [3.0, 1.0, 1.0]);
    }
}
