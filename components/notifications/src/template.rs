//! The templates: their names, the fields of their data, and their versions, languages and channels. The texts are files
//! (`templates/<name>/v<version>/<language>/`), which are part of the component. Pure.

pub(crate) mod renderer;

use crate::channel::{self, Channel};
use serde_json::{Map, Value, json};
use spindle_contracts::{FieldError, Money, input, text};

/// Every file below `templates` with its path, sorted by path.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The language of a recipient whose locale matches none of the template's languages.
pub(crate) const FALLBACK_LANGUAGE: &str = "en";

/// A template of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// The name of the template and of its folder.
    pub(crate) name: &'static str,
    /// The version for notifications that are enqueued from now on. An older version stays as long as a queued notification may need it.
    pub(crate) version: u32,
    /// The fields of the data.
    pub(crate) data: &'static [(&'static str, FieldKind)],
    /// The address that it is sent to.
    pub(crate) addressee: Addressee,
}

/// The address of a template's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Addressee {
    /// Each channel that the user has turned on and has an address for.
    Preferred,
    /// The e-mail address of the account, also if the user has turned e-mail off: a thief of the account could.
    Account,
    /// The e-mail address that the account had before the change whose id is in the field [`CHANGE`] of the data, in the same way.
    PreviousAccount,
}

/// The field with the id of a change of an e-mail address.
pub(crate) const CHANGE: &str = "change_id";

/// The kind of a field of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// One line of text that is not empty.
    Line,
    /// Text that is not empty, of any number of lines.
    Text,
    /// A sum of money.
    Money,
}

pub(crate) static WELCOME: Template =
    Template { name: "welcome", version: 2, data: &[], addressee: Addressee::Preferred };
pub(crate) static ORDER_PAID: Template = Template {
    name: "order-paid",
    version: 2,
    data: &[("number", FieldKind::Line), ("total", FieldKind::Money)],
    addressee: Addressee::Preferred,
};
pub(crate) static ORDER_FULFILLED: Template = Template {
    name: "order-fulfilled",
    version: 2,
    data: &[("number", FieldKind::Line)],
    addressee: Addressee::Preferred,
};
pub(crate) static ORDER_CANCELLED: Template = Template {
    name: "order-cancelled",
    version: 2,
    data: &[("number", FieldKind::Line), ("reason", FieldKind::Line)],
    addressee: Addressee::Preferred,
};
pub(crate) static PAYMENT_REFUNDED: Template = Template {
    name: "payment-refunded",
    version: 2,
    data: &[("amount", FieldKind::Money)],
    addressee: Addressee::Preferred,
};
/// To the owner of an account, who might not be the one who changed it.
pub(crate) static PASSWORD_CHANGED: Template =
    Template { name: "password-changed", version: 1, data: &[], addressee: Addressee::Account };
pub(crate) static EMAIL_CHANGED: Template =
    Template { name: "email-changed", version: 1, data: &[], addressee: Addressee::Account };
pub(crate) static EMAIL_REPLACED: Template = Template {
    name: "email-replaced",
    version: 1,
    data: &[(CHANGE, FieldKind::Line)],
    addressee: Addressee::PreviousAccount,
};
/// For messages that an operator writes.
pub(crate) static MESSAGE: Template = Template {
    name: "message",
    version: 2,
    data: &[("subject", FieldKind::Line), ("text", FieldKind::Text)],
    addressee: Addressee::Preferred,
};

/// All templates.
pub(crate) static TEMPLATES: [&Template; 9] = [
    &WELCOME,
    &ORDER_PAID,
    &ORDER_FULFILLED,
    &ORDER_CANCELLED,
    &PAYMENT_REFUNDED,
    &PASSWORD_CHANGED,
    &EMAIL_CHANGED,
    &EMAIL_REPLACED,
    &MESSAGE,
];

