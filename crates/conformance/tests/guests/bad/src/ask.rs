//! What every interface asks of the peer, well or in some other way.

use crate::misbehave;
use crate::peer::{self, Ask, Failure};
use crate::setting;

/// A request in the words that all interfaces share.
pub(crate) struct Request<'a> {
    pub(crate) key: &'a str,
    pub(crate) attempt: u32,
    /// What is in it, by name.
    pub(crate) texts: Vec<(&'static str, &'a str)>,
    pub(crate) currency: Option<&'a str>,
    pub(crate) amount: Option<i64>,
    /// What is to be told to nobody.
    pub(crate) secret: Option<&'a str>,
}

/// Why it was not done.
pub(crate) enum Error {
    Never(String),
    Later(String),
}

/// Has the peer do it, and returns what it calls it.
pub(crate) fn ask(request: &Request<'_>) -> Result<String, Error> {
    let mode = crate::mode();
    let mode = mode.as_str();
    let secret = request.secret.unwrap_or_default();
    misbehave::before(mode, request);
    if mode == "never-ready" {
        return Err(Error::Later("not today".to_owned()));
    }
    if mode == "takes-a-repeat-for-an-error" && request.attempt == 2 {
        return Err(Error::Never("that was done before".to_owned()));
    }
    let endpoint = setting("endpoint");
    let ask = Ask {
        url: &endpoint,
        key: (mode != "keeps-the-key").then_some(request.key),
        authorization: &setting("key"),
        body: &body(mode, request),
        is_patient: mode == "waits-for-ever",
        is_patient_with_bodies: mode == "waits-for-the-rest",
        takes_its_time: mode == "waits-for-the-rest" || mode == "takes-its-time",
        reads_on: mode == "reads-on",
        follows: mode == "follows",
    };
    let answer = match peer::post(&ask) {
        Ok(answer) => answer,
        Err(Failure::NoConnection) if mode == "needs-a-connection" => panic!("no connection"),
        Err(Failure::NoAnswer) if mode == "takes-silence-for-a-no" => return Err(Error::Never("no answer".to_owned())),
        Err(Failure::NoConnection | Failure::NoAnswer) => return Err(Error::Later("no answer".to_owned())),
    };
    let later = |what: &str| Err(Error::Later(format!("the peer says {}{what}", answer.status)));
    let never = |what: &str| Err(Error::Never(format!("the peer says {}{what}", answer.status)));
    match answer.status {
        200..300 => {}
        302 | 308 if mode == "takes-a-redirect-for-a-yes" => {}
        400 if mode == "tries-again-in-vain" => return later(""),
        429 if mode == "takes-too-many-for-a-no" => return never(""),
        500..600 if mode == "takes-an-outage-for-a-no" => return never(""),
        400 if mode == "tells-the-token" => return never(secret),
        400 => return never(""),
        _ => return later(""),
    }
    let id = answer.id();
    if mode == "needs-sense" && answer.is_whole && id.is_none() {
        panic!("the peer talks nonsense");
    }
    // What the peer calls it, or else what we do.
    let reference = id.filter(|_| mode != "keeps-the-key").unwrap_or(request.key);
    Ok(match mode {
        "renumbers" => format!("{reference}-{}", wasi::random::random::get_random_u64()),
        "talks" => format!("{reference:x<256}"),
        "says-nothing" => String::new(),
        "calls-all-the-same" => "thing".to_owned(),
        _ => reference.chars().take(255).collect(),
    })
}

/// What the peer is sent: JSON, unless somebody does without.
fn body(mode: &str, request: &Request<'_>) -> String {
    let texts = request.texts.iter();
    if mode == "writes-lines" {
        return texts.map(|(name, text)| format!("{name}: {text}\r\n")).collect();
    }
    let fields: Vec<String> = texts.map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
    format!("{{{}}}", fields.join(","))
}

/// A JSON string.
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
