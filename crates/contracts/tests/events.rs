//! The events as Rust types, as JSON Schemas in `api-specs/events` and in docs/events.md: all three are equal.

use jsonschema::Validator;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use spindle_contracts::event::{
    Availability, CancelReason, Channel, CloudEvent, DeclineCode, EVENT_TYPES, EmailChanged, EventData, EventType,
    NotificationQueued, OrderAdjustment, OrderCancelled, OrderCreated, OrderFulfilled, OrderLine, OrderPaid,
    PasswordChanged, PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentRequested,
    PaymentVoided, ProductArchived, ProductCreated, ProductSnapshot, ProductStatus, ProductUpdated, StockChanged,
    UserErased, UserRegistered,
};
use spindle_contracts::provider::pricing::Kind;
use spindle_contracts::{Money, NotificationId, OrderId, PaymentId, ProductId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use uuid::Uuid;

/// The member of a product whose own members the shop defines.
const OPEN: &str = "attributes";

/// The members of an object.
type Members = Vec<(String, Value)>;

/// Reads the schema of `name`, and compiles its validator.
fn schema(name: &str) -> (Value, Validator) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs/events").join(format!("{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let schema: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let validator = jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    (schema, validator)
}

fn examples(schema: &Value) -> &[Value] {
    let examples = schema["examples"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    assert!(!examples.is_empty(), "{} has an example", schema["title"]);
    examples
}

/// Checks that a `T` and its schema are the same, by `samples` and by the examples of the schema.
fn check<T: EventData + Debug + PartialEq>(samples: impl IntoIterator<Item = T>) -> &'static str {
    let (schema, validator) = schema(T::NAME);
    let refuses = |value: &Value, why: &str| assert!(!validator.is_valid(value), "{}: {why}: {value}", T::NAME);
    assert_eq!((&schema["title"], &schema["$id"]), (&json!(T::NAME), &json!(id_of(T::NAME))));
    let samples = samples.into_iter().map(|sample| {
        let value = written(&sample);
        assert_eq!(read::<T>(&value), sample);
        value
    });
    for value in samples.collect::<Vec<_>>().iter().chain(examples(&schema)) {
        if let Err(error) = validator.validate(value) {
            panic!("{}: {error}: {value}", T::NAME);
        }
        let data: T = read(value);
        assert_eq!(written(&data), *value, "nothing is lost in reading");

        // Events that are sent have exactly these members; events that are read may have more in time.
        for changed in changes(value, &|members| members.push(("unknown_member".to_owned(), json!(1)))) {
            refuses(&changed, "accepts an unknown member");
        }
        let mut later = value.clone();
        later["unknown_member"] = json!(1);
        assert_eq!(read::<T>(&later), data);
        for name in members(value) {
            let without = changes(value, &|members| members.retain(|(other, _)| *other != name));
            for changed in without.into_iter().filter(|changed| changed != value) {
                refuses(&changed, &format!("does without {name}"));
            }
            let broken = changes(value, &|members| {
                members.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, value)| *value = json!([null]));
            });
            for changed in broken.into_iter().filter(|changed| changed != value) {
                refuses(&changed, &format!("takes anything as {name}"));
                assert!(serde_json::from_value::<T>(changed).is_err(), "{}: reads anything as {name}", T::NAME);
            }
        }
    }
    T::NAME
}

fn written(data: &impl EventData) -> Value {
    serde_json::to_value(data).expect("events are plain data")
}

fn read<T: EventData>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{}: {error}: {value}", T::NAME))
}

