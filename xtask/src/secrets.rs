//! The values that development needs in `.env`: secrets, the first admin, and the password of the demo customers. Spin reads lines of the form
//! `SPIN_VARIABLE_<NAME>="<value>"`.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};

use crate::admin;
use crate::application::Application;

/// The password of the customers that an empty instance gets.
pub const DEMO_PASSWORD: &str = "SPINDLE_DEMO_PASSWORD";

/// Only its owner may read the file.
const MODE: u32 = 0o600;

/// A line that `.env` needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The environment variable.
    pub name: String,
    /// Its value; `None` for a random one.
    pub value: Option<&'static str>,
}

impl Line {
    /// Returns a line with a random value.
    pub fn random(name: String) -> Self {
        Self { name, value: None }
    }
}

/// Returns the environment variable that Spin reads an application variable from.
pub fn env_name(variable: &str) -> String {
    format!("SPIN_VARIABLE_{}", variable.to_ascii_uppercase())
}

/// Returns the lines that `application` needs for development: its required secrets and, if it has those variables, the first admin.
pub fn needed(application: &Application) -> Vec<Line> {
    let mut lines: Vec<Line> =
        application.required_secrets.iter().map(|variable| Line::random(env_name(variable))).collect();
    if application.variables.contains_key(admin::EMAIL) && application.variables.contains_key(admin::PASSWORD) {
        lines.push(Line { name: env_name(admin::EMAIL), value: Some("admin@example.com") });
        lines.push(Line::random(env_name(admin::PASSWORD)));
    }
    lines
}

/// Adds to `env_file` every one of `lines` whose name neither the file nor the environment has. Existing values are never
/// touched. Returns the names that were added.
///
/// # Errors
///
/// If the file cannot be read, written or protected, or the system has no randomness.
pub fn ensure(env_file: &Path, lines: &[Line]) -> Result<Vec<String>> {
    let old = read(env_file)?;
    let mut added = Vec::new();
    let mut text = String::new();
    for Line { name, value } in lines {
        if std::env::var_os(name).is_some() || defines(&old, name) {
            continue;
        }
        let value = value.map_or_else(random_hex, |value| Ok(value.to_owned()))?;
        writeln!(text, "{name}=\"{value}\"")?;
        added.push(name.clone());
    }
    if !text.is_empty() {
        if !old.is_empty() && !old.ends_with('\n') {
            text.insert(0, '\n');
        }
        append(env_file, &text).with_context(|| format!("cannot write {}", env_file.display()))?;
    }
    Ok(added)
}

/// Returns the value of an environment variable as Spin sees it: from the environment, else from `env_file`.
///
/// # Errors
///
/// If the file is there and cannot be read or parsed.
pub fn value(env_file: &Path, name: &str) -> Result<Option<String>> {
    if let Ok(value) = std::env::var(name) {
        return Ok(Some(value));
    }
    Ok(values(env_file)?.into_iter().rev().find_map(|(key, value)| (key == name).then_some(value)))
}

/// Returns the names and values in `env_file`, in the order of its lines; nothing if there is no such file.
///
/// # Errors
///
/// If the file cannot be read or parsed.
pub fn values(env_file: &Path) -> Result<Vec<(String, String)>> {
    dotenvy::from_read_iter(read(env_file)?.as_bytes())
        // The parser's own error quotes the line, which may hold a secret.
        .map(|line| line.map_err(|_| anyhow!("{}: a line is not NAME=value", env_file.display())))
        .collect()
}

/// Returns a new random value: 256 bits in hexadecimal.
///
/// # Errors
///
/// If the system has no randomness.
pub fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(base16ct::lower::encode_string(&bytes))
}

/// Returns the file's text; of a missing file, an empty one.
fn read(env_file: &Path) -> Result<String> {
    match fs::read_to_string(env_file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        text => text.with_context(|| format!("cannot read {}", env_file.display())),
    }
}

fn append(env_file: &Path, lines: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).mode(MODE).open(env_file)?;
    // The mode above only counts for a new file, and this one may have been made by hand.
    file.set_permissions(Permissions::from_mode(MODE))?;
    file.write_all(lines.as_bytes())
}

fn defines(env_file: &str, name: &str) -> bool {
    env_file.lines().any(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=').is_some_and(|(key, _)| key.trim() == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(names: &[&str]) -> Vec<Line> {
        names.iter().map(|name| Line::random((*name).to_owned())).collect()
    }

    #[test]
    fn missing_secrets_are_generated_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let env_file = dir.path().join(".env");
        let added = ensure(&env_file, &random(&["XTASK_TEST_ONE", "XTASK_TEST_TWO"])).unwrap();
        assert_eq!(added, ["XTASK_TEST_ONE", "XTASK_TEST_TWO"]);
        let text = fs::read_to_string(&env_file).unwrap();
        let values: Vec<&str> = text.lines().map(|line| line.split_once('=').unwrap().1.trim_matches('"')).collect();
        assert_eq!(values.iter().map(|value| value.len()).collect::<Vec<_>>(), [64, 64]);
        assert_ne!(values[0], values[1]);
        assert_eq!(value(&env_file, "XTASK_TEST_TWO").unwrap().as_deref(), Some(values[1]));
        assert_eq!(fs::metadata(&env_file).unwrap().permissions().mode() & 0o777, MODE);
    }

    #[test]
    fn a_value_that_is_there_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let env_file = dir.path().join(".env");
        fs::write(&env_file, "# mine\nexport XTASK_TEST_ONE = mine").unwrap();
        let added = ensure(&env_file, &random(&["XTASK_TEST_ONE", "XTASK_TEST_TWO"])).unwrap();
        assert_eq!(added, ["XTASK_TEST_TWO"]);
        let text = fs::read_to_string(&env_file).unwrap();
        assert!(text.starts_with("# mine\nexport XTASK_TEST_ONE = mine\nXTASK_TEST_TWO=\""), "{text}");
        assert!(ensure(&env_file, &random(&["XTASK_TEST_ONE", "XTASK_TEST_TWO"])).unwrap().is_empty());
        assert_eq!(fs::read_to_string(&env_file).unwrap(), text);
        assert_eq!(value(&env_file, "XTASK_TEST_ONE").unwrap().as_deref(), Some("mine"));
        assert_eq!(value(&env_file, "XTASK_TEST_THREE").unwrap(), None);
    }

    #[test]
    fn the_first_admin_gets_a_password_where_the_application_knows_one() {
        let application = |variables: &[&str]| Application {
            components: Vec::new(),
            variables: variables.iter().map(|name| ((*name).to_owned(), None)).collect(),
            required_secrets: vec!["key".to_owned()],
        };
        let key = || Line::random("SPIN_VARIABLE_KEY".to_owned());
        assert_eq!(needed(&application(&["key"])), [key()]);
        let admin = Line { name: "SPIN_VARIABLE_BOOTSTRAP_ADMIN_EMAIL".to_owned(), value: Some("admin@example.com") };
        let password = Line::random("SPIN_VARIABLE_BOOTSTRAP_ADMIN_PASSWORD".to_owned());
        assert_eq!(
            needed(&application(&["key", "bootstrap_admin_email", "bootstrap_admin_password"])),
            [key(), admin, password]
        );
    }
}
