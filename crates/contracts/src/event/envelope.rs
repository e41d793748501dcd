//! The envelope: CloudEvents 1.0 in their JSON format, alone (structured) or several in an array (batch).

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An event as it travels. `source` and `id` together are its identity (CloudEvents 1.0, section 3.1.1): what comes with the same two is
/// the same event once more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloudEvent {
    /// The version of CloudEvents: `1.0`.
    pub specversion: String,
    /// Its id, a UUIDv7.
    pub id: String,
    /// The service that tells it, as a URI reference: `/orders`.
    pub source: String,
    /// What happened: the name of an [`EventType`](super::EventType).
    #[serde(rename = "type")]
    pub kind: String,
    /// What it happened to: an id.
    pub subject: String,
    /// When.
    pub time: Timestamp,
    /// What `data` is: `application/json`.
    pub datacontenttype: String,
    /// Where it stands among the events of its source (the extension `sequence`): a whole number, as text.
    pub sequence: String,
    /// The trace in which it happened (the extension for distributed tracing).
    pub traceparent: String,
    /// The request in which it happened (an extension of ours).
    pub requestid: String,
    /// What there is to know of it.
    pub data: Value,
}

impl CloudEvent {
    /// The version of CloudEvents that this is.
    pub const VERSION: &'static str = "1.0";
    /// The media type of `data`.
    pub const DATA_TYPE: &'static str = "application/json";
    /// The media type of one event.
    pub const STRUCTURED: &'static str = "application/cloudevents+json";
    /// The media type of several.
    pub const BATCH: &'static str = "application/cloudevents-batch+json";

    /// The `source` of `service`.
    pub fn source_of(service: &str) -> String {
        format!("/{service}")
    }

    /// The service that tells it.
    pub fn producer(&self) -> &str {
        self.source.strip_prefix('/').unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::CloudEvent;
    use serde_json::{Value, json};

    #[test]
    fn an_event_reads_back_from_its_json_and_ignores_what_it_does_not_know() {
        let mut text = json!({
            "specversion": "1.0", "id": "01923f5e-7c00-7abc-8def-0123456789ab", "source": "/orders", "type": "OrderPaid", "subject": "o-1",
            "time": "2026-11-22T20:01:19.012Z", "datacontenttype": "application/json", "sequence": "7",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "requestid": "r-1", "data": {"a": 1},
        });
        let event: CloudEvent = serde_json::from_value(text.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), text);
        assert_eq!((event.producer(), CloudEvent::source_of("orders").as_str()), ("orders", "/orders"));
        text["extension"] = Value::from("of somebody else's");
        assert_eq!(serde_json::from_value::<CloudEvent>(text).unwrap(), event);
    }
}
