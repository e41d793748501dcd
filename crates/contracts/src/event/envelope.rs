//! The envelope: CloudEvents 1.0 in their JSON format, alone (structured) or several in an array (batch).

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// An event with its envelope. `source` and `id` together are its identity (CloudEvents 1.0, section 3.1.1): an event with the same two is a
/// duplicate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CloudEvent {
    /// The version of CloudEvents: `1.0`.
    pub specversion: String,
    /// Its id, a UUIDv7.
    pub id: String,
    /// The service that publishes it, as a URI reference: `/orders`.
    pub source: String,
    /// The type of the event: the name of an [`EventType`](super::EventType).
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the thing that it is about.
    pub subject: String,
    /// The time at which it happened.
    pub time: Timestamp,
    /// The media type of `data`: `application/json`.
    pub datacontenttype: String,
    /// Its position among the events of its source (the extension `sequence`): a whole number, as text.
    pub sequence: String,
    /// The trace in which it happened (the extension for distributed tracing).
    pub traceparent: String,
    /// The request in which it happened (an extension of Spindle).
    pub requestid: String,
    /// The data of the event, as its producer wrote it: only the handler of its type parses it.
    pub data: Box<RawValue>,
}

impl CloudEvent {
    /// The version of CloudEvents.
    pub const VERSION: &'static str = "1.0";
    /// The media type of `data`.
    pub const DATA_TYPE: &'static str = "application/json";
    /// The media type of one event.
    pub const STRUCTURED: &'static str = "application/cloudevents+json";
    /// The media type of several events.
    pub const BATCH: &'static str = "application/cloudevents-batch+json";

    /// Returns the `source` of `service`.
    pub fn source_of(service: &str) -> String {
        format!("/{service}")
    }

    /// Returns the service that publishes it.
    pub fn producer(&self) -> &str {
        self.source.strip_prefix('/').unwrap_or_default()
    }

    /// Returns its position among the events of its source; 0 if the source does not count them.
    pub fn position(&self) -> i64 {
        self.sequence.parse().unwrap_or(0)
    }
}

/// A page of the events of a producer that a consumer pulls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventPage {
    /// The events, oldest first.
    pub events: Vec<CloudEvent>,
    /// The number after which the next page begins.
    pub next: i64,
}

#[cfg(test)]
mod tests {
    use super::CloudEvent;
    use serde_json::{Value, json};

    #[test]
    fn an_event_reads_back_from_its_json_and_ignores_unknown_members() {
        let mut text = json!({
            "specversion": "1.0", "id": "01923f5e-7c00-7abc-8def-0123456789ab", "source": "/orders", "type": "OrderPaid", "subject": "o-1",
            "time": "2026-11-22T20:01:19.012Z", "datacontenttype": "application/json", "sequence": "7",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": {"a": 1},
        });
        let event: CloudEvent = serde_json::from_value(text.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), text);
        assert_eq!((event.producer(), CloudEvent::source_of("orders").as_str()), ("orders", "/orders"));
        assert_eq!((event.position(), CloudEvent { sequence: String::new(), ..event.clone() }.position()), (7, 0));
        text["extension"] = Value::from("of another party");
        let read: CloudEvent = serde_json::from_value(text).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), serde_json::to_value(event).unwrap());
    }
}
