//! The record of a client, one addition at a time: what may come between two of them is played through here.

use super::{COUNT_BITS, Record};
use futures::executor::block_on;
use spindle_contracts::Timestamp;
use spindle_platform::kv::Store;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};

const NOW: i64 = 1_700_000_000;

fn store() -> Store {
    let platform = Platform::native().at(Timestamp::from_millis(NOW * 1000)).build();
    let trace = TraceContext::start(platform.random());
    let context = Context::new(platform, Scope { service: "things", migrations: &[] }, "r".to_owned(), trace);
    block_on(context.shared_kv("edge")).unwrap()
}

fn record(store: &Store) -> Record<'_> {
    Record { store, key: "rate:read:1".to_owned() }
}

#[test]
fn a_window_opens_with_its_first_request_and_closes_after_its_time() {
    let store = store();
    let count = |now| block_on(record(&store).count(now, 60)).unwrap();
    assert_eq!([count(NOW), count(NOW + 1), count(NOW + 59)], [(NOW, 1), (NOW, 2), (NOW, 3)]);
    assert_eq!([count(NOW + 60), count(NOW + 61)], [(NOW + 60, 1), (NOW + 60, 2)]);
    assert_eq!(count(NOW + 1_000_000), (NOW + 1_000_000, 1));
}

#[test]
fn a_clock_that_is_a_little_behind_counts_in_the_same_window() {
    let store = store();
    let count = |now| block_on(record(&store).count(now, 60)).unwrap();
    assert_eq!([count(NOW), count(NOW - 3), count(NOW)], [(NOW, 1), (NOW, 2), (NOW, 3)]);
}

/// Two requests find the window closed at the same time: each has added itself, and each moves the window.
#[test]
fn of_two_that_move_a_window_one_takes_it_back() {
    for (opened, before) in [(0, 0), (NOW - 100, 40)] {
        let store = store();
        block_on(async {
            let (first, second) = (record(&store), record(&store));
            first.add((opened << COUNT_BITS) + before).await.unwrap();
            assert_eq!(first.add(1).await.unwrap(), (opened, before + 1));
            // The second does all of its work between the first's look and the first's move.
            assert_eq!(second.count(NOW, 60).await.unwrap().0, NOW);
            let shift = ((NOW - opened) << COUNT_BITS) - before;
            let (moved, _) = first.add(shift).await.unwrap();
            assert!(moved > NOW);
            let (window, count) = first.add(-shift).await.unwrap();
            assert_eq!(window, NOW);
            assert!(count <= 2, "{count}");
            assert_eq!(record(&store).count(NOW + 1, 60).await.unwrap(), (NOW, count + 1));
        });
    }
}

#[test]
fn a_record_that_was_left_in_the_future_is_given_up() {
    let store = store();
    block_on(async {
        record(&store).add((NOW + 10_000) << COUNT_BITS).await.unwrap();
        assert_eq!(record(&store).count(NOW, 60).await.unwrap().0, NOW);
        let (window, count) = record(&store).count(NOW, 60).await.unwrap();
        assert_eq!(window, NOW);
        assert!(count <= 2, "{count}");
    });
}
