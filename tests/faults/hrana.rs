//! The double of libSQL's server answers as the real one does: one transcript of requests, and the recorded answers of `sqld`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};
use spindle_tests::acceptance::is_full;
use spindle_tests::libsql::client::{Answer, HranaClient};
use spindle_tests::libsql::double::{Double, Fault, Limits};
use spindle_tests::libsql::sqld::Sqld;
use spindle_tests::libsql::{Server, Servers, token};
use xtask::store::LibsqlServer;
use xtask::suite::UPDATE;
use xtask::workspace::Workspace;

/// The times of the double in a test: short enough to wait for, and long against a request.
const SHORT: Limits = Limits {
    stream: Duration::from_millis(500),
    transaction: Duration::from_millis(250),
    connections: 16,
    opening: Duration::from_millis(20),
    requests: 16,
};

/// The statements that make the tables of the transcript.
const TABLES: [&str; 3] = [
    "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, count INTEGER CHECK (count >= 0)) STRICT",
    "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id)) STRICT",
    "CREATE TRIGGER refusal BEFORE DELETE ON parents WHEN old.name = 'kept' BEGIN SELECT RAISE(ABORT, 'not this one'); END",
];

#[test]
fn the_double_and_the_real_server_answer_as_recorded() {
    let state = tempfile::tempdir().expect("a temp folder");
    let double = Double::start(&state.path().join("double.db"), &[token()], SHORT);
    if let LibsqlServer::Sqld { program, .. } = LibsqlServer::find().expect("a server") {
        let folder = state.path().join("sqld");
        let sqld = Sqld::start(&program, &folder, &state.path().join("sqld.db"), Limits::default());
        let is_recorded = std::env::var_os(UPDATE).is_some();
        compare("quick", quick(&sqld.url()), is_recorded);
        // It takes the times of the real server.
        if is_full() || is_recorded {
            compare("slow", slow(&sqld.url(), Limits::default()), is_recorded);
        }
    }
    compare("quick", quick(&double.url()), false);
    compare("slow", slow(&double.url(), SHORT), false);
}

#[test]
fn an_armed_fault_acts_once_and_on_the_statement_that_it_is_for() {
    let state = tempfile::tempdir().expect("a temp folder");
    let double = Double::start(&state.path().join("double.db"), &[token()], SHORT);
    let client = HranaClient::new(&double.url());
    let run = |sql: &str| client.cursor(None, sql, &[]);
    run("CREATE TABLE numbers (number INTEGER)").expect("an answer");
    let count = || run("SELECT count(*) FROM numbers").expect("an answer").entries()[2]["row"][0]["value"].clone();

    double.arm(Fault::LostAnswer, "INSERT");
    assert_eq!(count(), "0");
    assert_eq!(double.armed(), 1);
    run("INSERT INTO numbers VALUES (1)").expect_err("the answer is lost");
    assert_eq!((double.armed(), count()), (0, json!("1")));

    double.arm(Fault::LostRequest, "INSERT");
    run("INSERT INTO numbers VALUES (2)").expect_err("the request is lost");
    assert_eq!(count(), "1");

    double.arm(Fault::CutAnswer, "SELECT");
    run("SELECT * FROM numbers").expect_err("the answer ends in its middle");

    double.arm(Fault::Status(429), "INSERT");
    let refused = run("INSERT INTO numbers VALUES (3)").expect("an answer");
    assert_eq!((refused.status, count()), (429, json!("1")));

    double.arm(Fault::Interrupted, "SELECT *");
    let interrupted = run("SELECT * FROM numbers").expect("an answer").entries();
    assert_eq!(interrupted[2]["error"]["code"], "SQLITE_INTERRUPT", "{interrupted:?}");

    let before = double.counters();
    assert_eq!(count(), "1");
    let after = double.counters();
    assert_eq!((after.requests - before.requests, after.statements - before.statements), (1, 1));
}

