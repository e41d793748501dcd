//! The keys that are derived from the secret variable `auth_key_secret`, one for each purpose.

use crate::encryption::DerivedKey;
use spindle_platform::Context;
use spindle_platform::config::Error;

const VARIABLE: &str = "auth_key_secret";

/// The fewest bytes of the secret.
const MIN_BYTES: usize = 32;

/// The keys of the service.
#[derive(Clone, Debug)]
pub(crate) struct ServiceKeys {
    /// The key of the pseudonyms under which failed log-ins are counted, so that no e-mail address is stored.
    pub(crate) accounts: DerivedKey,
    /// The key under which signing keys are encrypted.
    pub(crate) signing_keys: DerivedKey,
}

impl ServiceKeys {
    /// Derives the keys from the variable. Takes one host call.
    pub(crate) fn load(context: &Context) -> Result<Self, Error> {
        let secret = context.config().get(VARIABLE)?;
        if secret.len() < MIN_BYTES {
            return Err(Error::Invalid { name: VARIABLE.to_owned(), expected: "at least 32 bytes long" });
        }
        let key = |purpose| DerivedKey::derive(secret.as_bytes(), purpose);
        Ok(Self { accounts: key("accounts"), signing_keys: key("signing keys") })
    }
}
