//! A stand-in for the provider: what it answers is the name of the message's template, and what it says is the language.

use spindle_contracts::provider::notify::{Error, Message};

pub(crate) fn send(message: Message) -> Result<String, Error> {
    let Message { template, locale, idempotency_key, .. } = message;
    match template.as_str() {
        "rejected" => Err(Error::Rejected(locale)),
        "retryable" => Err(Error::Retryable(locale)),
        "other" => Err(Error::Other(locale)),
        _ => Ok(idempotency_key),
    }
}