/// Returns `value` with one of its closed objects changed by `change`, for each of them.
fn changes(value: &Value, change: &dyn Fn(&mut Members)) -> Vec<Value> {
    match value {
        Value::Object(object) => {
            let mut members: Members = object.clone().into_iter().collect();
            change(&mut members);
            let own = Value::Object(members.into_iter().collect());
            let inner = object.iter().filter(|(name, _)| *name != OPEN).flat_map(|(name, inner)| {
                let with = |inner: Value| {
                    let mut object = object.clone();
                    object.insert(name.clone(), inner);
                    Value::Object(object)
                };
                changes(inner, change).into_iter().map(with).collect::<Vec<_>>()
            });
            std::iter::once(own).chain(inner.collect::<Vec<_>>()).collect()
        }
        Value::Array(items) => (0..items.len())
            .flat_map(|index| {
                let with = |inner: Value| {
                    let mut items = items.clone();
                    items[index] = inner;
                    Value::Array(items)
                };
                changes(&items[index], change).into_iter().map(with).collect::<Vec<_>>()
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the names of all members of the closed objects in `value`.
fn members(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(object) => {
            let inner = object.iter().filter(|(name, _)| *name != OPEN).flat_map(|(_, inner)| members(inner));
            object.keys().cloned().chain(inner).collect()
        }
        Value::Array(items) => items.iter().flat_map(members).collect(),
        _ => BTreeSet::new(),
    }
}

fn id_of(name: &str) -> String {
    format!("https://spindle.dev/events/{name}.json")
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x01a2_04d9_495d_7bdb_85b4_53f0_9eb5_0000 + number)
}

/// Returns payment, order, customer and amount, as in the events of payments.
fn payment() -> (PaymentId, OrderId, UserId, Money) {
    (PaymentId(uuid(1)), OrderId(uuid(2)), UserId(uuid(3)), Money::new(i64::MAX, "JPY".parse().expect("a currency")))
}

fn product(status: ProductStatus) -> ProductSnapshot {
    let attributes = json!({ "colour": "green", "sizes": [{ "eu": 42 }], "none": null });
    ProductSnapshot {
        id: ProductId(uuid(4)),
        sku: "S-1".to_owned(),
        name: "Caf\u{e9} \"x\"".to_owned(),
        description: String::new(),
        price: Money::new(0, "EUR".parse().expect("a currency")),
        category: "lighting".to_owned(),
        attributes: attributes.as_object().expect("an object").clone(),
        stock: Availability { available: 0 },
        status,
        created_at: Timestamp::from_millis(0),
        updated_at: Timestamp::from_millis(1_795_377_679_012),
    }
}

#[test]
fn each_type_and_its_schema_are_the_same() {
    let (payment_id, order_id, user_id, amount) = payment();
    let (id, sku, number, total) = (ProductId(uuid(4)), "S-1".to_owned(), "S-2026-000042".to_owned(), amount);
    let product_id = id;
    let line =
        OrderLine { product_id, sku: sku.clone(), name: "Lamp".to_owned(), quantity: u32::MAX, unit_price: amount };
    let adjustment = |kind, minor| OrderAdjustment {
        kind,
        label: "VAT 19 %".to_owned(),
        amount: Money::new(minor, amount.currency),
    };
    let reasons = [
        CancelReason::Requested,
        CancelReason::PaymentDeclined,
        CancelReason::PaymentTimeout,
        CancelReason::StockGone,
        CancelReason::PaymentRefunded,
    ];
    let cancelled = reasons.map(|reason| OrderCancelled { order_id, user_id, number: number.clone(), total, reason });
    let reason = "The card was declined.".to_owned();
    let (notification_id, channels) = (NotificationId(uuid(6)), [Channel::Email, Channel::Sms, Channel::Push]);
    let checked = [
        check([ProductStatus::Active, ProductStatus::Archived].map(|status| ProductCreated(product(status)))),
        check([ProductStatus::Active, ProductStatus::Archived].map(|status| ProductUpdated(product(status)))),
        check([ProductArchived { id, sku: sku.clone() }]),
        check([StockChanged { id, sku, on_hand: 7, reserved: 5, allocated: 2, available: 0 }]),
        check([OrderCreated {
            order_id,
            user_id,
            number: number.clone(),
            lines: vec![line.clone(), line],
            adjustments: vec![adjustment(Kind::Discount, -amount.amount), adjustment(Kind::Tax, 1)],
            total,
        }]),
        check([PaymentRequested { order_id, user_id, amount, payment_token: "pm_ok".to_owned() }]),
        check([OrderPaid { order_id, user_id, number: number.clone(), total }]),
        check([OrderFulfilled { order_id, user_id, number }]),
        check(cancelled),
        check([PaymentAuthorized { payment_id, order_id, user_id, amount }]),
        check([DeclineCode::Declined, DeclineCode::ProviderError].map(|code| {
            let reason = reason.clone();
            PaymentDeclined { payment_id, order_id, user_id, amount, code, reason }
        })),
        check([PaymentCaptured { payment_id, order_id, user_id, amount }]),
        check([PaymentVoided { payment_id, order_id, user_id, amount }]),
        check([PaymentRefunded { payment_id, order_id, user_id, amount }]),
        check([UserRegistered { user_id }]),
        check([UserErased { user_id }]),
        check([EmailChanged { user_id, change_id: user_id.0 }]),
        check([PasswordChanged { user_id }]),
        check(channels.map(|channel| NotificationQueued {
            notification_id,
            user_id,
            channel,
            template: "order-paid".to_owned(),
        })),
    ];
    assert_eq!(checked.to_vec(), EVENT_TYPES.iter().map(|event_type| event_type.name).collect::<Vec<_>>());
}

#[test]
fn the_envelope_and_its_schema_are_the_same() {
    let (schema, validator) = schema("CloudEvent");
    assert_eq!(schema["$id"], id_of("CloudEvent"));
    let types: Vec<&str> = EVENT_TYPES.iter().map(|event_type| event_type.name).collect();
    assert_eq!(schema["properties"]["type"]["enum"], json!(types));
    let sample = CloudEvent {
        specversion: CloudEvent::VERSION.to_owned(),
        id: uuid(1).to_string(),
        source: CloudEvent::source_of("payments"),
        kind: PaymentVoided::NAME.to_owned(),
        subject: uuid(2).to_string(),
        time: Timestamp::from_millis(0),
        datacontenttype: CloudEvent::DATA_TYPE.to_owned(),
        sequence: i64::MAX.to_string(),
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00".to_owned(),
        requestid: "r-1".to_owned(),
        data: to_raw_value(&json!({})).unwrap(),
    };
    for value in [json!(sample)].iter().chain(examples(&schema)) {
        assert!(validator.is_valid(value), "{value}");
        let read: CloudEvent = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(json!(read), *value);
        for name in value.as_object().unwrap().keys() {
            let mut without = value.clone();
            without.as_object_mut().unwrap().remove(name);
            assert!(!validator.is_valid(&without), "{without}");
            assert!(serde_json::from_value::<CloudEvent>(without).is_err(), "{name}");
        }
    }
    // The example is an event of its type, published by the producer of the type.
    let example: CloudEvent = serde_json::from_value(schema["examples"][0].clone()).unwrap();
    assert_eq!(EventType::find(&example.kind).unwrap().producer, example.producer());
    assert!(self::schema(&example.kind).1.is_valid(&serde_json::from_str(example.data.get()).unwrap()));
}

#[test]
fn every_type_has_a_schema_and_shared_definitions_are_equal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-specs/events");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = files.collect();
    let names = EVENT_TYPES.iter().map(|event_type| event_type.name).chain(["CloudEvent"]);
    assert_eq!(files, names.clone().map(|name| format!("{name}.json")).collect());
    // Each schema stands alone, so the parts are in each of them.
    let mut parts: BTreeMap<String, Value> = BTreeMap::new();
    for name in names {
        let (schema, _) = schema(name);
        for (part, value) in schema["$defs"].as_object().into_iter().flatten() {
            assert_eq!(parts.entry(part.clone()).or_insert_with(|| value.clone()), value, "{name}: {part}");
        }
    }
}

#[test]
fn the_catalogue_has_a_section_for_each_type() {
    let page = include_str!("../../../docs/events.md");
    let (_, catalogue) = page.split_once("\n## Catalogue\n").expect("docs/events.md has a catalogue");
    let catalogue = catalogue.split("\n## ").next().unwrap_or_default();
    let sections: Vec<&str> = catalogue.split("\n### ").skip(1).collect();
    assert_eq!(sections.len(), EVENT_TYPES.len());
    for (section, EventType { name, producer, consumers }) in sections.iter().zip(EVENT_TYPES) {
        let (schema, _) = schema(name);
        let description = schema["description"].as_str().unwrap();
        let consumers = if consumers.is_empty() { "no service yet".to_owned() } else { consumers.join(", ") };
        let published =
            format!("Published by {producer}, consumed by {consumers}: [schema](../api-specs/events/{name}.json).");
        let (text, example) = section.split_once("\n\n```json\n").unwrap_or_else(|| panic!("{name} has an example"));
        assert_eq!(text, format!("{name}\n\n{description}\n\n{published}"));
        let example: Value = serde_json::from_str(example.split("```").next().unwrap_or_default()).unwrap();
        assert_eq!(example, schema["examples"][0], "{name}");
    }
}
