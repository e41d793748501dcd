//! Attempts to get in where one does not belong: each has a clear answer and no effect.

mod forged_tokens;
mod headers;
mod json;
mod paths;
mod slow;
mod smuggling;
