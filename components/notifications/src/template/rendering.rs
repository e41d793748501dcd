//! Rendering: a template, filled and in the language of whoever reads it. Pure.

use super::{folder, language, source};
use crate::channel::Channel;
use crate::money;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::Money;
use spindle_contracts::provider::notify::{Content, Email, Push, Sms};

/// The longest e-mail, its parts together as JSON, in bytes: an adapter takes 256 KiB with what is around it.
const MAX_EMAIL: usize = 240 * 1024;
/// The longest text message and the longest notification on a device, in characters.
const MAX_SHORT: usize = 1_000;

/// What is to be said, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) template: &'a str,
    pub(crate) version: u32,
    pub(crate) channel: Channel,
    /// What the template is filled with.
    pub(crate) data: &'a Value,
}

/// Who reads it, and who says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    /// Where the reader is reached on the channel.
    pub(crate) address: &'a str,
    /// What the reader is called, if it is known.
    pub(crate) name: Option<&'a str>,
    /// A language tag.
    pub(crate) locale: &'a str,
    /// The name of the shop.
    pub(crate) shop: &'a str,
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The language that it is in.
    pub(crate) language: &'static str,
    pub(crate) content: Content,
}

/// What a template can speak of.
#[derive(Serialize)]
struct Scene<'a> {
    shop: &'a str,
    name: Option<&'a str>,
    /// As it is in the attribute `lang`.
    language: &'a str,
    data: &'a Value,
}

/// Why nothing could be rendered: it never can be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A template fails.
    #[error("the template fails: {0:#}")]
    Template(#[from] minijinja::Error),
    /// Nobody sends that much.
    #[error("it becomes too long")]
    TooLong,
}

/// `piece` as it is to be sent to `reader`.
pub(crate) fn render(piece: Piece<'_>, reader: Reader<'_>) -> Result<Rendered, Error> {
    let Piece { template, version, channel, data } = piece;
    let Reader { address, name, locale, shop } = reader;
    let language = language(template, version, locale);
    let environment = environment(language);
    let folder = folder(template, version, language);
    let scene = minijinja::Value::from(Serde(Scene { shop, name, language, data }));
    let part = |file: &str| environment.get_template(&format!("{folder}/{file}"))?.render(scene.clone());
    let to = address.to_owned();
    let (content, fits) = match channel {
        Channel::Email => {
            let email = Email {
                to,
                subject: one_line(&part("email.subject.txt")?),
                text: part("email.txt")?,
                html: part("email.html")?,
            };
            let length = serde_json::to_vec(&email).map_or(usize::MAX, |json| json.len());
            (Content::Email(email), length <= MAX_EMAIL)
        }
        Channel::Sms => {
            let sms = Sms { to, text: part("sms.txt")?.trim().to_owned() };
            let length = sms.text.chars().count();
            (Content::Sms(sms), length <= MAX_SHORT)
        }
        Channel::Push => {
            let title = one_line(&part("push.title.txt")?);
            let push = Push { to, title, text: part("push.txt")?.trim().to_owned() };
            let length = push.title.chars().count() + push.text.chars().count();
            (Content::Push(push), length <= MAX_SHORT)
        }
    };
    if fits { Ok(Rendered { language, content }) } else { Err(Error::TooLong) }
}

/// Reads files as they are asked for, since an instance serves one request. What is not defined is an error, and only HTML is escaped.
fn environment(language: &'static str) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(
        |name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    environment.set_loader(|name| Ok(source(name).map(str::to_owned)));
    environment.add_filter("money", move |sum: Serde<Money>| money::written(*sum, language));
    environment
}

/// `text` without line breaks, so that nobody adds a header to an e-mail by what they are called.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
