//! The words of a text, with their lines: of a whole file, or of the comments and string literals of a Rust file.

/// A word in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// The line, from 1.
    pub(super) line: usize,
}

/// Returns the words of `text`: runs of letters, digits and apostrophes. Comment markers, underscores and hyphens separate words.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    add_words(&mut words, text, 1);
    words
}

/// Returns the words of the comments and string literals of a Rust file. An empty word separates one literal or comment block from the
/// next, so that no phrase spans two of them.
pub(super) fn rust_words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut scanner = Scanner { rest: text, line: 1 };
    let mut last_comment = 0;
    while let Some((kind, part, line)) = scanner.next_part() {
        let follows = kind == Kind::Comment && last_comment + 1 == line;
        if !follows {
            words.push(Word { text: String::new(), line });
        }
        add_words(&mut words, part, line);
        last_comment = if kind == Kind::Comment { line + part.matches('\n').count() } else { 0 };
    }
    words
}

fn add_words(words: &mut Vec<Word>, text: &str, first_line: usize) {
    for (number, line) in text.lines().enumerate() {
        let parts = line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
        let parts = parts.map(|part| part.trim_matches(['\'', '’'])).filter(|part| !part.is_empty());
        words.extend(parts.map(|part| Word { text: part.to_lowercase(), line: first_line + number }));
    }
}

/// What a part of a Rust file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Comment,
    Literal,
}

/// Finds comments and string literals.
struct Scanner<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Scanner<'t> {
    /// Returns the next comment or string literal with its first line.
    fn next_part(&mut self) -> Option<(Kind, &'t str, usize)> {
        while let Some(c) = self.rest.chars().next() {
            if self.rest.starts_with("//") {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                return Some(self.part(Kind::Comment, 0, end, 0));
            }
            if self.rest.starts_with("/*") {
                let end = self.rest.find("*/").unwrap_or(self.rest.len());
                return Some(self.part(Kind::Comment, 2, end.max(2), 2));
            }
            if let Some((begin, closing)) = raw_string(self.rest) {
                let end = self.rest[begin..].find(&closing).map_or(self.rest.len(), |at| begin + at);
                return Some(self.part(Kind::Literal, begin, end, closing.len()));
            }
            if c == '"' {
                let end = end_of_string(self.rest);
                return Some(self.part(Kind::Literal, 1, end, 1));
            }
            self.advance(if c == '\'' { character(self.rest) } else { word_or_char(self.rest) });
        }
        None
    }

    /// Takes `rest[begin..end]` as a part, and continues `closing` bytes after its end.
    fn part(&mut self, kind: Kind, begin: usize, end: usize, closing: usize) -> (Kind, &'t str, usize) {
        let (part, line) = (&self.rest[begin..end], self.line);
        self.advance((end + closing).min(self.rest.len()));
        (kind, part, line)
    }

    fn advance(&mut self, bytes: usize) {
        self.line += self.rest[..bytes].matches('\n').count();
        self.rest = &self.rest[bytes..];
    }
}

/// Returns where the content of the raw string that `text` begins with starts, and its closing delimiter.
fn raw_string(text: &str) -> Option<(usize, String)> {
    let after = ["r", "br", "cr"].into_iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let quote = after.trim_start_matches('#');
    let begin = text.len() - quote.strip_prefix('"')?.len();
    Some((begin, format!("\"{}", "#".repeat(after.len() - quote.len()))))
}

/// Returns where the string that `text` begins with has its closing quote.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of the character literal that `text` begins with, or of the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = at + escaped.len_utf8();
            text[after..].find('\'').map_or(text.len(), |end| after + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// Returns the length of the identifier or number that `text` begins with, or of its first character: the `r` at the end of an identifier
/// begins no raw string.
fn word_or_char(text: &str) -> usize {
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if word > 0 { word } else { text.chars().next().map_or(0, char::len_utf8) }
}
