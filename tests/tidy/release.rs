//! The last release: it is complete, and what has changed since lets its code run (`cargo xtask release check`).

use spindle_tests::skip;
use xtask::release::history::Revision;
use xtask::release::{Release, check};

use crate::repository::root;

#[test]
fn the_release_is_complete_and_its_code_runs_on_the_migrations_of_this_tree() {
    let release = Release::read(&root()).expect("there is a release");
    if !Revision::new(&root(), &release.revision).is_here() {
        skip("the release", &format!("the commit {}, so a full clone", release.revision));
        return;
    }
    let faults = check(&root()).unwrap_or_else(|error| panic!("{error:#}"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
