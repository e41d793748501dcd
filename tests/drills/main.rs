//! The drills: the acceptance checks of the design, each in a short form that runs with all other tests, and in a full one
//! that `cargo xtask drill` runs and that prints figures. A drill is a module; what differs between the two forms goes through
//! `spindle_tests::drill::scale`. Each starts its own instances, because it measures, limits or breaks them.

mod books;
mod crashes;
mod dead_letters;
mod histories;
mod idempotency;
mod isolation;
mod lockout;
mod logins;
mod notifications;
mod rate_limit;
mod redis;
mod refresh;
mod refusal;
mod registration;
mod retries;
mod rotation;
mod saga;
mod shop;
mod stock;
