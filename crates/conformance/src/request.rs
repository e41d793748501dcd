//! The requests to a provider of any interface, and their variable parts.

pub(crate) use crate::bindings::notify::exports::spindle::notify::provider::{Content, Email, Message, Push, Sms};
pub(crate) use crate::bindings::payments::exports::spindle::payments::provider::{Authorization, Money, Settlement};
pub(crate) use crate::bindings::pricing::exports::spindle::pricing::adjuster::{Cart, Line};
use crate::check::Interface;

/// The texts that may have more than one line.
const BODIES: [&str; 2] = ["text", "html"];

/// A request, by the function that receives it.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    Send(Message),
    Authorize(Authorization),
    Capture(Settlement),
    Void(Settlement),
    Refund(Settlement),
    Adjust(Cart),
}

impl Request {
    /// Returns a good request of each kind that `interface` has. Requests that settle a payment name it by `reference`.
    pub(crate) fn good(interface: Interface, token: &str, reference: &str) -> Vec<Self> {
        match interface {
            Interface::Notify => channels().map(message).map(Self::Send).to_vec(),
            Interface::Payments => {
                let settlement = || Settlement {
                    idempotency_key: String::new(),
                    payment_id: String::new(),
                    reference: reference.to_owned(),
                    amount: price(),
                    attempt: 1,
                };
                let authorization = Authorization {
                    idempotency_key: String::new(),
                    payment_id: String::new(),
                    order_id: id(7),
                    amount: price(),
                    token: token.to_owned(),
                    attempt: 1,
                };
                let settle = [Self::Capture, Self::Void, Self::Refund].map(|kind| kind(settlement()));
                [Self::Authorize(authorization)].into_iter().chain(settle).collect()
            }
            Interface::Pricing => vec![Self::Adjust(cart())],
        }
    }

