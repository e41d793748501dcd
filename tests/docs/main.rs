//! The docs suite: runs the shell blocks of README.md, the guides and the runbooks, in order, against a running instance, and compares their
//! output with the page's. `page.rs` documents the form of a block and its directives.

mod backup;
mod fault;
mod instance;
mod node;
mod output;
mod page;
mod runner;
mod session;

use std::fs;

use xtask::workspace::Workspace;

/// The pages in docs/runbooks that the tests below run.
const RUNBOOKS: [&str; 17] = [
    "certificate.md",
    "dead-letters.md",
    "deploy.md",
    "erasure.md",
    "failing-requests.md",
    "full-disk.md",
    "growing-outbox.md",
    "libsql-down.md",
    "log-in-attack.md",
    "platform-down.md",
    "provider-trouble.md",
    "redis-down.md",
    "rollback.md",
    "saturation.md",
    "scale.md",
    "slow-requests.md",
    "stuck-order.md",
];

/// Those that only look, and so are run on an instance without a fault. The others have a test of their own.
const LOOKING: [&str; 6] = [
    "failing-requests.md",
    "log-in-attack.md",
    "platform-down.md",
    "provider-trouble.md",
    "saturation.md",
    "slow-requests.md",
];

#[test]
fn the_readme_does_what_it_shows() {
    runner::run("README.md");
}

#[test]
fn the_tour_does_what_it_shows() {
    runner::run("docs/tour.md");
}

#[test]
fn the_guide_to_the_api_does_what_it_shows() {
    runner::run("docs/api-guide.md");
}

#[test]
fn the_page_about_logs_finds_a_request_from_an_order_and_back() {
    runner::run("docs/logs.md");
}

#[test]
fn the_tutorial_leads_to_a_provider_that_delivers() {
    runner::run("docs/extending.md");
}

#[test]
fn the_runbook_of_dead_letters_replays_one() {
    runner::run("docs/runbooks/dead-letters.md");
}

#[test]
fn the_runbook_of_an_erasure_completes_one() {
    runner::run("docs/runbooks/erasure.md");
}

#[test]
fn the_runbook_of_a_growing_outbox_finds_the_cause() {
    runner::run("docs/runbooks/growing-outbox.md");
}

#[test]
fn the_runbook_of_a_stuck_order_moves_it_on() {
    runner::run("docs/runbooks/stuck-order.md");
}

#[test]
fn the_runbook_of_redis_that_is_down_says_what_goes_on() {
    runner::run("docs/runbooks/redis-down.md");
}

#[test]
fn the_runbook_of_a_database_server_that_is_down_says_what_goes_on() {
    runner::run("docs/runbooks/libsql-down.md");
}

/// The pages in the order in which an operator needs them. Blocks for a cluster are skipped: its check runs them.
#[test]
fn the_single_node_is_installed_and_operated_as_the_pages_say() {
    let Some(node) = node::Node::start("the single node") else { return };
    for page in [
        "deployment",
        "runbooks/deploy",
        "runbooks/rollback",
        "runbooks/scale",
        "runbooks/certificate",
        "runbooks/full-disk",
    ] {
        runner::run_on(&node, &format!("docs/{page}.md"));
    }
}

#[test]
fn the_runbooks_of_alerts_look_where_they_say() {
    for page in LOOKING {
        runner::run(&format!("docs/runbooks/{page}"));
    }
}

#[test]
fn the_page_about_observability_answers_its_questions() {
    runner::run("docs/observability.md");
}

#[test]
fn every_runbook_has_a_test() {
    let folder = Workspace::locate().root().join("docs/runbooks");
    let entries = fs::read_dir(folder).expect("docs/runbooks can be listed");
    let mut pages: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    pages.sort();
    assert_eq!(pages, RUNBOOKS, "add a test for a new runbook");
}
