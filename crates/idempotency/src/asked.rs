//! What a client asks for, as far as it matters for whether it is the same as before.

use crate::key::key_of;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use spindle_contracts::{Problem, UserId};
use spindle_platform::http::Request;

/// Something that is asked for under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    pub(crate) user: UserId,
    pub(crate) operation: &'static str,
    pub(crate) key: String,
    pub(crate) hash: [u8; 32],
}

impl IdempotentRequest {
    /// That `user` asks for `operation` with `payload`, under the key that `request` has. `operation` is the name of the route; the payload
    /// is what a request with the same key must say as well: parameters of the path, and the body once it is read. Its spelling (order of
    /// members, white space) does not count.
    ///
    /// # Errors
    ///
    /// 400 without a proper key.
    ///
    /// # Panics
    /// If `payload` has no JSON form.
    pub fn new(
        user: UserId,
        operation: &'static str,
        request: &Request,
        payload: &impl Serialize,
    ) -> Result<Self, Problem> {
        // Through a `Value`, whose members are sorted.
        let canonical = serde_json::to_value(payload).expect("what is asked for is plain data");
        Ok(Self { user, operation, key: key_of(request)?, hash: Sha256::digest(canonical.to_string()).into() })
    }
}