    /// Returns the name of the request in a report.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Send(Message { content: Content::Email(_), .. }) => "email",
            Self::Send(Message { content: Content::Sms(_), .. }) => "sms",
            Self::Send(Message { content: Content::Push(_), .. }) => "push",
            Self::Authorize(_) => "authorize",
            Self::Capture(_) => "capture",
            Self::Void(_) => "void",
            Self::Refund(_) => "refund",
            Self::Adjust(_) => "adjust",
        }
    }

    /// Returns the request with a key derived from `number`, which no other number has.
    pub(crate) fn numbered(mut self, number: u64) -> Self {
        let (name, id) = (self.name(), id(number));
        match &mut self {
            Self::Send(message) => message.idempotency_key = id,
            Self::Authorize(request) => {
                request.idempotency_key = format!("{id}:{name}");
                request.payment_id = id;
            }
            Self::Capture(request) | Self::Void(request) | Self::Refund(request) => {
                request.idempotency_key = format!("{id}:{name}");
                request.payment_id = id;
            }
            Self::Adjust(cart) => cart.order_id = id,
        }
        self
    }

    /// Returns the idempotency key, if the request has one.
    pub(crate) fn key(&mut self) -> Option<&mut String> {
        match self {
            Self::Send(message) => Some(&mut message.idempotency_key),
            Self::Authorize(request) => Some(&mut request.idempotency_key),
            Self::Capture(request) | Self::Void(request) | Self::Refund(request) => Some(&mut request.idempotency_key),
            Self::Adjust(_) => None,
        }
    }

    /// Returns the request as attempt number `attempt`.
    pub(crate) fn attempt(mut self, attempt: u32) -> Self {
        match &mut self {
            Self::Send(message) => message.attempt = attempt,
            Self::Authorize(request) => request.attempt = attempt,
            Self::Capture(request) | Self::Void(request) | Self::Refund(request) => request.attempt = attempt,
            Self::Adjust(_) => {}
        }
        self
    }

    /// Returns the secret in the request, which the provider must not reveal.
    pub(crate) fn secret(&self) -> Option<&str> {
        match self {
            Self::Authorize(request) => Some(&request.token),
            _ => None,
        }
    }

    /// Returns the texts of the request, except for ids and the key, which are always well formed.
    pub(crate) fn texts(&mut self) -> Vec<(&'static str, &mut String)> {
        match self {
            Self::Send(message) => {
                let head = [("template", &mut message.template), ("locale", &mut message.locale)];
                let content = match &mut message.content {
                    Content::Email(email) => vec![
                        ("to", &mut email.to),
                        ("subject", &mut email.subject),
                        ("text", &mut email.text),
                        ("html", &mut email.html),
                    ],
                    Content::Sms(sms) => vec![("to", &mut sms.to), ("text", &mut sms.text)],
                    Content::Push(push) => vec![("title", &mut push.title), ("text", &mut push.text)],
                };
                head.into_iter().chain(content).collect()
            }
            Self::Authorize(request) => vec![("token", &mut request.token)],
            Self::Capture(request) | Self::Void(request) | Self::Refund(request) => {
                vec![("reference", &mut request.reference)]
            }
            Self::Adjust(cart) => vec![
                ("sku", &mut cart.lines[0].sku),
                ("country", &mut cart.country),
                ("postal-code", &mut cart.postal_code),
            ],
        }
    }

    /// Returns one request for each text, with `value` in its place; with `lines_only`, for single-line texts only.
    pub(crate) fn with_each_text(&self, value: &str, lines_only: bool) -> Vec<(&'static str, Self)> {
        let names: Vec<&'static str> = self.clone().texts().into_iter().map(|(name, _)| name).collect();
        let wanted = names.into_iter().filter(|name| !lines_only || !BODIES.contains(name));
        wanted
            .map(|wanted| {
                let mut request = self.clone();
                for (name, text) in request.texts() {
                    if name == wanted {
                        value.clone_into(text);
                    }
                }
                (wanted, request)
            })
            .collect()
    }

    /// Returns the amount of the request, if it has one.
    pub(crate) fn money(&mut self) -> Option<&mut Money> {
        match self {
            Self::Authorize(request) => Some(&mut request.amount),
            Self::Capture(request) | Self::Void(request) | Self::Refund(request) => Some(&mut request.amount),
            Self::Send(_) | Self::Adjust(_) => None,
        }
    }

    /// Returns the currency of the request, if it has one.
    pub(crate) fn currency(&mut self) -> Option<&mut String> {
        match self {
            Self::Adjust(cart) => Some(&mut cart.currency),
            other => other.money().map(|money| &mut money.currency),
        }
    }
}

/// Returns a UUID that only `number` has.
pub(crate) fn id(number: u64) -> String {
    format!("01980c5e-7000-7000-8000-{number:012x}")
}

fn channels() -> [Content; 3] {
    [
        Content::Email(Email {
            to: "ada@customer.example".to_owned(),
            subject: "Your order is paid".to_owned(),
            text: "Thank you, Ada.\nYour order is paid.\n".to_owned(),
            html: "<!doctype html><html lang=\"en\"><body><p>Thank you, Ada.</p></body></html>".to_owned(),
        }),
        Content::Sms(Sms { to: "+4930123456".to_owned(), text: "Your order is paid.".to_owned() }),
        Content::Push(Push { to: id(8), title: "Your order is paid".to_owned(), text: "Thank you, Ada.".to_owned() }),
    ]
}

fn message(content: Content) -> Message {
    Message {
        idempotency_key: String::new(),
        template: "order-paid".to_owned(),
        locale: "en".to_owned(),
        content,
        attempt: 1,
    }
}

fn price() -> Money {
    Money { amount: 1_299, currency: "EUR".to_owned() }
}

/// Returns an ordinary cart.
pub(crate) fn cart() -> Cart {
    Cart {
        order_id: String::new(),
        user_id: id(8),
        currency: "EUR".to_owned(),
        lines: vec![line(1, 2, 1_299), line(2, 1, 49_900)],
        country: "DE".to_owned(),
        postal_code: "10115".to_owned(),
    }
}

/// Returns `quantity` items of the product with this number.
pub(crate) fn line(number: u64, quantity: u32, unit_price: i64) -> Line {
    Line { product_id: id(number), sku: format!("SKU-{number}"), quantity, unit_price }
}
