//! Page cursors: opaque to clients, and self-checking.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

/// The number of bytes of the checksum in a cursor. It catches accidents and casual edits; a cursor grants nothing, so a
/// forged one only moves its own reader.
const CHECKSUM_BYTES: usize = 8;

/// The longest cursor that is decoded.
const MAX_LENGTH: usize = 1024;

/// The end of a page of a list: the sort key of its last row, in the form of the store that made it.
///
/// The text form is unpadded base64url of a checksum and the JSON of the position. The checksum covers the name of the
/// list, so that a cursor of one list is not valid for another.
pub struct Cursor;

/// The error for a text that is not a cursor of this list.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one that this list gave out")]
pub struct InvalidCursor;

impl Cursor {
    /// Encodes the cursor of `list` at `position`.
    pub fn encode<T: Serialize>(list: &str, position: &T) -> String {
        let payload = serde_json::to_vec(position).expect("a position is plain data with string keys");
        let mut bytes = checksum(list, &payload).to_vec();
        bytes.extend_from_slice(&payload);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Decodes the position in a cursor that [`Cursor::encode`] made for the same `list`.
    pub fn decode<T: DeserializeOwned>(list: &str, text: &str) -> Result<T, InvalidCursor> {
        if text.len() > MAX_LENGTH {
            return Err(InvalidCursor);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        let (sum, payload) = bytes.split_at_checked(CHECKSUM_BYTES).ok_or(InvalidCursor)?;
        if sum != checksum(list, payload) {
            return Err(InvalidCursor);
        }
        serde_json::from_slice(payload).map_err(|_| InvalidCursor)
    }
}

fn checksum(list: &str, payload: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest = Sha256::new().chain_update(list).chain_update([0]).chain_update(payload).finalize();
    let mut sum = [0; CHECKSUM_BYTES];
    sum.copy_from_slice(&digest[..CHECKSUM_BYTES]);
    sum
}

#[cfg(test)]
mod tests {
    use super::{Cursor, InvalidCursor};

    #[test]
    fn a_cursor_decodes_to_its_position() {
        let text = Cursor::encode("users", &(17, "x"));
        assert_eq!(Cursor::decode::<(i64, String)>("users", &text), Ok((17, "x".into())));
    }

    #[test]
    fn a_cursor_with_a_changed_byte_is_refused() {
        let text = Cursor::encode("users", &(17, "x"));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(Cursor::decode::<(i64, String)>("users", &changed), Err(InvalidCursor), "{changed}");
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_shape_is_refused() {
        let text = Cursor::encode("users", &(17, "x"));
        assert_eq!(Cursor::decode::<(i64, String)>("orders", &text), Err(InvalidCursor));
        assert_eq!(Cursor::decode::<String>("users", &text), Err(InvalidCursor));
        for text in ["", "%", "AAAA", &"A".repeat(2000)] {
            assert_eq!(Cursor::decode::<(i64, String)>("users", text), Err(InvalidCursor), "{text}");
        }
    }
}
