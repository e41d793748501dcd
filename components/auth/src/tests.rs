//! Tests of the whole service on the native platform, with a fake users service.

mod bootstrap;
mod costs;
mod erasure;
mod export;
mod fake_users;
mod fixture;
mod invitations;
mod keys;
mod lockout;
mod login;
mod password;
mod refresh;
mod registration;
mod rights;
mod sessions;

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&crate::SERVICE);
}
