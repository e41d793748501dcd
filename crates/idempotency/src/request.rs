//! A request with an idempotency key, as far as it decides whether it equals an earlier one.

use crate::key::key_of;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use spindle_contracts::{Problem, UserId};
use spindle_platform::http::Request;
use uuid::Uuid;

/// A request with an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    pub(crate) user: UserId,
    pub(crate) operation: &'static str,
    pub(crate) key: String,
    pub(crate) hash: [u8; 32],
}

impl IdempotentRequest {
    /// Makes the request of `user` for `operation` with `payload`, under the key of `request`. `operation` is the name of the route; the
    /// payload must be equal in every request with the same key: parameters of the path, and the body once it is read. Its spelling (order
    /// of members, white space) does not count.
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
        let canonical = serde_json::to_value(payload).expect("a payload is plain data");
        Ok(Self { user, operation, key: key_of(request)?, hash: Sha256::digest(canonical.to_string()).into() })
    }
    /// Returns an id of this request that every repetition of it has as well, for another service that must know a repetition when it sees one.
    pub fn id(&self) -> Uuid {
        let mut digest = Sha256::new();
        for part in [self.user.to_string().as_bytes(), self.operation.as_bytes(), self.key.as_bytes(), &self.hash] {
            digest.update(Sha256::digest(part));
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.finalize()[..16]);
        Uuid::from_bytes(bytes)
    }
}
