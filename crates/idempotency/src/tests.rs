//! Against the native backend: one request holds the claim of a key, and the others get an error or the stored response.

use crate::{
    BeginOutcome, Claim, Error, HEADER, IdempotentRequest, REPLAYED, RETENTION, begin, delete_claim, end_lease, erase,
    find, finish, prune, renew, take_over_abandoned,
};
use futures::executor::block_on;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use spindle_contracts::{Timestamp, UserId};
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::migrate::Migration;
use spindle_platform::sql::Connection;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};
use std::ops::Deref;
use std::path::Path;
use std::time::Duration;
use std::{fs, iter};
use uuid::Uuid;

const SCHEMA: &str = include_str!("schema.sql");
const LEASE: Duration = Duration::from_secs(30);
const OPERATION: &str = "thing.make";

/// Returns the migrations that a build embeds of a folder with the schema alone.
fn migrations() -> &'static [Migration] {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("0001_create_idempotency_keys.sql"), SCHEMA).unwrap();
    let [migration] = spindle_migrations::load(folder.path()).unwrap().try_into().unwrap();
    let statements = migration.statements.into_iter().map(|text| &*text.leak()).collect::<Vec<&str>>();
    vec![Migration {
        version: migration.version,
        name: migration.name.leak(),
        checksum: migration.checksum.leak(),
        fingerprint: migration.fingerprint.leak(),
        statements: statements.leak(),
    }]
    .leak()
}

/// A connection to a database whose clock stands still.
struct Database {
    connection: Connection,
    platform: Platform,
}

impl Database {
    /// Sets the clock.
    fn at(&self, seconds: i64) -> &Connection {
        self.platform.set_now(at(seconds));
        &self.connection
    }
}

impl Deref for Database {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

fn on_a_database(test: impl AsyncFnOnce(&Database)) {
    let platform = Platform::native().at(at(0)).build();
    let scope = Scope { service: "things", migrations: migrations() };
    let context = Context::new(platform.clone(), scope, "r-1".to_owned(), TraceContext::start([1; 24]));
    block_on(async { test(&Database { connection: context.sql().await.unwrap(), platform }).await });
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1_000)
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn request_of(user: u128, operation: &'static str, key: &str, payload: &Value) -> IdempotentRequest {
    let request = http::Request::post("/").header(HEADER, key).body(Body::empty()).unwrap();
    IdempotentRequest::new(UserId(id(user)), operation, &Request::new(request), payload).unwrap()
}

fn request() -> IdempotentRequest {
    request_of(1, OPERATION, "k", &json!({ "a": 1, "b": [2] }))
}

async fn claim(db: &Database, request: &IdempotentRequest, new_id: u128, seconds: i64) -> Claim {
    match begin(db.at(seconds), request, id(new_id), LEASE).await {
        Ok(BeginOutcome::Claimed(claim)) => claim,
        other => panic!("no claim but {other:?}"),
    }
}

fn created() -> Response {
    let mut response = Response::new("{\"id\":1}".into());
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/things/1"));
    response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"v1\""));
    response
}

#[test]
fn a_repeated_request_gets_the_stored_response() {
    on_a_database(async |db| {
        let first = claim(db, &request(), 7, 0).await;
        assert_eq!((first.resource_id, first.is_taken_over()), (id(7), false));
        finish(db, &first, &created()).await.unwrap();
        let mut expected = created();
        expected.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        let BeginOutcome::Answered(again) = begin(db.at(3_600), &request(), id(8), LEASE).await.unwrap() else {
            panic!("the request was executed again")
        };
        assert_eq!(
            (again.status(), again.headers(), again.body()),
            (expected.status(), expected.headers(), expected.body())
        );
    });
}

#[test]
fn a_key_belongs_to_one_payload_however_it_is_spelt() {
    on_a_database(async |db| {
        let first = claim(db, &request(), 7, 0).await;
        let other = request_of(1, OPERATION, "k", &json!({ "a": 1, "b": [3] }));
        assert_eq!(begin(db.at(0), &other, id(8), LEASE).await.unwrap_err(), Error::OtherRequest);
        assert_eq!(
            begin(db.at(31), &other, id(8), LEASE).await.unwrap_err(),
            Error::OtherRequest,
            "nor when the lease has expired"
        );
        finish(db, &first, &created()).await.unwrap();
        assert_eq!(begin(db.at(0), &other, id(8), LEASE).await.unwrap_err(), Error::OtherRequest);
        let spelt: Value = serde_json::from_str("{\"b\": [2], \"a\": 1}").unwrap();
        let same = request_of(1, OPERATION, "\"k\"", &spelt);
        assert!(matches!(begin(db.at(0), &same, id(8), LEASE).await, Ok(BeginOutcome::Answered(_))));
    });
}

