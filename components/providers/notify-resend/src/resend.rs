//! A message as Resend takes it, and what its answers mean. Pure.

use serde::{Deserialize, Serialize};
use spindle_notifier::{Answer, Content, Error, Message, Post, Settings};

/// The longest reference that the interface takes, in characters.
const MAX_REFERENCE: usize = 255;

/// The longest name of an error that is passed on, in characters.
const MAX_NAME: usize = 64;

#[derive(Serialize)]
struct Body<'a> {
    from: &'a str,
    to: [&'a str; 1],
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    tags: [Tag<'a>; 1],
}

/// What a message is found by at Resend.
#[derive(Serialize)]
struct Tag<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Deserialize)]
struct Sent {
    id: String,
}

/// Only its name: the text may hold an address.
#[derive(Deserialize)]
struct Refused {
    name: String,
}

/// What is posted for `message`.
///
/// # Errors
///
/// [`Error::Rejected`] if it is no e-mail, or none that can be sent; [`Error::Retryable`] if `settings` lack something.
///
/// # Panics
///
/// Never: strings can be written as JSON.
pub fn post(message: &Message, settings: &Settings) -> Result<Post, Error> {
    let Content::Email(email) = &message.content else {
        return Err(Error::Rejected("Resend sends e-mail only".to_owned()));
    };
    // Whoever could put a line break into a header could put another header after it.
    if email.subject.chars().chain(email.to.chars()).any(char::is_control) {
        return Err(Error::Rejected("the subject or the address holds a line break".to_owned()));
    }
    let (target, key, from) = (settings.endpoint()?, settings.key()?, settings.sender()?);
    let body = Body {
        from,
        to: [&email.to],
        subject: &email.subject,
        text: &email.text,
        html: &email.html,
        tags: [Tag { name: "template", value: &message.template }],
    };
    let headers =
        vec![("authorization", format!("Bearer {key}")), ("idempotency-key", message.idempotency_key.clone())];
    Ok(Post { target, headers, body: serde_json::to_string(&body).expect("strings can be written as JSON") })
}

/// What Resend calls the message that it took.
///
/// # Errors
///
/// As the answer says. A key that Resend does not accept (401, 403) is one that an operator can replace, and the message is tried again;
/// so it is while an earlier attempt with the same idempotency key is still under way.
pub fn reference(answer: &Answer) -> Result<String, Error> {
    let Err(error) = answer.accepted() else {
        return Ok(serde_json::from_slice(&answer.body)
            .map_or_else(|_| String::new(), |sent: Sent| sent.id.chars().take(MAX_REFERENCE).collect()));
    };
    let refused = serde_json::from_slice(&answer.body).ok();
    let name: String =
        refused.map_or_else(String::new, |refused: Refused| refused.name.chars().take(MAX_NAME).collect());
    let text = format!("answered {} {name}", answer.status).trim_end().to_owned();
    Err(match (answer.status, error) {
        (401 | 403, _) => Error::Retryable(text),
        (409, _) if name == "concurrent_idempotent_requests" => Error::Retryable(text),
        (_, Error::Rejected(_)) => Error::Rejected(text),
        (_, Error::Retryable(_) | Error::Other(_)) => Error::Retryable(text),
    })
}

#[cfg(test)]
mod tests {
    use super::{post, reference};
    use spindle_notifier::{Answer, Content, Email, Error, Message, Push, Settings, Sms};

    const ID: &str = "01a204d9-495d-7bdb-85b4-53f09eb5a815";

    fn settings(missing: &str) -> Settings {
        Settings::from_variables(|name| {
            let value = match name {
                "endpoint" => "https://api.resend.com/emails",
                "key" => "re_1",
                "sender" => "Shop <shop@example.com>",
                _ => return None,
            };
            (name != missing).then(|| value.to_owned())
        })
    }

    fn message(content: Content) -> Message {
        let (idempotency_key, template, locale) = (ID.to_owned(), "order-paid".to_owned(), "de".to_owned());
        Message { idempotency_key, template, locale, content, attempt: 1 }
    }

    fn email(subject: &str) -> Content {
        let text = |text: &str| text.to_owned();
        let to = text("ann@example.com");
        Content::Email(Email { to, subject: text(subject), text: text("Paid"), html: text("<p>Paid</p>") })
    }

    #[test]
    fn an_email_is_posted_as_the_api_has_it() {
        let post = post(&message(email("Your order")), &settings("")).unwrap();
        assert_eq!(post.headers, [("authorization", "Bearer re_1".to_owned()), ("idempotency-key", ID.to_owned())]);
        assert_eq!(
            post.body,
            r#"{"from":"Shop <shop@example.com>","to":["ann@example.com"],"subject":"Your order","text":"Paid","html":"<p>Paid</p>","tags":[{"name":"template","value":"order-paid"}]}"#
        );
    }

    #[test]
    fn what_is_no_email_is_rejected() {
        let sms = Content::Sms(Sms { to: "+4930123456".to_owned(), text: "Paid".to_owned() });
        let push = Content::Push(Push { to: ID.to_owned(), title: "Paid".to_owned(), text: "Paid".to_owned() });
        let (channel, line_break) = ("Resend sends e-mail only", "the subject or the address holds a line break");
        for (content, expected) in [
            (sms, channel),
            (push, channel),
            (email("a\r\nBcc: b@example.com"), line_break),
            (email("a\nb"), line_break),
        ] {
            assert_eq!(post(&message(content), &settings("")), Err(Error::Rejected(expected.to_owned())));
        }
    }

    #[test]
    fn what_is_not_set_up_is_tried_again() {
        for missing in ["endpoint", "key", "sender"] {
            let expected = Error::Retryable(format!("not set up: `{missing}` is empty"));
            assert_eq!(post(&message(email("Your order")), &settings(missing)), Err(expected));
        }
    }

    #[test]
    fn an_answer_is_read_by_its_status_and_its_name() {
        let named =
            |name: &str| format!(r#"{{"statusCode":0,"name":"{name}","message":"`to`: ann@example.com is bad"}}"#);
        let rejected = |text: &str| Err(Error::Rejected(text.to_owned()));
        let retryable = |text: &str| Err(Error::Retryable(text.to_owned()));
        for (status, body, expected) in [
            (200, r#"{"id":"49a3999c"}"#.to_owned(), Ok("49a3999c".to_owned())),
            (200, "nonsense".to_owned(), Ok(String::new())),
            (400, named("invalid_idempotency_key"), rejected("answered 400 invalid_idempotency_key")),
            (401, named("restricted_api_key"), retryable("answered 401 restricted_api_key")),
            (403, named("invalid_api_key"), retryable("answered 403 invalid_api_key")),
            (409, named("invalid_idempotent_request"), rejected("answered 409 invalid_idempotent_request")),
            (409, named("concurrent_idempotent_requests"), retryable("answered 409 concurrent_idempotent_requests")),
            (422, named("validation_error"), rejected("answered 422 validation_error")),
            (429, named("daily_quota_exceeded"), retryable("answered 429 daily_quota_exceeded")),
            (500, "<html>".to_owned(), retryable("answered 500")),
        ] {
            assert_eq!(reference(&Answer { status, body: body.into_bytes() }), expected, "{status}");
        }
    }
}
