//! The types that services exchange: ids, roles, time, money, postal addresses, problems, page cursors, events, the progress of erasures, and
//! requests to providers.
//!
//! Plain data and its text forms. No I/O, no clock, no randomness: the caller passes those in.

pub mod address;
pub mod created;
pub mod currency;
pub mod cursor;
pub mod email;
pub mod erasure;
pub mod event;
pub mod id;
pub mod input;
pub mod money;
pub mod problem;
pub mod provider;
pub mod role;
pub mod text;
pub mod timestamp;

pub use address::PostalAddress;
pub use created::{CreatedRange, lowest_id_at};
pub use currency::{Currency, UnknownCurrency};
pub use cursor::{Cursor, InvalidCursor};
pub use erasure::{ErasureProgress, ErasureState};
pub use id::{NotificationId, OrderId, PaymentId, ProductId, SessionId, UserId};
pub use input::{BrokenRule, InputErrors};
pub use money::{Money, MoneyError};
pub use problem::{FieldError, Problem, ProblemKind};
pub use role::Role;
pub use timestamp::Timestamp;
