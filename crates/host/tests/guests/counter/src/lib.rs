//! A component in the world of WASI 0.3 that counts the requests of its instance, so that tests can see which requests share one.
#![cfg(target_family = "wasm")]

use std::sync::atomic::{AtomicUsize, Ordering};

use wasip3::clocks::monotonic_clock;
use wasip3::http::types::{ErrorCode, Fields, Request, Response};
use wasip3::{spawn, wit_future, wit_stream};

/// The requests that this instance has received.
static RECEIVED: AtomicUsize = AtomicUsize::new(0);

/// The requests that it serves now.
static PRESENT: AtomicUsize = AtomicUsize::new(0);

/// A millisecond, in nanoseconds.
const MILLISECOND: u64 = 1_000_000;

struct Counter;

wasip3::http::service::export!(Counter);

impl wasip3::exports::http::handler::Guest for Counter {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let received = RECEIVED.fetch_add(1, Ordering::Relaxed) + 1;
        let present = PRESENT.fetch_add(1, Ordering::Relaxed) + 1;
        let path = request.get_path_with_query().unwrap_or_default();
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let text = match segments[..] {
            ["count"] => received.to_string(),
            // Waits until so many requests are present at once.
            ["meet", number] => {
                let number: usize = number.parse().expect("a number");
                while PRESENT.load(Ordering::Relaxed) < number {
                    monotonic_clock::wait_for(MILLISECOND).await;
                }
                "met".to_owned()
            }
            ["wait"] => loop {
                monotonic_clock::wait_for(MILLISECOND).await;
            },
            ["loop"] => loop {
                std::hint::spin_loop();
            },
            ["trap"] => std::process::abort(),
            // Its body waits for ever.
            ["hold"] => return Ok(hold()),
            ["cut"] => return Ok(respond(present.to_string(), true)),
            _ => return Err(ErrorCode::InternalError(None)),
        };
        if !matches!(segments[..], ["meet", _]) {
            PRESENT.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(respond(text, false))
    }
}

/// Returns a response whose body never ends.
fn hold() -> Response {
    let (writer, contents) = wit_stream::new();
    let (trailers, end) = wit_future::new(|| Ok(None));
    let (response, _sent) = Response::new(Fields::new(), Some(contents), end);
    spawn(async move {
        let _open = (writer, trailers);
        loop {
            monotonic_clock::wait_for(MILLISECOND).await;
        }
    });
    response
}

/// Returns a response with `text`, whose body ends too early if it is `cut`.
fn respond(text: String, cut: bool) -> Response {
    let (mut writer, contents) = wit_stream::new();
    let (trailers, end) = wit_future::new(|| Ok(None));
    let (response, _sent) = Response::new(Fields::new(), Some(contents), end);
    spawn(async move {
        writer.write_all(text.into_bytes()).await;
        drop(writer);
        if cut {
            let _ = trailers.write(Err(ErrorCode::HttpResponseIncomplete)).await;
        }
    });
    response
}
