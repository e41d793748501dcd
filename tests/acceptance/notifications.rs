//! Notifications, with a crash at each point at which something becomes durable or visible: each notification is sent, and its recipient gets
//! it once, unless an instance crashed between the provider's response and its record in the database. The duplicates of that window are counted.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::instance::Failpoints;
use spindle_tests::recorder::Recorder;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Instance};
use tempfile::TempDir;
use xtask::build::WASM_TARGET;
use xtask::provider::Choice;
use xtask::workspace::Workspace;

use crate::fixture::{SHORT_TIMEOUTS, TIMEOUT, is_alive, try_tick};
use crate::invariants::assert_intact;

/// The time between two looks at the databases.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The unsettled work, one sentence each.
const UNSETTLED: &str = "
    SELECT 'the registration of user ' || sent.subject || ' is not handled' FROM users.outbox AS sent
    LEFT JOIN inbox AS received ON received.id = sent.id AND received.source = 'users'
    WHERE sent.type = 'UserRegistered' AND received.state IS NOT 'done'
    UNION ALL SELECT 'notification ' || id || ' is ' || status FROM notifications WHERE status <> 'sent'
    UNION ALL SELECT type || ' is ' || state FROM inbox WHERE state <> 'done'";

/// Each notification, with the number of calls of its provider and the number of calls without an end.
const SENT: &str = "
    SELECT id, (SELECT count(*) FROM provider_calls WHERE notification_id = id),
        (SELECT count(*) FROM provider_calls WHERE notification_id = id AND ended_at IS NULL)
    FROM notifications";

/// The databases, the server that receives the notifications, and the admin. Instances start and end.
struct NotificationFixture {
    state: TempDir,
    receiver: Recorder,
    admin: String,
}

/// The totals of a check.
#[derive(Debug, Default)]
struct Totals {
    notifications: usize,
    calls: usize,
    /// The duplicates that were received.
    duplicates: usize,
}

impl NotificationFixture {
    fn new() -> Self {
        let state = tempfile::tempdir().expect("a temp folder");
        let receiver = Recorder::start(|_| (200, "{}".to_owned()));
        let mut fixture = Self { state, receiver, admin: String::new() };
        let instance = fixture.instance(Failpoints::Listed);
        fixture.admin = instance.admin().access_token;
        fixture.settle(&instance).expect("the host does not crash");
        instance.kill();
        fixture
    }

    /// Starts an instance that sends e-mail to the receiver, as webhooks.
    fn instance(&self, failpoints: Failpoints) -> Instance {
        let (host, endpoint) = (self.receiver.url(), format!("{}/hook", self.receiver.url()));
        let more = [
            ("notification_lease_seconds", "5"),
            ("notify_email_host", host),
            ("notify_email_endpoint", endpoint.as_str()),
            ("notify_email_key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s"),
            ("notify_email_allow_private", "true"),
        ];
        let variables: Vec<_> = SHORT_TIMEOUTS.into_iter().chain(more).collect();
        let file = Workspace::locate().target_dir().join(WASM_TARGET).join("release/notify_webhook.wasm");
        Instance::with_failpoints(self.state.path(), &variables, failpoints, |manifest| choose(manifest, file))
    }

    /// Creates a user, and waits for the welcome notification; `None` if the instance ends first.
    fn run(&self, instance: &Instance, email: &str) -> Option<()> {
        let client = instance.client().as_user(&self.admin);
        let body = json!({"email": email}).to_string();
        let headers = [("content-type", "application/json")];
        let created = client.try_send("POST", "/v1/users", &headers, Some(body.as_bytes())).ok()?;
        // The request is a repetition if the first one had no response.
        assert!(matches!(created.status, 201 | 409), "{}", created.text());
        self.settle(instance)
    }

