//! The keys that follow from the secret variable `auth_key_secret`, one for each purpose.

use crate::seal::Key;
use spindle_platform::Context;
use spindle_platform::config::Error;

const VARIABLE: &str = "auth_key_secret";

/// The shortest secret that is taken, in bytes.
const MIN_BYTES: usize = 32;

/// The service's own keys.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    /// Under which accounts are counted by e-mail address without keeping the address.
    pub(crate) accounts: Key,
    /// Under which signing keys are sealed.
    pub(crate) signing_keys: Key,
}

impl Secrets {
    /// The keys of this deployment. One host call.
    pub(crate) fn read(context: &Context) -> Result<Self, Error> {
        let secret = context.config().get(VARIABLE)?;
        if secret.len() < MIN_BYTES {
            return Err(Error::Invalid { name: VARIABLE.to_owned(), expected: "at least 32 bytes long" });
        }
        let key = |purpose| Key::derive(secret.as_bytes(), purpose);
        Ok(Self { accounts: key("accounts"), signing_keys: key("signing keys") })
    }
}
