//! What the sandbox does with each address, and the line that it writes. Pure: the same message has the same answer, which is what an
//! idempotency key asks for.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// What the references of the sandbox begin with.
const PREFIX: &str = "log_";

/// The line for a message. Its text is not in it, and of whom it goes to only as much as tells one from another.
#[derive(Serialize)]
struct Line<'a> {
    level: &'a str,
    message: &'a str,
    channel: Channel,
    template: &'a str,
    key: &'a str,
    to: String,
}

/// The channel that a message goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// An e-mail.
    Email,
    /// A text message.
    Sms,
    /// A notification on somebody's devices.
    Push,
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It never will be.
    Rejected(&'static str),
    /// It may be later.
    Retryable(&'static str),
}

/// Sends as the address says: an e-mail to `bounce.test` never arrives, one to `flaky.test` does at the third attempt. Says what the
/// message is called here.
///
/// # Errors
///
/// As the address says.
pub fn send(key: &str, channel: Channel, to: &str, attempt: u32) -> Result<String, Error> {
    let domain =
        to.rsplit_once('@').filter(|_| channel == Channel::Email).map(|(_, domain)| domain.to_ascii_lowercase());
    match domain.as_deref() {
        Some("bounce.test") => Err(Error::Rejected("the sandbox knows no mailbox at bounce.test")),
        Some("flaky.test") if attempt <= 2 => {
            Err(Error::Retryable("the sandbox does not reach flaky.test at the first two attempts"))
        }
        _ => Ok(reference(key)),
    }
}

/// The line for a message that was sent.
///
/// # Panics
///
/// Never: strings can be written as JSON.
pub fn line(key: &str, channel: Channel, to: &str, template: &str) -> String {
    let line = Line { level: "info", message: "notification", channel, template, key, to: masked(channel, to) };
    serde_json::to_string(&line).expect("strings can be written as JSON")
}

/// As much of an address as tells one from another: `a***@example.com`, `+49***67`. A user's id names nobody, and stays.
fn masked(channel: Channel, to: &str) -> String {
    match channel {
        Channel::Email => match to.rsplit_once('@') {
            Some((person, domain)) => format!("{}***@{domain}", person.chars().take(1).collect::<String>()),
            None => "***".to_owned(),
        },
        Channel::Sms => match (to.get(..3), to.get(to.len().saturating_sub(2)..)) {
            (Some(country), Some(end)) if to.len() > 7 => format!("{country}***{end}"),
            _ => "***".to_owned(),
        },
        Channel::Push => to.to_owned(),
    }
}

/// The reference of what was asked for under `key`.
fn reference(key: &str) -> String {
    format!("{PREFIX}{}", base16ct::lower::encode_string(&Sha256::digest(key)[..16]))
}

#[cfg(test)]
mod tests {
    use super::{Channel, Error, line, reference, send};

    const KEY: &str = "01a204d9-495d-7bdb-85b4-53f09eb5a815";

    #[test]
    fn the_address_decides() {
        let sent = Ok(reference(KEY));
        let bounced = Err(Error::Rejected("the sandbox knows no mailbox at bounce.test"));
        let flaky = Err(Error::Retryable("the sandbox does not reach flaky.test at the first two attempts"));
        for (channel, to, attempt, expected) in [
            (Channel::Email, "ann@example.com", 1, sent.clone()),
            (Channel::Email, "ann@bounce.test", 1, bounced.clone()),
            (Channel::Email, "ann@BOUNCE.test", 9, bounced),
            (Channel::Email, "ann@flaky.test", 1, flaky.clone()),
            (Channel::Email, "ann@flaky.test", 2, flaky),
            (Channel::Email, "ann@flaky.test", 3, sent.clone()),
            (Channel::Email, "ann@not-bounce.test", 1, sent.clone()),
            (Channel::Email, "bounce.test@example.com", 1, sent.clone()),
            (Channel::Sms, "+4930123456", 1, sent.clone()),
            (Channel::Push, KEY, 1, sent),
        ] {
            assert_eq!(send(KEY, channel, to, attempt), expected, "{to} at attempt {attempt}");
        }
    }

    #[test]
    fn a_key_has_one_reference_which_it_shares_with_no_other() {
        assert_eq!(reference("a"), reference("a"));
        assert_ne!(reference("a"), reference("b"));
    }

    #[test]
    fn a_line_names_nobody() {
        for (channel, to, expected) in [
            (
                Channel::Email,
                "ann@example.com",
                r#""channel":"email","template":"order-paid","key":"k","to":"a***@example.com""#,
            ),
            (Channel::Email, "ann", r#""channel":"email","template":"order-paid","key":"k","to":"***""#),
            (Channel::Sms, "+4930123456", r#""channel":"sms","template":"order-paid","key":"k","to":"+49***56""#),
            (Channel::Sms, "+493012", r#""channel":"sms","template":"order-paid","key":"k","to":"***""#),
            (Channel::Sms, "+4éééééé", r#""channel":"sms","template":"order-paid","key":"k","to":"***""#),
            (
                Channel::Push,
                KEY,
                r#""channel":"push","template":"order-paid","key":"k","to":"01a204d9-495d-7bdb-85b4-53f09eb5a815""#,
            ),
        ] {
            let expected = format!(r#"{{"level":"info","message":"notification",{expected}}}"#);
            assert_eq!(line("k", channel, to, "order-paid"), expected);
        }
    }
}
