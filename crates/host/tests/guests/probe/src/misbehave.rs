//! Misbehaviour of a guest.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Ends in an `unreachable`.
pub(crate) fn trap() -> ! {
    panic!("asked to trap")
}

/// Allocates memory until none is left.
pub(crate) fn bomb() {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Computes forever, without a call to the host.
pub(crate) fn spin() {
    let mut number = 1_u64;
    loop {
        number = black_box(number.wrapping_mul(3));
    }
}

/// Computes for about this long. It reads the clock rarely: the point is not to wait.
pub(crate) fn compute(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        for number in 0..5_000_000_u64 {
            black_box(number);
        }
    }
}

/// Recurses until the stack is full.
pub(crate) fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if depth == 0 { 0 } else { recurse(depth - 1) + frame[1] }
}
