//! The tables are the same in every service that has them.

use spindle_contracts::event::EVENT_TYPES;
use std::fs;
use std::path::Path;

/// Checks that the migrations of each of `services` that there is have one that ends in `name`, and that it is `schema`.
fn assert_copies(services: impl Iterator<Item = &'static str>, name: &str, schema: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    for folder in services.map(|service| root.join(service)).filter(|folder| folder.exists()) {
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let copies: Vec<_> = files.filter(|file| file.to_string_lossy().ends_with(name)).collect();
        let [copy] = copies.as_slice() else { panic!("{} has one migration {name}: {copies:?}", folder.display()) };
        assert_eq!(fs::read_to_string(copy).unwrap(), schema, "{} differs from schema.sql", copy.display());
    }
}

#[test]
fn who_tells_has_this_outbox() {
    let services = EVENT_TYPES.iter().map(|event_type| event_type.producer);
    assert_copies(services, "_create_outbox.sql", include_str!("../outbox/schema.sql"));
}

#[test]
fn who_listens_has_this_inbox() {
    let services = EVENT_TYPES.iter().flat_map(|event_type| event_type.consumers).copied();
    assert_copies(services, "_create_inbox.sql", include_str!("../inbox/schema.sql"));
}
