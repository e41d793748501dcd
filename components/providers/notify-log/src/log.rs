//! What the sandbox does with each address, and the line that it writes. Pure: the same message has the same answer, which is what an
//! idempotency key asks for.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use spindle_notifier::{Content, Error, Message, Push, Sms};

/// What the references of the sandbox begin with.
const PREFIX: &str = "log_";

/// The line for a message. Its text is not in it, and of whom it goes to only as much as tells one from another.
#[derive(Serialize)]
struct Line<'a> {
    level: &'a str,
    message: &'a str,
    channel: &'a str,
    template: &'a str,
    key: &'a str,
    to: String,
}

/// Sends as the address says: an e-mail to `bounce.test` never arrives, one to `flaky.test` does at the third attempt, and what is no address
/// leads nowhere. Says what the message is called here.
///
/// # Errors
///
/// As the address says.
pub fn send(message: &Message) -> Result<String, Error> {
    let domain = match &message.content {
        Content::Email(email) => email.to.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()),
        Content::Sms(Sms { to, .. }) | Content::Push(Push { to, .. }) => (!to.is_empty()).then(String::new),
    };
    match domain.as_deref() {
        None => Err(Error::Rejected("there is no address".to_owned())),
        Some("bounce.test") => Err(Error::Rejected("the sandbox knows no mailbox at bounce.test".to_owned())),
        Some("flaky.test") if message.attempt <= 2 => {
            Err(Error::Retryable("the sandbox does not reach flaky.test at the first two attempts".to_owned()))
        }
        Some(_) => Ok(reference(&message.idempotency_key)),
    }
}

/// The line for a message that was sent.
///
/// # Panics
///
/// Never: strings can be written as JSON.
pub fn line(message: &Message) -> String {
    let (channel, to) = match &message.content {
        Content::Email(email) => ("email", masked_address(&email.to)),
        Content::Sms(sms) => ("sms", masked_number(&sms.to)),
        // A user's id names nobody.
        Content::Push(push) => ("push", push.to.clone()),
    };
    let Message { idempotency_key: key, template, .. } = message;
    let line = Line { level: "info", message: "notification", channel, template, key, to };
    serde_json::to_string(&line).expect("strings can be written as JSON")
}

/// `a***@example.com`
fn masked_address(to: &str) -> String {
    match to.rsplit_once('@') {
        Some((person, domain)) => format!("{}***@{domain}", person.chars().take(1).collect::<String>()),
        None => "***".to_owned(),
    }
}

/// `+49***56`
fn masked_number(to: &str) -> String {
    match (to.get(..3), to.get(to.len().saturating_sub(2)..)) {
        (Some(country), Some(end)) if to.len() > 7 => format!("{country}***{end}"),
        _ => "***".to_owned(),
    }
}

/// The reference of what was asked for under `key`.
fn reference(key: &str) -> String {
    format!("{PREFIX}{}", base16ct::lower::encode_string(&Sha256::digest(key)[..16]))
}

#[cfg(test)]
mod tests {
    use super::{line, reference, send};
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
        let bounced = Err(Error::Rejected("the sandbox knows no mailbox at bounce.test".to_owned()));
        let nowhere = Err(Error::Rejected("there is no address".to_owned()));
        let flaky = Err(Error::Retryable("the sandbox does not reach flaky.test at the first two attempts".to_owned()));
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
    fn a_key_has_one_reference_which_it_shares_with_no_other() {
        assert_eq!(reference("a"), reference("a"));
        assert_ne!(reference("a"), reference("b"));
    }

    #[test]
    fn a_line_names_nobody() {
        for (content, channel, to) in [
            (email("ann@example.com"), "email", "a***@example.com"),
            (email("ann"), "email", "***"),
            (sms("+4930123456"), "sms", "+49***56"),
            (sms("+493012"), "sms", "***"),
            (sms("+4éééééé"), "sms", "***"),
            (push(KEY), "push", KEY),
        ] {
            let expected = format!(
                r#"{{"level":"info","message":"notification","channel":"{channel}","template":"order-paid","key":"{KEY}","to":"{to}"}}"#
            );
            assert_eq!(line(&message(content, 1)), expected);
        }
    }
}
