//! The rules for names in a manifest: component ids, labels and variables.

use anyhow::{Result, bail, ensure};

/// The separator and the case of the words in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Kebab,
    Snake,
    LowerSnake,
}

/// Checks a component id or a plain dependency name: words of letters and digits joined by `-`, each all lower or all upper case.
pub(crate) fn check_kebab(name: &str) -> Result<()> {
    check(name, Style::Kebab)
}

/// Checks the name of a variable in a manifest: lower-case words joined by `_`.
pub(crate) fn check_lower_snake(name: &str) -> Result<()> {
    check(name, Style::LowerSnake)
}

/// Checks the label of a database or store.
pub(crate) fn check_label(label: &str) -> Result<()> {
    ensure!(
        check(label, Style::Kebab).is_ok() || check(label, Style::Snake).is_ok(),
        "{label:?} is no label: expected kebab-case or snake_case"
    );
    Ok(())
}

fn check(name: &str, style: Style) -> Result<()> {
    let (delimiter, wrong) = if style == Style::Kebab { ('-', '_') } else { ('_', '-') };
    ensure!(!name.is_empty(), "a name must not be empty");
    ensure!(!name.contains(wrong), "{name:?}: words must be separated with {delimiter:?}, not {wrong:?}");
    for word in name.split(delimiter) {
        let Some(first) = word.chars().next() else {
            bail!("{name:?}: {delimiter:?}-separated words must not be empty");
        };
        ensure!(first.is_ascii_alphabetic(), "{name:?}: words must start with an ASCII letter; got {first:?}");
        if let Some(other) = word.chars().find(|c| !c.is_ascii_alphanumeric()) {
            bail!("{name:?}: words may only contain ASCII letters and digits; got {other:?}");
        }
        let upper = first.is_ascii_uppercase();
        ensure!(
            word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() == upper),
            "{name:?}: words must be all lowercase or all UPPERCASE; got {word:?}"
        );
        ensure!(style != Style::LowerSnake || !upper, "{name:?}: must be all lowercase");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn component_ids_are_kebab_case() {
        for good in ["users", "event-relay", "A", "HTTP-server2", "a1-b2"] {
            check_kebab(good).unwrap_or_else(|error| panic!("{good}: {error}"));
        }
        for bad in ["", "-", "a-", "-a", "a--b", "a_b", "1a", "a-1", "camelCase", "a b", "a.b", "ü", "../x", "a\0"] {
            assert!(check_kebab(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn variables_are_lower_snake_case() {
        for good in ["a", "public_url", "key2_b3"] {
            check_lower_snake(good).unwrap_or_else(|error| panic!("{good}: {error}"));
        }
        for bad in ["", "A", "PUBLIC_url", "a-b", "_a", "a_", "a__b", "2a", "a_2"] {
            assert!(check_lower_snake(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn labels_are_kebab_or_snake_case() {
        for good in ["default", "snake_case", "kebab-case", "UPPER_case"] {
            check_label(good).unwrap_or_else(|error| panic!("{good}: {error}"));
        }
        for bad in ["", "b@d", "a_b-c", "camelCase", "a/b"] {
            assert!(check_label(bad).is_err(), "{bad:?}");
        }
    }
}
