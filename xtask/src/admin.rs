//! The first admin of an instance: the credentials, and the login.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::http::Client;
use crate::secrets;

/// The application variable with the e-mail address of the first admin.
pub const EMAIL: &str = "bootstrap_admin_email";

/// The application variable with the password of the first admin.
pub const PASSWORD: &str = "bootstrap_admin_password";

/// The credentials of an admin.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

impl Credentials {
    /// Reads the credentials from the environment or `env_file`. `None` if one of the two is missing or empty: then the instance has no first
    /// admin either.
    ///
    /// # Errors
    ///
    /// If the file exists and cannot be read.
    pub fn read(env_file: &Path) -> Result<Option<Self>> {
        let read = |variable| secrets::value(env_file, &secrets::env_name(variable));
        let is_set = |value: &String| !value.is_empty();
        let email = read(EMAIL)?.filter(is_set);
        let password = read(PASSWORD)?.filter(is_set);
        Ok(email.zip(password).map(|(email, password)| Self { email, password }))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("email", &self.email).finish_non_exhaustive()
    }
}

/// Logs in, and returns a client that acts as the admin; `None` if the instance has no such account, or another password for it.
///
/// # Errors
///
/// If the response is not one of the API.
pub fn log_in(client: &Client, credentials: &Credentials) -> Result<Option<Client>> {
    let Credentials { email, password } = credentials;
    let response = client.post("/v1/auth/login", &json!({"email": email, "password": password}))?;
    match response.status {
        200 => {
            let token =
                response.body["access_token"].as_str().context("the response of the login has no access_token")?;
            Ok(Some(client.as_user(token)))
        }
        401 => Ok(None),
        // Not the whole body: that of a login may have secrets.
        status => bail!("POST /v1/auth/login returned {status}: {}", response.body["detail"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_complete_or_absent_and_never_printed() {
        let dir = tempfile::tempdir().unwrap();
        let env_file = dir.path().join(".env");
        let read = |text: &str| {
            std::fs::write(&env_file, text).unwrap();
            Credentials::read(&env_file).unwrap()
        };
        let (email, password) =
            ("SPIN_VARIABLE_BOOTSTRAP_ADMIN_EMAIL=a@b.c\n", "SPIN_VARIABLE_BOOTSTRAP_ADMIN_PASSWORD='s3cret'\n");
        assert_eq!(read(email), None);
        assert_eq!(read(&format!("{email}SPIN_VARIABLE_BOOTSTRAP_ADMIN_PASSWORD=\"\"\n")), None);
        let complete = read(&format!("{email}{password}")).unwrap();
        assert_eq!((complete.email.as_str(), complete.password.as_str()), ("a@b.c", "s3cret"));
        assert!(!format!("{complete:?}").contains("s3cret"));
    }
}
