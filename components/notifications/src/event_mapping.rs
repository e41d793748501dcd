//! Maps domain events to notifications. Pure.

use crate::notification::NotificationSpec;
use crate::template::{self, Template};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spindle_contracts::UserId;
use spindle_contracts::event::{EventData, OrderCancelled, OrderFulfilled, OrderPaid, PaymentRefunded, UserRegistered};

/// Maps an event of type `kind` with `data` to a notification; `None` if the event triggers none.
///
/// # Errors
///
/// If `data` does not have the form of such an event's data.
pub(crate) fn notification_for(kind: &str, data: &str) -> Result<Option<NotificationSpec>, serde_json::Error> {
    let spec = |user_id: UserId, template: &'static Template, data: Value| {
        Ok(Some(NotificationSpec { user_id, template, data }))
    };
    match kind {
        UserRegistered::NAME => {
            let UserRegistered { user_id } = parse(data)?;
            spec(user_id, &template::WELCOME, json!({}))
        }
        OrderPaid::NAME => {
            let OrderPaid { user_id, number, total, .. } = parse(data)?;
            spec(user_id, &template::ORDER_PAID, json!({ "number": number, "total": total }))
        }
        OrderFulfilled::NAME => {
            let OrderFulfilled { user_id, number, .. } = parse(data)?;
            spec(user_id, &template::ORDER_FULFILLED, json!({ "number": number }))
        }
        OrderCancelled::NAME => {
            let OrderCancelled { user_id, number, reason, .. } = parse(data)?;
            spec(user_id, &template::ORDER_CANCELLED, json!({ "number": number, "reason": reason }))
        }
        PaymentRefunded::NAME => {
            let PaymentRefunded { user_id, amount, .. } = parse(data)?;
            spec(user_id, &template::PAYMENT_REFUNDED, json!({ "amount": amount }))
        }
        _ => Ok(None),
    }
}

fn parse<T: DeserializeOwned>(data: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(data)
}

#[cfg(test)]
mod tests {
    use super::notification_for;
    use crate::template::TEMPLATES;
    use serde_json::{Value, json};
    use spindle_contracts::event::EventData as _;
    use spindle_contracts::event::{EVENT_TYPES, UserErased};
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Returns the example in the schema of the events of type `name`.
    fn example(name: &str) -> Value {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs/events").join(format!("{name}.json"));
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        schema["examples"][0].clone()
    }

    #[test]
    fn each_consumed_event_maps_to_a_template_with_the_data_that_it_requires() {
        let mut used = BTreeSet::from(["message"]);
        for event_type in EVENT_TYPES.iter().filter(|event_type| event_type.is_consumed_by("notifications")) {
            let data = example(event_type.name);
            let spec = notification_for(event_type.name, &data.to_string()).unwrap();
            if event_type.name == UserErased::NAME {
                assert_eq!(spec, None);
                continue;
            }
            let spec = spec.unwrap();
            assert_eq!(json!(spec.user_id), data["user_id"]);
            assert_eq!(spec.template.check(spec.data.as_object().unwrap()), []);
            assert!(used.insert(spec.template.name), "{} belongs to one event", spec.template.name);
        }
        assert_eq!(used, TEMPLATES.iter().map(|template| template.name).collect());
    }

    #[test]
    fn the_data_of_the_event_is_in_the_notification() {
        let data = |kind: &str| notification_for(kind, &example(kind).to_string()).unwrap().unwrap().data;
        let money = json!({ "amount": 2598, "currency": "EUR" });
        assert_eq!(data("OrderPaid"), json!({ "number": "S-2026-000042", "total": money }));
        assert_eq!(data("OrderCancelled"), json!({ "number": "S-2026-000042", "reason": "requested" }));
        assert_eq!(data("PaymentRefunded"), json!({ "amount": money }));
        assert!(notification_for("OrderPaid", "{}").is_err());
        assert_eq!(notification_for("OrderCreated", "{}").unwrap(), None);
    }
}
