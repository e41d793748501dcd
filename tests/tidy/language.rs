//! Retired names: identifiers, file names and phrases that docs/glossary.md has replaced. The list is `language/terms.toml`.
//!
//! `SPINDLE_TIDY_PATHS=tests/,docs/` restricts the check to paths that begin with one of these.

mod declarations;
mod prose;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use toml::{Table, Value};

use self::prose::Word;
use crate::repository::{files, paths};

/// The list of retired names.
const TERMS: &str = include_str!("language/terms.toml");

/// The environment variable with the prefixes of the paths to check, separated by commas.
const PATHS: &str = "SPINDLE_TIDY_PATHS";

/// The extensions of the files whose text is searched for phrases. The text of Rust files is their comments and string literals.
const TEXT: [&str; 5] = ["md", "rs", "sql", "toml", "wit"];

/// The retired names with their replacements.
#[derive(Debug)]
struct RetiredNames {
    /// Declared identifiers: for each the path prefixes within which it is retired, with the replacements.
    idents: BTreeMap<String, Vec<(String, String)>>,
    /// Files and folders, each by the last part of its path.
    files: BTreeMap<String, String>,
    /// Phrases by their first word: all words, and the replacement.
    phrases: BTreeMap<String, Vec<(Vec<String>, String)>>,
    /// The path prefixes that are not checked.
    exempt: Vec<String>,
}

/// A retired name that was found.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    /// The line, from 1; 0 for the name of the file itself.
    line: usize,
    kind: &'static str,
    name: String,
    replacement: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, kind, name, replacement } = self;
        write!(f, "{file}:{line}: the {kind} `{name}` is retired; use {replacement}")
    }
}

impl RetiredNames {
    /// Reads the list.
    ///
    /// # Panics
    ///
    /// If the list has another form than its comments describe.
    fn parse(text: &str) -> Self {
        let list: Table = toml::from_str(text).unwrap_or_else(|error| panic!("terms.toml: {error}"));
        let pairs = |table: &Value| -> Vec<(String, String)> {
            let table = table.as_table().expect("a table of retired names");
            let text = |value: &Value| value.as_str().expect("a replacement is a string").to_owned();
            table.iter().map(|(name, replacement)| (name.clone(), text(replacement))).collect()
        };
        let mut idents: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let everywhere = (String::new(), list["ident"].clone());
        let scopes = list["ident-in"].as_table().expect("a table by path").clone();
        for (path, names) in std::iter::once(everywhere).chain(scopes) {
            for (name, replacement) in pairs(&names) {
                idents.entry(name).or_default().push((path.clone(), replacement));
            }
        }
        let mut phrases: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (phrase, replacement) in pairs(&list["phrase"]) {
            let words: Vec<String> = prose::words(&phrase).into_iter().map(|word| word.text).collect();
            let first = words.first().unwrap_or_else(|| panic!("{phrase:?} has no word")).clone();
            phrases.entry(first).or_default().push((words, replacement));
        }
        Self {
            idents,
            files: pairs(&list["file"]).into_iter().collect(),
            phrases,
            exempt: pairs(&list["exempt"]).into_iter().map(|(path, _)| path).collect(),
        }
    }

    fn is_exempt(&self, file: &str) -> bool {
        self.exempt.iter().any(|prefix| file.starts_with(prefix.as_str()))
    }

    /// Checks the parts of a path.
    fn check_path(&self, path: &str) -> Vec<Finding> {
        let retired = path.split('/').filter_map(|part| self.files.get_key_value(part));
        let finding = |(name, replacement): (&String, &String)| Finding {
            file: path.to_owned(),
            line: 0,
            kind: "file name",
            name: name.clone(),
            replacement: replacement.clone(),
        };
        retired.map(finding).collect()
    }

    /// Checks the identifiers that a Rust file declares.
    fn check_declarations(&self, file: &str, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (name, line) in declarations::of(file, text) {
            let scopes = self.idents.get(&name).into_iter().flatten();
            let replacement =
                scopes.filter(|(path, _)| file.starts_with(path.as_str())).map(|(_, new)| new.clone()).next();
            if let Some(replacement) = replacement {
                findings.push(Finding { file: file.to_owned(), line, kind: "identifier", name, replacement });
            }
        }
        findings
    }

    /// Checks the words of a text.
    fn check_words(&self, file: &str, words: &[Word]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for (phrase, replacement) in self.phrases.get(&word.text).into_iter().flatten() {
                let found = words[at..].iter().map(|word| word.text.as_str()).take(phrase.len());
                if found.eq(phrase.iter().map(String::as_str)) {
                    let (name, replacement) = (phrase.join(" "), replacement.clone());
                    findings.push(Finding {
                        file: file.to_owned(),
                        line: word.line,
                        kind: "phrase",
                        name,
                        replacement,
                    });
                }
            }
        }
        findings
    }

    /// Checks a file: its phrases, and the identifiers that it declares if it is a Rust file.
    fn check_file(&self, file: &str, text: &str) -> Vec<Finding> {
        if !file.ends_with(".rs") {
            return self.check_words(file, &prose::words(text));
        }
        let mut findings = self.check_declarations(file, text);
        findings.extend(self.check_words(file, &prose::rust_words(text)));
        findings
    }
}

#[test]
fn no_retired_name_is_left() {
    let retired = RetiredNames::parse(TERMS);
    let only = std::env::var(PATHS).unwrap_or_default();
    let prefixes: Vec<&str> = only.split(',').collect();
    let is_checked = |file: &str| !retired.is_exempt(file) && prefixes.iter().any(|prefix| file.starts_with(prefix));
    let mut findings = Vec::new();
    for path in paths().iter().filter(|path| is_checked(path)) {
        findings.extend(retired.check_path(path));
    }
    for (file, text) in TEXT.into_iter().flat_map(files).filter(|(file, _)| is_checked(file)) {
        findings.extend(retired.check_file(&file, &text));
    }
    let findings: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(findings.is_empty(), "{} retired names:\n{}", findings.len(), findings.join("\n"));
}
