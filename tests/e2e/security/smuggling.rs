//! Requests whose end is where one reader sees it and another does not. Whoever stands before us may see it elsewhere, so such a
//! request gets one answer at most, and what may be a second request in it gets none.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;
use spindle_tests::accounts::{admin, customer};
use spindle_tests::target;
use spindle_tests::users::unique_email;

/// Where nothing is, so that an answer to the second request would show: it names its path.
const SECOND: &str = "/v1/smuggled";

/// How long to look for another answer on a connection that stays open.
const LISTEN: Duration = Duration::from_millis(250);

/// The second request.
fn second() -> String {
    format!("GET {SECOND} HTTP/1.1\r\nhost: localhost\r\n\r\n")
}

/// All that comes back on a connection after `request`, until it is closed or nothing more comes.
fn exchange(request: &[u8]) -> String {
    let host = target().client().base().strip_prefix("http://").expect("raw requests need plain HTTP");
    let mut stream = TcpStream::connect(host).expect("the instance listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    // It may be refused and closed before it was taken whole.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..read]);
        stream.set_read_timeout(Some(LISTEN)).expect("a timeout can be set");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The statuses of the answers in what came back.
fn statuses(answers: &str) -> Vec<u16> {
    let status = |text: &str| text.get(..3)?.parse().ok();
    answers.split("HTTP/1.").skip(1).filter_map(|answer| status(answer.get(2..)?)).collect()
}

/// Checks that `request` gets one answer at most, that it is a refusal or that of its first request, and none for the second.
#[track_caller]
fn expect_one_answer(request: &str, allowed: &[u16]) {
    let answers = exchange(request.as_bytes());
    let statuses = statuses(&answers);
    assert!(statuses.len() <= 1, "{request:?}\n{answers}");
    assert!(statuses.iter().all(|status| allowed.contains(status)), "{request:?}\n{answers}");
    assert!(!answers.contains(SECOND), "{request:?}\n{answers}");
}

/// A logout with these header lines and this body: anyone may ask for it, and it reads its body.
fn logout(lines: &str, body: &str) -> String {
    format!("POST /v1/auth/logout HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{lines}\r\n{body}")
}

const BODY: &str = r#"{"refresh_token":"x"}"#;

#[test]
fn a_length_and_chunks_are_not_both_believed() {
    let second = second();
    let chunk = format!("{:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len());
    let (long, short) = (chunk.len() + second.len(), 4);
    let chunks = "transfer-encoding: chunked\r\n";
    let inside = format!("{:x}\r\n{second}\r\n0\r\n\r\n", second.len());
    for lines in [
        format!("content-length: {short}\r\n{chunks}"),
        format!("{chunks}content-length: {short}\r\n"),
        format!("content-length: 0\r\n{chunks}"),
    ] {
        expect_one_answer(&logout(&lines, &inside), &[204, 400, 422]);
    }
    // Whatever goes by the length takes the second request for a part of the body. Spin goes by the chunks, as it should, but then keeps
    // the connection, which it should not (RFC 9112, section 6.1): nothing in a component can close it.
    if target().log().is_some() {
        for lines in [format!("content-length: {long}\r\n{chunks}"), format!("{chunks}content-length: {long}\r\n")] {
            expect_one_answer(&logout(&lines, &format!("{chunk}{second}")), &[204, 400, 422]);
        }
    }
}

#[test]
fn another_transfer_coding_than_chunked_is_refused() {
    let second = second();
    let body = format!("{:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len());
    let length = body.len() + second.len();
    for coding in [
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: identity",
        "transfer-encoding: gzip",
        "transfer-encoding: \"chunked\"",
        "transfer-encoding: chunked;a=b",
        "transfer-encoding: chu\u{0}nked",
        "transfer-encoding: \u{b}chunked",
        "transfer-encoding : chunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity",
        "transfer-encoding:\r\n chunked",
        "x: y\r\n transfer-encoding: chunked",
        "transfer-encoding",
        "transfer-encoding: ",
    ] {
        let lines = format!("{coding}\r\ncontent-length: {length}\r\n");
        expect_one_answer(&logout(&lines, &format!("{body}{second}")), &[400, 422, 501]);
    }
}

#[test]
fn a_length_that_is_no_number_or_two_is_refused() {
    let second = second();
    let length = BODY.len();
    for lines in [
        format!("content-length: {length}\r\ncontent-length: {}\r\n", length + second.len()),
        format!("content-length: {}\r\ncontent-length: {length}\r\n", length + second.len()),
        format!("content-length: {length}, {}\r\n", length + second.len()),
        format!("content-length: +{length}\r\n"),
        format!("content-length: -{length}\r\n"),
        format!("content-length: {length}.0\r\n"),
        format!("content-length: 0x{length:x}\r\n"),
        format!("content-length: {length} 0\r\n"),
        format!("content-length: {length}e0\r\n"),
        "content-length: 18446744073709551617\r\n".to_owned(),
        "content-length: \r\n".to_owned(),
        format!("content-length : {length}\r\n"),
        format!("content-length:\r\n {length}\r\n"),
        format!("content_length: {length}\r\nx\0: y\r\n"),
    ] {
        expect_one_answer(&logout(&lines, &format!("{BODY}{second}")), &[400, 413]);
    }
}

#[test]
fn a_chunk_that_is_not_written_as_it_must_be_ends_the_connection() {
    let second = second();
    let length = BODY.len();
    for chunk in [
        format!("0x{length:x}\r\n{BODY}\r\n0\r\n\r\n{second}"),
        format!("-{length:x}\r\n{BODY}\r\n0\r\n\r\n{second}"),
        format!("+{length:x}\r\n{BODY}\r\n0\r\n\r\n{second}"),
        format!("{length:x}{BODY}\r\n0\r\n\r\n{second}"),
        format!("{length:x}\r\n{BODY}0\r\n\r\n{second}"),
        format!("{:x}\r\n{BODY}\r\n0\r\n\r\n{second}", length - 1),
        format!("1{:016x}\r\n{BODY}\r\n0\r\n\r\n{second}", length),
        format!("{length:x};a\nb\r\n{BODY}\r\n0\r\n\r\n{second}"),
        format!("\r\n{length:x}\r\n{BODY}\r\n0\r\n\r\n{second}"),
        format!("g\r\n{BODY}\r\n0\r\n\r\n{second}"),
        format!("{length:x}\n{BODY}\n0\n\n{second}"),
    ] {
        expect_one_answer(&logout("transfer-encoding: chunked\r\n", &chunk), &[400, 408, 422]);
    }
}

#[test]
fn a_line_that_ends_or_begins_oddly_hides_no_request() {
    let second = second();
    for lines in [
        format!("content-length: 0\r\nx: a\r\n b\r\n\r\n{second}"),
        format!("x: a\r\tcontent-length: 0\r\n\r\n{second}"),
        format!("x: a\rcontent-length: 0\r\n\r\n{second}"),
        format!("x: a\0\r\ncontent-length: 0\r\n\r\n{second}"),
        format!(" content-length: 0\r\n\r\n{second}"),
    ] {
        let request = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{lines}");
        expect_one_answer(&request, &[400]);
    }
    // Bare line feeds may end lines (RFC 9112, section 2.2); they end a head as well, for everyone.
    let answers =
        exchange(b"GET /healthz HTTP/1.1\nhost: localhost\nconnection: close\n\nGET /v1/smuggled HTTP/1.1\n\n");
    assert!(statuses(&answers).len() <= 1 && !answers.contains(SECOND), "{answers}");
}

#[test]
fn an_old_or_unknown_version_has_no_second_request() {
    let second = second();
    for version in ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3", "HTTP/1.2", "http/1.1", "HTTP/01.1", "HTTPS/1.1"] {
        let chunks = format!("0\r\n\r\n{second}");
        let request =
            format!("POST /healthz {version}\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
        expect_one_answer(&request, &[400, 405, 426, 505]);
    }
    expect_one_answer(&format!("GET /healthz\r\n{second}"), &[400]);
}

#[test]
fn the_body_of_a_refused_request_is_no_request() {
    let second = second();
    let long = format!("{second}{}", second.repeat(1500));
    assert!(long.len() > 64 << 10);
    let ends = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    for (path, status) in [("/v1/users", 401), ("/v1/nothing", 404), ("/healthz", 405), ("/v1/auth/login", 415)] {
        for body in [&second, &long] {
            let chunked = format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
            for framed in [format!("content-length: {}\r\n\r\n{body}", body.len()), chunked] {
                let request = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{framed}{ends}");
                let answers = exchange(request.as_bytes());
                assert!(!answers.contains(SECOND), "{path}: {answers}");
                // The connection may end with a refusal; if it goes on, it does so where the body ended.
                let statuses = statuses(&answers);
                let refused = statuses == [status] || statuses == [413];
                assert!(statuses.is_empty() || refused || statuses == [status, 200], "{path}: {statuses:?}\n{answers}");
            }
        }
    }
}

#[test]
fn what_comes_after_the_chunks_is_no_header() {
    let ada = customer("trailer");
    let etag = admin().client.get(&ada.path()).expect_status(200).etag();
    let token = admin().access_token;
    let body = json!({"role": "admin"}).to_string();
    let email = unique_email("trailer");
    let create = json!({"email": email, "display_name": "Trailer"}).to_string();
    for (line, if_match, body) in [("PATCH", format!("if-match: {etag}\r\n"), &body), ("POST", String::new(), &create)]
        .map(|(method, line, body)| {
            (if method == "PATCH" { format!("PATCH {}", ada.path()) } else { "POST /v1/users".to_owned() }, line, body)
        })
    {
        let request = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n{if_match}\
             trailer: authorization\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\
             authorization: Bearer {token}\r\n\r\n",
            body.len()
        );
        expect_one_answer(&request, &[400, 401]);
    }
    let found = admin().client.get(&format!("/v1/users?email={email}")).expect_status(200).json();
    assert_eq!(found["items"], json!([]));
    assert_eq!(ada.client.get("/v1/users/me").expect_status(200).json()["role"], "customer");
}

#[test]
fn an_upgrade_is_not_taken() {
    for lines in [
        "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
        "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
        "connection: upgrade\r\nupgrade: TLS/1.2\r\n",
    ] {
        let answers = exchange(format!("GET /v1/users/me HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n").as_bytes());
        assert!(matches!(statuses(&answers)[..], [] | [401] | [400]), "{lines}: {answers}");
    }
    // Headers that a request says are for the next hop alone are still looked at here.
    let request = "GET /v1/users/me HTTP/1.1\r\nhost: localhost\r\nconnection: close, authorization\r\n\
                   authorization: Bearer x\r\n\r\n";
    assert_eq!(statuses(&exchange(request.as_bytes())), [401]);
}
