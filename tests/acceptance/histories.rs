//! Random histories against a simple model: orders are placed, placed again, cancelled, sent off, answered for late and timed out, while
//! events are lost, doubled and mixed up and the host ends at random failpoints. In the end each order is where the model says, and
//! money and stock are in order.

mod history;
mod model;
mod provider;
mod rng;

use spindle_tests::acceptance::{figures, scale};

use history::History;

/// Where the numbers begin. A history that fails names its own seed: put it here, and it is the first one.
const SEED: u64 = 1;

/// How much happens in one history.
const ACTS: usize = 40;

#[test]
fn whatever_happens_to_orders_they_come_to_what_the_model_says() {
    let histories: u64 = scale(3, 150);
    let mut history = History::begin();
    for seed in SEED..SEED + histories {
        history.play(seed, ACTS);
    }
    let counts = history.counts();
    figures(
        "histories: random ones, each as the model says",
        &[
            ("histories", &histories),
            ("orders", &counts.orders),
            ("refused, as there was not enough", &counts.refused),
            ("cancelled", &counts.cancelled),
            ("crashes", &counts.crashes),
            ("events pushed again or out of order", &counts.events),
        ],
    );
}
