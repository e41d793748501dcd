//! Check 17's canaries: known secrets, which must not appear in the output of the host at the log level debug, nor in the files that it
//! writes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spindle_tests::accounts::{Account, try_log_in};
use spindle_tests::jwt::{Jwt, decode};
use spindle_tests::libsql::token;
use spindle_tests::orders::{self, Order};
use spindle_tests::products::create_product;
use spindle_tests::tick::tick;
use spindle_tests::{Instance, Response, compromised_key};
use xtask::store::Store;

const SERVICE_SECRET: &str = "canary of the secret of the services";
const KEY_SECRET: &str = "canary of the secret of the signing keys";
const AUDIT_SECRET: &str = "canary of the secret of the audit logs";
const WEBHOOK_SECRET: &str = "canary of the secret of the webhooks";
const PROVIDER_SECRET: &str = "canary of the secret of the adapters";
const ADMIN_PASSWORD: &str = "canary of the first admin's password";
const FIRST_PASSWORD: &str = "canary of the password one registers with";
const SECOND_PASSWORD: &str = "canary of the password that comes after it";
const WRONG_PASSWORD: &str = "canary of a password that is wrong";
const WEAK_PASSWORD: &str = "canary weak";
/// A password that a client sent as a number.
const NUMBER: u64 = 8_675_309_867_530_986_753;
/// A guessed refresh token.
const GUESS: &str = "canary-of-a-guessed-refresh-token";
const IN_A_QUERY: &str = "canary-in-a-query";
const IN_A_HEADER: &str = "canary-in-a-header";
const IN_A_BODY: &str = "canary-in-a-body-that-is-no-json";
const AN_EMAIL: &str = "canary-of-an-address@example.com";
const A_NAME: &str = "Canary of a Name";
const A_PHONE: &str = "+4930555555555";
const A_RECIPIENT: &str = "Canary of a Recipient";
/// Stored by orders and payments until the payment is decided, never printed.
const A_PAYMENT_TOKEN: &str = "canary_of_a_payment_token";

/// Values that must not be printed or stored in clear.
#[derive(Default)]
struct Canaries {
    /// Secrets: nowhere.
    secrets: Vec<(String, Vec<u8>)>,
    /// Personal data: stored by the services that own it, never printed.
    personal: Vec<&'static str>,
}

impl Canaries {
    fn new() -> Self {
        let constants = [
            SERVICE_SECRET,
            KEY_SECRET,
            AUDIT_SECRET,
            WEBHOOK_SECRET,
            PROVIDER_SECRET,
            ADMIN_PASSWORD,
            FIRST_PASSWORD,
            SECOND_PASSWORD,
            WRONG_PASSWORD,
            WEAK_PASSWORD,
            GUESS,
            IN_A_QUERY,
            IN_A_HEADER,
            IN_A_BODY,
        ];
        let secrets = constants.map(|text| (text.to_owned(), text.as_bytes().to_vec())).to_vec();
        let mut canaries = Self { secrets, personal: vec![AN_EMAIL, A_NAME, A_PHONE, A_RECIPIENT, A_PAYMENT_TOKEN] };
        canaries.add("the number", NUMBER.to_string().as_bytes());
        // The beginning of any token of ours: `{"`.
        canaries.add("a token", b"eyJ");
        canaries
    }

    fn add(&mut self, name: &str, bytes: &[u8]) {
        self.secrets.push((name.to_owned(), bytes.to_vec()));
    }

