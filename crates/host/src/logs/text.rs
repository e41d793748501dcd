//! The events of the host in the readable form that [`spindle_log_text`] gives the JSON lines of components.

use std::fmt;

use spindle_log_text::Entry;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Formats the events of the host itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextEvents {
    /// Whether the lines have ANSI colours.
    pub(super) color: bool,
}

impl<S, N> FormatEvent<S, N> for TextEvents
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let level = event.metadata().level().to_string();
        let mut fields = Fields(Entry { level, service: "host".to_owned(), ..Entry::default() });
        event.record(&mut fields);
        writeln!(out, "{}", fields.0.render(self.color))
    }
}

/// Collects the fields of an event.
struct Fields(Entry);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0.message);
        } else {
            self.0.fields.insert(field.name().to_owned(), value.into());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
