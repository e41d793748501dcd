//! The one folding of text that is compared: of stored texts, of search texts, and of the keys by which SKUs are found and names are sorted. Pure.
//!
//! Folded text has no compatibility forms, case, accents, vowel points or invisible characters, and Latin letters that Unicode does not decompose are
//! written in ASCII: `Straßenlaterne` and `STRASSENLATERNE`, `Ærø` and `aero`, `㎏` and `kg` are the same.
//!
//! The tokenizer of the text index (`unicode61 remove_diacritics 2`) folds ASCII and accented Latin letters itself. Other text has to be folded before it
//! reaches the index, and written as words that the tokenizer can find: [`IndexText`].

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_script::{Script, UnicodeScript as _};

/// Returns `text` folded.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // As letters, trade marks would become part of the word before them.
    let letters = text.chars().map(|letter| if matches!(letter, '™' | '℠') { ' ' } else { letter });
    let letters = letters.nfkd().filter(|letter| !is_ignored(*letter));
    // Full case folding: ẞ is ß in small letters, and ß is SS in capitals.
    let letters = letters.flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(text.len());
    for letter in letters {
        match in_ascii(letter) {
            Some(ascii) => folded.push_str(ascii),
            None => folded.push(letter),
        }
    }
    // Hangul, and kana with voicing marks, are letters of their own.
    folded.nfc().collect()
}

/// Returns whether texts that differ in `letter` alone are the same: an accent, a vowel point or an invisible character. Marks of other scripts are
/// vowels or change the letter, as those of Thai, Devanagari and kana do.
fn is_ignored(letter: char) -> bool {
    use Script::{Arabic, Cyrillic, Greek, Hebrew, Inherited};
    match letter {
        '\0'..='\x7f' => false,
        // Soft hyphen, tatweel, joiners, directions, byte order mark.
        '\u{ad}' | '\u{61c}' | '\u{640}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        // The voicing marks of kana.
        '\u{3099}' | '\u{309a}' => false,
        _ => is_combining_mark(letter) && matches!(letter.script(), Inherited | Greek | Cyrillic | Hebrew | Arabic),
    }
}

/// Returns the ASCII form of a small Latin letter that has no decomposition, after the transform Latin-ASCII of CLDR: the letters of living
/// languages.
fn in_ascii(letter: char) -> Option<&'static str> {
    Some(match letter {
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ⱥ' => "a",
        'ƀ' | 'ɓ' | 'ƃ' => "b",
        'ƈ' | 'ȼ' => "c",
        'ð' | 'đ' | 'ɖ' | 'ɗ' | 'ƌ' => "d",
        'ɛ' | 'ɇ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' => "g",
        'ħ' | 'ⱨ' => "h",
        'ı' | 'ɨ' | 'ɩ' => "i",
        'ȷ' | 'ɉ' => "j",
        'ƙ' | 'ⱪ' => "k",
        'ł' | 'ƚ' | 'ɫ' => "l",
        'ŋ' | 'ɲ' | 'ƞ' => "n",
        'ø' => "o",
        'ƥ' => "p",
        'ĸ' => "q",
        'ɍ' => "r",
        'ŧ' | 'ƭ' | 'ʈ' | 'ⱦ' => "t",
        'ʉ' => "u",
        'ʋ' => "v",
        'ƴ' | 'ɏ' => "y",
        'ƶ' | 'ȥ' | 'ⱬ' => "z",
        _ => return None,
    })
}

/// A text as the text index has it, where that differs from how the tokenizer reads the text itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexText {
    /// Folded words, separated by spaces.
    pub(crate) words: String,
    /// Whether the text ends inside a run of a script without spaces, where more letters may follow.
    pub(crate) is_open: bool,
}

impl IndexText {
    /// Returns the form in which a product's `text` is stored in the index; `None` if the tokenizer needs no help.
    pub(crate) fn stored(text: &str) -> Option<Self> {
        Self::of(text, false)
    }

    /// Returns the form in which `text` is looked up in the index; `None` if the tokenizer needs no help. It is found in the middle of a run as well.
    pub(crate) fn searched(text: &str) -> Option<Self> {
        Self::of(text, true)
    }

