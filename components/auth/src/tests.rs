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

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&crate::SERVICE);
}
