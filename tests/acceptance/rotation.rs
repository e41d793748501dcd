//! Check 12: the signing key is rotated under 100 requests a second, and no valid token is refused; tokens of a retired key are refused once the
//! last token that it signed has expired.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::jwt::Jwt;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Account, Client, Instance, compromised_key};

const KEY_SECRET: &str = "the secret of the signing keys in this test";

/// The lifetime of an access token, in seconds.
const LIFETIME: u64 = 4;

/// The time that a retired key is valid beyond the tokens that it signed, in seconds.
const LEEWAY: u64 = 60;

/// The time for which a verified signature is not verified again, in seconds.
const CHECKED: u64 = 300;

/// The number of clients, and the requests of each a second.
const CLIENTS: usize = 10;
const RATE: u32 = 10;

/// The paths of their reads, each of another service.
const READS: [&str; 2] = ["/v1/users/me", "/v1/auth/sessions"];

fn start(state: &Path) -> Instance {
    let lifetime = LIFETIME.to_string();
    Instance::with(state, &[("access_token_seconds", &lifetime), ("auth_key_secret", KEY_SECRET)])
}

fn rotate(admin: &Client) -> Value {
    admin.post("/v1/admin/auth/keys/rotate", &json!({})).expect_status(200).json()
}

/// A session that renews its token after half of its lifetime.
struct Session {
    client: Client,
    refresh_token: String,
    renewed: Instant,
}

impl Session {
    fn of(account: &Account) -> Self {
        let mut session = Self {
            client: account.client.clone(),
            refresh_token: account.refresh_token.clone(),
            renewed: Instant::now(),
        };
        session.renew();
        session
    }

    fn renew(&mut self) {
        let body = json!({"refresh_token": self.refresh_token});
        self.renewed = Instant::now();
        let tokens = self.client.anonymous().post("/v1/auth/refresh", &body).expect_status(200).json();
        self.refresh_token = tokens["refresh_token"].as_str().expect("a token").to_owned();
        self.client = self.client.as_user(tokens["access_token"].as_str().expect("a token"));
    }

    fn client(&mut self) -> &Client {
        if self.renewed.elapsed() > Duration::from_secs(LIFETIME / 2) {
            self.renew();
        }
        &self.client
    }
}

#[test]
fn no_valid_token_is_refused_while_keys_rotate() {
    let duration = Duration::from_secs(scale(3, 60));
    let pause = Duration::from_millis(scale(400, 1000));
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let user = instance.accounts().customer("rotating");
    let sessions: Vec<Account> = (0..CLIENTS).map(|_| user.log_in_again()).collect();
    let mut admin = Session::of(&instance.admin());

    let (over, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut rotations = 0;
    let begin = Instant::now();
    thread::scope(|scope| {
        for account in &sessions {
            let (over, sent) = (&over, &sent);
            scope.spawn(move || {
                let mut session = Session::of(account);
                let mut next = Instant::now();
                while !over.load(Ordering::Relaxed) {
                    let path = READS[sent.fetch_add(1, Ordering::Relaxed) % READS.len()];
                    let response = session.client().get(path);
                    assert_eq!(response.status, 200, "a valid token was refused: {}", response.text());
                    next += Duration::from_secs(1) / RATE;
                    thread::sleep(next.saturating_duration_since(Instant::now()));
                }
            });
        }
        while begin.elapsed() < duration {
            thread::sleep(pause);
            rotate(admin.client());
            rotations += 1;
        }
        over.store(true, Ordering::Relaxed);
    });
    let requests = sent.into_inner();
    let rate = (requests as f64 / begin.elapsed().as_secs_f64()) as u64;
    figures(
        "rotation: new keys while tokens are used",
        &[("rotations", &rotations), ("requests, none refused", &requests), ("requests a second", &rate)],
    );
    assert!(rotations >= 2);
}

/// Returns a client with a token that an attacker with the stolen `key` makes of `token`: a new id each time, and a distant expiry.
fn forge(instance: &Instance, token: &str, key: &SigningKey, number: u32) -> Client {
    let far = json!(4_102_444_800_i64);
    let id = json!(format!("0190a5c0-0000-7000-8000-{number:012x}"));
    instance.client().as_user(&Jwt::parse(token).with_claim("exp", far).with_claim("jti", id).signed(key).text())
}

#[track_caller]
fn expect_refused(client: &Client) {
    for path in READS {
        let response = client.get(path);
        expect_problem(&response, 401, "unauthorized");
        assert!(response.header("www-authenticate").is_some_and(|challenge| challenge.contains("invalid_token")));
    }
}

#[test]
fn a_retired_key_is_valid_until_its_last_token_has_expired() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let (user, mut admin) = (instance.accounts().customer("stolen"), Session::of(&instance.admin()));
    let key = compromised_key::signing_key(state.path(), KEY_SECRET);
    let seen = forge(&instance, &user.access_token, &key, 0);
    seen.get("/v1/users/me").expect_status(200);

    let kid = Jwt::parse(&user.access_token).header["kid"].clone();
    let before = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs();
    let rotated = rotate(admin.client());
    assert_eq!(rotated["retired"]["kid"], kid, "{rotated}");
    let keys = instance.client().get("/.well-known/jwks.json").expect_status(200).json();
    let retired = keys["keys"].as_array().expect("a list").iter().find(|key| key["kid"] == kid).expect("still there");
    let end = retired["exp"].as_u64().unwrap_or_else(|| panic!("it has an end: {retired}"));
    assert!((before + LIFETIME..=before + LIFETIME + LEEWAY + 2).contains(&end), "{before} {end}");
    // Tokens of the new key bring the new set of keys to every service.
    admin.renew();
    for path in READS {
        admin.client().get(path).expect_status(200);
        forge(&instance, &user.access_token, &key, 1).get(path).expect_status(200);
    }
    if !is_full() {
        return;
    }
    thread::sleep(Duration::from_secs(LIFETIME + LEEWAY + 2));
    expect_refused(&forge(&instance, &user.access_token, &key, 2));
    admin.renew();
    for path in READS {
        admin.client().get(path).expect_status(200);
    }
    let keys = instance.client().get("/.well-known/jwks.json").expect_status(200).json();
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(1), "{keys}");
    // A signature that was verified while the key was valid is accepted for a while longer, which matters only with lifetimes as short as here.
    thread::sleep(Duration::from_secs(CHECKED - LEEWAY));
    expect_refused(&seen);
    figures(
        "rotation: a stolen key",
        &[
            ("seconds until new tokens were refused, at most", &(LIFETIME + LEEWAY + 2)),
            ("seconds until tokens that were seen before were refused, at most", &(LIFETIME + CHECKED + 2)),
        ],
    );
}
