//! The clients in clients/: their own tests, and the shop script of each against a running instance, which may be any (`SPINDLE_URL`).

mod python;
mod rust;
mod shop;
mod typescript;
