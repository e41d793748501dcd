//! Check 26: a rollback works, because the code of the last release runs on the databases that this tree has migrated.
//!
//! The short form prepares each SQL statement of the release on the schema that the migrations of this tree make. The full form builds the release, starts
//! it on databases that this tree has used, and runs the release's own end-to-end suite against it. Both show with a seeded migration that contracts that
//! they can fail.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, params};
use serde_json::json;
use spindle_tests::acceptance::{figures, is_full};
use spindle_tests::orders::{cancel, fulfil, place_order, wait_until};
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Account, Client, Instance, closed_address};
use tempfile::TempDir;
use xtask::workspace::Workspace;

use released::{Release, SuiteResult};
use schema::Statements;

mod released;
mod schema;

/// A migration that is safe for the release, which the databases get in addition to those of this tree: there may be none since the release.
const EXPANSION: &str = "ALTER TABLE orders ADD COLUMN gift_note TEXT;
CREATE TABLE order_gifts (order_id TEXT PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE, paper TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX orders_with_gift_note ON orders (id) WHERE gift_note IS NOT NULL;
";

/// A migration that is not: the release reads this column of each order.
const CONTRACTION: &str = "ALTER TABLE orders DROP COLUMN decline_code;
";

/// The service whose database gets them.
const SERVICE: &str = "orders";

/// The part of the release's suite that has to find the contraction.
const SUITE_OF_SERVICE: &str = "orders::";

#[test]
fn each_statement_of_the_release_can_be_prepared_on_the_schema_of_this_tree() {
    let Some(release) = Release::find("rollback: statements") else { return };
    let folder = tempfile::tempdir().expect("a temp folder");
    release.check_out(folder.path());
    let current = Workspace::locate().root().to_path_buf();
    let statements = Statements::read(folder.path());
    let mut checked = 0;
    for service in statements.services() {
        let as_it_is = statements.compare(&current, service, "");
        assert!(as_it_is.broken.is_empty(), "on the database of {service}:\n{}", as_it_is.broken.join("\n"));
        checked += as_it_is.checked;
    }
    assert!(checked > 300, "only {checked} statements were found");
    let expanded = statements.compare(&current, SERVICE, EXPANSION);
    assert!(expanded.broken.is_empty(), "the seeded expansion is no fault:\n{}", expanded.broken.join("\n"));
    let contracted = statements.compare(&current, SERVICE, CONTRACTION);
    assert!(!contracted.broken.is_empty(), "the seeded contraction was not found");
    assert!(contracted.broken.iter().all(|fault| fault.contains("decline_code")), "{:#?}", contracted.broken);
    figures(
        "rollback: the statements of the release on the schema of this tree",
        &[
            ("statements, all prepared", &checked),
            ("statements that the seeded contraction breaks", &contracted.broken.len()),
        ],
    );
}

#[test]
fn the_release_passes_its_own_suite_on_databases_of_this_tree() {
    if !is_full() {
        return;
    }
    let Some(release) = Release::find("rollback: suite") else { return };
    let build = release.build();
    let state = tempfile::tempdir().expect("a temp folder");
    let variables = state.path().join("variables");

    let instance = Instance::start(state.path());
    fs::copy(instance.env_file(), &variables).expect("the variables can be copied");
    let fixture = RollbackFixture::open(&instance);
    fixture.sell(&instance);
    // Its payment and its events are left for the release.
    let open = place_order(&fixture.customer(&instance.client()), &fixture.product, 1, "pm_ok").path;
    instance.stop();
    let contracted = copy(state.path());
    apply(state.path(), "seeded_expansion", EXPANSION);
    apply(contracted.path(), "seeded_contraction", CONTRACTION);

    let old = build.start(state.path(), &variables, closed_address());
    let customer = fixture.customer(&Client::new(old.url()));
    // It has a clock of its own.
    wait_until(&customer, &open, "payment_captured", || thread::sleep(Duration::from_millis(100)));
    let passed = build.run_suite(old.url(), None);
    passed.expect_success();
    old.stop();

    // Forward again, on what the release has written.
    let instance = Instance::start(state.path());
    let order = fixture.customer(&instance.client()).get(&open).expect_status(200).json();
    assert_eq!(order["status"], "paid", "{order}");
    fixture.sell(&instance);
    instance.stop();

    let old = build.start(contracted.path(), &variables, closed_address());
    let failed = build.run_suite(old.url(), Some(SUITE_OF_SERVICE));
    failed.expect_failures();
    old.stop();
    report(&release, &passed, &failed);
}

fn report(release: &Release, passed: &SuiteResult, failed: &SuiteResult) {
    figures(
        "rollback: the release on databases of this tree",
        &[
            ("release", &release.version()),
            ("tests of the release that passed", &passed.passed),
            ("tests of the release that failed", &passed.failed),
            ("tests that failed after the seeded contraction", &failed.failed),
        ],
    );
}

/// A customer, and a product with enough stock.
struct RollbackFixture {
    customer: Account,
    product: Product,
}

impl RollbackFixture {
    fn open(instance: &Instance) -> Self {
        let product = create_product(&instance.admin().client, &json!({"stock": {"on_hand": 1000}}));
        Self { customer: instance.accounts().customer("buyer"), product }
    }

    /// Logs the customer in, and returns a client that acts as them. A token could have expired since.
    fn customer(&self, client: &Client) -> Client {
        Account::log_in(client, &self.customer.email, &self.customer.password).client
    }

    /// Sells some pieces: orders that are paid, one of them shipped, one declined, one cancelled.
    fn sell(&self, instance: &Instance) {
        let customer = self.customer(&instance.client());
        let tick = || drop(instance.tick());
        let place = |payment| place_order(&customer, &self.product, 1, payment).path;
        let paid: Vec<String> = (0..4).map(|_| place("pm_ok")).collect();
        for order in &paid {
            wait_until(&customer, order, "payment_captured", tick);
        }
        fulfil(&instance.admin().client, &paid[0]).expect_status(200);
        cancel(&customer, &paid[1]).expect_status(200);
        wait_until(&customer, &paid[1], "payment_refunded", tick);
        wait_until(&customer, &place("pm_declined"), "stock_released", tick);
    }
}

/// Copies the databases in `state`.
fn copy(state: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("a temp folder");
    for entry in fs::read_dir(state).expect("the state folder can be listed") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_file() {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a database can be copied");
        }
    }
    copy
}

/// Runs the migration `sql` on the stopped database of [`SERVICE`] as the platform would, with its record, after those of this tree.
fn apply(state: &Path, name: &str, sql: &str) {
    let folder = tempfile::tempdir().expect("a temp folder");
    let own = schema::seeded(&Workspace::locate().root().join("migrations").join(SERVICE), name, sql, folder.path());
    let migrations = spindle_migrations::load(&own).unwrap_or_else(|error| panic!("{error}"));
    let newest = migrations.last().expect("there are migrations");
    let mut db = Connection::open(state.join(format!("{SERVICE}.db"))).expect("the database can be opened");
    let transaction = db.transaction().expect("a transaction");
    for statement in &newest.statements {
        transaction.execute_batch(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let record = "INSERT INTO schema_migrations (version, name, checksum, fingerprint, applied_at) VALUES (?1, ?2, ?3, ?4, '2026-01-01T00:00:00.000Z')";
    let spindle_migrations::Migration { version, name, checksum, fingerprint, .. } = newest;
    transaction.execute(record, params![version, name, checksum, fingerprint]).expect("the record of the migrations");
    transaction.commit().expect("a commit");
}