    /// Ticks `instance` until all work is settled; `None` if it ends first.
    fn settle(&self, instance: &Instance) -> Option<()> {
        let (client, begin): (Client, _) = (instance.client(), Instant::now());
        loop {
            let unsettled: Vec<String> = self.rows(UNSETTLED, |row| row.get(0));
            if unsettled.is_empty() {
                return Some(());
            }
            assert!(begin.elapsed() < TIMEOUT, "stuck: {unsettled:#?}\n{}", instance.log());
            if !is_alive(&client) {
                return None;
            }
            try_tick(&client)?;
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Checks that each user has one notification, that the receiver got it, and that each duplicate belongs to a call without an end.
    fn check(&self) -> Totals {
        let users: Vec<i64> = self.rows("SELECT count(*) FROM users.users", |row| row.get(0));
        let sent: Vec<(String, u16, u16)> = self.rows(SENT, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        assert_eq!(users, [i64::try_from(sent.len()).expect("few users")]);
        let mut received: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for request in self.receiver.recorded() {
            let id = request.header("webhook-id").to_owned();
            assert_eq!(request.header("idempotency-key"), id);
            received.entry(id).or_default().push(request.body);
        }
        let mut totals = Totals { notifications: sent.len(), ..Totals::default() };
        for (id, calls, cut_off) in sent {
            let (calls, cut_off) = (usize::from(calls), usize::from(cut_off));
            let bodies = received.remove(&id).unwrap_or_default();
            let duplicates = bodies.len().checked_sub(1).unwrap_or_else(|| panic!("{id} was never received"));
            assert!(
                duplicates <= cut_off && bodies.len() <= calls,
                "{id}: {calls} calls, {cut_off} cut off: {bodies:?}"
            );
            assert!(bodies.iter().all(|body| *body == bodies[0]), "two bodies under one key: {bodies:?}");
            totals.calls += calls;
            totals.duplicates += duplicates;
        }
        assert_eq!(received, BTreeMap::new(), "unknown notifications");
        totals
    }

    fn rows<T>(&self, sql: &str, read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let uri = |name: &str| format!("file:{}?mode=ro", self.state.path().join(format!("{name}.db")).display());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let db = Connection::open_with_flags(uri("notifications"), flags).expect("the notifications");
        db.execute("ATTACH ?1 AS users", [uri("users")]).expect("the users beside them");
        let mut statement = db.prepare(sql).expect("a query that fits the schema");
        let rows = statement.query_map([], read).expect("the databases can be read");
        rows.collect::<Result<_, _>>().expect("rows of that type")
    }
}

fn choose(manifest: &mut toml::Table, file: PathBuf) {
    let choice = Choice { component: "notify-email".to_owned(), file };
    choice.apply(manifest).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn each_notification_is_sent_once_after_a_crash_at_any_failpoint_except_in_one_window() {
    let fixture = NotificationFixture::new();
    let instance = fixture.instance(Failpoints::Listed);
    instance.arm_failpoints();
    fixture.run(&instance, &unique_email("crash")).expect("the host does not crash");
    let failpoints = instance.failpoints().len();
    instance.kill();
    assert_eq!(fixture.check().duplicates, 0, "there was no crash");

    let mut crashes = 0;
    for number in (1..=failpoints).step_by(scale(failpoints.div_ceil(4), 1)) {
        let (instance, email) = (fixture.instance(Failpoints::CrashAt(number)), unique_email("crash"));
        instance.arm_failpoints();
        // All work may be settled before the last failpoints.
        crashes += usize::from(fixture.run(&instance, &email).is_none());
        instance.kill();
        assert_intact(fixture.state.path());
        let instance = fixture.instance(Failpoints::Listed);
        fixture.run(&instance, &email).expect("the host does not crash again");
        instance.kill();
        fixture.check();
    }
    let Totals { notifications, calls, duplicates } = fixture.check();
    figures(
        "notifications: with a crash at each failpoint",
        &[
            ("failpoints of one notification", &failpoints),
            ("crashes, each survived", &crashes),
            ("notifications, each sent", &notifications),
            ("calls of the provider", &calls),
            ("duplicates under the same key", &duplicates),
        ],
    );
    assert!(crashes > 0);
    // The full form also crashes in the window.
    assert!(duplicates > 0 || scale(true, false), "no crash was in the window");
}
