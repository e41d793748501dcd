//! A component that does what its path requests, so that tests can observe the host from inside.
#![cfg(target_family = "wasm")]

mod bindings {
    wit_bindgen::generate!({ path: "../../../wit", world: "stores", generate_all });
}

mod http;
mod misbehave;
mod stores;

use std::io::{Read as _, Write as _};
use std::time::Duration;

use http::{Request, Responder};
use wasi::exports::http::incoming_handler::Guest;
use wasi::http::types::{IncomingRequest, ResponseOutparam};

struct Probe;

wasi::http::proxy::export!(Probe);

impl Guest for Probe {
    fn handle(request: IncomingRequest, outparam: ResponseOutparam) {
        act(&Request::new(request), Responder::new(outparam));
    }
}

fn act(request: &Request, responder: Responder) {
    let path = request.path();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match segments[..] {
        ["hello"] => responder.text("hello"),
        ["echo"] => http::echo(request, responder),
        ["large", bytes] => http::large(bytes.parse().expect("a size"), responder),
        ["sleep", ms] => {
            std::thread::sleep(Duration::from_millis(ms.parse().expect("milliseconds")));
            responder.text("slept");
        }
        ["fetch"] => responder.text(&http::fetch(&request.body_text())),
        ["tcp", address] => responder.text(&outcome(std::net::TcpStream::connect(address).map(|_| "connected"))),
        ["print", word, times] => {
            print(word, times.parse().expect("a number"));
            responder.text("printed");
        }
        ["environment"] => {
            let mut variables: Vec<String> = std::env::vars().map(|(name, value)| format!("{name}={value}")).collect();
            variables.sort();
            responder.text(&variables.join("\n"));
        }
        ["read", ..] => responder.text(&outcome(std::fs::read_to_string(&path["/read".len()..]))),
        ["write", ..] => responder.text(&outcome(std::fs::write(&path["/write".len()..], "x").map(|()| "written"))),
        ["variable", name] => responder.text(&stores::variable(name)),
        ["config", name] => responder.text(&stores::config(name)),
        ["kv", "get", store, key] => responder.text(&stores::get(store, key)),
        ["kv", "set", store, key, value] => responder.text(&stores::set(store, key, value)),
        ["sql", database] => responder.text(&stores::sql(database, &request.body_text())),
        ["sql", database, "trap"] => stores::sql_and(database, &request.body_text(), || misbehave::trap()),
        ["sql", database, "loop"] => stores::sql_and(database, &request.body_text(), misbehave::spin),
        ["trap"] => misbehave::trap(),
        ["silent"] => {}
        ["exit"] => std::process::exit(3),
        ["bomb"] => misbehave::bomb(),
        ["loop"] => misbehave::spin(),
        ["recurse"] => responder.text(&misbehave::recurse(u64::MAX).to_string()),
        ["after", "set", store, key, value] => {
            responder.text("answered");
            std::thread::sleep(Duration::from_millis(50));
            stores::set(store, key, value);
        }
        ["after", "compute", ms] => {
            responder.text("answered");
            misbehave::compute(Duration::from_millis(ms.parse().expect("milliseconds")));
        }
        ["after", "trap"] => {
            responder.text("answered");
            misbehave::trap();
        }
        _ => responder.text(&request.describe()),
    }
}

/// Writes each line in three pieces, which the host must put together again.
fn print(word: &str, times: usize) {
    let mut out = std::io::stdout().lock();
    for number in 0..times {
        for piece in [word, "-", &format!("{number}\n")] {
            out.write_all(piece.as_bytes()).and_then(|()| out.flush()).expect("stdout accepts it");
        }
    }
}

fn outcome<T: std::fmt::Display, E: std::fmt::Display>(result: Result<T, E>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

/// Reads stdin, which is always empty.
#[expect(dead_code, reason = "kept out of the path table until a test needs it")]
fn stdin() -> String {
    let mut text = String::new();
    outcome(std::io::stdin().read_to_string(&mut text))
}
