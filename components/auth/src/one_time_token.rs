//! The tokens that auth gives out once and stores as a hash: refresh tokens and those of invitations. Pure: the random bytes come from the caller.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// 32 random bytes, valid for one use.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OneTimeToken(pub(crate) [u8; 32]);

impl OneTimeToken {
    /// Creates a token from `random` bytes.
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Parses the token that a client sends. Returns `None` if the text is not a token.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Returns the text that the client receives.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns the hash under which the token is stored and found: the time of the search says nothing about a token that is not known.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeToken(..)")
    }
}
