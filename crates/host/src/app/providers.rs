//! The sources of variables' values: a fixed table, or the environment with a `.env` file as fallback.

use std::collections::BTreeMap;
use std::env::VarError;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Result, bail};

const DEFAULT_PREFIX: &str = "SPIN_VARIABLE";

/// A source of values. `Debug` never shows a value.
pub(crate) enum Provider {
    /// `type = "static"`.
    Static(BTreeMap<String, String>),
    /// `type = "env"`, and the source that always exists.
    Environment(Environment),
}

/// The process environment, read at each look-up, with the lines of a `.env` file as fallback.
pub(crate) struct Environment {
    prefix: String,
    file: BTreeMap<String, String>,
    read: fn(&str) -> Result<String, VarError>,
}

impl Provider {
    /// Creates a provider of fixed values.
    pub(crate) fn fixed(values: BTreeMap<String, String>) -> Self {
        Self::Static(values)
    }

    /// Creates a provider of the environment under a prefix (`SPIN_VARIABLE` if none), and of a `.env` file if one is named. A missing
    /// file counts as empty.
    ///
    /// # Errors
    /// A file that cannot be read or parsed. The error does not quote it, since it may contain secrets.
    pub(crate) fn environment(prefix: Option<String>, file: Option<&Path>) -> Result<Self> {
        let file = file.map_or_else(|| Ok(BTreeMap::new()), read_env_file)?;
        let prefix = prefix.unwrap_or_else(|| DEFAULT_PREFIX.to_owned());
        Ok(Self::Environment(Environment { prefix, file, read: |name| std::env::var(name) }))
    }

    /// Returns the value of a variable, if this provider has one.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, String> {
        match self {
            Self::Static(values) => Ok(values.get(name).cloned()),
            Self::Environment(environment) => environment.get(name),
        }
    }

    /// Returns whether it has a value now.
    pub(crate) fn has(&self, name: &str) -> bool {
        matches!(self.get(name), Ok(Some(_)))
    }
}

impl Environment {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        let name = format!("{}_{}", self.prefix, name.to_ascii_uppercase());
        match (self.read)(&name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(self.file.get(&name).cloned()),
            Err(VarError::NotUnicode(_)) => Err(format!("failed to resolve env var {name}: it is not valid Unicode")),
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Static(values) => f.debug_tuple("Static").field(&values.keys().collect::<Vec<_>>()).finish(),
            Self::Environment(environment) => f.debug_tuple("Environment").field(&environment.prefix).finish(),
        }
    }
}

fn read_env_file(path: &Path) -> Result<BTreeMap<String, String>> {
    let lines = match dotenvy::from_path_iter(path) {
        Ok(lines) => lines,
        Err(dotenvy::Error::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(_) => bail!("{}: cannot be read", path.display()),
    };
    let mut values = BTreeMap::new();
    let mut previous = String::new();
    for line in lines {
        // The parser's own error quotes the line.
        let Ok((name, value)) = line else {
            let after = if previous.is_empty() { String::new() } else { format!(" after {previous}") };
            bail!("{}: the line{after} cannot be parsed: expected NAME=value", path.display());
        };
        previous.clone_from(&name);
        values.insert(name, value);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(file: &str, read: fn(&str) -> Result<String, VarError>) -> Provider {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".env");
        std::fs::write(&path, file).expect("written");
        let Provider::Environment(environment) = Provider::environment(None, Some(&path)).expect("parses") else {
            panic!("an environment");
        };
        Provider::Environment(Environment { read, ..environment })
    }

    #[test]
    fn the_environment_beats_the_file() {
        let provider = environment("SPIN_VARIABLE_A=file\nSPIN_VARIABLE_B='in file'\nB=x\n", |name| match name {
            "SPIN_VARIABLE_A" => Ok("process".to_owned()),
            _ => Err(VarError::NotPresent),
        });
        assert_eq!(provider.get("a"), Ok(Some("process".to_owned())));
        assert_eq!(provider.get("b"), Ok(Some("in file".to_owned())));
        assert_eq!(provider.get("c"), Ok(None));
        assert!(provider.has("a") && !provider.has("c"));
    }

    #[test]
    fn a_prefix_is_joined_with_an_underscore() {
        let provider = Provider::Environment(Environment {
            prefix: "MY_APP".to_owned(),
            file: BTreeMap::from([("MY_APP_KEY_1".to_owned(), "v".to_owned())]),
            read: |_| Err(VarError::NotPresent),
        });
        assert_eq!(provider.get("key_1"), Ok(Some("v".to_owned())));
    }

    #[test]
    fn a_value_that_is_not_unicode_is_an_error_not_an_absence() {
        let provider = environment("SPIN_VARIABLE_A=file\n", |_| Err(VarError::NotUnicode("x".into())));
        assert!(provider.get("a").is_err());
        assert!(!provider.has("a"));
    }

    #[test]
    fn a_missing_file_is_an_empty_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let provider = Provider::environment(None, Some(&folder.path().join("none"))).expect("no error");
        assert_eq!(provider.get("surely_unset_variable"), Ok(None));
    }

    #[test]
    fn a_malformed_file_is_refused_without_quoting_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".env");
        std::fs::write(&path, "GOOD=1\nhunter2 is my password\n").expect("written");
        let error = Provider::environment(None, Some(&path)).expect_err("malformed").to_string();
        assert!(error.ends_with("the line after GOOD cannot be parsed: expected NAME=value"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
