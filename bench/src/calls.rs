//! What a request asks of the host, as the host tells when it is asked to trace: every call of a guest is a line then. (Drops of resources
//! are none of them.)

use serde::Serialize;

/// How many requests are counted.
pub(crate) const REQUESTS: u32 = 20;

/// The calls of one request, on average.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Calls {
    pub(crate) all: f64,
    /// Of all.
    pub(crate) sql: f64,
    /// Of all.
    pub(crate) key_value: f64,
}

/// What the [`REQUESTS`] requests in `log` have asked, each on average.
pub(crate) fn in_log(log: &str) -> Calls {
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
    use super::in_log;

    #[test]
    fn only_calls_of_guests_count() {
        let line =
            |function: &str, what: &str| format!("2026 TRACE wit-bindgen import{{{function}}}: {what} self_=1\n");
        let execute = r#"module="sqlite" function="[method]connection.execute""#;
        let get = r#"module="key-value" function="[method]store.get""#;
        let now = r#"module="wall-clock" function="now""#;
        let log =
            [line(execute, "call"), line(execute, "return"), line(get, "call"), line(now, "call"), "other\n".into()];
        let found = in_log(&log.concat().repeat(20));
        assert_eq!([found.all, found.sql, found.key_value].map(f64::round), [3.0, 1.0, 1.0]);
    }
}
