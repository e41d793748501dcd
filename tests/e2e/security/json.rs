//! Bodies that attack the JSON parser, on the public routes.

use serde_json::json;
use spindle_tests::accounts::{PASSWORD, admin, customer};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::users::unique_email;
use spindle_tests::{Response, raw, target};

/// The public routes of auth, each with a member that is a string.
const ROUTES: [(&str, &str); 4] = [
    ("/v1/auth/register", "email"),
    ("/v1/auth/login", "email"),
    ("/v1/auth/refresh", "refresh_token"),
    ("/v1/auth/logout", "refresh_token"),
];

fn post(path: &str, body: &[u8]) -> Response {
    target().client().send("POST", path, &[("content-type", "application/json")], Some(body))
}

/// Returns a valid body without the closing brace.
fn unclosed_body(path: &str, email: &str) -> String {
    let whole = match path {
        "/v1/auth/refresh" | "/v1/auth/logout" => json!({"refresh_token": "x"}),
        _ => json!({"email": email, "password": PASSWORD}),
    };
    let text = whole.to_string();
    text[..text.len() - 1].to_owned()
}

fn expect_not_registered(email: &str) {
    let found = admin().client.get(&format!("/v1/users?email={email}")).expect_status(200).json();
    assert_eq!(found["items"], json!([]), "{email}");
}

