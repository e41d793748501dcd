//! The services that have the tables of this crate.

use spindle_contracts::event::EVENT_TYPES;
use std::fs;
use std::path::Path;

/// Checks that each of `services` that has a database has one migration `name`, whose file is `schema` of this crate.
fn assert_shared(services: impl Iterator<Item = &'static str>, name: &str, schema: &str) {
    let this_crate = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::canonicalize(this_crate.join(schema)).unwrap();
    let folders = services.map(|service| this_crate.join("../../migrations").join(service));
    for folder in folders.filter(|folder| folder.exists()) {
        let migrations = spindle_migrations::load(&folder).unwrap();
        let files = spindle_migrations::files(&folder).unwrap();
        let named = migrations.iter().zip(files).filter(|(migration, _)| migration.name == name);
        let [file] = named.map(|(_, file)| fs::canonicalize(file).unwrap()).collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(file, schema, "{}", folder.display());
    }
}

#[test]
fn every_producer_has_the_outbox() {
    assert_shared(EVENT_TYPES.iter().map(|event_type| event_type.producer), "create_outbox", "src/outbox/schema.sql");
}

#[test]
fn every_consumer_has_the_inbox() {
    let services = EVENT_TYPES.iter().flat_map(|event_type| event_type.consumers).copied();
    assert_shared(services, "create_inbox", "src/inbox/schema.sql");
}