#[test]
fn a_key_belongs_to_one_user_and_one_operation() {
    on_a_database(async |db| {
        let payload = json!({});
        let all = [
            request_of(1, OPERATION, "k", &payload),
            request_of(2, OPERATION, "k", &payload),
            request_of(1, "thing.break", "k", &payload),
            request_of(1, OPERATION, "K", &payload),
        ];
        for (request, new_id) in iter::zip(&all, 1..) {
            let claim = claim(db, request, new_id, 0).await;
            finish(db, &claim, &created()).await.unwrap();
        }
    });
}

#[test]
fn a_claim_is_not_taken_over_before_its_lease_expires() {
    on_a_database(async |db| {
        let first = claim(db, &request(), 7, 0).await;
        assert_eq!(begin(db.at(0), &request(), id(8), LEASE).await.unwrap_err(), Error::InFlight(1));
        assert_eq!(begin(db.at(29), &request(), id(8), LEASE).await.unwrap_err(), Error::InFlight(1));
        let second = claim(db, &request(), 8, 30).await;
        assert_eq!((second.resource_id, second.is_taken_over()), (id(7), true));
        assert_eq!(finish(db, &first, &created()).await, Err(Error::Superseded));
        assert_eq!(delete_claim(db, &first).await, Err(Error::Superseded));
        finish(db, &second, &created()).await.unwrap();
        assert_eq!(delete_claim(db, &second).await, Err(Error::Superseded), "a key with a response stays");
    });
}

#[test]
fn the_pause_of_a_request_in_flight_grows_with_the_age_of_the_claim_and_ends_with_its_lease() {
    on_a_database(async |db| {
        claim(db, &request(), 7, 0).await;
        for (age, pause) in [(0, 1), (1, 1), (2, 2), (4, 4), (8, 8), (16, 14), (25, 5), (29, 1)] {
            let begun = begin(db.at(age), &request(), id(8), LEASE).await;
            assert_eq!(begun.unwrap_err(), Error::InFlight(pause), "after {age} s");
        }
        // A claim that was taken over has the age of its last attempt.
        claim(db, &request(), 8, 30).await;
        assert_eq!(begin(db.at(31), &request(), id(9), LEASE).await.unwrap_err(), Error::InFlight(1));
    });
}

#[test]
fn a_stored_response_is_found_without_a_claim() {
    on_a_database(async |db| {
        assert!(find(db.at(0), &request(), LEASE).await.unwrap().is_none());
        let first = claim(db, &request(), 7, 0).await;
        assert_eq!(find(db.at(2), &request(), LEASE).await.unwrap_err(), Error::InFlight(2));
        assert!(find(db.at(30), &request(), LEASE).await.unwrap().is_none(), "the lease has ended");
        finish(db, &first, &created()).await.unwrap();
        let found = find(db.at(30), &request(), LEASE).await.unwrap().unwrap();
        assert_eq!(
            (found.status(), &found.headers()[REPLAYED]),
            (StatusCode::CREATED, &HeaderValue::from_static("true"))
        );
        let other = request_of(1, OPERATION, "k", &json!("else"));
        assert_eq!(find(db.at(30), &other, LEASE).await.unwrap_err(), Error::OtherRequest);
    });
}

#[test]
fn a_renewed_claim_has_another_resource_for_every_later_holder() {
    on_a_database(async |db| {
        let first = claim(db, &request(), 7, 0).await;
        let renewed = renew(db, &first, id(9)).await.unwrap();
        assert_eq!((renewed.resource_id, renewed.is_taken_over()), (id(9), false));
        assert_eq!(claim(db, &request(), 8, 30).await.resource_id, id(9));
        assert_eq!(renew(db, &renewed, id(10)).await, Err(Error::Superseded));
    });
}

#[test]
fn a_repeated_request_has_the_same_id_and_another_request_another() {
    let payload = json!({});
    let id = |user, operation, key, payload: &Value| request_of(user, operation, key, payload).id();
    let first = id(1, OPERATION, "k", &payload);
    assert_eq!(first, id(1, OPERATION, "\"k\"", &payload));
    for other in [
        id(2, OPERATION, "k", &payload),
        id(1, "thing.break", "k", &payload),
        id(1, OPERATION, "l", &payload),
        id(1, OPERATION, "k", &json!([])),
    ] {
        assert_ne!(first, other);
    }
}

#[test]
fn a_deleted_key_is_as_good_as_new() {
    on_a_database(async |db| {
        let first = claim(db, &request(), 7, 0).await;
        delete_claim(db, &first).await.unwrap();
        let second = claim(db, &request_of(1, OPERATION, "k", &json!("else")), 8, 0).await;
        assert_eq!((second.resource_id, second.is_taken_over()), (id(8), false));
    });
}

