//! What a client searches for, as FTS5 understands it, and what makes one product fit better than another.
//!
//! Whatever a client types is words: each goes into quotes, where FTS5 knows no operators. Words in the client's own quotes stay a
//! phrase, and the last word outside of them may be one that is not typed to its end.
//!
//! Ranking is by tier, newest first within one. A score like bm25 depends on the whole collection and moves with every write, so that no
//! cursor could hold on to it, and it takes scoring and sorting all that fits before the first row is known. The tiers of a product
//! depend on nothing but the product, and SQLite gives each tier in order, row by row, however many there are.

use crate::product::sku_key;
use crate::rules::is_slug;
use serde::Serialize;

/// How many words and phrases count; what comes after them is left out.
const MAX_TERMS: usize = 16;
/// How much of a term counts, in characters.
const MAX_TERM: usize = 64;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Query {
    /// The text in lower case, without quotes, which may be the SKU of a product.
    pub(crate) sku_key: String,
    /// An FTS5 expression for all terms as they are; empty if there are none, and then nothing fits.
    whole: String,
    /// The same with the last word as the beginning of one, unless that is in quotes.
    begun: Option<String>,
}

impl Query {
    /// Reads what a client typed; nothing if it is blank.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let terms = terms(text);
        let ends_in_word = terms.last().is_some_and(|term| !term.is_phrase);
        let whole = terms.iter().map(|term| quoted(&term.text)).collect::<Vec<_>>().join(" ");
        let begun = ends_in_word.then(|| format!("{whole}*"));
        Some(Self { sku_key: sku_key(text.trim_matches('"')), whole, begun })
    }

    /// One expression for whatever fits, within `category` if there is one.
    pub(crate) fn anything(&self, category: Option<&str>) -> Option<String> {
        (!self.whole.is_empty()).then(|| within(category, self.begun.as_ref().unwrap_or(&self.whole)))
    }

    /// The expressions of the tiers from 1 on, which share no product: the words in the name, the words anywhere, and then the same
    /// with the last word begun.
    pub(crate) fn tiers(&self, category: Option<&str>) -> Vec<String> {
        let whole = &self.whole;
        let mut tiers = Vec::new();
        if !whole.is_empty() {
            tiers.push(format!("{{name}} : ({whole})"));
            tiers.push(format!("({whole}) NOT ({{name}} : ({whole}))"));
        }
        if let Some(begun) = &self.begun {
            tiers.push(format!("({{name}} : ({begun})) NOT ({whole})"));
            tiers.push(format!("({begun}) NOT (({whole}) OR ({{name}} : ({begun})))"));
        }
        tiers.into_iter().map(|tier| within(category, &tier)).collect()
    }
}

/// `expression`, narrowed to products whose category has the words of `category`: an intersection within the index is cheaper than
/// looking at each product.
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

/// The words and phrases in `text` that have a letter or a digit.
fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (index, part) in text.split('"').enumerate() {
        let is_phrase = index % 2 == 1;
        let pieces: Vec<&str> = if is_phrase { vec![part] } else { part.split_whitespace().collect() };
        let pieces = pieces.into_iter().filter(|piece| piece.chars().any(char::is_alphanumeric));
        terms.extend(pieces.map(|piece| Term { text: piece.chars().take(MAX_TERM).collect(), is_phrase }));
        if terms.len() >= MAX_TERMS {
            terms.truncate(MAX_TERMS);
            break;
        }
    }
    terms
}

/// A string of FTS5, which its tokenizer takes apart as it does the text of products.
fn quoted(text: &str) -> String {
    // A NUL would end the whole expression; the quotes of the client are gone by now.
    format!("\"{}\"", text.replace(|letter: char| letter.is_control() || letter == '"', " "))
}

#[cfg(test)]
mod tests;
