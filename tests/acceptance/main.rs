//! The acceptance tests: the acceptance checks of the design, each in a short form that runs with all other tests, and in a full form that
//! `cargo xtask acceptance` runs and that prints figures. An acceptance test is a module; values that differ between the two forms go through
//! `spindle_tests::acceptance::scale`. Each test starts its own instances, because it measures, limits or breaks them.

mod availability;
mod crashes;
mod dead_letters;
mod fixture;
mod hanging_provider;
mod histories;
mod idempotency;
mod images;
mod invariants;
mod isolation;
mod libsql;
mod lockout;
mod logins;
mod lost_answers;
mod notifications;
mod rate_limit;
mod redis;
mod refresh;
mod registration;
mod replicas;
mod retries;
mod retry_fixture;
mod rollback;
mod rotation;
mod saga;
mod spin_system_calls;
mod stock;
mod telemetry;
