//! The examples in api-specs/golden: one request and its response in `<operationId>/<case>.json`, which the OpenAPI documents show as well.
//!
//! ```json
//! {"as": "customer", "request": {"method": "...", "path": "...", "headers": {}, "body": {}}, "response": {"status": 200, "headers": {}, "body": {}}}
//! ```
//!
//! `as` is the role of the caller, `anyone` without a token. A body that is no JSON is a string, one that is empty is left out. Of the headers of a
//! response, an example has those that belong to the operation.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use spindle_tests::{Client, Response};
use xtask::workspace::Workspace;

/// The environment variable that makes the suite write the examples instead of comparing them.
pub(crate) const UPDATE: &str = "SPINDLE_UPDATE";

/// The headers of responses that an example has.
const RESPONSE_HEADERS: [&str; 13] = [
    "accept-encoding",
    "allow",
    "cache-control",
    "content-disposition",
    "content-type",
    "deprecation",
    "etag",
    "idempotency-replayed",
    "link",
    "location",
    "retry-after",
    "sunset",
    "www-authenticate",
];

/// Someone who sends requests.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The role in examples.
    pub(crate) role: &'static str,
    pub(crate) client: Client,
}

/// A change of the body of a response.
type Edit = Box<dyn Fn(&mut Value)>;

/// A request of an example.
pub(crate) struct Call {
    caller: Caller,
    method: &'static str,
    path: String,
    headers: Map<String, Value>,
    body: Option<Value>,
    edit: Option<Edit>,
}

impl Caller {
    pub(crate) fn get(&self, path: impl Into<String>) -> Call {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: impl Into<String>) -> Call {
        self.call("POST", path)
    }

    pub(crate) fn put(&self, path: impl Into<String>) -> Call {
        self.call("PUT", path)
    }

    pub(crate) fn patch(&self, path: impl Into<String>) -> Call {
        self.call("PATCH", path)
    }

    pub(crate) fn delete(&self, path: impl Into<String>) -> Call {
        self.call("DELETE", path)
    }

    fn call(&self, method: &'static str, path: impl Into<String>) -> Call {
        let (caller, path) = (self.clone(), path.into());
        Call { caller, method, path, headers: Map::new(), body: None, edit: None }
    }
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    /// Sends the version that the request expects.
    pub(crate) fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    pub(crate) fn idempotency_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self.header("content-type", "application/json")
    }

    /// Sends one JSON object in each line.
    pub(crate) fn lines(mut self, lines: &[Value]) -> Self {
        self.body = Some(lines.iter().map(|line| format!("{line}\n")).collect::<String>().into());
        self.header("content-type", "application/x-ndjson")
    }

    /// Changes the body of the response in the example: what it has of other resources of the instance is left out.
    pub(crate) fn edit(self, edit: impl Fn(&mut Value) + 'static) -> Self {
        Self { edit: Some(Box::new(edit)), ..self }
    }

    /// Sends the request.
    pub(crate) fn send(&self) -> Response {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
        let body = self.body.as_ref().map(|body| match body {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        });
        self.caller.client.send(self.method, &self.path, &headers, body.as_deref().map(str::as_bytes))
    }

    /// Returns the example of the request and `response`, with the values of this run.
    pub(crate) fn example(&self, response: &Response) -> Value {
        let mut request = json!({"method": self.method, "path": self.path, "headers": self.headers});
        if let Some(body) = &self.body {
            request["body"] = body.clone();
        }
        let headers: Map<String, Value> = RESPONSE_HEADERS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), response.header(name)?.into())))
            .collect();
        let is_json = response.header("content-type").is_some_and(|media_type| media_type.ends_with("json"));
        let mut shown = json!({"status": response.status, "headers": headers});
        if !response.body.is_empty() {
            shown["body"] = if is_json { response.json() } else { response.text().into() };
            if let Some(edit) = &self.edit {
                edit(&mut shown["body"]);
            }
        }
        json!({"as": self.caller.role, "request": request, "response": shown})
    }
}

/// Returns the folder of the examples.
pub(crate) fn folder() -> PathBuf {
    Workspace::locate().root().join("api-specs/golden")
}

/// Compares `example` with the file `<name>.json`; or writes the file, if [`UPDATE`] is set.
///
/// # Panics
///
/// If they differ, or the file cannot be written.
#[track_caller]
pub(crate) fn check(name: &str, example: &Value) {
    let path = folder().join(format!("{name}.json"));
    let found = format!("{example:#}\n");
    if std::env::var_os(UPDATE).is_some() {
        let parent = path.parent().expect("the folder of the operation");
        fs::create_dir_all(parent).and_then(|()| fs::write(&path, found)).expect("the example can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let differing = |from: &str, other: &str| -> String {
        let missing = from.lines().filter(|line| !other.lines().any(|shown| shown == *line));
        missing.map(|line| format!("  {line}\n")).collect()
    };
    assert!(
        expected == found,
        "{} differs from the response; {UPDATE}=1 writes it.\nonly in the file:\n{}only in this run:\n{}",
        path.display(),
        differing(&expected, &found),
        differing(&found, &expected),
    );
}
