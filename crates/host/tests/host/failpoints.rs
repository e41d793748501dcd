//! Failpoints: they are listed in the order in which a guest reaches them, and the process aborts at the given one.

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
async fn failpoints_are_listed_once_a_file_exists() {
    let app = TestApp::new(APP);
    let from = app.path("from");
    let process = Process::start_with(&app, &["--list-failpoints", "--failpoints-from", from.to_str().unwrap()]);
    assert_eq!(sql(&process.url, SCRIPT).await.unwrap(), "1");
    fs::write(&from, "").unwrap();
    assert_eq!(sql(&process.url, SCRIPT).await.unwrap(), "2");
    assert_eq!(fetch(&process.url, "http://back.spin.internal/hello").await, "200 hello");
    let printed = fs::read_to_string(app.path("stderr")).unwrap();
    let listed: Vec<&str> = printed.lines().filter(|line| line.starts_with("failpoint ")).collect();
    let expected = [
        "failpoint 1: front before CREATE TABLE IF",
        "failpoint 2: front after CREATE TABLE IF",
        "failpoint 3: front before COMMIT",
        "failpoint 4: front after COMMIT",
        "failpoint 5: front answered POST /sql/default",
        "failpoint 6: front before GET http://back.spin.internal/hello",
        "failpoint 7: back answered GET /hello",
        "failpoint 8: front after GET http://back.spin.internal/hello",
        "failpoint 9: front answered POST /fetch",
    ];
    assert_eq!(listed, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_aborts_at_the_given_failpoint() {
    for (number, rows) in [("1", "error"), ("3", "0"), ("4", "1"), ("5", "1")] {
        let app = TestApp::new(APP);
        let mut process = Process::start_with(&app, &["--crash-at", number]);
        assert!(sql(&process.url, SCRIPT).await.is_err(), "there was an answer after failpoint {number}");
        let status = process.child.wait().unwrap();
        assert_eq!(status.signal(), Some(6), "{status}");
        let printed = fs::read_to_string(app.path("stderr")).unwrap();
        assert!(printed.contains(&format!("failpoint {number}: front ")), "{printed}");
        let found = sql(&Process::start(&app).url, "SELECT count(*) FROM t").await.unwrap();
        assert!(found.starts_with(rows), "after failpoint {number}: {found}");
    }
}