#[test]
fn a_write_that_is_interrupted_ends_its_transaction() {
    let state = tempfile::tempdir().expect("a temp folder");
    let double = Double::start(&state.path().join("double.db"), &[token()], SHORT);
    let mut transcript = Transcript::new(&double.url());
    transcript.sql("a", "CREATE TABLE numbers (number INTEGER)", &[]);
    transcript.sql("a", "BEGIN IMMEDIATE", &[]);
    transcript.sql("a", "INSERT INTO numbers VALUES (1)", &[]);
    double.arm(Fault::Interrupted, "INSERT");
    transcript.sql("a", "INSERT INTO numbers VALUES (2)", &[]);
    transcript.sql("a", "COMMIT", &[]);
    let committed = transcript.answers.last().expect("an answer").to_string();
    assert!(committed.contains("cannot commit - no transaction is active"), "{committed}");
}

#[test]
fn a_server_that_starts_again_knows_no_stream_and_all_that_was_committed() {
    for kind in [LibsqlServer::Double, LibsqlServer::find().expect("a server")] {
        let state = tempfile::tempdir().expect("a temp folder");
        check_restart(Servers::start(&kind, state.path()).get("orders"));
    }
}

fn check_restart(server: &Server) {
    let client = HranaClient::new(&server.url());
    client.cursor(None, "CREATE TABLE numbers (number INTEGER)", &[]).expect("an answer");
    let begun = client.cursor(None, "BEGIN IMMEDIATE", &[]).expect("an answer");
    let inserted = client.cursor(begun.baton().as_deref(), "INSERT INTO numbers VALUES (1)", &[]).expect("an answer");

    server.kill();
    client.cursor(None, "SELECT 1", &[]).expect_err("nothing listens");
    server.restart();
    let committed = client.cursor(inserted.baton().as_deref(), "COMMIT", &[]).expect("an answer");
    assert_eq!((committed.status, committed.body.as_str()), (400, "Received an invalid baton"));
    let counted = client.cursor(None, "SELECT count(*) FROM numbers", &[]).expect("an answer").entries();
    assert_eq!(counted[2]["row"][0]["value"], "0", "{counted:?}");
}

#[test]
fn writers_wait_for_each_other() {
    const WRITERS: usize = 8;
    const TRANSACTIONS: usize = 20;
    let state = tempfile::tempdir().expect("a temp folder");
    let servers = Servers::start(&LibsqlServer::find().expect("a server"), state.path());
    let client = HranaClient::new(&servers.get("orders").url());
    client.cursor(None, "CREATE TABLE counter (number INTEGER)", &[]).expect("an answer");
    client.cursor(None, "INSERT INTO counter VALUES (0)", &[]).expect("an answer");
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| (0..TRANSACTIONS).for_each(|_| increment(&client)));
        }
    });
    let counted = client.cursor(None, "SELECT number FROM counter", &[]).expect("an answer").entries();
    assert_eq!(counted[2]["row"][0]["value"], (WRITERS * TRANSACTIONS).to_string(), "{counted:?}");
}

/// Adds one in a transaction that reads first.
fn increment(client: &HranaClient) {
    let mut baton = None;
    for sql in ["BEGIN IMMEDIATE", "SELECT number FROM counter", "UPDATE counter SET number = number + 1", "COMMIT"] {
        let answer = client.cursor(baton.as_deref(), sql, &[]).expect("an answer");
        assert!(answer.entries().iter().any(|entry| entry["type"] == "step_end"), "{sql}: {}", answer.body);
        baton = answer.baton();
    }
    // It would be one of the server's connections until it expires.
    client.post("/v3/pipeline", &json!({"baton": baton, "requests": [{"type": "close"}]})).expect("an answer");
}

