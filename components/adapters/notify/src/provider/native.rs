//! A fake provider: the name of the message's template selects the result, and the text of an error is the message's language.

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
