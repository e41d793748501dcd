//! The forgeries: each is a valid token with one change.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use spindle_tests::jwt::{Jwt, decode, encode, service_claims, service_token, thumbprint};
use spindle_tests::{Account, Response};

/// The order of the Ed25519 group, least significant byte first (RFC 8032, section 5.1).
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The change that makes the forgery, and the `Authorization` that carries it.
type Forgery = (String, String);

/// The tokens and keys that forgeries are made from.
struct Material<'a> {
    /// A token of an admin.
    admin: Jwt,
    /// The text of that token.
    valid: &'a str,
    /// A token of a customer.
    customer: Jwt,
    other: &'a str,
    /// A key that is not in the key set.
    attacker: SigningKey,
    /// The response with the key set.
    jwks: &'a Response,
}

/// Returns every forgery.
pub(super) fn all(admin: &Account, customer: &Account, jwks: &Response) -> Vec<Forgery> {
    let material = Material {
        admin: Jwt::parse(&admin.access_token),
        valid: &admin.access_token,
        customer: Jwt::parse(&customer.access_token),
        other: &customer.access_token,
        attacker: SigningKey::from_bytes(&[0x66; 32]),
        jwks,
    };
    let mut tokens = Vec::new();
    unsigned(&material, &mut tokens);
    signed_with_the_public_key(&material, &mut tokens);
    headers(&material, &mut tokens);
    embedded_keys(&material, &mut tokens);
    claims(&material, &mut tokens);
    signatures(&material, &mut tokens);
    spellings(&material, &mut tokens);
    tokens.push(("a refresh token".into(), admin.refresh_token.clone()));
    tokens.push(("a service token under a guessed secret".into(), guessed_service_token("secret")));
    tokens.push(("a service token under no secret".into(), guessed_service_token("")));
    let bearer = |(forgery, token)| (forgery, format!("Bearer {token}"));
    tokens.into_iter().map(bearer).chain(schemes(&material)).collect()
}

/// Adds tokens with `alg: none` in every spelling, with a signature and without (RFC 8725, section 2.1).
fn unsigned(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    for name in ["none", "None", "NONE", "nOnE", "none ", " none", ""] {
        let token = material.admin.clone().with_header("alg", json!(name));
        tokens.push((format!("alg {name:?}, the old signature"), token.text()));
        tokens.push((format!("alg {name:?}, an empty signature"), token.clone().with_signature(&[]).text()));
        tokens.push((format!("alg {name:?}, no signature"), token.message()));
    }
}

/// Adds tokens with an HMAC under the public key, which every client has (RFC 8725, section 2.1).
fn signed_with_the_public_key(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    let set = material.jwks.json();
    let jwk =
        set["keys"].as_array().and_then(|keys| keys.iter().find(|key| key["kid"] == material.admin.header["kid"]));
    let jwk = jwk.expect("the key of a good token is in the key set");
    let x = jwk["x"].as_str().expect("a public key");
    // SubjectPublicKeyInfo (RFC 8410): a fixed head and the key.
    let der = [&decode("MCowBQYDK2VwAyEA")[..], &decode(x)].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
    let secrets: [(&str, Vec<u8>); 6] = [
        ("raw", decode(x)),
        ("in base64url", x.into()),
        ("in DER", der),
        ("in PEM", pem.into()),
        ("as a JWK", jwk.to_string().into()),
        ("as the whole set", material.jwks.body.clone()),
    ];
    for (form, secret) in secrets {
        for algorithm in ["HS256", "HS384", "HS512"] {
            let token = material.admin.clone().signed_with_secret(algorithm, &secret);
            tokens.push((format!("{algorithm} with the public key {form}"), token.text()));
        }
    }
    tokens.push(("HS256 with an empty secret".into(), material.admin.clone().signed_with_secret("HS256", b"").text()));
}

/// Adds tokens with other headers than auth issues, under the old signature and under the attacker's.
fn headers(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    let long = "k".repeat(1200);
    let mut changes: Vec<(&str, Value)> = Vec::new();
    for name in ["RS256", "RS512", "PS256", "ES256", "ES256K", "ES512", "Ed448", "eddsa", "EDDSA", "HS256", "dir"] {
        changes.push(("alg", json!(name)));
    }
    changes.extend([("alg", json!(["EdDSA"])), ("alg", json!(0)), ("alg", Value::Null)]);
    for name in ["JWT", "jwt", "AT+JWT", "application/at+jwt", "id+jwt", "rt+jwt", "spindle-service+jwt", ""] {
        changes.push(("typ", json!(name)));
    }
    changes.extend([("typ", json!(["at+jwt"])), ("typ", Value::Null)]);
    for name in ["", "unknown", "jwks", "*", "../../../../dev/null", "/proc/self/environ", "' OR '1'='1' --", &long] {
        changes.push(("kid", json!(name)));
    }
    changes.extend([("kid", Value::Null), ("kid", json!(["a"])), ("kid", json!({"$ne": ""})), ("kid", json!(0))]);
    changes.extend([
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("x", json!("unknown members")),
    ]);
    for (member, value) in changes {
        let token = material.admin.clone().with_header(member, value.clone());
        let value: String = value.to_string().chars().take(40).collect();
        tokens.push((format!("{member} {value}, the old signature"), token.text()));
        tokens.push((format!("{member} {value}, another signature"), token.signed(&material.attacker).text()));
    }
}