/// Compares the answers of a server with the recorded ones, or records them.
fn compare(part: &str, answers: Vec<Value>, record: bool) {
    let path = fixture();
    let text = fs::read_to_string(&path).unwrap_or_else(|_| "{}".to_owned());
    let mut recorded: Map<String, Value> = serde_json::from_str(&text).expect("the recorded answers are JSON");
    if record {
        recorded.insert(part.to_owned(), answers.into());
        return fs::write(path, one_a_line(&recorded)).expect("the fixture can be written");
    }
    let expected = recorded[part].as_array().expect("a list of answers");
    let pairs = answers.iter().zip(expected).filter(|(answer, expected)| answer != expected);
    let differences: Vec<String> = pairs.map(|(answer, expected)| format!("{answer}\n  {expected}")).collect();
    assert!(differences.is_empty(), "{part}, answered and recorded:\n{}", differences.join("\n"));
    assert_eq!(answers.len(), expected.len(), "record the answers again: SPINDLE_UPDATE=1 with sqld");
}

/// Returns the text of the fixture, with each answer on a line of its own.
fn one_a_line(recorded: &Map<String, Value>) -> String {
    let part = |(name, answers): (&String, &Value)| {
        let answers: Vec<String> = answers.as_array().into_iter().flatten().map(Value::to_string).collect();
        format!("\"{name}\": [\n{}\n]", answers.join(",\n"))
    };
    format!("{{\n{}\n}}\n", recorded.iter().map(part).collect::<Vec<_>>().join(",\n"))
}

fn fixture() -> PathBuf {
    Workspace::locate().root().join(Path::new("tests/faults/hrana/answers.json"))
}

/// Requests to one server, and its answers.
struct Transcript {
    client: HranaClient,
    /// The last baton of each stream.
    batons: BTreeMap<&'static str, String>,
    answers: Vec<Value>,
}

impl Transcript {
    fn new(url: &str) -> Self {
        Self { client: HranaClient::new(url), batons: BTreeMap::new(), answers: Vec::new() }
    }

    /// Runs a statement over a cursor.
    fn sql(&mut self, stream: &'static str, sql: &str, args: &[Value]) {
        let answer = self.client.cursor(self.batons.get(stream).map(String::as_str), sql, args).expect("an answer");
        self.note(Some(stream), &json!({"sql": sql, "args": args}), &answer);
    }

    /// Sends a request of `stream`.
    fn post(&mut self, stream: &'static str, path: &str, mut body: Value) {
        let request = body.clone();
        body["baton"] = json!(self.batons.get(stream));
        let answer = self.client.post(path, &body).expect("an answer");
        self.note(Some(stream), &request, &answer);
    }

    /// Runs requests over a pipeline.
    fn pipeline(&mut self, stream: &'static str, requests: Value) {
        self.post(stream, "/v3/pipeline", json!({"requests": requests}));
    }

    /// Runs a statement with a baton that is not the last of its stream.
    fn with_baton(&mut self, baton: &str) {
        let answer = self.client.cursor(Some(baton), "SELECT 1", &[]).expect("an answer");
        self.note(None, &json!("another baton"), &answer);
    }

    /// Runs a statement with another `authorization`.
    fn with_authorization(&mut self, authorization: Option<&str>) {
        let client = self.client.with_authorization(authorization);
        let answer = client.cursor(None, "SELECT 1", &[]).expect("an answer");
        self.note(None, &json!({"authorization": authorization}), &answer);
    }

    /// Opens streams until the server refuses one more.
    fn exhaust(&mut self, connections: usize) {
        let open = || self.client.cursor(None, "SELECT 1", &[]).expect("an answer");
        let refused = (0..=connections).map(|_| open()).find(|answer| answer.status != 200);
        self.note(None, &json!("one more than the server takes"), &refused.expect("the server has a limit"));
    }

