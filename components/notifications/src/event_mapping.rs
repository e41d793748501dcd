//! Maps domain events to notifications. Pure.

use crate::notification::NotificationSpec;
use crate::template::{self, CHANGE, Template};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spindle_contracts::event::{
    EmailChanged, EventData, OrderCancelled, OrderFulfilled, OrderPaid, PasswordChanged, PaymentRefunded,
    UserRegistered,
};
use spindle_contracts::{OrderId, UserId};

/// Maps an event of type `kind` with `data` to its notifications; none if the event triggers none.
///
/// # Errors
///
/// If `data` does not have the form of such an event's data.
pub(crate) fn notifications_for(kind: &str, data: &str) -> Result<Vec<NotificationSpec>, serde_json::Error> {
    let spec = |user_id: UserId, template: &'static Template, data: Value| NotificationSpec {
        order_id: None,
        user_id,
        template,
        data,
    };
    let about = |order_id: OrderId, spec: NotificationSpec| NotificationSpec { order_id: Some(order_id), ..spec };
    Ok(match kind {
        UserRegistered::NAME => {
            let UserRegistered { user_id } = parse(data)?;
            vec![spec(user_id, &template::WELCOME, json!({}))]
        }
        PasswordChanged::NAME => {
            let PasswordChanged { user_id } = parse(data)?;
            vec![spec(user_id, &template::PASSWORD_CHANGED, json!({}))]
        }
        EmailChanged::NAME => {
            let EmailChanged { user_id, change_id } = parse(data)?;
            vec![
                spec(user_id, &template::EMAIL_CHANGED, json!({})),
                spec(user_id, &template::EMAIL_REPLACED, json!({ CHANGE: change_id })),
            ]
        }
        OrderPaid::NAME => {
            let OrderPaid { order_id, user_id, number, total } = parse(data)?;
            let data = json!({ "number": number, "total": total });
            vec![about(order_id, spec(user_id, &template::ORDER_PAID, data))]
        }
        OrderFulfilled::NAME => {
            let OrderFulfilled { order_id, user_id, number } = parse(data)?;
            vec![about(order_id, spec(user_id, &template::ORDER_FULFILLED, json!({ "number": number })))]
        }
        OrderCancelled::NAME => {
            let OrderCancelled { order_id, user_id, number, reason, .. } = parse(data)?;
            let data = json!({ "number": number, "reason": reason });
            vec![about(order_id, spec(user_id, &template::ORDER_CANCELLED, data))]
        }
        PaymentRefunded::NAME => {
            let PaymentRefunded { order_id, user_id, amount, .. } = parse(data)?;
            vec![about(order_id, spec(user_id, &template::PAYMENT_REFUNDED, json!({ "amount": amount })))]
        }
        _ => Vec::new(),
    })
}

fn parse<T: DeserializeOwned>(data: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(data)
}

#[cfg(test)]
mod tests {
    use super::notifications_for;
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
            let specs = notifications_for(event_type.name, &data.to_string()).unwrap();
            assert_eq!(specs.is_empty(), event_type.name == UserErased::NAME, "{}", event_type.name);
            for spec in specs {
                assert_eq!(json!(spec.user_id), data["user_id"]);
                assert_eq!(json!(spec.order_id), data["order_id"], "null for an event that is not about an order");
                assert_eq!(spec.template.check(spec.data.as_object().unwrap()), []);
                assert!(used.insert(spec.template.name), "{} belongs to one event", spec.template.name);
            }
        }
        assert_eq!(used, TEMPLATES.iter().map(|template| template.name).collect());
    }

    #[test]
    fn the_data_of_the_event_is_in_the_notification() {
        let data = |kind: &str| notifications_for(kind, &example(kind).to_string()).unwrap().remove(0).data;
        let money = json!({ "amount": 2598, "currency": "EUR" });
        assert_eq!(data("OrderPaid"), json!({ "number": "S-2026-000042", "total": money }));
        assert_eq!(data("OrderCancelled"), json!({ "number": "S-2026-000042", "reason": "requested" }));
        assert_eq!(data("PaymentRefunded"), json!({ "amount": money }));
        assert!(notifications_for("OrderPaid", "{}").is_err());
        assert_eq!(notifications_for("OrderCreated", "{}").unwrap(), []);
    }

    #[test]
    fn a_changed_address_is_notified_to_both_addresses_under_two_triggers() {
        let example = example("EmailChanged");
        let specs = notifications_for("EmailChanged", &example.to_string()).unwrap();
        let triggers: Vec<_> =
            specs.iter().map(|spec| (spec.template.name, spec.trigger("e-1", "EmailChanged").id)).collect();
        let change = example["change_id"].as_str().unwrap().to_owned();
        assert_eq!(triggers, [("email-changed", "e-1".to_owned()), ("email-replaced", change)]);
    }
}