#[test]
fn a_body_that_is_not_json_is_malformed() {
    let email = unique_email("broken");
    for (path, _) in ROUTES {
        let open = unclosed_body(path, &email);
        let bodies: Vec<Vec<u8>> = vec![
            b"".to_vec(),
            b"   ".to_vec(),
            open.clone().into_bytes(),
            format!("{open}}}}}").into_bytes(),
            format!("{open}}}{open}}}").into_bytes(),
            format!("{open},}}").into_bytes(),
            format!("{open}/* comment */}}").into_bytes(),
            format!("// comment\n{open}}}").into_bytes(),
            format!("\u{feff}{open}}}").into_bytes(),
            format!("{open}}}\0").into_bytes(),
            open.replace('"', "'").into_bytes(),
            format!("{open},\"x\":NaN}}").into_bytes(),
            format!("{open},\"x\":01}}").into_bytes(),
            format!("{open},\"x\":0x1}}").into_bytes(),
            format!("{open},\"x\":\"a\nb\"}}").into_bytes(),
            format!("{open},\"x\":\"\\x41\"}}").into_bytes(),
            format!("{open}}}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            // The first bytes of gzip: a body without `Content-Encoding` is not decoded.
            vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ];
        for body in bodies {
            let response = post(path, &body);
            assert!(
                matches!(response.status, 400 | 422),
                "{path} {:?}: {}",
                String::from_utf8_lossy(&body),
                response.text()
            );
        }
    }
    expect_not_registered(&email);
}

#[test]
fn invalid_utf8_is_malformed() {
    for (path, member) in ROUTES {
        for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"] {
            let body = [format!(r#"{{"{member}":""#).as_bytes(), bytes, b"\"}"].concat();
            expect_problem(&post(path, &body), 400, "malformed-request");
        }
        // A lone surrogate is not a character, also as an escape.
        let body = format!(r#"{{"{member}":"\ud800"}}"#);
        expect_problem(&post(path, body.as_bytes()), 400, "malformed-request");
    }
}

#[test]
fn a_body_that_nests_too_deeply_is_malformed() {
    for (path, member) in ROUTES {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            for depth in [33, 1000, 2500] {
                let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                let body = format!(r#"{{"{member}":{inner}}}"#);
                expect_problem(&post(path, body.as_bytes()), 400, "malformed-request");
                expect_problem(&post(path, open.repeat(depth).as_bytes()), 400, "malformed-request");
            }
        }
    }
}

#[test]
fn a_duplicate_member_is_refused() {
    let email = unique_email("twice");
    for (path, member) in ROUTES {
        let open = unclosed_body(path, &email);
        for again in [format!(r#""{member}":"x""#), format!(r#""\u{:04x}{}":"x""#, member.as_bytes()[0], &member[1..])]
        {
            let problem = expect_problem(&post(path, format!("{open},{again}}}").as_bytes()), 422, "validation-failed");
            let errors = problem["errors"].as_array().expect("errors are a list");
            assert_eq!(errors.iter().filter(|error| error["pointer"] == "").count(), 1, "{problem}");
            let of_member = format!("/{member}");
            let others = errors.iter().filter(|error| error["pointer"] != "");
            assert!(others.map(|error| &error["pointer"]).all(|pointer| *pointer == of_member), "{problem}");
        }
    }
    for (first, pointers) in [("short", &["", "/password"][..]), (PASSWORD, &[""])] {
        let twice = format!(r#"{{"email":"{email}","password":"{first}","password":"{PASSWORD}"}}"#);
        expect_invalid(&post("/v1/auth/register", twice.as_bytes()), pointers);
    }
    expect_not_registered(&email);
}

#[test]
fn a_number_of_any_size_is_refused() {
    let digits = "9".repeat(8000);
    for (path, member) in ROUTES {
        for number in ["1e400", "-1e999999999", "1e-999999999", "18446744073709551616", "-0", "0.1", &digits] {
            let response = post(path, format!(r#"{{"{member}":{number}}}"#).as_bytes());
            assert!(matches!(response.status, 400 | 422), "{path} {number:.20}: {}", response.text());
            let shown = number.len() > 9 && response.text().contains(number);
            assert!(!shown, "the response contains a value that may be a secret: {}", response.text());
        }
    }
}

#[test]
fn members_with_a_meaning_in_other_frameworks_are_unknown_fields() {
    let email = unique_email("proto");
    for (path, _) in ROUTES {
        let open = unclosed_body(path, &email);
        for name in ["__proto__", "constructor", "$ne", "$where", "", "role", "roles", "is_admin", "@type", "user_id"] {
            let response = post(path, format!(r#"{open},"{name}":{{"role":"admin"}}}}"#).as_bytes());
            expect_invalid(&response, &[format!("/{name}").as_str()]);
        }
    }
    expect_not_registered(&email);
}

#[test]
fn a_body_longer_than_the_limit_is_refused() {
    let email = unique_email("long");
    for (path, _) in ROUTES {
        let body = format!("{}{}}}", unclosed_body(path, &email), " ".repeat(17 << 10));
        expect_problem(&post(path, body.as_bytes()), 413, "payload-too-large");
        // The same without a Content-Length.
        let head = raw::head(target().client(), "POST", path)
            + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk = format!("{:x}\r\n{body}\r\n", body.len());
        let chunks = [chunk.into_bytes(), b"0\r\n\r\n".to_vec()].into_iter();
        let response = raw::send_streaming(target().client(), head.as_bytes(), chunks);
        assert!(response.status == 413 && response.body.contains("payload-too-large"), "{path}: {response:?}");
    }
    expect_not_registered(&email);
}

#[test]
fn only_json_is_accepted() {
    let email = unique_email("type");
    let types = [
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json, text/plain",
        "application/jsonx",
        "*/*",
        "",
    ];
    for (path, _) in ROUTES {
        let body = format!("{}}}", unclosed_body(path, &email));
        for media_type in types {
            let headers = [("content-type", media_type)];
            let response = target().client().send("POST", path, &headers, Some(body.as_bytes()));
            expect_problem(&response, 415, "unsupported-media-type");
        }
        let two = [("content-type", "application/json"), ("content-type", "text/plain")];
        let response = target().client().send("POST", path, &two, Some(body.as_bytes()));
        expect_problem(&response, 415, "unsupported-media-type");
    }
    expect_not_registered(&email);
}

#[test]
fn json_is_utf8_whatever_charset_is_announced() {
    let email = unique_email("charset");
    for (path, _) in ROUTES {
        let body = format!("{},\"unknown\":1}}", unclosed_body(path, &email));
        let utf16: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for media_type in ["application/json; charset=utf8", "application/json; charset=utf-16"] {
            let send = |body: &[u8]| target().client().send("POST", path, &[("content-type", media_type)], Some(body));
            expect_invalid(&send(body.as_bytes()), &["/unknown"]);
            expect_problem(&send(&utf16), 400, "malformed-request");
        }
    }
    expect_not_registered(&email);
}

#[test]
fn sql_and_patterns_in_text_are_plain_text() {
    let client = customer("injected").client;
    let admin = admin().client;
    for text in ["' OR 1=1 --", "\"; DROP TABLE users; --", "%", "*", "\\", "a@example.com' UNION SELECT 1 --", "\u{0}"]
    {
        let response = spindle_tests::accounts::try_log_in(&client, text, PASSWORD);
        expect_problem(&response, 401, "invalid-credentials");
        let query: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        // None of them is an e-mail address that a user can have.
        expect_problem(&admin.get(&format!("/v1/users?email={query}")), 400, "malformed-request");
    }
    client.get("/v1/users/me").expect_status(200);
}
