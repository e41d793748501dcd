//! The migrations of the services: what a released database has on record is what the folders still say.

use futures::executor::block_on;
use std::path::{Path, PathBuf};

use super::{embedded, ensure, open};
use crate::backend::native::sql::Database;
use crate::params;
use crate::sql::Session;
use std::collections::BTreeMap;

fn folder(service: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(service)
}

/// A row of `schema_migrations`: version, name, checksum and fingerprint.
type Record = (u32, String, String, String);

/// Returns the records of each service as `records.txt` has them.
fn recorded() -> BTreeMap<&'static str, Vec<Record>> {
    let mut records: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
    for line in include_str!("records.txt").lines().filter(|line| !line.starts_with('#')) {
        let [service, version, name, checksum, fingerprint] =
            line.split(' ').collect::<Vec<_>>().try_into().expect("five words");
        let record = (version.parse().unwrap(), name.to_owned(), checksum.to_owned(), fingerprint.to_owned());
        records.entry(service).or_default().push(record);
    }
    records
}

async fn records(session: &Session) -> Vec<Record> {
    let statement = "SELECT version, name, checksum, fingerprint FROM schema_migrations ORDER BY version";
    session.execute(statement, &[]).await.unwrap().all().unwrap()
}

#[test]
fn every_migration_keeps_its_number_name_checksum_and_fingerprint() {
    let folders = std::fs::read_dir(folder("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut folders: Vec<String> = folders.collect();
    folders.sort();
    assert_eq!(folders, recorded().into_keys().collect::<Vec<_>>());
    for (service, expected) in recorded() {
        let loaded = embedded(&folder(service)).into_iter().map(|migration| {
            let [name, checksum, fingerprint] =
                [migration.name, migration.checksum, migration.fingerprint].map(str::to_owned);
            (migration.version, name, checksum, fingerprint)
        });
        assert_eq!(loaded.collect::<Vec<_>>(), expected, "{service}");
    }
}

#[test]
fn an_existing_database_opens_without_migrating() {
    block_on(async {
        for (service, expected) in recorded() {
            let database = Database::temporary().unwrap();
            let session = open(&database);
            session.execute(super::super::CREATE_RECORD, &[]).await.unwrap();
            for (version, name, checksum, fingerprint) in expected {
                let values = params![version, name, checksum, fingerprint];
                session.execute(super::super::INSERT_RECORD, values).await.unwrap();
            }
            let before = database.statements().len();
            ensure(&session, &embedded(&folder(service))).await.unwrap();
            let ran = database.statements().split_off(before);
            assert_eq!(ran, [super::super::SELECT_FINGERPRINT], "{service}");
        }
    });
}

#[test]
fn a_new_database_has_the_same_records() {
    block_on(async {
        for (service, expected) in recorded() {
            let session = open(&Database::temporary().unwrap());
            ensure(&session, &embedded(&folder(service))).await.unwrap();
            assert_eq!(records(&session).await, expected, "{service}");
        }
    });
}
