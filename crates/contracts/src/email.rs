//! The equality of e-mail addresses: users tells accounts apart by it, and auth the addresses of failed log-ins. Pure.
//!
//! Addresses are shown as their owners wrote them, and compared by their [`key`]. `Ada@Bücher.example` and `ada@xn--bcher-kva.example` are one mailbox,
//! since mail finds a domain by its ASCII form; so are two spellings of an accent that Unicode calls canonically equivalent.

use crate::text::{self, nfc};
use email_address::{EmailAddress, Options};
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use std::borrow::Cow;

/// The longest address in bytes that mail can be sent to (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const MAX_BYTES: usize = 254;

/// Returns the key of `address`: two addresses with the same key are the same address.
///
/// The local part is in small letters and in NFC. Strictly its case belongs to the server that receives the mail (RFC 5321, section 2.4), but none that
/// people use distinguishes `Ada` and `ada`. The domain is in its ASCII form. A text that is no address, or whose domain has no ASCII form, is in small
/// letters: that was the key of every address once, and some of that time may still be stored.
#[must_use]
pub fn key(address: &str) -> String {
    let parts = if address.len() > MAX_BYTES { None } else { address.rsplit_once('@') };
    match parts.and_then(|(local, domain)| Some((local, ascii_domain(domain)?))) {
        Some((local, domain)) => format!("{}@{domain}", nfc(&nfc(local).to_lowercase())),
        None => address.to_lowercase(),
    }
}

/// Checks that `text` is an address that mail from outside can reach.
///
/// # Errors
///
/// The requirement, which completes "The field ...".
pub fn check(text: &str) -> Result<(), Cow<'static, str>> {
    if !is_address(text) {
        return Err("is not an e-mail address".into());
    }
    if !has_valid_domain(text) {
        return Err("has a domain that is not valid by IDNA (UTS 46), so that no mail can find it".into());
    }
    Ok(())
}

/// Returns whether `text` has the form of an address, in readable text and with a domain of at least two labels: mail from outside reaches no other. An
/// accent may be typed behind its letter, which the grammar does not know.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    text::line(text, MAX_BYTES).is_ok()
        && text.len() <= MAX_BYTES
        && EmailAddress::parse_with_options(&nfc(text), options).is_ok()
}

/// Returns whether mail can find the domain of `address`: it has an ASCII form.
#[must_use]
pub fn has_valid_domain(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| ascii_domain(domain).is_some())
}

/// Returns the ASCII form of `domain` by UTS 46 without transitional processing, as browsers and mail servers make it: `ß` is a letter of its own.
///
/// Letters, digits and hyphens are all that a host has (STD 3). Hyphens in third and fourth place are not refused: hosts have them.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii =
        Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
    ascii.ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, has_valid_domain, is_address, key};

    #[test]
    fn spellings_of_one_address_have_one_key() {
        for (spellings, expected) in [
            (&["ada@example.com", "Ada@EXAMPLE.com"][..], "ada@example.com"),
            (
                &[
                    "x@bücher.example",
                    "x@xn--bcher-kva.example",
                    "X@XN--BCHER-KVA.EXAMPLE",
                    "x@BÜCHER.example",
                    "x@bu\u{308}cher.example",
                    "x@bücher。example",
                    "x@ｂücher.example",
                ],
                "x@xn--bcher-kva.example",
            ),
            (
                &["rené@example.com", "rene\u{301}@example.com", "RENÉ@example.com", "RENE\u{301}@example.com"],
                "rené@example.com",
            ),
            // The letter é, and the kelvin sign, which is a K.
            (&["\u{212a}@example.com", "K@example.com", "k@example.com"], "k@example.com"),
            (&["a@r3---sn.example"], "a@r3---sn.example"),
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), expected, "{spelling}");
                assert!(has_valid_domain(spelling), "{spelling}");
                assert_eq!(key(&key(spelling)), expected, "{spelling}");
            }
        }
    }

    #[test]
    fn an_address_can_be_reached_from_outside() {
        for text in [
            "ada@example.com",
            "Ada.Lovelace+shop@sub.example.co.uk",
            "jürgen@müller.example",
            "ju\u{308}rgen@mu\u{308}ller.example",
        ] {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@[127.0.0.1]",
            "Ada <ada@example.com>",
            "a b@c.de",
            "ada\u{202e}@example.com",
            "ada@exam\u{200b}ple.com",
            &format!("{}@example.com", "a".repeat(250)),
        ] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn other_addresses_have_other_keys() {
        for (one, other) in [
            ("x@straße.example", "x@strasse.example"),
            ("x@bucher.example", "x@bücher.example"),
            ("rene@example.com", "rené@example.com"),
            // Compatibility forms differ in the local part: a server may tell them apart.
            ("ａda@example.com", "ada@example.com"),
        ] {
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn a_domain_without_an_ascii_form_is_invalid_and_compares_without_case() {
        let long = format!("x@{}.example", "ü".repeat(60));
        for address in [
            "X@xn--a.example",
            "X@under_score.example",
            "X@-hyphen.example",
            "X@a..example",
            // From right to left and back.
            "X@\u{5d0}1a.example",
            "X@a\u{338}=b.example",
            "X@example.com.",
            "X@",
            "X",
            "",
            &long,
        ] {
            assert!(!has_valid_domain(address), "{address}");
            assert_eq!(key(address), address.to_lowercase(), "{address}");
        }
    }

    #[test]
    fn a_text_longer_than_any_address_is_not_converted() {
        let long = format!("{}@bücher.example", "A".repeat(MAX_BYTES));
        assert_eq!(key(&long), long.to_lowercase());
    }
}
