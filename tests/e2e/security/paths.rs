//! Alternative spellings of paths, which a careless router would normalise.

use spindle_tests::accounts::{admin, customer};
use spindle_tests::raw::{self, RawResponse};
use spindle_tests::users::create_user;
use spindle_tests::{Client, target};

/// Alternative spellings of a path such as `/v1/users/me`: `{}` is the last segment, `{^}` the path before it.
const SPELLINGS: [&str; 32] = [
    "{^}/{}/",
    "{^}/{}//",
    "{^}//{}",
    "/{^}/{}",
    "/.{^}/{}",
    "/x/..{^}/{}",
    "/%2e%2e{^}/{}",
    "{^}/./{}",
    "{^}/x/../{}",
    "{^}/x/%2e%2e/{}",
    "{^}/%2e/{}",
    "{^}/{}/.",
    "{^}/{}/..",
    "{^}/{}.",
    "{^}/{}%2e",
    "{^}%2f{}",
    "{^}/%2f{}",
    "{^}/{};a=b",
    "{^}/..;/{}",
    "{^};/{}",
    "{^}\\{}",
    "{^}/%5c{}",
    "{^}/{}%20",
    "{^}/{}%00",
    "{^}/{}%0a",
    "{^}/{}%3f",
    "{^}/{}%23",
    "{^}/%c0%ae%c0%ae/{}",
    "{^}/%c0%af{}",
    "{^}/%ef%bc%8f{}",
    "{^}/{}.json",
    "{^}/{}~",
];

/// Operations that require a user's token, under any spelling.
const GUARDED: [(&str, &str); 6] = [
    ("GET", "/v1/users/me"),
    ("GET", "/v1/auth/sessions"),
    ("GET", "/v1/admin/audit"),
    ("GET", "/v1/admin/audit/verify"),
    ("POST", "/v1/admin/auth/keys/rotate"),
    ("POST", "/v1/auth/password"),
];

fn spelt(spelling: &str, path: &str) -> String {
    let (before, last) = path.rsplit_once('/').expect("a path");
    spelling.replace("{^}", before).replace("{}", last)
}

fn send(client: &Client, method: &str, path: &str) -> Option<RawResponse> {
    raw::try_send(client, (raw::head(client, method, path) + "content-length: 0\r\n\r\n").as_bytes())
}

#[track_caller]
fn expect_refused(response: Option<&RawResponse>, request: &str, statuses: &[u16]) {
    if let Some(response) = response {
        assert!(statuses.contains(&response.status), "{request}: {response:?}");
    }
}

#[test]
fn no_spelling_bypasses_authentication() {
    for (method, path) in GUARDED {
        for spelling in SPELLINGS {
            let path = spelt(spelling, path);
            let response = send(target().client(), method, &path);
            expect_refused(response.as_ref(), &format!("{method} {path}"), &[400, 401, 404, 405]);
        }
    }
}

#[test]
fn another_spelling_is_not_found_by_an_admin_either() {
    let admin = admin().client;
    for (method, path) in GUARDED {
        for spelling in SPELLINGS {
            let path = spelt(spelling, path);
            let response = send(&admin, method, &path);
            // `/v1/users/{id}` matches any last segment, but no user has it as an id.
            expect_refused(response.as_ref(), &format!("{method} {path}"), &[400, 404, 405]);
        }
        let capitals = path.to_uppercase();
        expect_refused(send(&admin, method, &capitals).as_ref(), &capitals, &[404]);
    }
}

#[test]
fn no_spelling_gives_a_customer_another_profile() {
    let ada = customer("speller");
    let other = create_user(&admin().client, "spelt").id;
    let own = &ada.id;
    let bare = other.replace('-', "");
    let paths = [
        format!("/v1/users/{other}"),
        format!("/v1/users/{}", other.to_uppercase()),
        format!("/v1/users/{bare}"),
        format!("/v1/users/%7b{other}%7d"),
        format!("/v1/users/{{{other}}}"),
        format!("/v1/users/urn:uuid:{other}"),
        format!("/v1/users/{own}/../{other}"),
        format!("/v1/users/{own}%2f..%2f{other}"),
        format!("/v1/users/me/../{other}"),
        format!("/v1/users/me/{other}"),
        format!("/v1/users/me;{other}"),
        format!("/v1/users/{own},{other}"),
        format!("/v1/users/{own}%00{other}"),
        format!("/v1/users/{own}%20{other}"),
        format!("/v1/users//{other}"),
        format!("/v1/users/{}", other.replace('-', "%2d")),
        format!("/v1/users/{}", other.replacen('0', "%30", 1)),
        "/v1/users/*".to_owned(),
        "/v1/users/%".to_owned(),
        "/v1/users/%zz".to_owned(),
        "/v1/users/0".to_owned(),
        "/v1/users/null".to_owned(),
    ];
    for path in &paths {
        for method in ["GET", "PATCH", "DELETE"] {
            let response = send(&ada.client, method, path);
            expect_refused(response.as_ref(), &format!("{method} {path}"), &[400, 404, 405]);
        }
        if let Some(response) = send(&ada.client, "GET", path) {
            assert!(!response.body.contains("\"email\""), "{path}: {response:?}");
        }
    }
    // Query parameters do not select another user either.
    for query in [format!("id={other}"), format!("user_id={other}"), "as=admin".to_owned()] {
        let response = ada.client.get(&format!("/v1/users/me?{query}"));
        assert!(response.status == 400 || response.json()["id"] == own.as_str(), "{query}: {}", response.text());
    }
}

