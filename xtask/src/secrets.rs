//! The secrets that development needs, in `.env`, in the form Spin reads: `SPIN_VARIABLE_<NAME>="<value>"`.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::{Context as _, Result};

/// Only its owner may read the file.
const MODE: u32 = 0o600;

/// The environment variable that Spin reads an application variable from.
pub fn env_name(variable: &str) -> String {
    format!("SPIN_VARIABLE_{}", variable.to_ascii_uppercase())
}

/// Gives every one of `variables` a random value of 256 bits in `env_file`, unless the file or the environment has one.
/// Existing values are never touched. Returns the environment variables that were added.
///
/// # Errors
///
/// If the file cannot be read, written or protected, or the system has no randomness.
pub fn ensure(env_file: &Path, variables: &[String]) -> Result<Vec<String>> {
    let old = match fs::read_to_string(env_file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", env_file.display())),
    };
    let mut added = Vec::new();
    let mut lines = String::new();
    for name in variables.iter().map(|variable| env_name(variable)) {
        if std::env::var_os(&name).is_some() || defines(&old, &name) {
            continue;
        }
        writeln!(lines, "{name}=\"{}\"", random_hex()?)?;
        added.push(name);
    }
    if !lines.is_empty() {
        if !old.is_empty() && !old.ends_with('\n') {
            lines.insert(0, '\n');
        }
        append(env_file, &lines).with_context(|| format!("cannot write {}", env_file.display()))?;
    }
    Ok(added)
}

/// A new random value: 256 bits in hexadecimal.
///
/// # Errors
///
/// If the system has no randomness.
pub fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a String never fails");
        hex
    }))
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

    fn variables(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn missing_secrets_are_generated_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let env_file = dir.path().join(".env");
        let added = ensure(&env_file, &variables(&["xtask_test_one", "xtask_test_two"])).unwrap();
        assert_eq!(added, ["SPIN_VARIABLE_XTASK_TEST_ONE", "SPIN_VARIABLE_XTASK_TEST_TWO"]);
        let text = fs::read_to_string(&env_file).unwrap();
        let values: Vec<&str> = text.lines().map(|line| line.split_once('=').unwrap().1.trim_matches('"')).collect();
        assert_eq!(values.iter().map(|value| value.len()).collect::<Vec<_>>(), [64, 64]);
        assert_ne!(values[0], values[1]);
        assert_eq!(fs::metadata(&env_file).unwrap().permissions().mode() & 0o777, MODE);
    }

    #[test]
    fn a_value_that_is_there_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let env_file = dir.path().join(".env");
        fs::write(&env_file, "# mine\nexport SPIN_VARIABLE_XTASK_TEST_ONE = mine").unwrap();
        let added = ensure(&env_file, &variables(&["xtask_test_one", "xtask_test_two"])).unwrap();
        assert_eq!(added, ["SPIN_VARIABLE_XTASK_TEST_TWO"]);
        let text = fs::read_to_string(&env_file).unwrap();
        assert!(
            text.starts_with("# mine\nexport SPIN_VARIABLE_XTASK_TEST_ONE = mine\nSPIN_VARIABLE_XTASK_TEST_TWO=\""),
            "{text}"
        );
        assert!(ensure(&env_file, &variables(&["xtask_test_one", "xtask_test_two"])).unwrap().is_empty());
        assert_eq!(fs::read_to_string(&env_file).unwrap(), text);
    }
}
