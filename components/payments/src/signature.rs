//! Signatures of webhooks: `Spindle-Signature: t=<seconds since the Unix epoch>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`. Pure.

use crate::error::Error;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use spindle_contracts::Timestamp;

/// The secret variable with the key.
pub(crate) const SECRET: &str = "payment_webhook_secret";

/// The header with the signature.
pub(crate) const HEADER: &str = "spindle-signature";

/// The shortest secret that is accepted, in bytes.
const MIN_SECRET: usize = 32;

/// The largest difference between the signature's time and the time of receipt, in seconds. A duplicate within this time is recognised by
/// its id.
const TOLERANCE: u64 = 300;

/// Checks that `header` signs `body` under `secret`, at about the time `now`. There may be several `v1`, as while a secret is replaced: one
/// valid signature is enough. Unknown fields are ignored.
///
/// # Errors
///
/// [`Error::Signature`] if the signature is not valid, [`Error::WeakSecret`] if the secret is too short.
pub(crate) fn check(secret: &str, header: &str, body: &[u8], now: Timestamp) -> Result<(), Error> {
    if secret.len() < MIN_SECRET {
        return Err(Error::WeakSecret(MIN_SECRET));
    }
    let field = |name: &'static str| {
        let fields = header.split(',').filter_map(|field| field.trim().split_once('='));
        fields.filter(move |(key, _)| *key == name).map(|(_, value)| value)
    };
    let mut times = field("t");
    let time = times.next().filter(|_| times.next().is_none());
    let time =
        time.ok_or(Error::Signature("The header Spindle-Signature must have the form t=<seconds>,v1=<hexadecimal>."))?;
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    let mac = mac.chain_update(time).chain_update(".").chain_update(body);
    // Compared in constant time.
    let mut signatures = field("v1").filter_map(|digits| base16ct::mixed::decode_vec(digits).ok());
    let is_signed = signatures.any(|signature| mac.clone().verify_slice(&signature).is_ok());
    if !is_signed {
        return Err(Error::Signature("The header Spindle-Signature does not sign this body."));
    }
    match time.parse::<i64>() {
        Ok(seconds) if seconds.abs_diff(now.as_secs()) <= TOLERANCE => Ok(()),
        _ => Err(Error::Signature(
            "The time t in the header Spindle-Signature must be within 300 seconds of the time of receipt.",
        )),
    }
}

/// Returns the header that a provider sends for `body`.
#[cfg(test)]
pub(crate) fn sign(secret: &str, seconds: i64, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(format!("{seconds}.")).chain_update(body).finalize().into_bytes();
    format!("t={seconds},v1={}", base16ct::lower::encode_string(&mac))
}

#[cfg(test)]
mod tests {
    use super::{check, sign};
    use spindle_contracts::Timestamp;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const NOW: i64 = 1_700_000_000;

    fn checked(header: &str, body: &str, seconds: i64) -> Result<(), String> {
        let now = Timestamp::from_millis(seconds * 1_000);
        check(KEY, header, body.as_bytes(), now).map_err(|error| error.to_string())
    }

    #[test]
    fn the_signature_is_the_documented_one() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        let known = "t=1700000000,v1=417adf36b901772f658597a76d329694e335e65fc0849d7715c3ca33406309b5";
        assert_eq!((sign(KEY, NOW, b"{}").as_str(), checked(known, "{}", NOW)), (known, Ok(())));
    }

    #[test]
    fn a_signature_is_valid_for_one_body_one_secret_and_five_minutes() {
        let good = sign(KEY, NOW, b"{}");
        for seconds in [NOW - 300, NOW, NOW + 300] {
            assert_eq!(checked(&good, "{}", seconds), Ok(()));
        }
        let other = sign("another secret that is 32 bytes long", NOW, b"{}");
        let (_, signature) = good.split_once(',').unwrap();
        for (header, body, seconds) in [
            (good.as_str(), "{}", NOW - 301),
            (&good, "{}", NOW + 301),
            (&good, "{} ", NOW),
            (&other, "{}", NOW),
            (signature, "{}", NOW),
            (&format!("t={},{signature}", NOW + 1), "{}", NOW),
            (&format!("t={NOW},{good}"), "{}", NOW),
            (&format!("t={NOW}"), "{}", NOW),
            (&format!("t={NOW},v1="), "{}", NOW),
            (&format!("{good}0"), "{}", NOW),
            (&good[..good.len() - 2], "{}", NOW),
            ("", "{}", NOW),
        ] {
            assert!(checked(header, body, seconds).is_err(), "{header} for {body} at {seconds}");
        }
        let not_a_time = sign(KEY, NOW, b"{}").replace("t=1", "t=x1");
        assert!(checked(&not_a_time, "{}", NOW).is_err());
    }

    #[test]
    fn one_valid_signature_of_several_is_enough() {
        let (old, new) = (sign("another secret that is 32 bytes long", NOW, b"{}"), sign(KEY, NOW, b"{}"));
        let (_, new) = new.split_once(',').unwrap();
        assert_eq!(checked(&format!("{old},{new},v2=later"), "{}", NOW), Ok(()));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let header = sign("short", NOW, b"{}");
        let error = check("short", &header, b"{}", Timestamp::from_millis(NOW * 1_000)).unwrap_err();
        assert_eq!(error.to_string(), "the variable payment_webhook_secret has fewer than 32 bytes");
    }
}
