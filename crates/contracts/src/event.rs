//! Events between services. The envelope is a CloudEvent; the data of each type, its producer and its consumers are declared here and
//! nowhere else.
//!
//! Each type has a JSON Schema in `api-specs/events/<name>.json`, which a test holds against these types in both directions. A type
//! changes as the API does (docs/api-versioning.md): members may be added, none is removed.

mod auth;
mod catalog;
mod envelope;
mod notifications;
mod orders;
mod payments;
mod users;

pub use auth::PasswordChanged;
pub use catalog::{
    Availability, ProductArchived, ProductCreated, ProductSnapshot, ProductStatus, ProductUpdated, StockChanged,
};
pub use envelope::{CloudEvent, EventPage};
pub use notifications::{Channel, NotificationQueued};
pub use orders::{
    CancelReason, OrderAdjustment, OrderCancelled, OrderCreated, OrderFulfilled, OrderLine, OrderPaid, PaymentRequested,
};
pub use payments::{DeclineCode, PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided};
pub use users::{EmailChanged, UserErased, UserRegistered};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The data of an event of one type.
pub trait EventData: Serialize + DeserializeOwned {
    /// The type's name: the fact in the past tense.
    const NAME: &'static str;
}

/// A type of event with its producer and its consumers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventType {
    /// Its name: the `type` of its CloudEvents.
    pub name: &'static str,
    /// The service that publishes it.
    pub producer: &'static str,
    /// The services that consume it. Services that may pull it, and do not, are not listed.
    pub consumers: &'static [&'static str],
}

/// The member of [`PaymentRequested`] with the means of payment: it is never shown, and is empty once the payment is decided.
pub const PAYMENT_TOKEN: &str = "payment_token";

/// The text in place of a means of payment.
pub const REDACTED: &str = "[redacted]";

/// Returns `text`, such as an error of the payment provider, with the means of payment `token` redacted.
pub fn without_token(text: String, token: &str) -> String {
    if !token.is_empty() && text.contains(token) { text.replace(token, REDACTED) } else { text }
}

/// Every type of event.
pub const EVENT_TYPES: &[EventType] = &[
    EventType { name: ProductCreated::NAME, producer: "catalog", consumers: &[] },
    EventType { name: ProductUpdated::NAME, producer: "catalog", consumers: &[] },
    EventType { name: ProductArchived::NAME, producer: "catalog", consumers: &[] },
    EventType { name: StockChanged::NAME, producer: "catalog", consumers: &[] },
    EventType { name: OrderCreated::NAME, producer: "orders", consumers: &[] },
    EventType { name: PaymentRequested::NAME, producer: "orders", consumers: &["payments"] },
    EventType { name: OrderPaid::NAME, producer: "orders", consumers: &["notifications", "payments"] },
    EventType { name: OrderFulfilled::NAME, producer: "orders", consumers: &["notifications"] },
    EventType { name: OrderCancelled::NAME, producer: "orders", consumers: &["notifications", "payments"] },
    EventType { name: PaymentAuthorized::NAME, producer: "payments", consumers: &["orders"] },
    EventType { name: PaymentDeclined::NAME, producer: "payments", consumers: &["orders"] },
    EventType { name: PaymentCaptured::NAME, producer: "payments", consumers: &["orders"] },
    EventType { name: PaymentVoided::NAME, producer: "payments", consumers: &["orders"] },
    EventType { name: PaymentRefunded::NAME, producer: "payments", consumers: &["notifications", "orders"] },
    EventType { name: UserRegistered::NAME, producer: "users", consumers: &["notifications"] },
    EventType { name: UserErased::NAME, producer: "users", consumers: &["notifications", "orders", "payments"] },
    EventType { name: EmailChanged::NAME, producer: "users", consumers: &["notifications"] },
    EventType { name: PasswordChanged::NAME, producer: "auth", consumers: &["notifications"] },
    // Notifications has a queue of its own for these; no other service consumes them yet.
    EventType { name: NotificationQueued::NAME, producer: "notifications", consumers: &[] },
];

impl EventType {
    /// Finds the type with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        EVENT_TYPES.iter().find(|event_type| event_type.name == name)
    }

    /// Returns whether `service` consumes events of this type.
    pub fn is_consumed_by(&self, service: &str) -> bool {
        self.consumers.contains(&service)
    }
}

/// Returns the types of `producer` that `consumer` consumes.
pub fn types_consumed_from(producer: &str, consumer: &str) -> impl Iterator<Item = &'static EventType> {
    EVENT_TYPES.iter().filter(move |event_type| event_type.producer == producer && event_type.is_consumed_by(consumer))
}

/// Returns the services whose events `consumer` consumes, each once, in alphabetical order.
pub fn producers_consumed_by(consumer: &str) -> Vec<&'static str> {
    let mut producers: Vec<&str> = EVENT_TYPES
        .iter()
        .filter(|event_type| event_type.is_consumed_by(consumer))
        .map(|event_type| event_type.producer)
        .collect();
    producers.sort_unstable();
    producers.dedup();
    producers
}

/// Returns the services that consume events, each once, in alphabetical order.
pub fn consumers() -> Vec<&'static str> {
    let mut consumers: Vec<&str> = EVENT_TYPES.iter().flat_map(|event_type| event_type.consumers).copied().collect();
    consumers.sort_unstable();
    consumers.dedup();
    consumers
}

#[cfg(test)]
mod tests {
    use super::{EVENT_TYPES, EventType, consumers, producers_consumed_by, types_consumed_from, without_token};

    #[test]
    fn a_text_does_not_repeat_a_means_of_payment() {
        let text = |token| without_token("pm_1 fails: no such token pm_1".to_owned(), token);
        assert_eq!(text("pm_1"), "[redacted] fails: no such token [redacted]");
        assert_eq!((text("pm_2"), text("")), (text("other"), "pm_1 fails: no such token pm_1".to_owned()));
    }

    #[test]
    fn each_type_is_listed_once_and_no_service_consumes_its_own() {
        for (index, event_type) in EVENT_TYPES.iter().enumerate() {
            assert!(EVENT_TYPES[..index].iter().all(|other| other.name != event_type.name), "{event_type:?}");
            assert!(!event_type.is_consumed_by(event_type.producer), "{event_type:?}");
        }
    }

    #[test]
    fn producers_and_consumers_follow_from_the_table() {
        assert_eq!(producers_consumed_by("orders"), ["payments", "users"]);
        assert_eq!(producers_consumed_by("unknown"), [""; 0]);
        assert_eq!(producers_consumed_by("notifications"), ["auth", "orders", "payments", "users"]);
        assert_eq!(consumers(), ["notifications", "orders", "payments"]);
        let names: Vec<&str> = types_consumed_from("orders", "payments").map(|event_type| event_type.name).collect();
        assert_eq!(names, ["PaymentRequested", "OrderPaid", "OrderCancelled"]);
        assert_eq!(EventType::find("OrderPaid").map(|event_type| event_type.producer), Some("orders"));
    }
}
