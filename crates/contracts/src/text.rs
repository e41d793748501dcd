//! Text that people read: one rule for every name, address, description and message, of any sender.
//!
//! A character is accepted if it is printed, or if a script or an emoji needs it where it is. That is the FreeformClass of PRECIS (RFC 8264,
//! section 4.3), which also nicknames have (RFC 8266): letters, marks, numbers, punctuation, symbols and spaces. Everything else is refused,
//! because it changes what a reader sees without being seen: controls, the marks, overrides and isolates of direction, other invisible
//! characters, and code points that are unassigned, for private use, or no characters at all.
//!
//! Text is stored as it was sent, not normalised; therefore two differences from PRECIS:
//!
//! - Conjoining jamo are letters like all others: in a decomposed form they spell today's Korean.
//! - The signs that PRECIS allows in some contexts only (CONTEXTO), such as the middle dot, are printed, and so are accepted everywhere.
//!
//! And one addition for what emoji and rare ideographs consist of: [`Position`] accepts joiners, variation selectors and tags where they have an
//! effect.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;

/// The classes of characters that the rule distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    /// Not printed.
    Refused,
    /// A letter with a case.
    Cased,
    /// A letter without a case, or a mark.
    Uncased,
    /// A symbol, which most emoji are.
    Symbol,
    /// A number, or punctuation.
    Other,
    /// A space. Line ends and tabs are controls.
    Space,
}

const CLASSES: [Class; 6] = [Class::Refused, Class::Cased, Class::Uncased, Class::Symbol, Class::Other, Class::Space];

const fn range(first: u32, class: Class) -> u32 {
    (first << 3) | class as u32
}

include!(concat!(env!("OUT_DIR"), "/classes.rs"));

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
/// The start of the flags of regions such as Wales, which continue with tags.
const BLACK_FLAG: char = '\u{1f3f4}';
const CANCEL_TAG: char = '\u{e007f}';
/// The most tags of a flag: a region has at most six letters and digits (ISO 3166-2 without the hyphen).
const MAX_TAGS: usize = 6;

/// Checks one line of text: 1 to `longest` characters, not only spaces.
///
/// # Errors
///
/// The requirement, which completes "The field ...".
pub fn line(text: &str, longest: usize) -> Result<(), Cow<'static, str>> {
    if is_blank(text) || is_longer(text, longest) {
        return Err(format!("must have 1 to {longest} printable characters").into());
    }
    readable(text, false)
}

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;

/// Checks the name of a person or of a company: a [`line`] of up to 100 characters without the address of a web page, which many programs that
/// show a name would turn into a link.
///
/// # Errors
///
/// The requirement, which completes "The field ...".
pub fn name(text: &str) -> Result<(), Cow<'static, str>> {
    line(text, MAX_NAME)?;
    if has_web_address(text) {
        return Err("must not have the address of a web page (:// or www.)".into());
    }
    Ok(())
}

/// Returns whether `text` has the start of a URL, or a word that begins with `www.`. Names of companies end in `.com`, so a domain alone is none.
fn has_web_address(text: &str) -> bool {
    let is_www = |word: &str| word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    text.contains("://") || text.split(|letter: char| !letter.is_alphanumeric() && letter != '.').any(is_www)
}

/// Checks text of any number of lines: at most `longest` characters, and tabs.
///
/// # Errors
///
/// The requirement, which completes "The field ...".
pub fn lines(text: &str, longest: usize) -> Result<(), Cow<'static, str>> {
    if is_longer(text, longest) {
        return Err(format!("must have at most {longest} printable characters").into());
    }
    readable(text, true)
}

/// Checks the characters of one line of text of any length, which may be blank.
///
/// # Errors
///
/// The requirement, which completes "The field ...".
pub fn characters(text: &str) -> Result<(), Cow<'static, str>> {
    readable(text, false)
}

/// Returns whether `text` has nothing to see: it is empty, or has only spaces and the Braille pattern without dots.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || letter == '\u{2800}')
}

/// Returns whether `letter` is a space (the general category Zs): one that is typed, or one that a keyboard or a program puts in its place, such as the
/// no-break space.
pub fn is_space(letter: char) -> bool {
    class(letter) == Class::Space
}

/// Returns `text` in the normalisation form C (UAX 15): canonically equivalent texts are the same then, such as an accented letter and the letter with the
/// accent behind it.
pub fn nfc(text: &str) -> Cow<'_, str> {
    const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    NFC.normalize(text)
}

