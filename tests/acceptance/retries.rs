//! Check 16: what fails is tried again after a delay within `[0, min(cap, base * 2^n)]`, and the delays are spread like full jitter.

use serde_json::Value;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::dead_letters::dead_letters;
use spindle_tests::payment_fault;

use crate::retry_fixture::{ATTEMPTS, BASE, CAP, place_orders, product, start, tick_until};

/// The limit of the largest distance between the two distributions, times the root of the number of retries: an even spread exceeds it once
/// in a hundred thousand runs (Kolmogorov), and any spread over half of the range by far.
const LIMIT: f64 = 2.5;

#[test]
fn retries_wait_within_the_ceiling_and_are_spread_like_full_jitter() {
    // Each event is retried after every attempt but the last.
    let events = scale(50, 250);
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = start(state.path());
    let (operator, product) = (instance.admin().client, product(&instance));
    payment_fault::inject(state.path(), "true");
    place_orders(&instance, &product, events, |_| 1);
    tick_until(&instance, "all are dead", || dead_letters(&operator, "payments").len() == events);

    let letters = dead_letters(&operator, "payments");
    let mut shares: Vec<f64> = letters.iter().flat_map(delays).collect();
    assert_eq!(shares.len(), events * (ATTEMPTS - 1));
    shares.sort_by(f64::total_cmp);
    let distance = distance_from_even(&shares);
    let statistic = distance * (shares.len() as f64).sqrt();
    assert!(statistic < LIMIT, "{distance} with {} retries is no even spread", shares.len());
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    figures(
        "retries: delays within their ceilings, and their spread",
        &[
            ("retries", &shares.len()),
            ("mean delay, as a share of its ceiling", &format!("{mean:.3}")),
            ("largest distance from an even spread", &format!("{distance:.4}")),
            ("times the root of the number, to be under 2.5", &format!("{statistic:.2}")),
        ],
    );
}

/// Returns the delay after each failure of `letter` but the last, as a share of its ceiling.
fn delays(letter: &Value) -> Vec<f64> {
    let failures = letter["failures"].as_array().expect("failures are a list");
    assert_eq!(failures.len(), ATTEMPTS, "{letter}");
    let share = |(attempt, pair): (usize, &[Value])| {
        let [failure, next] = pair else { panic!("pairs have two") };
        let (at, due, tried) =
            (millis(&failure["failed_at"]), millis(&failure["next_attempt_at"]), millis(&next["failed_at"]));
        let ceiling = CAP.min(BASE << attempt);
        assert!((0..=ceiling).contains(&(due - at)), "attempt {attempt}: {failure}");
        assert!(tried >= due, "tried before its time: {failure}, {next}");
        // Whole milliseconds: the middle of each.
        ((due - at) as f64 + 0.5) / (ceiling + 1) as f64
    };
    failures.windows(2).enumerate().map(share).collect()
}

/// Returns the milliseconds of a time since the beginning of its month: enough to compare times that are minutes apart.
fn millis(time: &Value) -> i64 {
    let text = time.as_str().unwrap_or_else(|| panic!("not a time: {time}"));
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().expect("RFC 3339");
    ((number(8..10) * 24 + number(11..13)) * 60 + number(14..16)) * 60_000 + number(17..19) * 1_000 + number(20..23)
}

/// Returns the largest distance between the distribution of `shares`, which are sorted, and the even one (Kolmogorov and Smirnov).
fn distance_from_even(shares: &[f64]) -> f64 {
    let count = shares.len() as f64;
    let distance = |(index, share): (usize, &f64)| {
        let (below, above) = (index as f64 / count, (index + 1) as f64 / count);
        (share - below).abs().max((above - share).abs())
    };
    shares.iter().enumerate().map(distance).fold(0.0, f64::max)
}