#[test]
fn a_claim_with_an_ended_lease_is_taken_over_with_the_same_resource() {
    on_a_database(async |db| {
        let first = claim(db, &request(), 7, 0).await;
        end_lease(db.at(1), &first).await.unwrap();
        let second = claim(db, &request(), 8, 1).await;
        assert_eq!((second.resource_id, second.is_taken_over()), (id(7), true));
        assert_eq!(end_lease(db.at(1), &first).await, Err(Error::Superseded));
        finish(db, &second, &created()).await.unwrap();
        assert_eq!(end_lease(db.at(1), &second).await, Err(Error::Superseded));
    });
}

#[test]
fn abandoned_claims_are_taken_over_once_and_the_longest_waiting_first() {
    on_a_database(async |db| {
        for number in 0..3_u8 {
            let key = format!("k{number}");
            claim(db, &request_of(1, OPERATION, &key, &json!({})), number.into(), number.into()).await;
        }
        let done = claim(db, &request_of(2, OPERATION, "k", &json!({})), 8, 0).await;
        finish(db, &done, &created()).await.unwrap();
        claim(db, &request_of(1, "thing.break", "k", &json!({})), 9, 0).await;
        let resources = async |before: i64, limit| -> Vec<Uuid> {
            // Until second 100.
            let lease = Duration::from_secs(100 - before.unsigned_abs());
            let ended = Duration::ZERO;
            let claims = take_over_abandoned(db.at(before), OPERATION, ended, lease, limit).await.unwrap();
            assert!(claims.iter().all(Claim::is_taken_over));
            claims.iter().map(|claim| claim.resource_id).collect()
        };
        assert!(resources(29, 10).await.is_empty());
        assert_eq!(resources(31, 1).await, [id(0)]);
        assert_eq!(resources(31, 10).await, [id(1)]);
        assert!(resources(31, 10).await.is_empty(), "they have a holder again");
        let [last] = take_over_abandoned(db.at(90), OPERATION, Duration::from_secs(58), LEASE, 10)
            .await
            .unwrap()
            .try_into()
            .unwrap();
        delete_claim(db, &last).await.unwrap();
    });
}

#[test]
fn an_erased_user_keeps_only_the_keys_of_requests_in_progress() {
    on_a_database(async |db| {
        let payload = json!({});
        let of = |user, key| request_of(user, OPERATION, key, &payload);
        let answered = claim(db, &of(1, "answered"), 7, 0).await;
        finish(db, &answered, &created()).await.unwrap();
        let in_progress = claim(db, &of(1, "in-progress"), 8, 0).await;
        let other = claim(db, &of(2, "answered"), 9, 0).await;
        finish(db, &other, &created()).await.unwrap();
        let user = UserId(id(1));
        assert!(erase(db, user).await.unwrap(), "its stock has to be released first");
        let keys = "SELECT user_id || ' ' || key FROM idempotency_keys ORDER BY user_id";
        let left: Vec<(String,)> = db.query_all(keys, &[]).await.unwrap();
        assert_eq!(left, [(format!("{} in-progress", id(1)),), (format!("{} answered", id(2)),)]);
        finish(db, &in_progress, &created()).await.unwrap();
        assert!(!erase(db, user).await.unwrap());
        let left: Vec<(String,)> = db.query_all(keys, &[]).await.unwrap();
        assert_eq!(left, [(format!("{} answered", id(2)),)]);
    });
}

#[test]
fn only_keys_with_a_response_are_pruned() {
    on_a_database(async |db| {
        let answered = claim(db, &request(), 7, 0).await;
        finish(db, &answered, &created()).await.unwrap();
        claim(db, &request_of(2, OPERATION, "k", &json!({})), 8, 0).await;
        let day = i64::try_from(RETENTION.as_secs()).unwrap();
        assert_eq!(prune(db, at(day), 10).await, Ok(0));
        assert_eq!(prune(db, at(day + 1), 10).await, Ok(1));
        assert_eq!(prune(db, at(day + 1), 10).await, Ok(0));
        assert!(!claim(db, &request(), 9, day + 1).await.is_taken_over());
    });
}

#[test]
fn every_service_with_idempotency_keys_has_this_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::canonicalize(root.join("src/schema.sql")).unwrap();
    for service in fs::read_dir(root.join("../../migrations")).unwrap() {
        let folder = service.unwrap().path();
        let migrations = spindle_migrations::load(&folder).unwrap();
        for (migration, file) in migrations.iter().zip(spindle_migrations::files(&folder).unwrap()) {
            if migration.name == "create_idempotency_keys" {
                assert_eq!(fs::canonicalize(file).unwrap(), schema, "{}", folder.display());
            }
        }
    }
}
