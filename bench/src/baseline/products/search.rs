//! The text of a search as expressions of FTS5, as in the catalog (components/catalog/src/search.rs).

use serde::Serialize;

const MAX_TERMS: usize = 16;
const MAX_TERM: usize = 64;

/// The text of a search. The serialised names are part of the checksum of cursors.
#[derive(Serialize)]
pub(super) struct TextQuery {
    pub(super) sku_key: String,
    whole: String,
    #[serde(rename = "begun")]
    prefix: Option<String>,
}

impl TextQuery {
    /// Parses the text of a client; `None` if it is blank.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let terms = terms(text);
        let ends_in_word = terms.last().is_some_and(|(_, is_phrase)| !is_phrase);
        let whole = terms.iter().map(|(text, _)| quoted(text)).collect::<Vec<_>>().join(" ");
        let prefix = ends_in_word.then(|| format!("{whole}*"));
        Some(Self { sku_key: text.trim_matches('"').to_lowercase(), whole, prefix })
    }

    /// Returns one expression for all matches, within `category` if there is one; `None` if nothing can match.
    pub(super) fn anything(&self, category: Option<&str>) -> Option<String> {
        (!self.whole.is_empty()).then(|| within(category, self.prefix.as_ref().unwrap_or(&self.whole)))
    }

    /// Returns the expressions of the tiers from 1 on.
    pub(super) fn tiers(&self, category: Option<&str>) -> Vec<String> {
        let whole = &self.whole;
        let mut tiers = Vec::new();
        if !whole.is_empty() {
            tiers.push(format!("{{name}} : ({whole})"));
            tiers.push(format!("({whole}) NOT ({{name}} : ({whole}))"));
        }
        if let Some(prefix) = &self.prefix {
            tiers.push(format!("({{name}} : ({prefix})) NOT ({whole})"));
            tiers.push(format!("({prefix}) NOT (({whole}) OR ({{name}} : ({prefix})))"));
        }
        tiers.into_iter().map(|tier| within(category, &tier)).collect()
    }
}

fn within(category: Option<&str>, expression: &str) -> String {
    match category {
        Some(slug) if is_slug(slug) => format!("({expression}) AND ({{category}} : {})", quoted(slug)),
        _ => expression.to_owned(),
    }
}

fn is_slug(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(is_word)
}

/// Returns the words and phrases in `text` that have a letter or a digit, each with whether it is a phrase.
fn terms(text: &str) -> Vec<(String, bool)> {
    let mut terms = Vec::new();
    for (index, part) in text.split('"').enumerate() {
        let is_phrase = index % 2 == 1;
        let pieces: Vec<&str> = if is_phrase { vec![part] } else { part.split_whitespace().collect() };
        let pieces = pieces.into_iter().filter(|piece| piece.chars().any(char::is_alphanumeric));
        terms.extend(pieces.map(|piece| (piece.chars().take(MAX_TERM).collect(), is_phrase)));
        if terms.len() >= MAX_TERMS {
            terms.truncate(MAX_TERMS);
            break;
        }
    }
    terms
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(|letter: char| letter.is_control() || letter == '"', " "))
}
