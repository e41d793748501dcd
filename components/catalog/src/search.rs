//! The text of a search as expressions of FTS5, and the ranking of the products that match.
//!
//! All text of a client is words: each is quoted, where FTS5 has no operators. Words in the client's own quotes are a phrase, and the last
//! word outside of quotes is a prefix: the client may still be typing it.
//!
//! Products are ranked by tier, and newest first within a tier. A score such as bm25 depends on the whole collection and moves with every
//! write, so that no cursor could refer to it; and all matches would have to be scored and sorted before the first row is known. The tier of
//! a product depends on nothing but the product, and SQLite returns each tier in order, row by row, however many products match.

use crate::product::sku_key;
use crate::rules::is_slug;
use serde::Serialize;

/// The number of words and phrases that are searched; further ones are ignored.
const MAX_TERMS: usize = 16;
/// The number of characters of a term that are searched.
const MAX_TERM: usize = 64;

/// The text of a search.
///
/// The serialised names are part of the checksum of cursors: other names would invalidate the cursors of earlier versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TextQuery {
    /// The text in lower case, without quotes, compared with the SKUs of products.
    pub(crate) sku_key: String,
    /// The FTS5 expression for all terms as whole words; empty without terms, and then nothing matches.
    whole: String,
    /// The same expression with the last word as a prefix; `None` if the last term is in quotes.
    #[serde(rename = "begun")]
    prefix: Option<String>,
}

impl TextQuery {
    /// Parses the text of a client. Returns `None` if it is blank.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let terms = terms(text);
        let ends_in_word = terms.last().is_some_and(|term| !term.is_phrase);
        let whole = terms.iter().map(|term| quoted(&term.text)).collect::<Vec<_>>().join(" ");
        let prefix = ends_in_word.then(|| format!("{whole}*"));
        Some(Self { sku_key: sku_key(text.trim_matches('"')), whole, prefix })
    }

    /// Returns one expression for all matches, within `category` if there is one; `None` if nothing can match.
    pub(crate) fn anything(&self, category: Option<&str>) -> Option<String> {
        (!self.whole.is_empty()).then(|| within(category, self.prefix.as_ref().unwrap_or(&self.whole)))
    }

    /// Returns the expressions of the tiers from 1 on, which share no product: the words in the name, the words anywhere, and then the same
    /// with the last word as a prefix.
    pub(crate) fn tiers(&self, category: Option<&str>) -> Vec<String> {
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

/// Narrows `expression` to products whose category has the words of `category`: an intersection within the index is cheaper than reading
/// each product.
fn within(category: Option<&str>, expression: &str) -> String {
    match category {
        Some(slug) if is_slug(slug) => format!("({expression}) AND ({{category}} : {})", quoted(slug)),
        _ => expression.to_owned(),
    }
}

struct Term {
    text: String,
    is_phrase: bool,
}

/// Returns the words and phrases in `text` that have a letter or a digit.
fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (index, part) in text.split('"').enumerate() {
        let is_phrase = index % 2 == 1;
        let parts: Vec<&str> = if is_phrase { vec![part] } else { part.split_whitespace().collect() };
        let parts = parts.into_iter().filter(|part| part.chars().any(char::is_alphanumeric));
        terms.extend(parts.map(|part| Term { text: part.chars().take(MAX_TERM).collect(), is_phrase }));
        if terms.len() >= MAX_TERMS {
            terms.truncate(MAX_TERMS);
            break;
        }
    }
    terms
}

/// Returns `text` as a string of FTS5, which is tokenised as the text of products is.
fn quoted(text: &str) -> String {
    // A NUL would end the whole expression. The quotes of the client were removed before.
    format!("\"{}\"", text.replace(|letter: char| letter.is_control() || letter == '"', " "))
}

#[cfg(test)]
mod tests;
