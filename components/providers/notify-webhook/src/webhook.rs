//! Maps a message to a webhook. Pure: each attempt at the same message has the same body.

use serde::Serialize;
use spindle_notifier::{Content, Error, Message, PostRequest, Settings};

use crate::signature::Secret;

/// The body, in the form that Standard Webhooks recommend.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    id: &'a str,
    template: &'a str,
    locale: &'a str,
    #[serde(flatten)]
    content: Fields<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Fields<'a> {
    Email { to: &'a str, subject: &'a str, text: &'a str, html: &'a str },
    Sms { to: &'a str, text: &'a str },
    Push { to: &'a str, title: &'a str, text: &'a str },
}

/// Returns the request for `message` at `now`, in seconds since the Unix epoch.
///
/// # Errors
///
/// [`Error::Retryable`] if a setting is missing or not valid.
///
/// # Panics
///
/// Never: strings can be written as JSON.
pub fn post(message: &Message, settings: &Settings, now: u64) -> Result<PostRequest, Error> {
    let (target, secret) = (settings.endpoint()?, Secret::parse(settings.key()?)?);
    let id = &message.idempotency_key;
    let body = body(message);
    let signature = secret.sign(id, now, &body);
    let headers = vec![
        ("idempotency-key", id.clone()),
        ("webhook-id", id.clone()),
        ("webhook-timestamp", now.to_string()),
        ("webhook-signature", signature),
    ];
    Ok(PostRequest { target, headers, body })
}

fn body(message: &Message) -> String {
    let (kind, content) = match &message.content {
        Content::Email(email) => (
            "notification.email",
            Fields::Email { to: &email.to, subject: &email.subject, text: &email.text, html: &email.html },
        ),
        Content::Sms(sms) => ("notification.sms", Fields::Sms { to: &sms.to, text: &sms.text }),
        Content::Push(push) => {
            ("notification.push", Fields::Push { to: &push.to, title: &push.title, text: &push.text })
        }
    };
    let Message { idempotency_key: id, template, locale, .. } = message;
    let body = Body { kind, data: Data { id, template, locale, content } };
    serde_json::to_string(&body).expect("strings can be written as JSON")
}

#[cfg(test)]
mod tests {
    use super::{Secret, post};
    use spindle_notifier::{Content, Email, Error, Message, Push, Settings, Sms};

    const ID: &str = "01a204d9-495d-7bdb-85b4-53f09eb5a815";
    const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s";

    fn settings(endpoint: &str, key: &str) -> Settings {
        Settings::from_variables(|name| match name {
            "endpoint" => Some(endpoint.to_owned()),
            "key" => Some(key.to_owned()),
            _ => None,
        })
    }

    fn message(content: Content, attempt: u32) -> Message {
        let (idempotency_key, template, locale) = (ID.to_owned(), "order-paid".to_owned(), "de".to_owned());
        Message { idempotency_key, template, locale, content, attempt }
    }

    fn sms() -> Content {
        Content::Sms(Sms { to: "+4930123456".to_owned(), text: "Bezahlt".to_owned() })
    }

    #[test]
    fn a_message_is_posted_with_its_signature() {
        let post = post(&message(sms(), 1), &settings("https://hooks.example.com/n", KEY), 1_614_265_330).unwrap();
        let body = r#"{"type":"notification.sms","data":{"id":"01a204d9-495d-7bdb-85b4-53f09eb5a815","template":"order-paid","locale":"de","to":"+4930123456","text":"Bezahlt"}}"#;
        assert_eq!(post.body, body);
        let signature = Secret::parse(KEY).unwrap().sign(ID, 1_614_265_330, body);
        let expected = [
            ("idempotency-key", ID.to_owned()),
            ("webhook-id", ID.to_owned()),
            ("webhook-timestamp", "1614265330".to_owned()),
            ("webhook-signature", signature),
        ];
        assert_eq!(post.headers, expected);
    }

    #[test]
    fn each_channel_has_its_fields() {
        let text = |text: &str| text.to_owned();
        let email = Email { to: text("a@example.com"), subject: text("S"), text: text("T"), html: text("<p>T</p>") };
        let push = Push { to: text("u"), title: text("S"), text: text("T") };
        for (content, kind, fields) in [
            (Content::Email(email), "email", r#""to":"a@example.com","subject":"S","text":"T","html":"<p>T</p>""#),
            (Content::Push(push), "push", r#""to":"u","title":"S","text":"T""#),
        ] {
            let body = super::body(&message(content, 1));
            let expected = format!(
                r#"{{"type":"notification.{kind}","data":{{"id":"{ID}","template":"order-paid","locale":"de",{fields}}}}}"#
            );
            assert_eq!(body, expected);
        }
    }

    #[test]
    fn another_attempt_posts_the_same_webhook() {
        let settings = settings("https://hooks.example.com/n", KEY);
        let first = post(&message(sms(), 1), &settings, 1_614_265_330);
        assert_eq!(first, post(&message(sms(), 2), &settings, 1_614_265_330));
    }

    #[test]
    fn a_missing_or_invalid_setting_is_retryable() {
        for (endpoint, key) in [
            ("", KEY),
            ("https://hooks.example.com/n", ""),
            ("https://localhost/n", KEY),
            ("https://hooks.example.com/n", "k"),
        ] {
            let refused = post(&message(sms(), 1), &settings(endpoint, key), 0);
            assert!(
                matches!(&refused, Err(Error::Retryable(text)) if text.starts_with("not configured: ")),
                "{refused:?}"
            );
        }
    }
}
