//! `/v1/users`.

mod concurrency;
mod crud;
mod pages;
mod validation;
