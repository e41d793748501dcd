//! The statements of one file: they are split, checked against the rules for migrations, and parsed.
//!
//! `sqlparser` parses. Three forms that SQLite accepts and `sqlparser` does not pass because the parser gets less than the whole
//! statement; the embedded statement is always the whole:
//!
//! - two table options, `STRICT, WITHOUT ROWID` or the other way round: the parser sees the first;
//! - `CREATE TRIGGER IF NOT EXISTS`: the parser sees `CREATE TRIGGER`;
//! - the arguments of a virtual table's module, `fts5(name, tokenize = 'porter')`: SQLite hands them to the module as they are, so that
//!   only the module can judge them. The parser sees the statement without them, and they must be in balanced parentheses.

use sqlparser::dialect::SQLiteDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

const DIALECT: SQLiteDialect = SQLiteDialect {};

/// The reason for which a statement is refused, and its position.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) at: Location,
    pub(crate) detail: String,
}

/// Splits `content` into statements and checks each.
///
/// # Errors
///
/// The first statement that cannot be read or may not be in a migration.
pub(crate) fn statements(content: &str) -> Result<Vec<String>, Refusal> {
    let tokens = Tokenizer::new(&DIALECT, content)
        .tokenize_with_location()
        .map_err(|error| Refusal { at: error.location, detail: error.message })?;
    let lines = Lines::of(content);
    let mut statements = Vec::new();
    for statement in split(tokens) {
        let (Some(first), Some(last)) = (statement.first(), statement.last()) else { continue };
        let text = &content[lines.offset(first.span.start)..lines.offset(last.span.end)];
        check(&statement)?;
        statements.push(text.to_owned());
    }
    Ok(statements)
}

/// Splits the tokens into statements, without comments and white space. A semicolon ends a statement unless it is within the
/// `BEGIN ... END` of a trigger, where `CASE ... END` may stand as well.
fn split(tokens: Vec<TokenWithSpan>) -> Vec<Vec<TokenWithSpan>> {
    let mut statements = Vec::new();
    let mut statement: Vec<TokenWithSpan> = Vec::new();
    let mut depth = 0_u32;
    for token in tokens {
        match (&token.token, keyword(&token)) {
            (Token::Whitespace(_), _) => continue,
            (Token::SemiColon, _) if depth == 0 => {
                statements.push(std::mem::take(&mut statement));
                continue;
            }
            (_, Keyword::BEGIN | Keyword::CASE) if is_trigger(&statement) => depth += 1,
            (_, Keyword::END) if is_trigger(&statement) => depth = depth.saturating_sub(1),
            _ => {}
        }
        statement.push(token);
    }
    statements.push(statement);
    statements
}

/// Refuses statements that are not allowed in a migration, and those that cannot be parsed.
fn check(statement: &[TokenWithSpan]) -> Result<(), Refusal> {
    let (Some(first), Some(last)) = (statement.first(), statement.last()) else { return Ok(()) };
    if let Some(detail) = reason_against(statement) {
        return Err(Refusal { at: first.span.start, detail: detail.to_owned() });
    }
    let mut parser = Parser::new(&DIALECT).with_tokens_with_locations(readable(statement)?);
    let result = parser.parse_statement().and_then(|_| match parser.peek_token() {
        TokenWithSpan { token: Token::EOF, .. } => Ok(()),
        token => parser.expected("end of statement", token),
    });
    result.map_err(|error| {
        let message = error.to_string();
        let (detail, at) = position(message.strip_prefix("sql parser error: ").unwrap_or(&message));
        // The parser gives no position for the end of its input.
        Refusal { at: at.unwrap_or(last.span.end), detail: detail.to_owned() }
    })
}

/// Returns the reason for which this kind of statement is not allowed in a migration, if there is one.
fn reason_against(statement: &[TokenWithSpan]) -> Option<&'static str> {
    let mut keywords = statement.iter().map(keyword);
    let mut next = || keywords.next().unwrap_or(Keyword::NoKeyword);
    match next() {
        Keyword::ALTER | Keyword::INSERT | Keyword::REPLACE | Keyword::UPDATE | Keyword::DELETE | Keyword::WITH => None,
        Keyword::DROP => match next() {
            Keyword::TABLE | Keyword::INDEX | Keyword::VIEW | Keyword::TRIGGER => None,
            _ => Some("only tables, indexes, views and triggers can be dropped"),
        },
        Keyword::CREATE => match next() {
            Keyword::TEMP | Keyword::TEMPORARY => {
                Some("a temporary object belongs to its connection: it is not allowed in a migration")
            }
            Keyword::OR => Some("SQLite has no CREATE OR REPLACE"),
            Keyword::TABLE | Keyword::UNIQUE | Keyword::INDEX | Keyword::VIEW | Keyword::TRIGGER | Keyword::VIRTUAL => {
                None
            }
            Keyword::NoKeyword => None,
            _ => Some("only tables, indexes, views and triggers can be created"),
        },
        Keyword::BEGIN
        | Keyword::START
        | Keyword::COMMIT
        | Keyword::END
        | Keyword::ROLLBACK
        | Keyword::SAVEPOINT
        | Keyword::RELEASE => {
            Some("the platform runs each migration in a transaction: no BEGIN, COMMIT, ROLLBACK or SAVEPOINT")
        }
        Keyword::PRAGMA | Keyword::ATTACH | Keyword::DETACH | Keyword::VACUUM => Some(
            "PRAGMA, ATTACH, DETACH and VACUUM are about a connection or a file: they are not allowed in a migration",
        ),
        // No keyword at all: the parser reports the expected one.
        Keyword::NoKeyword => None,
        _ => Some("a migration changes the schema or the rows: CREATE, ALTER, DROP, INSERT, REPLACE, UPDATE or DELETE"),
    }
}

