//! The call of the service that every interface makes, correct or with a fault.

use crate::faults;
use crate::http_client::{self, PostFailure, PostRequest};
use crate::setting;

/// A request in terms that all interfaces share.
pub(crate) struct Request<'a> {
    pub(crate) key: &'a str,
    pub(crate) attempt: u32,
    /// The texts by name.
    pub(crate) texts: Vec<(&'static str, &'a str)>,
    pub(crate) currency: Option<&'a str>,
    pub(crate) amount: Option<i64>,
    /// The secret of the request.
    pub(crate) secret: Option<&'a str>,
}

/// The reason why a request was not carried out.
pub(crate) enum Error {
    Permanent(String),
    Retryable(String),
}

/// Calls the service and returns its reference.
pub(crate) fn call_service(request: &Request<'_>) -> Result<String, Error> {
    let mode = crate::mode();
    let mode = mode.as_str();
    let secret = request.secret.unwrap_or_default();
    faults::apply(mode, request);
    if mode == "always-retryable" {
        return Err(Error::Retryable("not today".to_owned()));
    }
    if mode == "rejects-repeats" && request.attempt == 2 {
        return Err(Error::Permanent("that was done before".to_owned()));
    }
    let endpoint = setting("endpoint");
    let post = PostRequest {
        url: &endpoint,
        key: (mode != "omits-the-key").then_some(request.key),
        authorization: &setting("key"),
        body: &body(mode, request),
        is_patient: mode == "no-first-byte-timeout",
        is_patient_with_bodies: mode == "no-body-timeout",
        takes_its_time: mode == "no-body-timeout" || mode == "no-total-timeout",
        reads_on: mode == "unbounded-body",
        follows: mode == "follows-redirects",
    };
    let response = match http_client::post(&post) {
        Ok(response) => response,
        Err(PostFailure::NoConnection) if mode == "traps-without-connection" => panic!("no connection"),
        Err(PostFailure::NoResponse) if mode == "rejects-timeouts" => {
            return Err(Error::Permanent("no response".to_owned()));
        }
        Err(PostFailure::NoConnection | PostFailure::NoResponse) => {
            return Err(Error::Retryable("no response".to_owned()));
        }
    };
    let later = |what: &str| Err(Error::Retryable(format!("the peer says {}{what}", response.status)));
    let never = |what: &str| Err(Error::Permanent(format!("the peer says {}{what}", response.status)));
    match response.status {
        200..300 => {}
        302 | 308 if mode == "accepts-redirects" => {}
        400 if mode == "retries-400" => return later(""),
        429 if mode == "rejects-429" => return never(""),
        500..600 if mode == "rejects-5xx" => return never(""),
        400 if mode == "reveals-the-token" => return never(secret),
        400 => return never(""),
        _ => return later(""),
    }
    let id = response.id();
    if mode == "traps-on-garbage" && response.is_whole && id.is_none() {
        panic!("the peer talks nonsense");
    }
    // The reference of the service, or else the key.
    let reference = id.filter(|_| mode != "omits-the-key").unwrap_or(request.key);
    Ok(match mode {
        "random-references" => format!("{reference}-{}", wasi::random::random::get_random_u64()),
        "long-reference" => format!("{reference:x<256}"),
        "empty-reference" => String::new(),
        "constant-reference" => "thing".to_owned(),
        _ => reference.chars().take(255).collect(),
    })
}

/// Returns the body for the service: JSON, unless the fault is another format.
fn body(mode: &str, request: &Request<'_>) -> String {
    let texts = request.texts.iter();
    if mode == "header-injection" {
        return texts.map(|(name, text)| format!("{name}: {text}\r\n")).collect();
    }
    let fields: Vec<String> = texts.map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
    format!("{{{}}}", fields.join(","))
}

/// Returns `text` as a JSON string.
fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c.is_control() => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}
