//! Request smuggling (CWE-444): requests whose end two parsers find at different places. A proxy in front of the instance may find
//! another end, so such a request gets one response at most, and a second request inside it gets none.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;
use spindle_tests::accounts::{admin, customer};
use spindle_tests::target;
use spindle_tests::users::unique_email;

/// The path of the second request. No route has it, so a response to the second request would contain the path.
const SECOND: &str = "/v1/smuggled";

/// The time to wait for another response on a connection that stays open.
const WAIT: Duration = Duration::from_millis(250);

/// Returns the second request.
fn second() -> String {
    format!("GET {SECOND} HTTP/1.1\r\nhost: localhost\r\n\r\n")
}

/// Sends `request`, and reads everything until the connection is closed or idle.
fn exchange(request: &[u8]) -> String {
    let host = target().client().base().strip_prefix("http://").expect("raw requests need plain HTTP");
    let mut stream = TcpStream::connect(host).expect("the instance accepts connections");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    // The instance may refuse the request and close the connection before it has read everything.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..read]);
        stream.set_read_timeout(Some(WAIT)).expect("a timeout can be set");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the statuses of the responses in `received`.
fn statuses(received: &str) -> Vec<u16> {
    let status = |text: &str| text.get(..3)?.parse().ok();
    received.split("HTTP/1.").skip(1).filter_map(|response| status(response.get(2..)?)).collect()
}

/// Checks that `request` gets one response at most, that its status is one of `allowed`, and that the second request gets none.
#[track_caller]
fn expect_one_response(request: &str, allowed: &[u16]) {
    let received = exchange(request.as_bytes());
    let statuses = statuses(&received);
    assert!(statuses.len() <= 1, "{request:?}\n{received}");
    assert!(statuses.iter().all(|status| allowed.contains(status)), "{request:?}\n{received}");
    assert!(!received.contains(SECOND), "{request:?}\n{received}");
}

/// Returns a log-out with these header lines and this body: a public operation that reads its body.
fn logout(lines: &str, body: &str) -> String {
    format!("POST /v1/auth/logout HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{lines}\r\n{body}")
}

const BODY: &str = r#"{"refresh_token":"x"}"#;

#[test]
fn a_length_and_chunks_are_not_both_accepted() {
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
        expect_one_response(&logout(&lines, &inside), &[204, 400, 422]);
    }
    // A parser that uses the length reads the second request as a part of the body. Spin uses the chunks, as it should, but then keeps
    // the connection open, which it should not (RFC 9112, section 6.1): a component cannot close it.
    if target().log().is_some() {
        for lines in [format!("content-length: {long}\r\n{chunks}"), format!("{chunks}content-length: {long}\r\n")] {
            expect_one_response(&logout(&lines, &format!("{chunk}{second}")), &[204, 400, 422]);
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
        expect_one_response(&logout(&lines, &format!("{body}{second}")), &[400, 422, 501]);
    }
}

#[test]
fn a_length_that_is_not_one_number_is_refused() {
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
        expect_one_response(&logout(&lines, &format!("{BODY}{second}")), &[400, 413]);
    }
}

#[test]
fn an_invalid_chunk_ends_the_connection() {
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
        expect_one_response(&logout("transfer-encoding: chunked\r\n", &chunk), &[400, 408, 422]);
    }
}

#[test]
fn an_unusual_line_ending_hides_no_request() {
    let second = second();
    for lines in [
        format!("content-length: 0\r\nx: a\r\n b\r\n\r\n{second}"),
        format!("x: a\r\tcontent-length: 0\r\n\r\n{second}"),
        format!("x: a\rcontent-length: 0\r\n\r\n{second}"),
        format!("x: a\0\r\ncontent-length: 0\r\n\r\n{second}"),
        format!(" content-length: 0\r\n\r\n{second}"),
    ] {
        let request = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{lines}");
        expect_one_response(&request, &[400]);
    }
    // A bare line feed may end a line (RFC 9112, section 2.2); then it ends the header section as well.
    let received =
        exchange(b"GET /healthz HTTP/1.1\nhost: localhost\nconnection: close\n\nGET /v1/smuggled HTTP/1.1\n\n");
    assert!(statuses(&received).len() <= 1 && !received.contains(SECOND), "{received}");
}

#[test]
fn an_old_or_unknown_version_has_no_second_request() {
    let second = second();
    for version in ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3", "HTTP/1.2", "http/1.1", "HTTP/01.1", "HTTPS/1.1"] {
        let chunks = format!("0\r\n\r\n{second}");
        let request =
            format!("POST /healthz {version}\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
        expect_one_response(&request, &[400, 405, 426, 505]);
    }
    expect_one_response(&format!("GET /healthz\r\n{second}"), &[400]);
}

#[test]
fn the_body_of_a_refused_request_is_not_a_request() {
    let second = second();
    let long = format!("{second}{}", second.repeat(1500));
    assert!(long.len() > 64 << 10);
    let ends = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    for (path, status) in [("/v1/users", 401), ("/v1/nothing", 404), ("/healthz", 405), ("/v1/auth/login", 415)] {
        for body in [&second, &long] {
            let chunked = format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
            for framed in [format!("content-length: {}\r\n\r\n{body}", body.len()), chunked] {
                let request = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{framed}{ends}");
                let received = exchange(request.as_bytes());
                assert!(!received.contains(SECOND), "{path}: {received}");
                // The connection may end with the refusal; if it stays open, the next request begins after the body.
                let statuses = statuses(&received);
                let refused = statuses == [status] || statuses == [413];
                assert!(
                    statuses.is_empty() || refused || statuses == [status, 200],
                    "{path}: {statuses:?}\n{received}"
                );
            }
        }
    }
}

#[test]
fn a_trailer_is_not_a_header() {
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
        expect_one_response(&request, &[400, 401]);
    }
    let found = admin().client.get(&format!("/v1/users?email={email}")).expect_status(200).json();
    assert_eq!(found["items"], json!([]));
    assert_eq!(ada.client.get("/v1/users/me").expect_status(200).json()["role"], "customer");
}

#[test]
fn an_upgrade_is_not_accepted() {
    for lines in [
        "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
        "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
        "connection: upgrade\r\nupgrade: TLS/1.2\r\n",
    ] {
        let received = exchange(format!("GET /v1/users/me HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n").as_bytes());
        assert!(matches!(statuses(&received)[..], [] | [401] | [400]), "{lines}: {received}");
    }
    // A header that `Connection` names is still evaluated: this hop is the last one.
    let request = "GET /v1/users/me HTTP/1.1\r\nhost: localhost\r\nconnection: close, authorization\r\n\
                   authorization: Bearer x\r\n\r\n";
    assert_eq!(statuses(&exchange(request.as_bytes())), [401]);
}
