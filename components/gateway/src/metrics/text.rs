//! The text format of OpenMetrics 1.0, as far as the page needs it. Written here, because `prometheus-client` 0.26 has no gaugehistograms, and keeps
//! values in a registry that a page of numbers from elsewhere would have to fill first.

use spindle_events::metrics::Sample;
use std::fmt::Write as _;

/// The media type.
pub(crate) const CONTENT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A metric of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The name, without the suffix of a sample.
    pub(crate) name: &'static str,
    /// The type.
    pub(crate) kind: &'static str,
    /// The unit; empty for a count.
    pub(crate) unit: &'static str,
    /// The names of the labels, without `le`.
    pub(crate) labels: &'static [&'static str],
    /// The meaning.
    pub(crate) help: &'static str,
}

impl Definition {
    /// Returns whether `sample` is one of this metric: with a name and the labels that its type requires.
    fn has(&self, sample: &Sample) -> bool {
        let Some(suffix) = sample.name.strip_prefix(self.name) else { return false };
        let is_bucket = match (self.kind, suffix) {
            ("gauge", "") | ("gaugehistogram", "_gcount" | "_gsum") => false,
            ("gaugehistogram", "_bucket") => true,
            _ => return false,
        };
        let expected = self.labels.iter().copied().chain(is_bucket.then_some("le"));
        sample.labels.iter().map(|(name, _)| name.as_ref()).eq(expected)
    }
}

/// Returns the page with `samples`, by metric in the order of `metrics`. A metric without a sample is left out, and so is a sample of no metric: a service
/// of another release may have one.
pub(crate) fn page(metrics: &[Definition], samples: &[Sample]) -> String {
    let mut page = String::with_capacity(8 * 1024);
    for metric in metrics {
        let mut own = samples.iter().filter(|sample| metric.has(sample)).peekable();
        if own.peek().is_none() {
            continue;
        }
        let Definition { name, kind, unit, help, .. } = metric;
        let _ = writeln!(page, "# TYPE {name} {kind}");
        if !unit.is_empty() {
            let _ = writeln!(page, "# UNIT {name} {unit}");
        }
        let _ = writeln!(page, "# HELP {name} {help}");
        own.for_each(|sample| write_sample(&mut page, sample));
    }
    page.push_str("# EOF\n");
    page
}

fn write_sample(page: &mut String, Sample { name, labels, value }: &Sample) {
    page.push_str(name);
    for (index, (label, value)) in labels.iter().enumerate() {
        let _ = write!(page, "{}{label}=\"", if index == 0 { '{' } else { ',' });
        for character in value.chars() {
            match character {
                '\\' => page.push_str("\\\\"),
                '"' => page.push_str("\\\""),
                '\n' => page.push_str("\\n"),
                other => page.push(other),
            }
        }
        page.push('"');
    }
    if !labels.is_empty() {
        page.push('}');
    }
    let _ = writeln!(page, " {value}");
}

#[cfg(test)]
mod tests {
    use super::{Definition, page};
    use spindle_events::metrics::Sample;

    const METRICS: &[Definition] = &[
        Definition { name: "a", kind: "gauge", unit: "", labels: &["b", "c"], help: "Things." },
        Definition { name: "a_seconds", kind: "gaugehistogram", unit: "seconds", labels: &[], help: "Times." },
        Definition { name: "d", kind: "gauge", unit: "", labels: &[], help: "Others." },
    ];

    #[test]
    fn samples_are_grouped_by_metric_with_its_metadata() {
        let samples = [
            Sample::count("d", &[], 0),
            Sample::new("a_seconds_bucket", &[("le", "0.5")], 1.0),
            Sample::new("a_seconds_bucket", &[("le", "+Inf")], 2.0),
            Sample::new("a_seconds_gcount", &[], 2.0),
            Sample::seconds("a_seconds_gsum", &[], 1_750),
            Sample::count("a", &[("b", "x"), ("c", "y")], 7),
        ];
        let expected = "\
# TYPE a gauge
# HELP a Things.
a{b=\"x\",c=\"y\"} 7
# TYPE a_seconds gaugehistogram
# UNIT a_seconds seconds
# HELP a_seconds Times.
a_seconds_bucket{le=\"0.5\"} 1
a_seconds_bucket{le=\"+Inf\"} 2
a_seconds_gcount 2
a_seconds_gsum 1.75
# TYPE d gauge
# HELP d Others.
d 0
# EOF
";
        assert_eq!(page(METRICS, &samples), expected);
    }

    #[test]
    fn a_label_cannot_break_its_line() {
        let samples = [Sample::count("a", &[("b", "\"\\\n"), ("c", "")], 1)];
        assert!(page(METRICS, &samples).contains("a{b=\"\\\"\\\\\\n\",c=\"\"} 1\n"), "{}", page(METRICS, &samples));
    }

    #[test]
    fn a_sample_that_the_list_does_not_describe_is_left_out() {
        let others = [
            Sample::count("unknown", &[], 1),
            Sample::count("a", &[("b", "x")], 1),
            Sample::count("a", &[("c", "x"), ("b", "y")], 1),
            Sample::count("d", &[("e", "x")], 1),
            Sample::count("d_total", &[], 1),
            Sample::count("a_seconds", &[], 1),
            Sample::count("a_seconds_bucket", &[], 1),
        ];
        assert_eq!(page(METRICS, &others), "# EOF\n");
    }
}
