//! `/v1/users`.

mod access;
mod concurrency;
mod crud;
mod export;
mod invitations;
mod pages;
mod rights;
mod validation;
