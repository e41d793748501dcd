//! The result of each address. Pure: the same message has the same result, as an idempotency key requires.

use sha2::{Digest as _, Sha256};
use spindle_notifier::{Content, Error, Message, Push, Sms};

/// The prefix of the sandbox's references.
const PREFIX: &str = "log_";

/// Accepts a message, depending on its address, and returns the sandbox's reference: an e-mail to `bounce.test` never arrives, one to
/// `flaky.test` arrives at the third attempt.
///
/// # Errors
///
/// The error of the address; [`Error::Rejected`] for a text that is not an address.
pub fn send(message: &Message) -> Result<String, Error> {
    let domain = match &message.content {
        Content::Email(email) => email.to.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()),
        Content::Sms(Sms { to, .. }) | Content::Push(Push { to, .. }) => (!to.is_empty()).then(String::new),
    };
    match domain.as_deref() {
        None => Err(Error::Rejected("the address is missing or not valid".to_owned())),
        Some("bounce.test") => Err(Error::Rejected("no mailbox at bounce.test has this name".to_owned())),
        Some("flaky.test") if message.attempt <= 2 => {
            Err(Error::Retryable("flaky.test fails at the first two attempts".to_owned()))
        }
        Some(_) => Ok(reference(&message.idempotency_key)),
    }
}

/// Returns the reference for the idempotency key `key`.
fn reference(key: &str) -> String {
    format!("{PREFIX}{}", base16ct::lower::encode_string(&Sha256::digest(key)[..16]))
}

#[cfg(test)]
mod tests {
    use super::{reference, send};
    use spindle_notifier::{Content, Email, Error, Message, Push, Sms};

    const KEY: &str = "01a204d9-495d-7bdb-85b4-53f09eb5a815";

    fn message(content: Content, attempt: u32) -> Message {
        let (template, locale) = ("order-paid".to_owned(), "de".to_owned());
        Message { idempotency_key: KEY.to_owned(), template, locale, content, attempt }
    }

    fn email(to: &str) -> Content {
        let text = |text: &str| text.to_owned();
        Content::Email(Email { to: text(to), subject: text("Paid"), text: text("Paid"), html: text("<p>Paid</p>") })
    }

    fn sms(to: &str) -> Content {
        Content::Sms(Sms { to: to.to_owned(), text: "Paid".to_owned() })
    }

    fn push(to: &str) -> Content {
        Content::Push(Push { to: to.to_owned(), title: "Paid".to_owned(), text: "Paid".to_owned() })
    }

    #[test]
    fn the_address_decides() {
        let sent = Ok(reference(KEY));
        let bounced = Err(Error::Rejected("no mailbox at bounce.test has this name".to_owned()));
        let nowhere = Err(Error::Rejected("the address is missing or not valid".to_owned()));
        let flaky = Err(Error::Retryable("flaky.test fails at the first two attempts".to_owned()));
        for (content, attempt, expected) in [
            (email("ann@example.com"), 1, sent.clone()),
            (email("ann@bounce.test"), 1, bounced.clone()),
            (email("ann@BOUNCE.test"), 9, bounced),
            (email("ann@flaky.test"), 1, flaky.clone()),
            (email("ann@flaky.test"), 2, flaky),
            (email("ann@flaky.test"), 3, sent.clone()),
            (email("ann@not-bounce.test"), 1, sent.clone()),
            (email("bounce.test@example.com"), 1, sent.clone()),
            (sms("+4930123456"), 1, sent.clone()),
            (push(KEY), 1, sent),
            (email(""), 1, nowhere.clone()),
            (email("ann"), 1, nowhere.clone()),
            (sms(""), 1, nowhere.clone()),
            (push(""), 1, nowhere),
        ] {
            let message = message(content, attempt);
            assert_eq!(send(&message), expected, "{message:?}");
        }
    }

    #[test]
    fn each_key_has_its_reference() {
        assert_eq!(reference("a"), reference("a"));
        assert_ne!(reference("a"), reference("b"));
    }
}