/// Returns `text` without the characters that [`line`] refuses: for the text of a provider, whose answer counts whatever its text is.
#[must_use]
pub fn printed(text: String) -> String {
    if readable(&text, false).is_ok() {
        return text;
    }
    let mut position = Position::default();
    let mut letters = text.chars().peekable();
    let mut kept = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let is_break = matches!(letter, '\n' | '\r' | '\t');
        if is_break {
            kept.push(' ');
        } else if position.accepts(letter, letters.peek().copied()) {
            kept.push(letter);
        }
    }
    kept
}

fn is_longer(text: &str, longest: usize) -> bool {
    text.len() > longest && text.chars().count() > longest
}

/// Checks each character of `text`. `\n`, `\r` and `\t` are accepted if the field `has_lines`.
fn readable(text: &str, has_lines: bool) -> Result<(), Cow<'static, str>> {
    let mut position = Position::default();
    let mut letters = text.chars().peekable();
    let mut count = 0_usize;
    while let Some(letter) = letters.next() {
        count += 1;
        let is_break = matches!(letter, '\n' | '\r' | '\t');
        if is_break && has_lines {
            position = Position::default();
        } else if is_break {
            return Err("must be one line, without line breaks and tabs".into());
        } else if !position.accepts(letter, letters.peek().copied()) {
            let code = u32::from(letter);
            return Err(format!("must not have U+{code:04X}, its character {count}: it is not printable there").into());
        }
    }
    Ok(())
}

/// The characters before the next one, as far as they decide whether it is accepted.
#[derive(Debug)]
struct Position {
    /// The last character; `\0` at the start.
    last: char,
    /// The last one that is printed by itself, and its class.
    base: char,
    class: Class,
    /// The number of tags since the black flag.
    tags: usize,
}

impl Default for Position {
    fn default() -> Self {
        Self { last: '\0', base: '\0', class: Class::Refused, tags: 0 }
    }
}

impl Position {
    /// Returns whether `letter` may follow, and moves behind it.
    fn accepts(&mut self, letter: char, next: Option<char>) -> bool {
        let accepted = match letter {
            // Most text is ASCII, which needs no search.
            ' '..='~' => {
                self.base = letter;
                self.class = match letter {
                    ' ' => Class::Space,
                    _ if letter.is_ascii_alphabetic() => Class::Cased,
                    _ => Class::Other,
                };
                true
            }
            ZERO_WIDTH_JOINER if self.class == Class::Symbol => next.is_some_and(|next| class(next) == Class::Symbol),
            ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => {
                self.class == Class::Uncased && is_joined(self.base) && self.last == self.base
            }
            // Between Mongolian letters: the separator before a final vowel, and the forms of a letter.
            '\u{180b}'..='\u{180f}' => self.last == self.base && matches!(self.base, '\u{1820}'..='\u{18aa}'),
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => self.last == self.base && self.has_variants(),
            '\u{e0020}'..='\u{e007e}' => self.is_in_flag() && self.tags < MAX_TAGS,
            CANCEL_TAG => self.is_in_flag() && self.tags > 0,
            _ => {
                (self.base, self.class) = (letter, class(letter));
                self.class != Class::Refused
            }
        };
        self.tags = if matches!(letter, '\u{e0020}'..='\u{e007e}') { self.tags + 1 } else { 0 };
        self.last = letter;
        accepted
    }

    /// Returns whether the last character is the black flag, or a tag after it.
    fn is_in_flag(&self) -> bool {
        self.base == BLACK_FLAG && (self.last == BLACK_FLAG || self.tags > 0)
    }

    /// Returns whether there may be variants of the last character: of symbols, digits, punctuation and ideographs, but of no letter with a case
    /// except U+2139, the information source.
    fn has_variants(&self) -> bool {
        matches!(self.class, Class::Symbol | Class::Other | Class::Uncased) || self.base == '\u{2139}'
    }
}

/// Returns whether the letter or mark belongs to a script whose letters join: the scripts from Arabic to Myanmar, from Khmer to Mongolian, and
/// those of India and Indonesia, old ones as well.
///
/// RFC 5892 (appendix A.1 and A.2) is narrower: after a virama, or between two letters that join. Bengali and Persian are written with joiners
/// that it refuses.
fn is_joined(letter: char) -> bool {
    matches!(letter, '\u{600}'..='\u{109f}' | '\u{1700}'..='\u{18af}' | '\u{1900}'..='\u{1cff}' | '\u{a800}'..='\u{abff}')
        || matches!(letter, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
}

fn class(letter: char) -> Class {
    let key = range(u32::from(letter), Class::Space) | 0b111;
    let behind = RANGES.partition_point(|range| *range <= key);
    behind.checked_sub(1).map_or(Class::Refused, |index| CLASSES[(RANGES[index] & 0b111) as usize])
}

#[cfg(test)]
mod tests;
