//! The chart in `deploy/chart`, and its checks.

pub mod render;
