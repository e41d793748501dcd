//! `/v1/users`.

mod access;
mod concurrency;
mod crud;
mod pages;
mod rights;
mod validation;