    fn note(&mut self, stream: Option<&'static str>, request: &Value, answer: &Answer) {
        if let Some(stream) = stream {
            match answer.baton() {
                Some(baton) => self.batons.insert(stream, baton),
                None => self.batons.remove(stream),
            };
        }
        let mut entries = answer.entries();
        entries.iter_mut().for_each(normalize);
        self.answers.push(json!({
            "stream": stream,
            "request": request,
            "status": answer.status,
            "media_type": answer.media_type,
            "answer": entries,
        }));
    }
}

/// Replaces batons, which differ at each run, and removes what the double does not have: measurements, and the position in the log.
fn normalize(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for measured in ["rows_read", "rows_written", "query_duration_ms"] {
                members.remove(measured);
            }
            for (name, member) in members {
                match name.as_str() {
                    "baton" if !member.is_null() => *member = json!("a baton"),
                    "replication_index" => *member = Value::Null,
                    _ => normalize(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalize),
        _ => {}
    }
}

fn integer(value: i64) -> Value {
    json!({"type": "integer", "value": value.to_string()})
}

fn text(value: &str) -> Value {
    json!({"type": "text", "value": value})
}

/// Sends what is answered at once.
fn quick(url: &str) -> Vec<Value> {
    let mut transcript = Transcript::new(url);
    let t = &mut transcript;
    TABLES.into_iter().for_each(|sql| t.sql("a", sql, &[]));
    values(t);
    errors(t);
    transactions(t);
    batches(t);
    refusals(t);
    transcript.answers
}

/// Values of all types in rows and arguments.
fn values(t: &mut Transcript) {
    t.sql("a", "SELECT 1 AS one, 2.5, 'text', x'00ff10', NULL, 9007199254740993, -0.0, 1e300, ''", &[]);
    let blob = json!({"type": "blob", "base64": "AP8QAA"});
    let args =
        [integer(i64::MIN), json!({"type": "float", "value": 0.1}), text("Grüße"), blob, json!({"type": "null"})];
    t.sql("a", "SELECT ?1, ?2, ?3, ?4, ?5, typeof(?5)", &args);
    t.sql("a", "SELECT ?, ?", &[integer(1), integer(2)]);
    t.sql("a", "SELECT name FROM parents WHERE id = 1", &[]);
    t.sql("a", "SELECT p.name, p.count + 1, p.id AS other FROM parents AS p", &[]);
    t.sql("a", "INSERT INTO parents (name, count) VALUES (?1, ?2) RETURNING id, name", &[text("first"), integer(3)]);
    t.sql("a", "INSERT INTO parents (name, count) VALUES ('second', 0), ('kept', 1)", &[]);
    t.sql("a", "UPDATE parents SET count = count + 1 WHERE id <= 2", &[]);
    t.sql("a", "UPDATE parents SET count = 9 WHERE id = 1 RETURNING count", &[]);
    t.sql("a", "DELETE FROM parents WHERE id = 2", &[]);
    t.sql("a", "SELECT id, name, count FROM parents ORDER BY id", &[]);
    t.sql("a", "INSERT INTO parents (name) VALUES ('first') ON CONFLICT (name) DO NOTHING RETURNING id", &[]);
    t.sql("a", "WITH numbers (n) AS (VALUES (1), (2)) SELECT sum(n) FROM numbers", &[]);
    t.sql("a", "SELECT count FROM parents GROUP BY count HAVING count > 1", &[]);
    t.sql("a", "PRAGMA foreign_keys", &[]);
    t.sql("a", "EXPLAIN QUERY PLAN SELECT * FROM parents WHERE id = 1", &[]);
}

/// Errors of SQLite, and those of the server before it.
fn errors(t: &mut Transcript) {
    for sql in [
        "INSERT INTO parents (name) VALUES ('first')",
        "INSERT INTO parents (name) VALUES (NULL)",
        "INSERT INTO parents (id, name) VALUES (1, 'other')",
        "INSERT INTO parents (name, count) VALUES ('other', -1)",
        "INSERT INTO parents (name, count) VALUES ('other', 'many')",
        "INSERT INTO children (parent) VALUES (99)",
        "DELETE FROM parents WHERE name = 'kept'",
        "SELECT * FROM absent",
        "SELECT absent FROM parents",
        "INSERT INTO parents (absent) VALUES (1)",
        "SELECT absent(1)",
        "CREATE TABLE parents (id INTEGER)",
        "SELECT json('{')",
        "SELECT abs(-9223372036854775808)",
        "COMMIT",
        "ROLLBACK",
        "SELEC 1",
        "SELECT 1 FROM",
        "SELECT 'open",
        "SELECT count FROM parents HAVING count > 1",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA wal_checkpoint",
        "VACUUM",
        "ANALYZE",
        "CREATE TEMP TABLE short (id INTEGER)",
        "ATTACH 'other.db' AS other",
    ] {
        t.sql("errors", sql, &[]);
    }
    t.sql("errors", "SELECT ?1", &[]);
    t.sql("errors", "SELECT ?1", &[integer(1), integer(2)]);
    t.sql("errors", "SELECT :name", &[]);
}

/// Transactions over several requests.
fn transactions(t: &mut Transcript) {
    let count = "SELECT count(*) FROM parents";
    t.sql("writer", "BEGIN IMMEDIATE", &[]);
    t.sql("writer", "INSERT INTO parents (name) VALUES ('third')", &[]);
    t.sql("writer", "BEGIN", &[]);
    t.sql("writer", "INSERT INTO parents (name) VALUES ('third')", &[]);
    t.sql("reader", count, &[]);
    t.pipeline("writer", json!([{"type": "get_autocommit"}]));
    t.sql("writer", "COMMIT", &[]);
    t.pipeline("writer", json!([{"type": "get_autocommit"}]));
    t.sql("reader", count, &[]);
    t.sql("writer", "BEGIN IMMEDIATE", &[]);
    t.sql("writer", "DELETE FROM children", &[]);
    t.sql("writer", "INSERT INTO parents (name) VALUES ('fourth')", &[]);
    t.sql("writer", "ROLLBACK", &[]);
    t.sql("writer", count, &[]);
    // The end of the stream is the end of its transaction.
    t.sql("writer", "BEGIN IMMEDIATE", &[]);
    t.sql("writer", "INSERT INTO parents (name) VALUES ('fifth')", &[]);
    t.pipeline("writer", json!([{"type": "close"}]));
    t.sql("writer", "BEGIN IMMEDIATE", &[]);
    t.sql("writer", count, &[]);
    t.sql("writer", "ROLLBACK", &[]);
}

/// Several statements in one request.
fn batches(t: &mut Transcript) {
    let steps = json!([
        {"stmt": {"sql": "BEGIN IMMEDIATE"}},
        {"condition": {"type": "ok", "step": 0}, "stmt": {"sql": "INSERT INTO parents (name) VALUES ('sixth')"}},
        {"condition": {"type": "ok", "step": 1}, "stmt": {"sql": "INSERT INTO parents (name) VALUES ('sixth')"}},
        {"condition": {"type": "ok", "step": 2}, "stmt": {"sql": "COMMIT"}},
        {"condition": {"type": "not", "cond": {"type": "ok", "step": 3}}, "stmt": {"sql": "ROLLBACK"}},
        {"condition": {"type": "is_autocommit"}, "stmt": {"sql": "SELECT count(*) FROM parents"}},
        {"condition": {"type": "and", "conds": [{"type": "error", "step": 2}, {"type": "is_autocommit"}]}, "stmt": {"sql": "SELECT 1"}},
        {"condition": {"type": "or", "conds": [{"type": "ok", "step": 2}, {"type": "ok", "step": 3}]}, "stmt": {"sql": "SELECT 2"}},
    ]);
    t.post("batch", "/v3/cursor", json!({"batch": {"steps": steps}}));
    t.pipeline("batch", json!([{"type": "batch", "batch": {"steps": steps}}, {"type": "get_autocommit"}]));
    let named = json!({"sql": "SELECT :a, @b", "named_args": [{"name": "a", "value": integer(1)}, {"name": "@b", "value": integer(2)}]});
    t.pipeline("batch", json!([{"type": "execute", "stmt": named}]));
    t.pipeline("batch", json!([
        {"type": "execute", "stmt": {"sql": "INSERT INTO parents (name) VALUES ('first')"}},
        {"type": "execute", "stmt": {"sql": "SELEC 1"}},
        {"type": "sequence", "sql": "INSERT INTO parents (name) VALUES ('seventh'); DELETE FROM parents WHERE name = 'seventh'"},
        {"type": "sequence", "sql": "INSERT INTO parents (name) VALUES ('first'); SELECT 1"},
        {"type": "execute", "stmt": {"sql": "SELECT count(*) FROM parents"}},
        {"type": "close"},
    ]));
}

/// Requests that the server refuses.
fn refusals(t: &mut Transcript) {
    t.sql("old", "SELECT 1", &[]);
    let old = t.batons["old"].clone();
    t.sql("old", "SELECT 1", &[]);
    t.with_baton(&old);
    t.sql("old", "SELECT 1", &[]);
    let last = t.batons["old"].clone();
    t.pipeline("old", json!([{"type": "close"}]));
    t.with_baton(&last);
    t.with_baton("no baton");
    t.with_baton("");
    t.with_authorization(None);
    t.with_authorization(Some("Bearer none"));
    t.with_authorization(Some("Basic bm9uZTpub25l"));
    t.with_authorization(Some("none"));
}

/// Sends what is answered after the times of the server.
fn slow(url: &str, limits: Limits) -> Vec<Value> {
    let mut transcript = Transcript::new(url);
    let t = &mut transcript;
    t.sql("holder", "CREATE TABLE slow (id INTEGER PRIMARY KEY)", &[]);
    t.sql("holder", "BEGIN IMMEDIATE", &[]);
    t.sql("holder", "INSERT INTO slow VALUES (1)", &[]);
    // It waits for the time of the holder.
    t.sql("thief", "BEGIN IMMEDIATE", &[]);
    t.sql("thief", "INSERT INTO slow VALUES (2)", &[]);
    t.sql("holder", "INSERT INTO slow VALUES (3)", &[]);
    t.sql("thief", "COMMIT", &[]);
    t.pipeline("holder", json!([{"type": "get_autocommit"}]));
    t.sql("holder", "INSERT INTO slow VALUES (4)", &[]);
    t.sql("holder", "COMMIT", &[]);
    t.sql("holder", "SELECT id FROM slow", &[]);
    // A holder whose lock was taken learns of it once, whatever its requests hold.
    t.sql("holder", "BEGIN IMMEDIATE", &[]);
    t.sql("thief", "BEGIN IMMEDIATE", &[]);
    t.sql("thief", "COMMIT", &[]);
    t.pipeline(
        "holder",
        json!([{"type": "batch", "batch": {"steps": [{"stmt": {"sql": "SELECT 1"}}, {"stmt": {"sql": "SELECT 2"}}]}}]),
    );
    t.sql("holder", "SELECT 3", &[]);

    t.sql("sleeper", "BEGIN IMMEDIATE", &[]);
    t.sql("sleeper", "INSERT INTO slow VALUES (5)", &[]);
    // The server rounds up to whole seconds.
    let rounding = if limits.stream < Duration::from_secs(1) { Duration::ZERO } else { Duration::from_secs(2) };
    thread::sleep(limits.stream + rounding);
    let last = t.batons["sleeper"].clone();
    t.sql("sleeper", "COMMIT", &[]);
    t.with_baton(&last);
    t.sql("thief", "SELECT id FROM slow", &[]);
    t.sql("new", "SELECT id FROM slow", &[]);
    t.exhaust(limits.connections);
    transcript.answers
}
