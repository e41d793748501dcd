//! An entry of the cache: five lines with name, generation, expiry, entity tag and link, and then the body as it is.

use crate::representation::Representation;
use bytes::Bytes;
use http::HeaderValue;
use spindle_contracts::Timestamp;

/// The lifetime of an entry that no write invalidates.
const LIFETIME_SECONDS: i64 = 60;

/// Returns the entry of `representation`, which was loaded at `now` in `generation`, under `name`.
pub(super) fn write(name: &str, generation: &str, now: Timestamp, representation: &Representation) -> Vec<u8> {
    let Representation { etag, link, body } = representation;
    let expires = now.as_millis() + LIFETIME_SECONDS * 1000;
    let link = link.as_ref().and_then(|link| link.to_str().ok()).unwrap_or_default();
    let mut entry = format!("{name}\n{generation}\n{expires}\n{etag}\n{link}\n").into_bytes();
    entry.extend_from_slice(body);
    entry
}

/// Returns the representation in `entry` if that has this name and generation and has not expired at `now`.
pub(super) fn read(entry: &[u8], name: &str, generation: &str, now: Timestamp) -> Option<Representation> {
    let mut parts = entry.splitn(6, |byte| *byte == b'\n');
    let mut line = || str::from_utf8(parts.next()?).ok();
    let is_current = line()? == name && line()? == generation && now.as_millis() < line()?.parse().ok()?;
    let (etag, link) = (line()?.parse().ok()?, line()?);
    let link = if link.is_empty() { None } else { Some(HeaderValue::from_str(link).ok()?) };
    let body = Bytes::copy_from_slice(parts.next()?);
    is_current.then_some(Representation { etag, link, body })
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use crate::representation::Representation;
    use bytes::Bytes;
    use http::HeaderValue;
    use spindle_contracts::Timestamp;
    use spindle_platform::http::ETag;

    #[test]
    fn an_entry_is_read_until_it_expires_and_only_with_its_name_and_generation() {
        let now = Timestamp::from_millis(1_000);
        let at = |millis| Timestamp::from_millis(millis);
        for link in [None, Some(HeaderValue::from_static("<?cursor=x>; rel=\"next\""))] {
            let cached = Representation { etag: ETag::of_version(3), link, body: Bytes::from("{\n\"a\":1}\n") };
            let entry = write("product 1", "g", now, &cached);
            assert_eq!(read(&entry, "product 1", "g", at(60_999)).unwrap(), cached);
            assert_eq!(read(&entry, "product 1", "g", at(61_000)), None);
            assert_eq!(read(&entry, "product 2", "g", now), None);
            assert_eq!(read(&entry, "product 1", "h", now), None);
        }
    }

    #[test]
    fn a_malformed_entry_is_ignored() {
        for entry in ["", "n\ng\n99", "n\ng\nx\n\"v1\"\n\n{}", "n\ng\n99\nv1\n\n{}", "n\ng\n99\n\"v1\"\n"] {
            assert_eq!(read(entry.as_bytes(), "n", "g", Timestamp::from_millis(1)), None, "{entry:?}");
        }
    }
}
