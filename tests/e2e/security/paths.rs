//! Paths that are spelt in ways that a careless router would take for others.

use spindle_tests::accounts::{admin, customer};
use spindle_tests::raw::{self, RawResponse};
use spindle_tests::users::create_user;
use spindle_tests::{Client, target};

/// What becomes of `/v1/users/me` and its like. `{}` stands for the last segment, `{^}` for what is before it.
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

/// Operations for a person, which no anonymous request may reach under any name.
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

fn ask(client: &Client, method: &str, path: &str) -> Option<RawResponse> {
    raw::try_send(client, (raw::head(client, method, path) + "content-length: 0\r\n\r\n").as_bytes())
}

#[track_caller]
fn expect_refused(response: Option<&RawResponse>, request: &str, statuses: &[u16]) {
    if let Some(response) = response {
        assert!(statuses.contains(&response.status), "{request}: {response:?}");
    }
}

#[test]
fn no_other_spelling_leads_past_the_check_of_the_token() {
    for (method, path) in GUARDED {
        for spelling in SPELLINGS {
            let path = spelt(spelling, path);
            let response = ask(target().client(), method, &path);
            expect_refused(response.as_ref(), &format!("{method} {path}"), &[400, 401, 404, 405]);
        }
    }
}

#[test]
fn another_spelling_is_another_path_also_for_an_admin() {
    let admin = admin().client;
    for (method, path) in GUARDED {
        for spelling in SPELLINGS {
            let path = spelt(spelling, path);
            let response = ask(&admin, method, &path);
            // `/v1/users/{id}` takes any last segment, and finds no user by it.
            expect_refused(response.as_ref(), &format!("{method} {path}"), &[400, 404, 405]);
        }
        let capitals = path.to_uppercase();
        expect_refused(ask(&admin, method, &capitals).as_ref(), &capitals, &[404]);
    }
}

#[test]
fn no_spelling_leads_a_customer_to_another_profile() {
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
            let response = ask(&ada.client, method, path);
            // 415: a PATCH without a body, whose path named nobody.
            expect_refused(response.as_ref(), &format!("{method} {path}"), &[400, 404, 405]);
        }
        if let Some(response) = ask(&ada.client, "GET", path) {
            assert!(!response.body.contains("\"email\""), "{path}: {response:?}");
        }
    }
    // Parameters do not choose another either.
    for query in [format!("id={other}"), format!("user_id={other}"), "as=admin".to_owned()] {
        let response = ada.client.get(&format!("/v1/users/me?{query}"));
        assert!(response.status == 400 || response.json()["id"] == own.as_str(), "{query}: {}", response.text());
    }
}

#[test]
fn an_own_id_is_found_in_its_hyphenated_form_and_no_other() {
    let ada = customer("own-id");
    ada.client.get(&ada.path()).expect_status(200);
    let id = &ada.id;
    for spelling in [id.replace('-', ""), format!("%7b{id}%7d"), format!("urn:uuid:{id}")] {
        let response = ask(&ada.client, "GET", &format!("/v1/users/{spelling}"));
        expect_refused(response.as_ref(), &spelling, &[400, 404]);
    }
}

#[test]
fn a_request_line_in_another_form_gets_nothing_more() {
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
        let response = not_http2(client, request);
        expect_refused(response.as_ref(), request, &[400, 401, 404, 405, 501, 505]);
    }
    client.get("/healthz").expect_status(200);
}

/// The answer to a request; nothing for the one that begins HTTP/2, whose answer is no text.
fn not_http2(client: &Client, request: &str) -> Option<RawResponse> {
    if request.starts_with("PRI ") {
        use std::io::{Read as _, Write as _};
        let host = client.base().strip_prefix("http://").expect("plain HTTP");
        let mut stream = std::net::TcpStream::connect(host).expect("the instance listens");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).expect("a timeout can be set");
        stream.write_all(request.as_bytes()).expect("it is taken");
        let mut answer = Vec::new();
        // Frames, and then an error: a request in the middle of them is none.
        let _ = stream.read_to_end(&mut answer);
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP/1.1 2"), "{answer:?}");
        return None;
    }
    raw::try_send(client, request.as_bytes())
}
