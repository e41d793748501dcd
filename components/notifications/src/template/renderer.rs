//! Renders a template in the language of its recipient. Pure.

use super::{folder, language, source};
use crate::channel::Channel;
use crate::money::format_money;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::Money;
use spindle_contracts::provider::notify::{Content, Email, Push, Sms};

/// The variable with the name of the shop.
pub(crate) const SHOP_NAME: &str = "shop_name";

/// The longest e-mail, its parts together as JSON, in bytes: an adapter accepts bodies of up to 256 KiB.
const MAX_EMAIL: usize = 240 * 1024;

/// The longest text message and the longest push notification, in characters.
const MAX_SHORT: usize = 1_000;

/// A version of a template for one channel, with its data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TemplateRef<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: u32,
    pub(crate) channel: Channel,
    /// The data of the template: a JSON object.
    pub(crate) data: &'a Value,
}

/// The recipient of a message, and the shop that sends it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipient<'a> {
    /// The recipient's address on the channel.
    pub(crate) address: &'a str,
    /// The recipient's language tag.
    pub(crate) locale: &'a str,
    /// The name of the shop.
    pub(crate) shop: &'a str,
}

/// A rendered message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RenderedMessage {
    /// The language of the message.
    pub(crate) language: &'static str,
    pub(crate) content: Content,
}

/// The variables of a template. None of them is a text that a customer has written: until an address is confirmed, it may be that of a stranger,
/// to whom the customer could send any text that a message quotes.
#[derive(Serialize)]
struct TemplateContext<'a> {
    shop: &'a str,
    /// The language, for the attribute `lang`.
    language: &'a str,
    data: &'a Value,
}

/// The reason why a template cannot be rendered. A retry does not help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The template has an error, or does not fit its data.
    #[error("the template cannot be rendered: {0:#}")]
    Template(#[from] minijinja::Error),
    /// The rendered message is longer than this.
    #[error("the rendered message is longer than {0}")]
    TooLong(&'static str),
}

/// Renders `template` for `recipient`.
///
/// # Errors
///
/// [`Error::Template`] if the template does not fit its data, [`Error::TooLong`] if the message is too long for its channel.
pub(crate) fn render(template: TemplateRef<'_>, recipient: Recipient<'_>) -> Result<RenderedMessage, Error> {
    let TemplateRef { name: template, version, channel, data } = template;
    let Recipient { address, locale, shop } = recipient;
    let language = language(template, version, locale);
    let environment = environment(language);
    let folder = folder(template, version, language);
    let variables = minijinja::Value::from(Serde(TemplateContext { shop, language, data }));
    let part = |file: &str| environment.get_template(&format!("{folder}/{file}"))?.render(variables.clone());
    let to = address.to_owned();
    let (content, fits, limit) = match channel {
        Channel::Email => {
            let email = Email {
                to,
                subject: one_line(&part("email.subject.txt")?),
                text: part("email.txt")?,
                html: part("email.html")?,
            };
            let length = serde_json::to_vec(&email).map_or(usize::MAX, |json| json.len());
            (Content::Email(email), length <= MAX_EMAIL, "240 KiB as JSON")
        }
        Channel::Sms => {
            let sms = Sms { to, text: part("sms.txt")?.trim().to_owned() };
            let length = sms.text.chars().count();
            (Content::Sms(sms), length <= MAX_SHORT, "1,000 characters")
        }
        Channel::Push => {
            let title = one_line(&part("push.title.txt")?);
            let push = Push { to, title, text: part("push.txt")?.trim().to_owned() };
            let length = push.title.chars().count() + push.text.chars().count();
            (Content::Push(push), length <= MAX_SHORT, "1,000 characters")
        }
    };
    if fits { Ok(RenderedMessage { language, content }) } else { Err(Error::TooLong(limit)) }
}

/// Returns an environment that loads a file when a template refers to it, since an instance serves one request. An undefined variable is an
/// error, and only HTML is escaped.
fn environment(language: &'static str) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(
        |name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    environment.set_loader(|name| Ok(source(name).map(str::to_owned)));
    environment.add_filter("money", move |sum: Serde<Money>| format_money(*sum, language));
    environment
}

/// Removes line breaks from `text`, so that no data can add a header to an e-mail.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
