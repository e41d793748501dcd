//! The enumerations of the API. In responses they may grow, so each gets a variant for values that are not known yet.

use std::fmt::Write as _;

use serde_json::Value;

/// Names for enumerations that the document has in place, without a name.
const NAMES: &[(&str, &str)] = &[
    ("ListOrdersSort", "OrderSort"),
    ("ListProductsSort", "ProductSort"),
    ("NotificationRequestTemplate", "TemplateName"),
    ("ReplayRequestService", "DeadLetterService"),
];

/// The names that values get which are no words.
const VARIANTS: &[(&str, &str)] = &[("-", "Descending")];

/// A string with a fixed set of values.
#[derive(Debug, PartialEq)]
pub(crate) struct Enumeration {
    pub(crate) name: String,
    description: String,
    /// The values, each with its description.
    values: Vec<(String, String)>,
}

impl Enumeration {
    /// Reads an enumeration of more than one value from a schema.
    pub(crate) fn of(name: &str, schema: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let describe = |schema: &Value| text(&schema["description"]).unwrap_or_default().replace('\n', " ");
        let values: Vec<(String, String)> = if let Some(values) = schema["enum"].as_array() {
            values.iter().map(|value| Some((text(value)?, String::new()))).collect::<Option<_>>()?
        } else {
            let one = |one: &Value| match one["enum"].as_array()?.as_slice() {
                [value] => Some((text(value)?, describe(one))),
                _ => None,
            };
            schema["oneOf"].as_array()?.iter().map(one).collect::<Option<_>>()?
        };
        let name = NAMES.iter().find(|(found, _)| *found == name).map_or(name, |(_, name)| name).to_owned();
        (values.len() > 1).then(|| Self { name, description: describe(schema), values })
    }

    /// Returns whether both have the same values.
    pub(crate) fn has_values_of(&self, other: &Self) -> bool {
        self.values.iter().map(|(value, _)| value).eq(other.values.iter().map(|(value, _)| value))
    }

    /// Returns the call of the macro that declares it.
    pub(crate) fn rendered(&self) -> String {
        let mut text = String::from("\nenumeration! {\n");
        let description = if self.description.is_empty() { "The values of a member." } else { &self.description };
        writeln!(text, "    /// {description}\n    {} {{", self.name).unwrap();
        for (value, description) in &self.values {
            let description = if description.is_empty() { format!("`{value}`.") } else { description.clone() };
            writeln!(text, "        /// {description}\n        {} = \"{value}\",", variant(value)).unwrap();
        }
        text.push_str("    }\n}\n");
        text
    }
}

/// Returns the name of the variant of a value: `PendingPayment` of `pending_payment`, `CreatedAtDescending` of `-created_at`.
fn variant(value: &str) -> String {
    let (value, suffix) = VARIANTS
        .iter()
        .find_map(|(prefix, name)| value.strip_prefix(prefix).map(|rest| (rest, *name)))
        .unwrap_or((value, ""));
    let words = value.split(['_', '-', '.']).map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
    words.collect::<String>() + suffix
}
