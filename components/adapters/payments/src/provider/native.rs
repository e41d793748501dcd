//! A fake provider: the payer's token selects the result of an authorisation; each other operation accepts one reference.

use spindle_contracts::provider::payments::{Authorization, AuthorizationOutcome, Error, Settlement};

pub(crate) fn authorize(request: Authorization) -> Result<AuthorizationOutcome, Error> {
    let text = request.idempotency_key;
    match request.token.as_str() {
        "pending" => Ok(AuthorizationOutcome::Pending(text)),
        "declined" => Err(Error::Declined(text)),
        "retryable" => Err(Error::Retryable(text)),
        "permanent" => Err(Error::Permanent(text)),
        "other" => Err(Error::Other(text)),
        _ => Ok(AuthorizationOutcome::Authorized(text)),
    }
}

pub(crate) fn capture(request: Settlement) -> Result<(), Error> {
    only("captured", &request)
}

pub(crate) fn void(request: Settlement) -> Result<(), Error> {
    only("voided", &request)
}

pub(crate) fn refund(request: Settlement) -> Result<(), Error> {
    only("refunded", &request)
}

fn only(reference: &str, request: &Settlement) -> Result<(), Error> {
    if request.reference == reference { Ok(()) } else { Err(Error::Permanent(request.reference.clone())) }
}
