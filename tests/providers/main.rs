//! Providers in the running application: what they are asked, what they answer, and what shows at the service that they stand for.
//!
//! Here an adapter takes calls from outside, so that a provider can be asked for anything, and its answer be seen as it is.

mod delivery;
mod examples;
mod fixture;
mod kit;
mod new_provider;
mod resend;
mod webhook;