    /// A run of a script without spaces becomes the pairs of neighbouring letters, and its last letter: `红色围巾` is `红色 色围 围巾 巾`. Each place
    /// in it then has a word that begins there, so that any part of the run is a phrase, and a single letter the beginning of a word. A search ends
    /// with a pair, because the run may go on.
    fn of(text: &str, is_search: bool) -> Option<Self> {
        if text.is_ascii() {
            return None;
        }
        let folded: Vec<char> = fold(text).chars().collect();
        let mut words = String::with_capacity(text.len() * 2);
        let mut is_open = false;
        for run in folded.chunk_by(|one, other| is_unspaced(*one) == is_unspaced(*other)) {
            is_open = is_unspaced(run[0]);
            if !is_open {
                words.extend(run.iter().map(|letter| in_word(*letter)));
                continue;
            }
            separate(&mut words);
            for pair in run.windows(2) {
                words.extend(pair.iter().map(|letter| in_word(*letter)));
                words.push(' ');
            }
            words.extend(run.last().map(|letter| in_word(*letter)));
            words.push(' ');
        }
        if is_search && is_open {
            remove_last_of_several(&mut words, &folded);
        }
        let differs = || words.trim_end() != text.chars().map(tokenized).collect::<String>().trim_end();
        let is_needed = (is_search && is_open) || differs();
        is_needed.then(|| Self { words: words.trim_end().to_owned(), is_open })
    }
}

/// Returns what is stored of `text` for the text index; `None` if the tokenizer needs no help with it.
pub(crate) fn stored_words(text: &str) -> Option<String> {
    IndexText::stored(text).map(|text| text.words)
}

/// Ends the last word of `words`.
fn separate(words: &mut String) {
    if !words.is_empty() && !words.ends_with(' ') {
        words.push(' ');
    }
}

/// Removes the last letter of a run from the end of `words`, unless the run has no other.
fn remove_last_of_several(words: &mut String, folded: &[char]) {
    let is_single = folded.iter().rev().nth(1).is_none_or(|letter| !is_unspaced(*letter));
    if !is_single {
        let kept = words.trim_end().trim_end_matches(|letter| letter != ' ').len();
        words.truncate(kept);
    }
}

/// Returns whether `letter` is of a script that writes no spaces between words.
fn is_unspaced(letter: char) -> bool {
    use Script::{Bopomofo, Han, Hiragana, Katakana, Khmer, Lao, Myanmar, Thai};
    match letter {
        '\0'..='\u{dff}' => false,
        // The sound mark of both kana.
        'ー' => true,
        _ => {
            matches!(letter.script(), Bopomofo | Han | Hiragana | Katakana | Khmer | Lao | Myanmar | Thai)
                && (letter.is_alphabetic() || is_combining_mark(letter))
        }
    }
}

/// Returns the letter that stands for `letter` in the index. The tokenizer ends a word at a mark, so that marks become letters for private use, which it
/// takes for letters; those of scripts that are used together stay distinct.
fn in_word(letter: char) -> char {
    if letter.is_ascii() || !is_combining_mark(letter) {
        return letter;
    }
    char::from_u32(0xe000 | (u32::from(letter) & 0xfff)).unwrap_or(letter)
}

/// Returns what the tokenizer makes of `letter`, as far as it is the same as [`fold`].
fn tokenized(letter: char) -> char {
    match letter {
        '\0'..='\x7f' => letter.to_ascii_lowercase(),
        // The two that the tokenizer does not know.
        'Ǡ' | 'ǡ' => letter,
        'À'..='ɏ' | 'Ḁ'..='ỿ' => {
            let mut base = letter;
            // The first letter of the decomposition is the last one that is no mark.
            decompose_canonical(letter, |part| {
                if !is_combining_mark(part) {
                    base = part;
                }
            });
            if base.is_ascii() { base.to_ascii_lowercase() } else { letter }
        }
        _ => letter,
    }
}

#[cfg(test)]
mod tests;
