//! What crosses a service boundary: ids, roles, time, problems and page cursors.
//!
//! Plain data and its text forms. No I/O, no clock, no randomness: whoever makes a value passes those in.

pub mod cursor;
pub mod id;
pub mod problem;
pub mod role;
pub mod timestamp;

pub use cursor::{Cursor, InvalidCursor};
pub use id::{SessionId, UserId};
pub use problem::{FieldError, Problem, ProblemKind};
pub use role::Role;
pub use timestamp::Timestamp;
