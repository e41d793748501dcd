//! The `spindle-host` binary.
fn main() {}
