//! Clients that begin a request and do not finish it: other clients are served meanwhile.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use spindle_tests::accounts::customer;
use spindle_tests::{raw, target};

/// The number of such connections at once.
const CONNECTIONS: usize = 48;

/// The time for the requests of other clients: far more than they take on a busy machine, far less than a host's limit for slow clients.
const LIMIT: Duration = Duration::from_secs(10);

/// Opens connections that send `beginning` and then nothing.
fn begin(beginning: &str) -> Vec<TcpStream> {
    let host = target().client().base().strip_prefix("http://").expect("raw requests need plain HTTP");
    let open = |_| {
        let mut stream = TcpStream::connect(host).expect("the instance accepts connections");
        stream.write_all(beginning.as_bytes()).expect("the bytes are written");
        stream
    };
    (0..CONNECTIONS).map(open).collect()
}

#[test]
fn unfinished_requests_do_not_delay_other_clients() {
    let ada = customer("patient");
    let client = target().client();
    let post = |path: &str| {
        let head = raw::head(client, "POST", path) + "content-type: application/json\r\ncontent-length: 100\r\n\r\n";
        head.replace("connection: close\r\n", "") + "{"
    };
    let chunked = post("/v1/auth/register").replace("content-length: 100", "transfer-encoding: chunked");
    let beginnings = [
        String::new(),
        "G".to_owned(),
        "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: ".to_owned(),
        post("/v1/auth/login"),
        post("/v1/users"),
        post("/v1/nothing"),
        chunked,
    ];
    for beginning in &beginnings {
        let waiting = begin(beginning);
        let start = Instant::now();
        client.get("/healthz").expect_status(200);
        ada.client.get("/v1/users/me").expect_status(200);
        ada.client.get("/v1/auth/sessions").expect_status(200);
        ada.client.anonymous().get("/.well-known/jwks.json").expect_status(200);
        assert!(start.elapsed() < LIMIT, "{beginning:?}: {:?}", start.elapsed());
        drop(waiting);
    }
}

#[test]
fn a_slow_request_is_served_once_it_is_complete() {
    use std::io::Read as _;
    let host = target().client().base().strip_prefix("http://").expect("raw requests need plain HTTP");
    let mut stream = TcpStream::connect(host).expect("the instance accepts connections");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    let body = r#"{"refresh_token":"x"}"#;
    let head = raw::head(target().client(), "POST", "/v1/auth/logout");
    let request = format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    for chunk in request.as_bytes().chunks(request.len() / 8) {
        stream.write_all(chunk).expect("the bytes are written");
        stream.flush().expect("the bytes are sent");
        std::thread::sleep(Duration::from_millis(30));
    }
    let mut response = String::new();
    let _ = stream.read_to_string(&mut response);
    assert!(response.starts_with("HTTP/1.1 204"), "{response}");
}