impl Template {
    /// Returns the template with this name.
    pub(crate) fn by_name(name: &str) -> Option<&'static Self> {
        TEMPLATES.into_iter().find(|template| template.name == name)
    }

    /// Returns the templates that an operator may send: those about the security of an account tell of what has happened, and of nothing else.
    pub(crate) fn for_requests() -> impl Iterator<Item = &'static Self> {
        TEMPLATES.into_iter().filter(|template| template.addressee == Addressee::Preferred)
    }

    /// Returns the channels of the template.
    pub(crate) fn channels(&self) -> impl Iterator<Item = Channel> {
        let folder = folder(self.name, self.version, FALLBACK_LANGUAGE);
        channel::ALL.into_iter().filter(move |channel| source(&format!("{folder}/{}", body(*channel))).is_some())
    }

    /// Returns `data`, which has no errors, with each sum of money in its usual form.
    pub(crate) fn read(&self, data: &Map<String, Value>) -> Value {
        let mut data = data.clone();
        for (name, _) in self.data.iter().filter(|(_, kind)| *kind == FieldKind::Money) {
            if let Some(value) = data.get_mut(*name) {
                *value = money(value).map_or(Value::Null, |money| json!(money));
            }
        }
        Value::Object(data)
    }

    /// Returns an error for each field of `data` that is missing, wrong or unknown.
    pub(crate) fn check(&self, data: &Map<String, Value>) -> Vec<FieldError> {
        let error = |name: &str, detail: String| FieldError::new(format!("/data/{}", pointer_token(name)), detail);
        let template = self.name;
        let wrong = self.data.iter().filter_map(|(name, kind)| match (data.get(*name), kind) {
            (None, _) => Some(error(name, format!("is required by the template {template}"))),
            (Some(Value::String(text)), FieldKind::Line | FieldKind::Text) if !text::is_blank(text) => {
                // The body's limit is the only one here: what fits on a channel is known once it is rendered.
                let result = match kind {
                    FieldKind::Line => text::line(text, usize::MAX),
                    _ => text::lines(text, usize::MAX),
                };
                Some(error(name, result.err()?.into_owned()))
            }
            (Some(_), FieldKind::Line | FieldKind::Text) => {
                Some(error(name, "must be a string that is not empty".to_owned()))
            }
            (Some(value), FieldKind::Money) => match money(value) {
                Some(_) => None,
                None => {
                    let example = r#"{"amount": 1299, "currency": "EUR"}"#;
                    Some(error(name, format!("must be a sum of money such as {example}")))
                }
            },
        });
        let fields: Vec<&str> = self.data.iter().map(|(name, _)| *name).collect();
        let allowed = if fields.is_empty() { "none".to_owned() } else { fields.join(", ") };
        let unknown = data.keys().filter(|name| !fields.contains(&name.as_str()));
        let unknown = unknown
            .map(|name| error(name, format!("is not a field of the template {template}, whose fields are: {allowed}")));
        wrong.chain(unknown).collect()
    }
}

/// Returns the sum of money that `value` is. Its amount may be written as JSON writes integers, such as `1299.0`.
fn money(value: &Value) -> Option<Money> {
    let mut value = value.clone();
    let amount = value.get_mut("amount")?;
    if let Some(number) = amount.as_f64().filter(|_| amount.is_f64()) {
        *amount = input::integral::<Value>(number)?.into();
    }
    serde_json::from_value(value).ok()
}

/// Returns the language of the template for `locale`: `de-CH`, else `de`, else the fallback (RFC 4647, section 3.4).
pub(crate) fn language(name: &str, version: u32, locale: &str) -> &'static str {
    let mut range = locale;
    loop {
        let here = folder(name, version, range);
        let in_folder = |path: &str| path.get(..here.len()).is_some_and(|start| start.eq_ignore_ascii_case(&here));
        if let Some((path, _)) = FILES.iter().find(|(path, _)| in_folder(path) && path[here.len()..].starts_with('/')) {
            return path.split('/').nth(2).unwrap_or(FALLBACK_LANGUAGE);
        }
        match range.rsplit_once('-') {
            Some((shorter, _)) => range = shorter,
            None => return FALLBACK_LANGUAGE,
        }
    }
}

/// Returns the file that each template with this channel has.
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

/// Returns the file at `path` below `templates`.
fn source(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Escapes `name` as a token of a JSON pointer (RFC 6901).
fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;
