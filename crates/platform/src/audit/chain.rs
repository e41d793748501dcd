//! The key and the MACs of the chain: the fields that they cover, and the encoding of those fields.

use super::Error;
use crate::Context;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;

/// The name of the secret variable from which the keys are derived.
pub const SECRET_VARIABLE: &str = "audit_secret";

/// The minimum length of the secret, in bytes.
pub const MIN_SECRET_BYTES: usize = 32;

/// The length of a MAC, in bytes.
const MAC_BYTES: usize = 32;

/// The purpose and version of each MAC: a MAC for one purpose is not valid for another.
const SERVICE_KEY: &[u8] = b"spindle audit key 1";
const ROW: &[u8] = b"spindle audit row 1";
const HEAD: &[u8] = b"spindle audit head 1";

/// The key of one service's log.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// The columns with text that a row's MAC covers, in the order of the encoding.
pub(super) const TEXT_COLUMNS: [&str; 7] = ["id", "actor", "action", "subject", "request_id", "source", "detail"];

/// The fields that a row's MAC covers. Texts are bytes, as they are in the database.
#[derive(Debug, PartialEq)]
pub(super) struct RowContent<T> {
    pub(super) seq: i64,
    pub(super) at: i64,
    /// The values of [`TEXT_COLUMNS`], in that order.
    pub(super) texts: [Option<T>; 7],
}

impl Key {
    /// Derives the key of the service that handles the request.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if there is no secret, [`Error::WeakSecret`] if it is shorter than [`MIN_SECRET_BYTES`].
    pub fn for_service(context: &Context) -> Result<Self, Error> {
        Self::derive(&context.config().get(SECRET_VARIABLE)?, context.service())
    }

    /// Derives the key of `service` from `secret`.
    pub(super) fn derive(secret: &str, service: &str) -> Result<Self, Error> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(Error::WeakSecret);
        }
        let derived = Self::from_bytes(secret.as_bytes()).mac_over(SERVICE_KEY, [Some(service.as_bytes())]);
        Ok(Self::from_bytes(&derived.finish()))
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        Self(Hmac::new_from_slice(bytes).expect("HMAC takes a key of any length"))
    }

    /// Computes the MAC of a row that is appended to the head with the MAC `head`.
    pub(super) fn row<T: AsRef<[u8]>>(&self, head: &[u8], content: &RowContent<T>) -> Tag {
        let (seq, at) = (content.seq.to_be_bytes(), content.at.to_be_bytes());
        let numbers = [Some(head), Some(&seq), Some(&at)];
        self.mac_over(ROW, numbers.into_iter().chain(content.texts.iter().map(|text| text.as_ref().map(AsRef::as_ref))))
    }

    /// Computes the MAC of the head after row `seq`, whose MAC is `row`.
    pub(super) fn head(&self, seq: i64, row: &[u8]) -> Tag {
        self.mac_over(HEAD, [Some(&seq.to_be_bytes() as &[u8]), Some(row)])
    }

    /// Computes a MAC over `fields`. The encoding is injective: it has each field's length, and distinguishes an absent field from an empty one.
    fn mac_over<'f>(&self, purpose: &[u8], fields: impl IntoIterator<Item = Option<&'f [u8]>>) -> Tag {
        let mut mac = self.0.clone();
        mac.update(purpose);
        for field in fields {
            match field {
                None => mac.update(&[0]),
                Some(bytes) => {
                    mac.update(&[1]);
                    mac.update(&(bytes.len() as u64).to_be_bytes());
                    mac.update(bytes);
                }
            }
        }
        Tag(mac)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

/// A MAC, to be written or to be compared with a stored one.
pub(super) struct Tag(Hmac<Sha256>);

impl Tag {
    /// Returns the bytes of the MAC.
    pub(super) fn finish(self) -> [u8; MAC_BYTES] {
        self.0.finalize().into_bytes().into()
    }

    /// Returns whether the MAC equals `stored`. Compares in constant time.
    pub(super) fn equals(self, stored: &[u8]) -> bool {
        self.0.verify_slice(stored).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Key, RowContent};

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn key(service: &str) -> Key {
        Key::derive(SECRET, service).unwrap()
    }

    fn content(texts: [Option<&str>; 7]) -> RowContent<&str> {
        RowContent { seq: 1, at: 2, texts }
    }

    #[test]
    fn different_fields_never_have_the_same_mac() {
        let rows = [
            content([Some("ab"), Some("c"), None, None, None, None, None]),
            content([Some("a"), Some("bc"), None, None, None, None, None]),
            content([Some("abc"), None, None, None, None, None, None]),
            content([Some("abc"), Some(""), None, None, None, None, None]),
            content([None, Some("abc"), None, None, None, None, None]),
            RowContent { seq: 2, at: 1, texts: [Some("abc"), None, None, None, None, None, None] },
        ];
        let mut macs: Vec<_> = rows.iter().map(|row| key("users").row(b"", row).finish()).collect();
        macs.push(key("users").row(b"head", &rows[0]).finish());
        macs.push(key("auth").row(b"", &rows[0]).finish());
        macs.push(key("users").head(1, b"").finish());
        let count = macs.len();
        macs.sort_unstable();
        macs.dedup();
        assert_eq!(macs.len(), count);
    }

    #[test]
    fn the_macs_of_existing_logs_stay_valid() {
        let row = content([Some("id"), None, Some("user.created"), Some("u"), Some("r"), Some("::1"), Some("{}")]);
        let mac = key("users").row(b"", &row).finish();
        assert_eq!(
            base16ct::lower::encode_string(&mac),
            "5b29b171fd790350180e7260b41493bfb228163a6fc688b5be98cd1e8cd2dd6a"
        );
        let head = key("users").head(1, &mac).finish();
        assert_eq!(
            base16ct::lower::encode_string(&head),
            "f8f8a7a2b545a4f49425f7cf93ef35cc17c9137511b78f7f64caf6e5518b6476"
        );
    }

    #[test]
    fn a_short_secret_is_refused() {
        let error = Key::derive(&SECRET[1..], "users").unwrap_err();
        assert!(matches!(error, Error::WeakSecret));
        assert_eq!(error.to_string(), "the variable audit_secret must have at least 32 bytes");
    }
}
