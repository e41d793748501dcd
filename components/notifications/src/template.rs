//! The templates: what there is to say, which data each is filled with, and which versions, languages and channels it has. The texts are
//! files (`templates/<name>/v<version>/<language>/`), which are part of the component. Pure.

pub(crate) mod rendering;

use crate::channel::{self, Channel};
use serde_json::{Map, Value};
use spindle_contracts::{FieldError, Money};

/// Every file below `templates`, by its path there and in its order.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The language of whoever reads none of those that a template has.
pub(crate) const FALLBACK: &str = "en";

/// A template: what is said on one occasion.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// Its name: that of its folder.
    pub(crate) name: &'static str,
    /// The version that is used for what is queued from now on. Older ones stay for as long as something queued may need them.
    pub(crate) version: u32,
    /// What it is filled with, by name.
    pub(crate) data: &'static [(&'static str, Kind)],
}

/// What a member of the data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text that is not empty.
    Text,
    /// A sum of money.
    Money,
}

pub(crate) static WELCOME: Template = Template { name: "welcome", version: 1, data: &[] };
pub(crate) static ORDER_PAID: Template =
    Template { name: "order-paid", version: 1, data: &[("number", Kind::Text), ("total", Kind::Money)] };
pub(crate) static ORDER_FULFILLED: Template =
    Template { name: "order-fulfilled", version: 1, data: &[("number", Kind::Text)] };
pub(crate) static ORDER_CANCELLED: Template =
    Template { name: "order-cancelled", version: 1, data: &[("number", Kind::Text), ("reason", Kind::Text)] };
pub(crate) static PAYMENT_REFUNDED: Template =
    Template { name: "payment-refunded", version: 1, data: &[("amount", Kind::Money)] };
/// For whatever an operator has to say.
pub(crate) static MESSAGE: Template =
    Template { name: "message", version: 1, data: &[("subject", Kind::Text), ("text", Kind::Text)] };

/// All templates.
pub(crate) static TEMPLATES: [&Template; 6] =
    [&WELCOME, &ORDER_PAID, &ORDER_FULFILLED, &ORDER_CANCELLED, &PAYMENT_REFUNDED, &MESSAGE];

impl Template {
    /// The template called `name`.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        TEMPLATES.into_iter().find(|template| template.name == name)
    }

    /// The channels that it has.
    pub(crate) fn channels(&self) -> impl Iterator<Item = Channel> {
        let folder = folder(self.name, self.version, FALLBACK);
        channel::ALL.into_iter().filter(move |channel| source(&format!("{folder}/{}", body(*channel))).is_some())
    }

    /// What is wrong with `data`, which is what the template is to be filled with; nothing if it is right.
    pub(crate) fn check(&self, data: &Map<String, Value>) -> Vec<FieldError> {
        let error = |name: &str, detail: &str| FieldError::new(format!("/data/{}", pointer_token(name)), detail);
        let wrong = self.data.iter().filter_map(|(name, kind)| match (data.get(*name), kind) {
            (None, _) => Some(error(name, "is missing")),
            (Some(Value::String(text)), Kind::Text) if !text.trim().is_empty() => None,
            (Some(_), Kind::Text) => Some(error(name, "must be text, and not empty")),
            (Some(value), Kind::Money) => match serde_json::from_value::<Money>(value.clone()) {
                Ok(_) => None,
                Err(_) => Some(error(name, "must be a sum of money such as {\"amount\": 1299, \"currency\": \"EUR\"}")),
            },
        });
        let unknown = data.keys().filter(|name| self.data.iter().all(|(known, _)| known != name));
        wrong.chain(unknown.map(|name| error(name, "is nothing that the template says"))).collect()
    }
}

/// The language in which whoever reads `locale` reads the template: `de-CH`, else `de`, else the fallback (RFC 4647, section 3.4).
pub(crate) fn language(name: &str, version: u32, locale: &str) -> &'static str {
    let mut range = locale;
    loop {
        let here = folder(name, version, range);
        let in_folder = |path: &str| path.get(..here.len()).is_some_and(|start| start.eq_ignore_ascii_case(&here));
        if let Some((path, _)) = FILES.iter().find(|(path, _)| in_folder(path) && path[here.len()..].starts_with('/')) {
            return path.split('/').nth(2).unwrap_or(FALLBACK);
        }
        match range.rsplit_once('-') {
            Some((shorter, _)) => range = shorter,
            None => return FALLBACK,
        }
    }
}

/// The file that a channel cannot do without.
fn body(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email.txt",
        Channel::Sms => "sms.txt",
        Channel::Push => "push.txt",
    }
}

fn folder(name: &str, version: u32, language: &str) -> String {
    format!("{name}/v{version}/{language}")
}

/// The file at `path` below `templates`.
fn source(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// `name` as part of a JSON pointer (RFC 6901).
fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;
