//! Test vectors of signatures: Wycheproof's, which implementations have verified wrongly, and the example of RFC 8037.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use jwt_compact::alg::Ed25519;
use jwt_compact::{Algorithm as _, AlgorithmSignature as _};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    number_of_tests: usize,
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    public_key: PublicKey,
    tests: Vec<Vector>,
}

#[derive(Deserialize)]
struct PublicKey {
    pk: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    tc_id: u32,
    comment: String,
    msg: String,
    sig: String,
    result: String,
}

fn bytes(hex: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(hex).unwrap()
}

/// Verifies a signature in the steps of a token's verification: its bytes are parsed, then verified.
fn is_valid(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    <Ed25519 as jwt_compact::Algorithm>::Signature::try_from_slice(signature)
        .is_ok_and(|signature| Ed25519.verify_signature(&signature, key, message))
}

#[test]
fn wycheproof_agrees_on_every_signature() {
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/ed25519_test.json")).unwrap();
    let mut checked = 0;
    for group in &vectors.test_groups {
        let key: [u8; 32] = bytes(&group.public_key.pk).try_into().unwrap();
        let key = VerifyingKey::from_bytes(&key).unwrap();
        for Vector { tc_id, comment, msg, sig, result } in &group.tests {
            let valid = is_valid(&key, &bytes(msg), &bytes(sig));
            assert_eq!(valid, result == "valid", "{tc_id}: {comment}");
            checked += 1;
        }
    }
    assert_eq!(checked, vectors.number_of_tests);
}

#[test]
fn the_signature_of_rfc_8037_is_valid() {
    let (key, message, signature) = (
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );
    let key = URL_SAFE_NO_PAD.decode(key).unwrap().try_into().unwrap();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert!(is_valid(&key, message.as_bytes(), &signature));
    assert!(!is_valid(&key, b"something else", &signature));
}
