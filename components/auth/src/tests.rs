//! The service as a whole, on the native platform, with a users service that is made up.

mod bootstrap;
mod erasing;
mod figures;
mod keys;
mod lockout;
mod login;
mod password;
mod refresh;
mod registering;
mod sessions;
mod shop;
mod users;