    /// Adds the tokens of a response: as text, and their decoded bytes.
    fn add_tokens(&mut self, response: &Response) -> Value {
        let body = response.json();
        let token = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("{name} is missing: {body}")).to_owned();
        let (access, refresh) = (token("access_token"), token("refresh_token"));
        self.add("an access token", access.as_bytes());
        self.add("the signature of an access token", &Jwt::parse(&access).signature);
        self.add("a refresh token", refresh.as_bytes());
        self.add("the bytes of a refresh token", &decode(&refresh));
        body
    }

    #[track_caller]
    fn expect_none_in(&self, bytes: &[u8], place: &str) {
        for (name, secret) in &self.secrets {
            assert!(!contains(bytes, secret), "{place} holds {name}");
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    // Most bytes are not the first one of the part.
    let first = part[0];
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(part) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Returns all files below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Sends every request that has to do with a secret, with valid values.
fn succeed(instance: &Instance, canaries: &mut Canaries) -> Account {
    let client = instance.client();
    let admin = try_log_in(&client, &spindle_tests::instance::admin().email, ADMIN_PASSWORD).expect_status(200);
    let admin = canaries.add_tokens(&admin)["access_token"].as_str().expect("a token").to_owned();
    let register = json!({"email": AN_EMAIL, "password": FIRST_PASSWORD, "display_name": A_NAME});
    client.post("/v1/auth/register", &register).expect_status(201);
    let login = try_log_in(&client, AN_EMAIL, FIRST_PASSWORD).expect_status(200);
    let first = canaries.add_tokens(&login)["refresh_token"].clone();
    let refreshed = client.post("/v1/auth/refresh", &json!({"refresh_token": first})).expect_status(200);
    let tokens = canaries.add_tokens(&refreshed);
    // Its successor once more.
    canaries.add_tokens(&client.post("/v1/auth/refresh", &json!({"refresh_token": first})).expect_status(200));

    let user = client.as_user(tokens["access_token"].as_str().expect("a token"));
    let change = json!({"current": FIRST_PASSWORD, "new": SECOND_PASSWORD});
    user.post("/v1/auth/password", &change).expect_status(204);
    user.get("/v1/auth/sessions").expect_status(200);
    let etag = user.get("/v1/users/me").expect_status(200).etag();
    user.patch("/v1/users/me", &etag, &json!({"phone": A_PHONE})).expect_status(200);
    let admin = client.as_user(&admin);
    let invited = admin.post("/v1/users", &json!({"email": "canary@example.net"})).expect_status(201).json();
    let invitation = invited["invitation"]["token"].as_str().expect("a token").to_owned();
    canaries.add("an invitation", invitation.as_bytes());
    canaries.add("the bytes of an invitation", &decode(&invitation));
    let accept = json!({"token": invitation, "password": FIRST_PASSWORD});
    client.post("/v1/auth/invitations/accept", &accept).expect_status(200);
    admin.get(&format!("/v1/users?email={AN_EMAIL}")).expect_status(200);
    admin.post("/v1/admin/auth/keys/rotate", &json!({})).expect_status(200);
    admin.get("/v1/admin/audit?limit=100").expect_status(200);
    admin.get("/v1/admin/audit/verify").expect_status(200);

    let product = create_product(&admin, &json!({"stock": {"on_hand": 1}}));
    let mut order = orders::order_body(&[(&product.id, 1)], A_PAYMENT_TOKEN);
    order["shipping_address"]["name"] = json!(A_RECIPIENT);
    let placed = orders::try_place_order(&user, &orders::unique_key(), &order).expect_status(201);
    tick(&client, SERVICE_SECRET);
    orders::cancel(&user, &Order::from_response(&placed).path).expect_status(200);

    let again = try_log_in(&client, AN_EMAIL, SECOND_PASSWORD).expect_status(200);
    canaries.add_tokens(&again);
    let account = Account::log_in(&client, AN_EMAIL, SECOND_PASSWORD);
    canaries.add("a refresh token", account.refresh_token.as_bytes());
    account
}

/// Sends the same requests with values that are refused.
fn fail(instance: &Instance, account: &Account) {
    let client = instance.client();
    let post = |path: &str, body: Value| client.post(path, &body);
    for password in [json!(WEAK_PASSWORD), json!(NUMBER), json!([WRONG_PASSWORD]), json!({WRONG_PASSWORD: 1})] {
        let body = json!({"email": "canary@example.org", "password": password});
        assert_eq!(post("/v1/auth/register", body.clone()).status, 422);
        let login = post("/v1/auth/login", body);
        assert!(matches!(login.status, 401 | 422), "{}", login.text());
        let change = account.client.post("/v1/auth/password", &json!({"current": password, "new": password}));
        assert_eq!(change.status, 422);
    }
    let taken = json!({"email": AN_EMAIL, "password": WRONG_PASSWORD});
    assert_eq!(post("/v1/auth/register", taken).status, 409);
    assert_eq!(post("/v1/auth/register", json!({"email": "no address", "password": WRONG_PASSWORD})).status, 422);
    for token in [json!(GUESS), json!([GUESS]), json!(NUMBER)] {
        assert!(matches!(post("/v1/auth/refresh", json!({"refresh_token": token})).status, 401 | 422));
        assert!(matches!(post("/v1/auth/logout", json!({"refresh_token": token})).status, 204 | 422));
    }
    let json = [("content-type", "application/json")];
    for path in ["/v1/auth/register", "/v1/auth/login", "/v1/auth/refresh", "/v1/auth/logout"] {
        let broken = format!("{{\"password\":\"{IN_A_BODY}");
        let status = client.send("POST", path, &json, Some(broken.as_bytes())).status;
        assert!(matches!(status, 400 | 422), "{path}: {status}");
        let unknown =
            post(path, json!({"email": "x", "password": WRONG_PASSWORD, "refresh_token": GUESS, IN_A_BODY: 1}));
        assert_eq!(unknown.status, 422);
        client.send("GET", &format!("{path}?password={IN_A_QUERY}"), &[], None);
        client.send("POST", &format!("{path}?password={IN_A_QUERY}"), &json, Some(b"{}"));
    }
    let headers = ["authorization", "cookie", "x-api-key", "proxy-authorization"];
    for authorization in [format!("Bearer {IN_A_HEADER}"), format!("Basic {IN_A_HEADER}")] {
        for path in ["/v1/users/me", "/v1/auth/sessions", "/v1/admin/audit", "/internal/users/ready"] {
            client.send("GET", path, &headers.map(|name| (name, authorization.as_str())), None);
        }
    }
    for _ in 0..6 {
        let status = try_log_in(&client, AN_EMAIL, WRONG_PASSWORD).status;
        assert!(matches!(status, 401 | 429), "{status}");
    }
    // A token with one changed letter is nearly as secret as the valid one.
    let forged = format!("{}A", &account.access_token[..account.access_token.len() - 1]);
    for path in ["/v1/users/me", "/v1/auth/sessions", "/v1/admin/audit"] {
        client.as_user(&forged).get(path);
    }
}

#[test]
fn no_secret_is_printed_or_stored_in_clear() {
    let state = tempfile::tempdir().expect("a temp folder");
    let variables = [
        ("log_level", "debug"),
        ("service_token_secret", SERVICE_SECRET),
        ("auth_key_secret", KEY_SECRET),
        ("audit_secret", AUDIT_SECRET),
        ("payment_webhook_secret", WEBHOOK_SECRET),
        ("provider_token_secret", PROVIDER_SECRET),
        ("bootstrap_admin_password", ADMIN_PASSWORD),
    ];
    let instance = Instance::with(state.path(), &variables);
    let mut canaries = Canaries::new();
    let account = succeed(&instance, &mut canaries);
    // Another session to log out of: one that has ended deletes nothing. The failures below lock the account.
    let ended = account.log_in_again();
    canaries.add("a refresh token", ended.refresh_token.as_bytes());
    // The private key, which was generated by the rotation.
    let key = compromised_key::signing_key(state.path(), KEY_SECRET);
    canaries.add("the private key", key.as_bytes());
    fail(&instance, &account);
    instance.client().post("/v1/auth/logout", &json!({"refresh_token": ended.refresh_token})).expect_status(204);
    let etag = account.client.get("/v1/users/me").expect_status(200).etag();
    let kept = files(state.path());
    look_into(&kept, &canaries);
    account.client.delete("/v1/users/me", &etag).expect_status(204);

    let log = instance.log();
    assert!(log.contains("invalid-credentials") || log.contains("/v1/auth/login"), "the log is there: {log}");
    canaries.expect_none_in(log.as_bytes(), "the log");
    spindle_tests::log::check(&log);
    for personal in &canaries.personal {
        assert!(!log.contains(personal), "the log holds {personal}");
    }
    instance.kill();
    look_into(&files(state.path()), &canaries);
}

/// Searches files for canaries: databases, their journals, and all others.
fn look_into(files: &[PathBuf], canaries: &Canaries) {
    let mut databases = 0;
    for file in files {
        // The configuration of the host holds its secrets.
        let name = file.file_name().expect("a name").to_string_lossy();
        let Ok(bytes) = fs::read(file) else { continue };
        if name == ".env" {
            assert!(contains(&bytes, SERVICE_SECRET.as_bytes()), "the search finds a secret that is there");
            continue;
        }
        if name == "runtime-config.toml" && Store::of_environment() == Some(Store::Libsql) {
            assert!(contains(&bytes, token().as_bytes()), "it has the token for the servers of the databases");
            continue;
        }
        canaries.expect_none_in(&bytes, &file.to_string_lossy());
        if name.starts_with("auth.db") {
            databases += 1;
            for personal in &canaries.personal {
                assert!(!contains(&bytes, personal.as_bytes()), "{name} holds {personal}, which belongs to users");
            }
        }
    }
    assert!(databases > 0, "the databases are among the files: {files:?}");
}
