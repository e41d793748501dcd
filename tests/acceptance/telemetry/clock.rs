//! A clock that runs faster, so that an alert which waits for minutes is raised within seconds.

use spindle_tests::acceptance::scale;

/// The number of seconds that pass in one.
fn rate() -> u64 {
    scale(60, 1)
}

/// Returns a configuration or rules of Prometheus with each of its times (`for: 5m`, `[1h]`, `15s`) as much shorter as the clock runs faster.
pub(super) fn faster(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        let (before, word) = rest.split_at(begin);
        let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        result.push_str(before);
        match milliseconds(word) {
            Some(time) => result.push_str(&format!("{}ms", time / rate())),
            None => result.push_str(word),
        }
        rest = after;
    }
    result + rest
}

/// Returns the time that `word` is, such as `5m`.
fn milliseconds(word: &str) -> Option<u64> {
    let unit = word.find(|c: char| !c.is_ascii_digit())?;
    let seconds = match &word[unit..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    Some(word[..unit].parse::<u64>().ok()? * seconds * 1_000)
}
