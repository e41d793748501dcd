//! Maps a message to Resend's request, and Resend's response to a result. Pure.

use serde::{Deserialize, Serialize};
use spindle_notifier::{Content, Error, Message, PostRequest, PostResponse, Settings};

/// The longest reference that the interface allows, in characters.
const MAX_REFERENCE: usize = 255;

/// The longest name of an error that is returned, in characters.
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

/// A tag for finding messages at Resend.
#[derive(Serialize)]
struct Tag<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Deserialize)]
struct SentResponse {
    id: String,
}

/// The name of an error. Its text is not read: it may hold an address.
#[derive(Deserialize)]
struct ErrorResponse {
    name: String,
}

/// Returns the request for `message`.
///
/// # Errors
///
/// [`Error::Rejected`] if it is not an e-mail, or cannot be sent; [`Error::Retryable`] if a setting is missing.
///
/// # Panics
///
/// Never: strings can be written as JSON.
pub fn post(message: &Message, settings: &Settings) -> Result<PostRequest, Error> {
    let Content::Email(email) = &message.content else {
        return Err(Error::Rejected("Resend sends e-mail only".to_owned()));
    };
    // A line break in a header would allow another header after it.
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
    Ok(PostRequest { target, headers, body: serde_json::to_string(&body).expect("strings can be written as JSON") })
}

/// Returns Resend's id of the message.
///
/// # Errors
///
/// The error of the response. A key that Resend refuses (401, 403) can be replaced by an operator, so the error is retryable; so is the
/// conflict with an earlier attempt with the same idempotency key that is still in progress.
pub fn reference(response: &PostResponse) -> Result<String, Error> {
    let Err(error) = response.check_status() else {
        return Ok(serde_json::from_slice(&response.body)
            .map_or_else(|_| String::new(), |sent: SentResponse| sent.id.chars().take(MAX_REFERENCE).collect()));
    };
    let refused = serde_json::from_slice(&response.body).ok();
    let name: String =
        refused.map_or_else(String::new, |refused: ErrorResponse| refused.name.chars().take(MAX_NAME).collect());
    let text = format!("answered {} {name}", response.status).trim_end().to_owned();
    Err(match (response.status, error) {
        (401 | 403, _) => Error::Retryable(text),
        (409, _) if name == "concurrent_idempotent_requests" => Error::Retryable(text),
        (_, Error::Rejected(_)) => Error::Rejected(text),
        (_, Error::Retryable(_) | Error::Other(_)) => Error::Retryable(text),
    })
}

#[cfg(test)]
mod tests {
    use super::{post, reference};
    use spindle_notifier::{Content, Email, Error, Message, PostResponse, Push, Settings, Sms};

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
    fn an_email_is_posted_in_the_form_of_the_api() {
        let post = post(&message(email("Your order")), &settings("")).unwrap();
        assert_eq!(post.headers, [("authorization", "Bearer re_1".to_owned()), ("idempotency-key", ID.to_owned())]);
        assert_eq!(
            post.body,
            r#"{"from":"Shop <shop@example.com>","to":["ann@example.com"],"subject":"Your order","text":"Paid","html":"<p>Paid</p>","tags":[{"name":"template","value":"order-paid"}]}"#
        );
    }

    #[test]
    fn other_channels_and_line_breaks_are_rejected() {
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
    fn a_missing_setting_is_retryable() {
        for missing in ["endpoint", "key", "sender"] {
            let expected = Error::Retryable(format!("not configured: `{missing}` is empty"));
            assert_eq!(post(&message(email("Your order")), &settings(missing)), Err(expected));
        }
    }

    #[test]
    fn a_response_is_mapped_by_its_status_and_the_name_of_its_error() {
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
            assert_eq!(reference(&PostResponse { status, body: body.into_bytes() }), expected, "{status}");
        }
    }
}
