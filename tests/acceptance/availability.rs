//! One part away is one part away: the response of each public operation while a database, key-value or a provider is away, as the table in
//! docs/availability.md has it. What cannot go on answers 503, and succeeds once the part is back; what was taken meanwhile is done by then as well.
//!
//! The full form takes every part away, and writes the table with `SPINDLE_UPDATE=1`; the short form compares the columns of some.

mod part;
mod requests;
mod resources;
mod table;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Response;
use spindle_tests::acceptance::{figures, is_full, millis, scale};
use spindle_tests::problem::expect_problem;

use part::{Part, Platform};
use requests::{Request, requests};
use resources::Resources;
use table::{Cell, Column};

/// The parts that the short form takes away.
const SHORT: &[Part] = &[Part::Database("orders"), Part::KeyValue];

/// The time limit until everything works again after a part is back.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The pause before a refused request is sent again.
const PAUSE: Duration = Duration::from_millis(50);

/// The number of requests that are sent side by side.
const SENDERS: usize = 4;

/// The operations that need no part but the database of the catalog, if that.
const INDEPENDENT: [&str; 6] =
    ["getLiveness", "getReadiness", "getHealth", "listProducts", "getProduct", "listCategories"];

#[test]
fn an_operation_without_a_part_that_it_needs_answers_503_and_succeeds_once_the_part_is_back() {
    let name = "an_operation_without_a_part_that_it_needs_answers_503_and_succeeds_once_the_part_is_back";
    let Some(mut platform) = Platform::start(name) else { return };
    let (mut columns, mut longest, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for part in scale(SHORT, &Part::ALL) {
        let Outage { column, longest: time, faults: found } = outage(&mut platform, *part);
        longest.push((part.title(), millis(time)));
        faults.extend(found.into_iter().map(|fault| format!("without the {}: {fault}", part.title())));
        columns.push(column);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let longest: Vec<(&str, &dyn Display)> = longest.iter().map(|(title, time)| (&**title, time as _)).collect();
    figures("availability: the longest response without a part (ms)", &longest);
    if is_full() {
        table::write_or_compare(&columns);
    } else {
        table::compare(&columns);
    }
}

/// The responses during one outage.
struct Outage {
    column: Column,
    /// The time of the longest response.
    longest: Duration,
    /// What should not be.
    faults: Vec<String>,
}

/// Sends a request of each operation while `part` is away, and those that were refused again once it is back. Each has its effect then, and once.
fn outage(platform: &mut Platform, part: Part) -> Outage {
    let resources = Resources::new(platform.instance());
    let requests = requests(&resources);
    resources.fill_caches();
    platform.take_away(part);
    let sent = side_by_side(&requests, |request| {
        let begin = Instant::now();
        (request.send(), begin.elapsed())
    });
    let failing = platform.failing_parts();
    platform.bring_back(part);
    platform.wait_until_healthy(TIMEOUT);

    let mut faults = Vec::new();
    if failing != part.reported() {
        faults.push(format!("the report on health names {failing:?}"));
    }
    let mut cells = Vec::new();
    for (request, (response, time)) in requests.iter().zip(&sent) {
        let id = &request.operation.id;
        let cell = cell(request, response.as_ref()).unwrap_or_else(|fault| {
            faults.push(format!("{id} after {} ms: {fault}", millis(*time)));
            Cell::Unavailable
        });
        if cell != Cell::AsUsual && INDEPENDENT.contains(&id.as_str()) && part != Part::Database("catalog") {
            faults.push(format!("{id} does not go on"));
        }
        cells.push(cell);
    }
    let longest = sent.iter().map(|(_, time)| *time).max().unwrap_or_default();
    let sent: Vec<_> =
        requests.iter().zip(&cells).zip(sent).map(|((request, cell), (sent, _))| (request, *cell, sent)).collect();
    let completed = side_by_side(&sent, |(request, cell, response)| match (cell, response) {
        (Cell::AsUsual, Ok(response)) => Ok(response.clone()),
        _ => complete(request),
    });
    let (mut responses, ids) = (BTreeMap::new(), requests.iter().map(|request| request.operation.id.as_str()));
    for (id, response) in ids.zip(completed) {
        match response {
            Ok(response) => drop(responses.insert(id, response)),
            Err(fault) => faults.push(format!("once it is back, {fault}")),
        }
    }
    if faults.is_empty() {
        resources.check_effects(platform.instance(), &responses);
    }
    Outage { column: Column { title: part.title(), cells }, longest, faults }
}

/// Returns the cell of a response to `request`.
///
/// # Errors
///
/// If there is no response, or one with a status that no part causes.
fn cell(request: &Request, response: Result<&Response, &String>) -> Result<Cell, String> {
    let response = response?;
    if response.status == 503 {
        expect_problem(response, 503, "unavailable");
        return Ok(Cell::Unavailable);
    }
    if response.status != request.operation.success() {
        return Err(format!("{}: {}", response.status, response.text()));
    }
    let is_json = response.header("content-type") == Some("application/json");
    Ok(if is_json && response.json()["missing"].is_array() { Cell::InPart } else { Cell::AsUsual })
}

/// Sends a request that was refused again until it succeeds, and returns the response.
///
/// # Errors
///
/// If it fails otherwise than before, or still fails at the time limit.
fn complete(request: &Request) -> Result<Response, String> {
    let (begin, id) = (Instant::now(), &request.operation.id);
    loop {
        let response = request.send();
        match cell(request, response.as_ref()) {
            Ok(Cell::AsUsual) => return response,
            Err(fault) => return Err(format!("{id}: {fault}")),
            Ok(cell) if begin.elapsed() >= TIMEOUT => return Err(format!("{id} stays at {cell}: {response:?}")),
            Ok(_) => thread::sleep(PAUSE),
        }
    }
}

/// Returns the results of `send` for `requests`, which it calls from several threads.
fn side_by_side<R: Sync, T: Send>(requests: &[R], send: impl Fn(&R) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let sender = || {
        let mut sent = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = requests.get(index) else { return sent };
            sent.push((index, send(request)));
        }
    };
    let mut sent: Vec<(usize, T)> = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(sender)).collect();
        senders.into_iter().flat_map(|sender| sender.join().expect("no sender panics")).collect()
    });
    sent.sort_unstable_by_key(|(index, _)| *index);
    sent.into_iter().map(|(_, sent)| sent).collect()
}
