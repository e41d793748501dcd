//! Boundaries: they are listed in the order in which a guest passes them, and the process ends at the one that is named.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;

use crate::binary::{Process, sql};
use crate::support::{Fetcher, TestApp};

const APP: &str = "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"front\"\n\
                   [[trigger.http]]\nroute = { private = true }\ncomponent = \"back\"\n\
                   [component.front]\nsource = \"{probe}\"\nsqlite_databases = [\"default\"]\n\
                   allowed_outbound_hosts = [\"http://back.spin.internal\"]\n\
                   [component.back]\nsource = \"{probe}\"\n";

/// Two statements that commit, and some that do not.
const SCRIPT: &str = "PRAGMA synchronous = FULL\nCREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY)\n\
                      BEGIN\nINSERT INTO t DEFAULT VALUES\nCOMMIT\nSELECT count(*) FROM t";

async fn fetch(url: &str, target: &str) -> String {
    let request = Request::post(format!("{url}/fetch")).body(Full::from(Bytes::from(target.to_owned()))).unwrap();
    Fetcher::new(url.to_owned()).send(request).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn boundaries_are_listed_from_the_moment_that_a_file_marks() {
    let app = TestApp::new(APP);
    let from = app.path("from");
    let process = Process::start_with(&app, &["--list-boundaries", "--boundaries-from", from.to_str().unwrap()]);
    assert_eq!(sql(&process.url, SCRIPT).await.unwrap(), "1");
    fs::write(&from, "").unwrap();
    assert_eq!(sql(&process.url, SCRIPT).await.unwrap(), "2");
    assert_eq!(fetch(&process.url, "http://back.spin.internal/hello").await, "200 hello");
    let printed = fs::read_to_string(app.path("stderr")).unwrap();
    let listed: Vec<&str> = printed.lines().filter(|line| line.starts_with("boundary ")).collect();
    let expected = [
        "boundary 1: front before CREATE TABLE IF",
        "boundary 2: front after CREATE TABLE IF",
        "boundary 3: front before COMMIT",
        "boundary 4: front after COMMIT",
        "boundary 5: front answered POST /sql/default",
        "boundary 6: front before GET http://back.spin.internal/hello",
        "boundary 7: back answered GET /hello",
        "boundary 8: front after GET http://back.spin.internal/hello",
        "boundary 9: front answered POST /fetch",
    ];
    assert_eq!(listed, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_ends_at_the_boundary_that_is_named() {
    for (number, rows) in [("1", "error"), ("3", "0"), ("4", "1"), ("5", "1")] {
        let app = TestApp::new(APP);
        let mut process = Process::start_with(&app, &["--crash-at", number]);
        assert!(sql(&process.url, SCRIPT).await.is_err(), "there was an answer after boundary {number}");
        let status = process.child.wait().unwrap();
        assert_eq!(status.signal(), Some(6), "{status}");
        let printed = fs::read_to_string(app.path("stderr")).unwrap();
        assert!(printed.contains(&format!("boundary {number}: front ")), "{printed}");
        let found = sql(&Process::start(&app).url, "SELECT count(*) FROM t").await.unwrap();
        assert!(found.starts_with(rows), "after boundary {number}: {found}");
    }
}