/// Reduces the statement to what `sqlparser` can parse: see the module's documentation.
fn readable(statement: &[TokenWithSpan]) -> Result<Vec<TokenWithSpan>, Refusal> {
    let mut tokens = statement.to_vec();
    if is_trigger(statement) {
        if starts_with(&tokens[2..], &[Keyword::IF, Keyword::NOT, Keyword::EXISTS]) {
            tokens.drain(2..5);
        }
    } else if starts_with(&tokens, &[Keyword::CREATE, Keyword::TABLE]) {
        const STRICT: &[Keyword] = &[Keyword::STRICT];
        const WITHOUT_ROWID: &[Keyword] = &[Keyword::WITHOUT, Keyword::ROWID];
        for (one, other) in [(STRICT, WITHOUT_ROWID), (WITHOUT_ROWID, STRICT)] {
            let Some(comma) = tokens.len().checked_sub(other.len() + 1) else { continue };
            let Some(start) = comma.checked_sub(one.len()) else { continue };
            if starts_with(&tokens[start..], one)
                && tokens[comma].token == Token::Comma
                && starts_with(&tokens[comma + 1..], other)
            {
                tokens.truncate(comma);
                break;
            }
        }
    } else if starts_with(&tokens, &[Keyword::CREATE, Keyword::VIRTUAL, Keyword::TABLE])
        && let Some(open) = tokens.iter().position(|token| token.token == Token::LParen)
    {
        let mut depth = 0_u32;
        for (index, token) in tokens.iter().enumerate().skip(open) {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                tokens.drain(open..=index);
                return Ok(tokens);
            }
        }
        let detail = "Expected: ), found: EOF".to_owned();
        return Err(Refusal { at: tokens.last().map_or(Location::empty(), |token| token.span.end), detail });
    }
    Ok(tokens)
}

fn is_trigger(statement: &[TokenWithSpan]) -> bool {
    starts_with(statement, &[Keyword::CREATE, Keyword::TRIGGER])
}

fn starts_with(tokens: &[TokenWithSpan], keywords: &[Keyword]) -> bool {
    tokens.len() >= keywords.len() && tokens.iter().zip(keywords).all(|(token, expected)| keyword(token) == *expected)
}

/// Returns the keyword of a token; a quoted word is none.
fn keyword(token: &TokenWithSpan) -> Keyword {
    match &token.token {
        Token::Word(word) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

/// Splits the position, which `sqlparser` reports as text only, from the end of its message.
fn position(message: &str) -> (&str, Option<Location>) {
    let parts = message.rsplit_once(" at Line: ").and_then(|(detail, position)| {
        let (line, column) = position.split_once(", Column: ")?;
        Some((detail, Location::new(line.parse().ok()?, column.parse().ok()?)))
    });
    parts.map_or((message, None), |(detail, at)| (detail, Some(at)))
}

/// Converts `sqlparser`'s positions, counted in characters, to bytes.
struct Lines<'c> {
    lines: Vec<(usize, &'c str)>,
}

impl<'c> Lines<'c> {
    fn of(content: &'c str) -> Self {
        let mut start = 0;
        let lines = content.split_inclusive('\n').map(|line| {
            let this = (start, line);
            start += line.len();
            this
        });
        Self { lines: lines.collect() }
    }

    fn offset(&self, at: Location) -> usize {
        let number = usize::try_from(at.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let column = usize::try_from(at.column.saturating_sub(1)).unwrap_or(usize::MAX);
        match self.lines.get(number) {
            Some((start, line)) => start + line.char_indices().nth(column).map_or(line.len(), |(offset, _)| offset),
            // After the line feed that ends the content.
            None => self.lines.last().map_or(0, |(start, line)| start + line.len()),
        }
    }
}

#[cfg(test)]
mod tests;
