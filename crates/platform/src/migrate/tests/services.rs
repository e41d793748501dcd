//! The migrations of the services: what a released database has on record is what the folders still say.

use futures::executor::block_on;
use std::path::{Path, PathBuf};

use super::records::{RECORDS, Record};
use super::{embedded, ensure, open};
use crate::backend::native::sql::Database;
use crate::params;
use crate::sql::Connection;

fn folder(service: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(service)
}

async fn records(connection: &Connection) -> Vec<(u32, String, String, String)> {
    let statement = "SELECT version, name, checksum, fingerprint FROM schema_migrations ORDER BY version";
    connection.query_all(statement, &[]).await.unwrap()
}

#[test]
fn every_migration_keeps_its_number_name_checksum_and_fingerprint() {
    let services: Vec<&str> = RECORDS.iter().map(|(service, _)| *service).collect();
    let folders = std::fs::read_dir(folder("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut folders: Vec<String> = folders.collect();
    folders.sort();
    assert_eq!(folders, services);
    for (service, expected) in RECORDS {
        let loaded = embedded(&folder(service));
        let loaded: Vec<Record> = loaded
            .iter()
            .map(|migration| (migration.version, migration.name, migration.checksum, migration.fingerprint))
            .collect();
        assert_eq!(loaded, *expected, "{service}");
    }
}

#[test]
fn an_existing_database_opens_without_migrating() {
    block_on(async {
        for (service, expected) in RECORDS {
            let database = Database::temporary().unwrap();
            let connection = open(&database);
            connection.execute(super::super::CREATE_RECORD, &[]).await.unwrap();
            for (version, name, checksum, fingerprint) in *expected {
                let values = params![*version, *name, *checksum, *fingerprint];
                connection.execute(super::super::INSERT_RECORD, values).await.unwrap();
            }
            let before = database.statements().len();
            ensure(&connection, &embedded(&folder(service))).await.unwrap();
            let ran = database.statements().split_off(before);
            assert_eq!(ran, [super::super::SELECT_FINGERPRINT], "{service}");
        }
    });
}

#[test]
fn a_new_database_has_the_same_records() {
    block_on(async {
        for (service, expected) in RECORDS {
            let connection = open(&Database::temporary().unwrap());
            ensure(&connection, &embedded(&folder(service))).await.unwrap();
            let row = |(version, name, checksum, fingerprint): &Record| {
                (*version, (*name).to_owned(), (*checksum).to_owned(), (*fingerprint).to_owned())
            };
            assert_eq!(records(&connection).await, expected.iter().map(row).collect::<Vec<_>>(), "{service}");
        }
    });
}
