//! Notifications, while the application is killed at each point at which something becomes durable or visible: each is sent, and nothing comes
//! twice to whoever receives it, unless an instance died between the provider's answer and writing it down. That window is counted.

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

use crate::fixture::{PATIENCE, SHORT_TIMEOUTS, is_alive, try_tick};
use crate::invariants::assert_intact;

/// How often it is looked whether all are sent.
const LOOK: Duration = Duration::from_millis(50);

/// What is still on its way, in words.
const UNSETTLED: &str = "
    SELECT 'nobody has heard of user ' || told.subject FROM users.outbox AS told
    LEFT JOIN inbox AS heard ON heard.id = told.id AND heard.source = 'users'
    WHERE told.type = 'UserRegistered' AND heard.state IS NOT 'done'
    UNION ALL SELECT 'notification ' || id || ' is ' || status FROM notifications WHERE status <> 'sent'
    UNION ALL SELECT type || ' is ' || state FROM inbox WHERE state <> 'done'";

/// Each notification, how often its provider was asked, and how many of those calls were cut off.
const SENT: &str = "
    SELECT id, (SELECT count(*) FROM provider_calls WHERE notification_id = id),
        (SELECT count(*) FROM provider_calls WHERE notification_id = id AND ended_at IS NULL)
    FROM notifications";

/// The databases, whoever receives what is sent, and the admin. Instances come and go.
struct Office {
    state: TempDir,
    receiver: Recorder,
    admin: String,
}

/// What came of it.
#[derive(Debug, Default)]
struct Found {
    notifications: usize,
    calls: usize,
    /// How often something came that had come before.
    copies: usize,
}

impl Office {
    fn open() -> Self {
        let state = tempfile::tempdir().expect("a temp folder");
        let receiver = Recorder::start(|_| (200, "{}".to_owned()));
        let mut office = Self { state, receiver, admin: String::new() };
        let instance = office.instance(Failpoints::Listed);
        office.admin = instance.admin().access_token;
        office.settle(&instance).expect("nothing breaks it off");
        instance.kill();
        office
    }

    /// An instance that sends e-mail to the receiver, as webhooks.
    fn instance(&self, failpoints: Failpoints) -> Instance {
        let (host, endpoint) = (self.receiver.url(), format!("{}/hook", self.receiver.url()));
        let own = [
            ("notification_lease_seconds", "2"),
            ("notify_email_host", host),
            ("notify_email_endpoint", endpoint.as_str()),
            ("notify_email_key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4s"),
            ("notify_email_allow_private", "true"),
        ];
        let variables: Vec<_> = SHORT_TIMEOUTS.into_iter().chain(own).collect();
        let file = Workspace::locate().target_dir().join(WASM_TARGET).join("release/notify_webhook.wasm");
        Instance::with_failpoints(self.state.path(), &variables, failpoints, |manifest| choose(manifest, file))
    }

    /// Lets a user come to be, who is welcomed then; nothing if the instance ends before.
    fn live(&self, instance: &Instance, email: &str) -> Option<()> {
        let client = instance.client().as_user(&self.admin);
        let body = json!({"email": email}).to_string();
        let headers = [("content-type", "application/json")];
        let created = client.try_send("POST", "/v1/users", &headers, Some(body.as_bytes())).ok()?;
        // Who has asked before, and had no answer, asks again.
        assert!(matches!(created.status, 201 | 409), "{}", created.text());
        self.settle(instance)
    }

    /// Ticks `instance` until everybody is told; nothing if it ends before.
    fn settle(&self, instance: &Instance) -> Option<()> {
        let (client, begin): (Client, _) = (instance.client(), Instant::now());
        loop {
            let unsettled: Vec<String> = self.rows(UNSETTLED, |row| row.get(0));
            if unsettled.is_empty() {
                return Some(());
            }
            assert!(begin.elapsed() < PATIENCE, "stuck: {unsettled:#?}\n{}", instance.log());
            if !is_alive(&client) {
                return None;
            }
            try_tick(&client)?;
            thread::sleep(LOOK);
        }
    }

    /// Checks that each user was told once, that the receiver has it, and that no copy came but for a call that was cut off.
    fn check(&self) -> Found {
        let users: Vec<i64> = self.rows("SELECT count(*) FROM users.users", |row| row.get(0));
        let sent: Vec<(String, u16, u16)> = self.rows(SENT, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        assert_eq!(users, [i64::try_from(sent.len()).expect("few users")]);
        let mut received: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for request in self.receiver.recorded() {
            let id = request.header("webhook-id").to_owned();
            assert_eq!(request.header("idempotency-key"), id);
            received.entry(id).or_default().push(request.body);
        }
        let mut found = Found { notifications: sent.len(), ..Found::default() };
        for (id, calls, cut_off) in sent {
            let (calls, cut_off) = (usize::from(calls), usize::from(cut_off));
            let bodies = received.remove(&id).unwrap_or_default();
            let copies = bodies.len().checked_sub(1).unwrap_or_else(|| panic!("{id} never came"));
            assert!(copies <= cut_off && bodies.len() <= calls, "{id}: {calls} calls, {cut_off} cut off: {bodies:?}");
            assert!(bodies.iter().all(|body| *body == bodies[0]), "under one key something else came: {bodies:?}");
            found.calls += calls;
            found.copies += copies;
        }
        assert_eq!(received, BTreeMap::new(), "nobody knows of these");
        found
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
fn each_is_sent_and_once_but_for_the_one_window_wherever_the_application_is_killed() {
    let office = Office::open();
    let instance = office.instance(Failpoints::Listed);
    instance.arm_failpoints();
    office.live(&instance, &unique_email("drill")).expect("nothing breaks it off");
    let failpoints = instance.failpoints().len();
    instance.kill();
    assert_eq!(office.check().copies, 0, "nothing was broken off");

    let mut crashes = 0;
    for number in (1..=failpoints).step_by(scale(failpoints.div_ceil(4), 1)) {
        let (instance, email) = (office.instance(Failpoints::CrashAt(number)), unique_email("drill"));
        instance.arm_failpoints();
        // It may be through before it comes to the last ones.
        crashes += usize::from(office.live(&instance, &email).is_none());
        instance.kill();
        assert_intact(office.state.path());
        let instance = office.instance(Failpoints::Listed);
        office.live(&instance, &email).expect("nothing breaks it off any more");
        instance.kill();
        office.check();
    }
    let Found { notifications, calls, copies } = office.check();
    figures(
        "notifications: sent while the application is killed at each failpoint",
        &[
            ("failpoints of one", &failpoints),
            ("crashes, each survived", &crashes),
            ("notifications, each sent", &notifications),
            ("calls of the provider", &calls),
            ("that came a second time under the same key", &copies),
        ],
    );
    assert!(crashes > 0);
    // In the full form it dies in the window as well.
    assert!(copies > 0 || scale(true, false), "the window is there, and was not met");
}
