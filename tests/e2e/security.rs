//! Attacks: each gets a clear response and has no effect.

mod forged_tokens;
mod headers;
mod json;
mod paths;
mod slow;
mod smuggling;
mod text;
