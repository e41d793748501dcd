//! Mozilla's list of certificate authorities, as the file that Spin reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The length of a line of base64 (RFC 7468).
const LINE: usize = 64;

/// Returns the certificates in PEM, one after the other.
pub fn authorities() -> String {
    let mut text = String::new();
    for certificate in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        let mut rest = STANDARD.encode(certificate);
        while !rest.is_empty() {
            let line: String = rest.drain(..rest.len().min(LINE)).collect();
            text.push_str(&line);
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text
}