/// Adds tokens that carry a key, with a signature that this key verifies.
fn embedded_keys(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    let kid = thumbprint(&material.attacker);
    let x = encode(material.attacker.verifying_key().as_bytes());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": "EdDSA"});
    let carriers = [
        ("jwk", jwk),
        ("jku", json!("https://attacker.example/jwks.json")),
        ("jku", json!("http://auth.spin.internal/.well-known/jwks.json")),
        ("jku", json!("data:application/json,{}")),
        ("x5u", json!("https://attacker.example/certificate.pem")),
        ("x5c", json!([STANDARD.encode([0x30; 64])])),
        ("x5t", json!(encode([1; 20]))),
        ("x5t#S256", json!(encode([1; 32]))),
    ];
    for (member, value) in carriers {
        let token = material.admin.clone().with_header(member, value.clone());
        let named = token.clone().with_header("kid", json!(kid));
        tokens.push((format!("{member} {value} under our key's name"), token.signed(&material.attacker).text()));
        tokens.push((format!("{member} {value} under its own name"), named.signed(&material.attacker).text()));
    }
    let token = material.admin.clone();
    tokens.push(("another key under our key's name".into(), token.clone().signed(&material.attacker).text()));
    let named = token.with_header("kid", json!(kid)).signed(&material.attacker);
    tokens.push(("another key under its own name".into(), named.text()));
}

/// Adds tokens with other claims, under the old signature and under the attacker's.
fn claims(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    let (customer, admin) = (&material.customer, &material.admin.claims);
    let far = json!(4_102_444_800_i64);
    let changes = [
        ("sub", admin["sub"].clone()),
        ("roles", json!(["admin"])),
        ("roles", json!(["customer", "admin"])),
        ("roles", json!([])),
        ("exp", far.clone()),
        ("exp", json!(1)),
        ("exp", Value::Null),
        ("iat", json!(1)),
        ("iat", far.clone()),
        ("auth_time", far.clone()),
        ("nbf", far),
        ("iss", json!("https://attacker.example")),
        ("aud", json!("everyone")),
        ("aud", json!(["spindle", "everyone"])),
        ("sid", admin["sid"].clone()),
        ("jti", admin["jti"].clone()),
        ("client_id", json!("another")),
        ("admin", json!(true)),
    ];
    for (claim, value) in changes {
        let token = customer.clone().with_claim(claim, value.clone());
        tokens.push((format!("{claim} {value}, the old signature"), token.text()));
        tokens.push((format!("{claim} {value}, another signature"), token.signed(&material.attacker).text()));
    }
}

/// Adds tokens with the same header and claims, and other signatures.
fn signatures(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    let (message, _) = material.valid.rsplit_once('.').expect("a token has a signature");
    let good = &material.admin.signature;
    let with = |signature: &[u8]| format!("{message}.{}", encode(signature));
    let mut identity = [0; 64];
    identity[0] = 1;
    let mut small_order = [0; 64];
    small_order[..32].copy_from_slice(&decode("xxdqcD1N2E-6PAtPDRBnDyogU_osOczGTsf9d5KsA3o"));
    let flipped: Vec<u8> = good.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 63)).collect();
    let swapped = [&good[32..], &good[..32]].concat();
    for (name, signature) in [
        ("S + L", plus_order(good).to_vec()),
        ("S + 2 L", plus_order(&plus_order(good)).to_vec()),
        ("all zero", vec![0; 64]),
        ("all ones", vec![0xff; 64]),
        ("the identity and zero", identity.to_vec()),
        ("a point of small order and zero", small_order.to_vec()),
        ("one bit flipped", flipped),
        ("R and S swapped", swapped),
        ("one byte less", good[..63].to_vec()),
        ("one byte more", [&good[..], &[0]].concat()),
        ("twice", [&good[..], good].concat()),
        ("R alone", good[..32].to_vec()),
        ("none", Vec::new()),
        ("that of another token", material.customer.signature.clone()),
    ] {
        tokens.push((format!("the signature is {name}"), with(&signature)));
    }
}

