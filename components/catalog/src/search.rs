//! The text of a search as expressions of FTS5, and the ranking of the products that match.
//!
//! All text of a client is words: each is quoted, where FTS5 has no operators. Words in the client's own quotes are a phrase, and the last
//! word outside of quotes is a prefix: the client may still be typing it. A word that the tokenizer of the index does not fold as the catalog does is
//! looked up folded, and as it is: so it finds the products whose texts an earlier release stored, until they are folded again.
//!
//! Products are ranked by tier, and newest first within a tier. A score such as bm25 depends on the whole collection and moves with every
//! write, so that no cursor could refer to it; and all matches would have to be scored and sorted before the first row is known. The tier of
//! a product depends on nothing but the product, and SQLite returns each tier in order, row by row, however many products match.

use crate::folding::IndexText;
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
        let ends_in_word = terms.last().is_some_and(|term| !term.is_phrase && !term.is_open());
        let whole = expression(&terms, false);
        let prefix = ends_in_word.then(|| expression(&terms, true));
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

/// A word or a phrase.
struct Term {
    text: String,
    /// The form in which the index has it, if the tokenizer does not make that of the text.
    folded: Option<IndexText>,
    is_phrase: bool,
}

impl Term {
    /// Returns the term; `None` if it has no letter or digit.
    fn new(text: &str, is_phrase: bool) -> Option<Self> {
        let text: String = text.chars().take(MAX_TERM).collect();
        let folded = IndexText::searched(&text);
        let words = folded.as_ref().map_or(&text, |folded| &folded.words);
        let is_word = words.chars().any(char::is_alphanumeric);
        is_word.then_some(Self { folded, text, is_phrase })
    }

    /// Returns whether the term ends inside a run of a script without spaces. Its last word is then a prefix in any case.
    fn is_open(&self) -> bool {
        self.folded.as_ref().is_some_and(|folded| folded.is_open)
    }

    /// Returns the FTS5 expression for the term.
    fn expression(&self, is_prefix: bool) -> String {
        let star = if is_prefix || self.is_open() { "*" } else { "" };
        match &self.folded {
            Some(folded) if folded.words != self.text => {
                format!("({}{star} OR {}{star})", quoted(&folded.words), quoted(&self.text))
            }
            _ => format!("{}{star}", quoted(&self.text)),
        }
    }
}

/// Returns the expression for all `terms`, with the last one as a prefix if `is_prefix`.
fn expression(terms: &[Term], is_prefix: bool) -> String {
    let last = terms.len().saturating_sub(1);
    let each = terms.iter().enumerate().map(|(index, term)| term.expression(is_prefix && index == last));
    // FTS5 reads words in a row as AND, but not beside parentheses.
    let has_alternatives = terms.iter().any(|term| term.folded.is_some());
    each.collect::<Vec<_>>().join(if has_alternatives { " AND " } else { " " })
}

/// Returns the words and phrases in `text` that have a letter or a digit.
fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (index, part) in text.split('"').enumerate() {
        let is_phrase = index % 2 == 1;
        let parts: Vec<&str> = if is_phrase { vec![part] } else { part.split_whitespace().collect() };
        for part in parts {
            terms.extend(Term::new(part, is_phrase));
            if terms.len() == MAX_TERMS {
                return terms;
            }
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