#[test]
fn a_profile_is_found_by_the_hyphenated_id_and_no_other_form() {
    let ada = customer("own-id");
    ada.client.get(&ada.path()).expect_status(200);
    let id = &ada.id;
    for spelling in [id.replace('-', ""), format!("%7b{id}%7d"), format!("urn:uuid:{id}")] {
        let response = send(&ada.client, "GET", &format!("/v1/users/{spelling}"));
        expect_refused(response.as_ref(), &spelling, &[400, 404]);
    }
}

#[test]
fn an_unusual_request_line_bypasses_nothing() {
    let client = target().client();
    let host = client.base().strip_prefix("http://").expect("plain HTTP");
    let with = |line: &str| format!("{line}\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let requests = [
        with(&format!("GET http://{host}/v1/users/me HTTP/1.1")),
        with(&format!("GET HTTP://{host}/v1/users/me HTTP/1.1")),
        with(&format!("GET http://{host}//v1/users/me HTTP/1.1")),
        with("GET http://127.0.0.1:1/v1/users/me HTTP/1.1"),
        with("GET http://users.spin.internal/internal/users/ready HTTP/1.1"),
        with("GET https://attacker.example/v1/users/me HTTP/1.1"),
        with(&format!("CONNECT {host} HTTP/1.1")),
        with("CONNECT 127.0.0.1:22 HTTP/1.1"),
        with("OPTIONS * HTTP/1.1"),
        with("GET * HTTP/1.1"),
        with("GET v1/users/me HTTP/1.1"),
        with("GET ?x HTTP/1.1"),
        with("GET  /v1/users/me HTTP/1.1"),
        with("GET /v1/users/me\0 HTTP/1.1"),
        with("GET /v1/users/me\t HTTP/1.1"),
        with("GET /v1/users/me#x HTTP/1.1"),
        with("GET /v1/users/\u{e4} HTTP/1.1"),
        with("GET /v1/users/me HTTP/9.9"),
        with("GET /v1/users/me HTTP/1.1 HTTP/1.1"),
        with("GET /v1/users/me"),
        with(" GET /v1/users/me HTTP/1.1"),
        with("G\0ET /v1/users/me HTTP/1.1"),
        with("get /v1/users/me HTTP/1.1"),
        with("TRACE /v1/users/me HTTP/1.1"),
        "GET /v1/users/me\r\n\r\n".to_owned(),
        "GET /v1/users/me HTTP/1.0\r\n\r\n".to_owned(),
        "\r\n\r\n\r\nGET /v1/users/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET /v1/users/me HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
    ];
    for request in &requests {
        let response = send_unless_http2(client, request);
        expect_refused(response.as_ref(), request, &[400, 401, 404, 405, 501, 505]);
    }
    client.get("/healthz").expect_status(200);
}

/// Sends `request`. Returns `None` for the request that begins HTTP/2, whose response is not text.
fn send_unless_http2(client: &Client, request: &str) -> Option<RawResponse> {
    if request.starts_with("PRI ") {
        use std::io::{Read as _, Write as _};
        let host = client.base().strip_prefix("http://").expect("plain HTTP");
        let mut stream = std::net::TcpStream::connect(host).expect("the instance accepts connections");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).expect("a timeout can be set");
        stream.write_all(request.as_bytes()).expect("the request is written");
        let mut response = Vec::new();
        // The response is frames and then an error: the request between the frames must not get a response.
        let _ = stream.read_to_end(&mut response);
        assert!(!String::from_utf8_lossy(&response).contains("HTTP/1.1 2"), "{response:?}");
        return None;
    }
    raw::try_send(client, request.as_bytes())
}
