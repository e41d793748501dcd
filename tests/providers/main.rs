//! Providers in the running application: their input, their results, and their requests to the service behind them.
//!
//! Here an adapter accepts calls from outside, so that a test can send a provider any input and read its result unchanged.

mod delivery;
mod examples;
mod fixture;
mod kit;
mod new_provider;
mod resend;
mod webhook;
