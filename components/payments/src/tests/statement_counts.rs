//! The number of statements of each operation: a number that grows by accident fails here.

use super::{Fixture, OWNER};
use spindle_contracts::Role;
use spindle_edge::testing::user_id;

/// Returns the number of statements that `act` executes.
fn statements(fixture: &mut Fixture, act: impl FnOnce(&mut Fixture)) -> usize {
    let before = fixture.client.platform().statements("payments").len();
    act(fixture);
    fixture.client.platform().statements("payments").len() - before
}

#[test]
fn a_read_executes_two_statements() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let path = format!("/v1/payments/{}", fixture.payment(5)["id"].as_str().unwrap());
    // One of them compares the schema's version.
    for target in ["/v1/payments", &path] {
        let count = statements(&mut fixture, |fixture| {
            drop(fixture.client.get(target).as_user(user_id(OWNER), Role::Customer).send())
        });
        assert_eq!(count, 2, "{target}");
    }
}

#[test]
fn an_event_executes_a_fixed_number_of_statements() {
    let mut fixture = Fixture::new();
    fixture.payment(5);
    // One for the schema, and two transactions: begin, payment with call, audit row with event and inbox, commit.
    assert_eq!(statements(&mut fixture, |fixture| fixture.publish("PaymentRequested", 5)), 9);
    assert_eq!(statements(&mut fixture, |fixture| fixture.publish("OrderPaid", 5)), 9);
    let commits = |statements: &[String]| statements.iter().filter(|sql| *sql == "COMMIT").count();
    let before = fixture.client.platform().statements("payments").len();
    fixture.publish("PaymentRequested", 6);
    assert_eq!(commits(&fixture.client.platform().statements("payments")[before..]), 2);
}
