//! Compares an output with the one on a page.
//!
//! A line of only `...` stands for any number of lines, also none; `...` within a line for any text. Values that differ from run to run are
//! replaced on both sides: UUIDs, times, tokens, long entity tags, durations, and ports of 127.0.0.1.

/// The wildcard.
const ANY: &str = "...";

/// The length from which a run of letters, digits, `-` and `_` with a digit counts as a random token.
const TOKEN: usize = 16;

/// Returns whether `output` is as `expected` says.
pub(crate) fn matches(expected: &[String], output: &str) -> bool {
    let expected: Vec<String> = trimmed(expected.iter().map(|line| normalised(line)));
    let output: Vec<String> = trimmed(output.lines().map(normalised));
    lines_match(&expected, &output)
}

/// Returns whether a part of `output` is as `expected` says.
pub(crate) fn contains(expected: &[String], output: &str) -> bool {
    let any = [ANY.to_owned()];
    matches(&[&any, expected, &any].concat(), output)
}

/// Removes the spaces at the end of each line and the empty lines at the end.
fn trimmed(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn lines_match(expected: &[String], output: &[String]) -> bool {
    match expected.split_first() {
        None => output.is_empty(),
        Some((any, rest)) if any.trim() == ANY => (0..=output.len()).any(|from| lines_match(rest, &output[from..])),
        Some((line, rest)) => {
            output.split_first().is_some_and(|(first, others)| line_matches(line, first) && lines_match(rest, others))
        }
    }
}

fn line_matches(expected: &str, line: &str) -> bool {
    let parts: Vec<&str> = expected.split(ANY).collect();
    let Some(mut rest) = line.strip_prefix(parts[0]) else { return false };
    let Some((last, middle)) = parts[1..].split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Replaces the values that differ from run to run.
fn normalised(line: &str) -> String {
    let line = line.replace('\r', "");
    let (mut text, mut rest) = (String::new(), line.as_str());
    while let Some(c) = rest.chars().next() {
        let begins_word = !text.ends_with(is_word);
        match VALUES.iter().find_map(|(name, length)| Some((name, length(rest)?))).filter(|_| begins_word) {
            Some((name, length)) => {
                text.push_str(name);
                rest = &rest[length..];
            }
            None => {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    text
}

/// The length of a value at the beginning of a text, if there is one.
type Length = fn(&str) -> Option<usize>;

/// The values, in the order in which they are tried.
const VALUES: [(&str, Length); 7] = [
    ("<id>", |text| shaped(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")),
    ("<time>", time),
    ("<time>", |text| shaped(text, "Aaa, 00 Aaa 0000 00:00:00 GMT")),
    ("<jwt>", |text| text.starts_with("eyJ").then(|| run(text, |c| is_token(c) || c == '.'))),
    ("<token>", token),
    ("<duration>", duration),
    ("127.0.0.1:<port>", |text| {
        Some(text.len() - text.strip_prefix("127.0.0.1:")?.trim_start_matches(|c: char| c.is_ascii_digit()).len())
    }),
];

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_token(c: char) -> bool {
    is_word(c) || c == '-'
}

/// Returns the length of the run of `belongs` that `text` begins with.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Returns the length of `shape` if `text` begins with it: `x` is a hexadecimal digit, `0` a digit, `A` and `a` a letter; any other character
/// is itself.
fn shaped(text: &str, shape: &str) -> Option<usize> {
    let fits = |(c, shape): (char, char)| match shape {
        'x' => c.is_ascii_hexdigit(),
        '0' => c.is_ascii_digit(),
        'A' => c.is_ascii_uppercase(),
        'a' => c.is_ascii_lowercase(),
        other => c == other,
    };
    let length = shape.len();
    (text.chars().take(length).count() == length && text.chars().zip(shape.chars()).all(fits)).then_some(length)
}

/// Returns the length of a time: RFC 3339, or as SQLite prints one.
fn time(text: &str) -> Option<usize> {
    let second = shaped(text, "0000-00-00T00:00:00").or_else(|| shaped(text, "0000-00-00 00:00:00"))?;
    let rest = &text[second..];
    let fraction = rest.strip_prefix('.').map_or(0, |digits| 1 + run(digits, |c| c.is_ascii_digit()));
    let zone = &rest[fraction..];
    let zone = if zone.starts_with('Z') { 1 } else { shaped(zone, "+00:00").unwrap_or(0) };
    Some(second + fraction + zone)
}

/// Returns the length of a random token: long enough and with a digit, or cut short on the page by `...`.
fn token(text: &str) -> Option<usize> {
    let length = run(text, is_token);
    let (run, rest) = text.split_at(length);
    let is_random = run.contains(|c: char| c.is_ascii_digit()) && run.contains(|c: char| c.is_ascii_alphabetic());
    if is_random && length >= TOKEN / 2 && rest.starts_with(ANY) {
        return Some(length + ANY.len());
    }
    (is_random && length >= TOKEN).then_some(length)
}

/// Returns the length of a duration: `12 ms`, `0.3 s`.
fn duration(text: &str) -> Option<usize> {
    let number = run(text, |c| c.is_ascii_digit() || c == '.');
    let unit = text[number..].strip_prefix(' ')?;
    let unit = ["ms", "µs", "s"]
        .into_iter()
        .find(|name| run(unit, |c| c.is_alphanumeric()) == name.len() && unit.starts_with(name))?;
    (number > 0 && text.starts_with(|c: char| c.is_ascii_digit())).then_some(number + 1 + unit.len())
}

#[test]
fn values_that_differ_from_run_to_run_are_replaced() {
    let pairs = [
        ("location: /v1/users/01a204d9-495d-7bdb-85b4-53f09eb5a815", "location: /v1/users/<id>"),
        (r#""at":"2026-11-22T20:01:19.012Z""#, r#""at":"<time>""#),
        ("since 2026-11-22 20:01:19", "since <time>"),
        ("date: Sun, 22 Nov 2026 20:01:19 GMT", "date: <time>"),
        ("Bearer eyJhbGciOi.eyJz.s-_x", "Bearer <jwt>"),
        (r#""refresh_token":"hnI0DrXK5pA_x9""#, r#""refresh_token":"hnI0DrXK5pA_x9""#),
        (r#""refresh_token":"hnI0DrXK5pA_x9Gg-7""#, r#""refresh_token":"<token>""#),
        (r#""refresh_token":"hnI0DrXK5pA_...""#, r#""refresh_token":"<token>""#),
        ("ready in 0.1 s, 12 ms", "ready in <duration>, <duration>"),
        ("etag: \"v1\"", "etag: \"v1\""),
        ("http://127.0.0.1:3000/healthz", "http://127.0.0.1:<port>/healthz"),
        ("5 services, payment_requested-again", "5 services, payment_requested-again"),
    ];
    for (line, expected) in pairs {
        assert_eq!(normalised(line), expected);
    }
}

#[test]
fn an_output_is_compared_line_by_line() {
    let is = |expected: &str, output: &str| {
        let expected: Vec<String> = expected.lines().map(str::to_owned).collect();
        matches(&expected, output)
    };
    assert!(is("a\nb", "a\nb\n") && is("", "") && is("...", "") && is("...\nb", "x\ny\nb") && is("a\n...", "a"));
    assert!(is("{\"a\":...,\"c\":3}", "{\"a\":1,\"b\":2,\"c\":3}"));
    assert!(!is("a", "a\nb") && !is("a\nb", "a") && !is("", "a") && !is("a...", "b") && !is("...\na", "a\nb"));
    assert!(!is("{\"a\":...,\"c\":3}", "{\"a\":1,\"c\":4}"));
    assert!(contains(&["b".to_owned()], "a\nb\nc") && !contains(&["b".to_owned(), "a".to_owned()], "a\nb\nc"));
}
