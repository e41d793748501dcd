//! Who is told what of which event. Pure.

use crate::notification::Telling;
use crate::template::{self, Template};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spindle_contracts::UserId;
use spindle_contracts::event::{EventData, OrderCancelled, OrderFulfilled, OrderPaid, PaymentRefunded, UserRegistered};

/// What comes of the event `kind` with `data`; nothing if it is none that anybody is told of.
///
/// # Errors
///
/// If `data` is not what such an event carries.
pub(crate) fn of(kind: &str, data: &str) -> Result<Option<Telling>, serde_json::Error> {
    let told =
        |user_id: UserId, template: &'static Template, data: Value| Ok(Some(Telling { user_id, template, data }));
    match kind {
        UserRegistered::NAME => {
            let UserRegistered { user_id } = read(data)?;
            told(user_id, &template::WELCOME, json!({}))
        }
        OrderPaid::NAME => {
            let OrderPaid { user_id, number, total, .. } = read(data)?;
            told(user_id, &template::ORDER_PAID, json!({ "number": number, "total": total }))
        }
        OrderFulfilled::NAME => {
            let OrderFulfilled { user_id, number, .. } = read(data)?;
            told(user_id, &template::ORDER_FULFILLED, json!({ "number": number }))
        }
        OrderCancelled::NAME => {
            let OrderCancelled { user_id, number, reason, .. } = read(data)?;
            told(user_id, &template::ORDER_CANCELLED, json!({ "number": number, "reason": reason }))
        }
        PaymentRefunded::NAME => {
            let PaymentRefunded { user_id, amount, .. } = read(data)?;
            told(user_id, &template::PAYMENT_REFUNDED, json!({ "amount": amount }))
        }
        _ => Ok(None),
    }
}

fn read<T: DeserializeOwned>(data: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(data)
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::template::TEMPLATES;
    use serde_json::{Value, json};
    use spindle_contracts::event::EventData as _;
    use spindle_contracts::event::{EVENT_TYPES, UserErased};
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The example in the schema of the events called `name`.
    fn example(name: &str) -> Value {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs/events").join(format!("{name}.json"));
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        schema["examples"][0].clone()
    }

    #[test]
    fn the_user_is_told_of_each_event_that_is_listened_to_with_what_the_template_takes() {
        let mut used = BTreeSet::from(["message"]);
        for event_type in EVENT_TYPES.iter().filter(|event_type| event_type.is_consumed_by("notifications")) {
            let data = example(event_type.name);
            let told = of(event_type.name, &data.to_string()).unwrap();
            if event_type.name == UserErased::NAME {
                assert_eq!(told, None);
                continue;
            }
            let told = told.unwrap();
            assert_eq!(json!(told.user_id), data["user_id"]);
            assert_eq!(told.template.check(told.data.as_object().unwrap()), []);
            assert!(used.insert(told.template.name), "{} is for one event", told.template.name);
        }
        assert_eq!(used, TEMPLATES.iter().map(|template| template.name).collect());
    }

    #[test]
    fn what_an_event_tells_stands_in_the_notification() {
        let data = |kind: &str| of(kind, &example(kind).to_string()).unwrap().unwrap().data;
        let money = json!({ "amount": 2598, "currency": "EUR" });
        assert_eq!(data("OrderPaid"), json!({ "number": "S-2026-000042", "total": money }));
        assert_eq!(data("OrderCancelled"), json!({ "number": "S-2026-000042", "reason": "requested" }));
        assert_eq!(data("PaymentRefunded"), json!({ "amount": money }));
        assert!(of("OrderPaid", "{}").is_err());
        assert_eq!(of("OrderCreated", "{}").unwrap(), None);
    }
}