/// Adds changes of the token's text that ignore its structure.
fn spellings(material: &Material<'_>, tokens: &mut Vec<Forgery>) {
    let (valid, other) = (material.valid, material.other);
    let [head, claims, signature] = parts(valid);
    let [other_head, other_claims, other_signature] = parts(other);
    let last = signature.chars().last().expect("a signature");
    let loose = char::from(b"BCDFGHJKLMNO"[usize::from(last == 'B')]);
    let mut texts = vec![
        ("an empty token", String::new()),
        ("a single dot", ".".into()),
        ("two dots", "..".into()),
        ("three dots", "...".into()),
        ("only a head", head.into()),
        ("head and claims", format!("{head}.{claims}")),
        ("claims and signature", format!("{claims}.{signature}")),
        ("no head", format!(".{claims}.{signature}")),
        ("no claims", format!("{head}..{signature}")),
        ("parts in another order", format!("{claims}.{head}.{signature}")),
        ("the claims of another token", format!("{head}.{other_claims}.{signature}")),
        ("claims and signature of two tokens", format!("{head}.{claims}.{other_signature}")),
        ("the head of another token and its claims", format!("{other_head}.{other_claims}.{signature}")),
        ("four parts", format!("{valid}.{signature}")),
        ("five parts", format!("{head}.{claims}.{signature}.{claims}.{signature}")),
        ("a dot at the end", format!("{valid}.")),
        ("a dot at the beginning", format!(".{valid}")),
        ("two tokens", format!("{valid}{other}")),
        ("two tokens and a comma", format!("{valid}, {other}")),
        ("two tokens and a space", format!("{valid} {other}")),
        ("a letter more", format!("{valid}A")),
        ("four letters more", format!("{valid}AAAA")),
        ("a letter less", valid[..valid.len() - 1].into()),
        ("half", valid[..valid.len() / 2].into()),
        ("the last letter's spare bits set", format!("{}{loose}", &valid[..valid.len() - 1])),
        ("padding", format!("{valid}==")),
        ("padding within", format!("{head}=.{claims}=.{signature}=")),
        ("the other alphabet", format!("{head}.{claims}.+/{}", &signature[2..])),
        ("padded base64url", format!("{}.{claims}.{signature}", URL_SAFE.encode(b"{\"alg\":\"EdDSA\"} "))),
        ("a space within", format!("{head}. {claims}.{signature}")),
        ("a space before", format!(" {valid}")),
        ("a tab within", format!("{head}.{claims}\t.{signature}")),
        ("quotes", format!("\"{valid}\"")),
        ("upper case", valid.to_uppercase()),
        ("percent signs", valid.replace('.', "%2e")),
        ("a parameter", format!("{valid};a=b")),
        ("JSON serialisation", format!(r#"{{"payload":"{claims}","protected":"{head}","signature":"{signature}"}}"#)),
        ("too long to look at", format!("{valid}{}", "A".repeat(5000))),
        ("claims that are no JSON", format!("{head}.{}.{signature}", encode("admin"))),
        ("claims that are null", format!("{head}.{}.{signature}", encode("null"))),
        ("a head that is a list", format!("{}.{claims}.{signature}", encode("[]"))),
        ("a head with a member twice", doubled_algorithm(material)),
    ];
    for length in [1, 10, 40, 100, 200, 300, 400] {
        texts.push(("cut off", valid[..length.min(valid.len() - 2)].into()));
    }
    tokens.extend(texts.into_iter().map(|(name, text)| (name.to_owned(), text)));
}

/// Returns `Authorization` headers with another scheme than Bearer, or none.
fn schemes(material: &Material<'_>) -> impl Iterator<Item = Forgery> {
    let valid = material.valid;
    let authorizations = [
        valid.to_owned(),
        "Bearer".to_owned(),
        format!("Bearer{valid}"),
        format!("Bearer:{valid}"),
        format!("Bearer\t{valid}"),
        format!("Bearer=\"{valid}\""),
        format!("Bearer Bearer {valid}"),
        format!("Basic {valid}"),
        format!("Basic {}", STANDARD.encode("admin@example.com:the password")),
        format!("DPoP {valid}"),
        format!("Token {valid}"),
        format!("JWT {valid}"),
        format!("Digest token={valid}"),
    ];
    authorizations.into_iter().map(|text| ("another scheme".to_owned(), text))
}

fn guessed_service_token(secret: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is past 1970").as_secs();
    service_token(secret, service_claims("gateway", "users", "GET /v1/users/me", now.cast_signed()))
}

/// Returns a token whose header has `alg` twice: `none` for a parser that reads the last one.
fn doubled_algorithm(material: &Material<'_>) -> String {
    let head = format!(r#"{{"alg":"EdDSA","typ":"at+jwt","kid":{},"alg":"none"}}"#, material.admin.header["kid"]);
    let [_, claims, signature] = parts(material.valid);
    format!("{}.{claims}.{signature}", encode(head))
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().expect("a token has three parts")
}

/// Adds the group's order to S of the signature: a verifier that does not check the range accepts both (RFC 8032, section 8.4).
fn plus_order(signature: &[u8]) -> [u8; 64] {
    let mut sum: [u8; 64] = signature.try_into().expect("64 bytes");
    let mut carry = 0;
    for (byte, addend) in sum[32..].iter_mut().zip(L) {
        let total = u16::from(*byte) + u16::from(addend) + carry;
        *byte = (total & 0xff) as u8;
        carry = total >> 8;
    }
    sum
}
