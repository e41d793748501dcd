//! Clients that begin and do not go on: they keep nobody waiting but themselves.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use spindle_tests::accounts::customer;
use spindle_tests::{raw, target};

/// How many of them there are at once.
const MANY: usize = 48;

/// Far more than an answer takes on a busy machine, and far less than what a host gives a slow client.
const SOON: Duration = Duration::from_secs(10);

/// Opens connections that send `beginning` and wait.
fn begin(beginning: &str) -> Vec<TcpStream> {
    let host = target().client().base().strip_prefix("http://").expect("raw requests need plain HTTP");
    let open = |_| {
        let mut stream = TcpStream::connect(host).expect("the instance listens");
        stream.write_all(beginning.as_bytes()).expect("it is taken");
        stream
    };
    (0..MANY).map(open).collect()
}

#[test]
fn clients_that_wait_keep_nobody_waiting() {
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
        ada.client.as_nobody().get("/.well-known/jwks.json").expect_status(200);
        assert!(start.elapsed() < SOON, "{beginning:?}: {:?}", start.elapsed());
        drop(waiting);
    }
}

#[test]
fn who_goes_on_after_a_while_is_served() {
    use std::io::Read as _;
    let host = target().client().base().strip_prefix("http://").expect("raw requests need plain HTTP");
    let mut stream = TcpStream::connect(host).expect("the instance listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    let body = r#"{"refresh_token":"x"}"#;
    let head = raw::head(target().client(), "POST", "/v1/auth/logout");
    let request = format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    for piece in request.as_bytes().chunks(request.len() / 8) {
        stream.write_all(piece).expect("it is taken");
        stream.flush().expect("it is sent");
        std::thread::sleep(Duration::from_millis(30));
    }
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
}
