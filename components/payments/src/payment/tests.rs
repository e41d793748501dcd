//! Every status and goal with everything that can happen.

use super::{Fact, Goal, Operation, Outcome, Payment, Status, Stuck};
use spindle_contracts::{Money, OrderId, PaymentId, Timestamp, UserId};
use uuid::Uuid;

const STATUSES: [Status; 6] =
    [Status::Requested, Status::Authorized, Status::Captured, Status::Declined, Status::Refunded, Status::Voided];
const GOALS: [Goal; 3] = [Goal::Authorize, Goal::Capture, Goal::Return];
const OPERATIONS: [Operation; 4] = [Operation::Authorize, Operation::Capture, Operation::Void, Operation::Refund];

fn outcomes() -> [Outcome; 4] {
    let text = || "r".to_owned();
    [Outcome::Authorized(text()), Outcome::Pending(text()), Outcome::Done, Outcome::Refused(text())]
}

/// A payment about which the provider has said something, unless it is requested and `is_pending` is false.
fn payment(status: Status, goal: Goal, is_pending: bool) -> Payment {
    let now = Timestamp::from_millis(0);
    Payment {
        id: PaymentId(Uuid::from_u128(1)),
        order_id: OrderId(Uuid::from_u128(2)),
        user_id: UserId(Uuid::from_u128(3)),
        amount: Money::new(1299, "EUR".parse().unwrap()),
        status,
        goal,
        provider: "sandbox".to_owned(),
        provider_reference: (status != Status::Requested || is_pending).then(|| "r".to_owned()),
        decline_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// All payments that there can be, as far as the machine can tell them apart.
fn payments() -> Vec<Payment> {
    let mut payments = Vec::new();
    for goal in GOALS {
        payments.push(payment(Status::Requested, goal, false));
        payments.extend(STATUSES.map(|status| payment(status, goal, true)));
    }
    payments
}

fn is_final(status: Status) -> bool {
    matches!(status, Status::Declined | Status::Refunded | Status::Voided)
}

#[test]
fn what_is_due_follows_from_status_and_goal() {
    use {Goal as To, Operation as Op, Status as Is};
    for payment in payments() {
        let pending = payment.provider_reference.is_some();
        let expected = match (payment.status, pending, payment.goal) {
            (Is::Requested, false, _) => Some(Op::Authorize),
            (Is::Requested, true, To::Return) | (Is::Authorized, _, To::Return) => Some(Op::Void),
            (Is::Authorized, _, To::Capture) => Some(Op::Capture),
            (Is::Captured, _, To::Return) => Some(Op::Refund),
            (Is::Requested, true, To::Authorize | To::Capture)
            | (Is::Authorized, _, To::Authorize)
            | (Is::Captured, _, To::Authorize | To::Capture)
            | (Is::Declined | Is::Refunded | Is::Voided, ..) => None,
        };
        assert_eq!(payment.due(), expected, "{payment:?}");
    }
}

#[test]
fn each_outcome_of_what_is_due_moves_the_payment_on() {
    use {Fact as PendingEvents, Goal as To, Operation as Op, Outcome as Out, Status as Is};
    for before in payments() {
        let Some(operation) = before.due() else { continue };
        for outcome in outcomes() {
            let mut after = before.clone();
            let told = after.take(operation, outcome.clone());
            let is_given_back = before.goal == To::Return;
            let (expected, status) = match (operation, &outcome) {
                (Op::Authorize, Out::Authorized(_)) => {
                    (Ok((!is_given_back).then_some(PendingEvents::Authorized)), Is::Authorized)
                }
                (Op::Authorize | Op::Capture, Out::Refused(_)) => (Ok(Some(PendingEvents::Declined)), Is::Declined),
                (Op::Capture, Out::Done) => (Ok(Some(PendingEvents::Captured)), Is::Captured),
                (Op::Void, Out::Done) => (Ok(Some(PendingEvents::Voided)), Is::Voided),
                (Op::Refund, Out::Done) => (Ok(Some(PendingEvents::Refunded)), Is::Refunded),
                (Op::Void | Op::Refund, Out::Refused(reason)) => {
                    (Err(Stuck::Refused { operation, reason: reason.clone() }), before.status)
                }
                // Pending, or what no provider can say to this.
                _ => (Ok(None), before.status),
            };
            assert_eq!((told, after.status), (expected, status), "{before:?} after {outcome:?}");
            assert_eq!(after.goal, before.goal);
            assert_eq!(after.decline_reason.is_some(), after.status == Is::Declined);
        }
    }
}

#[test]
fn what_comes_too_late_changes_nothing() {
    for before in payments() {
        for operation in OPERATIONS {
            let is_open = match operation {
                Operation::Authorize => before.status == Status::Requested,
                Operation::Capture => before.status == Status::Authorized,
                Operation::Void => matches!(before.status, Status::Requested | Status::Authorized),
                Operation::Refund => before.status == Status::Captured,
            };
            for outcome in outcomes().into_iter().filter(|_| !is_open) {
                let mut after = before.clone();
                assert_eq!((after.take(operation, outcome), &after), (Ok(None), &before));
            }
        }
    }
}

#[test]
fn a_capture_that_is_refused_while_the_order_is_cancelled_leaves_the_money_to_be_voided() {
    let mut payment = payment(Status::Authorized, Goal::Return, true);
    assert_eq!(payment.take(Operation::Capture, Outcome::Refused("no".to_owned())), Ok(None));
    assert_eq!((payment.status, payment.due()), (Status::Authorized, Some(Operation::Void)));
}

#[test]
fn a_provider_that_answers_later_is_heard_once() {
    for before in payments() {
        for refusal in [None, Some("no".to_owned())] {
            let mut after = before.clone();
            let told = after.hear("r".to_owned(), refusal.clone());
            let (expected, status) = match (before.status, &refusal) {
                (Status::Requested, None) if before.goal == Goal::Return => (None, Status::Authorized),
                (Status::Requested, None) => (Some(Fact::Authorized), Status::Authorized),
                (Status::Requested, Some(_)) => (Some(Fact::Declined), Status::Declined),
                (other, _) => (None, other),
            };
            assert_eq!((told, after.status), (Ok(expected), status), "{before:?} hears {refusal:?}");
            assert_eq!(after.decline_reason, refusal.filter(|_| before.status == Status::Requested));
            let again = after.clone();
            assert_eq!((after.hear("r".to_owned(), None), &after), (Ok(None), &again));
        }
        if before.provider_reference.is_some() {
            let mut after = before.clone();
            assert_eq!((after.hear("other".to_owned(), None), &after), (Err(Stuck::OtherReference), &before));
        }
    }
}

#[test]
fn a_goal_only_moves_on() {
    for from in GOALS {
        for to in GOALS {
            let mut payment = payment(Status::Authorized, from, true);
            payment.aim(to);
            assert_eq!(payment.goal, from.max(to));
        }
    }
}

/// Whatever order things happen in, as long as the provider does what it is asked in the end.
#[test]
fn every_payment_that_is_to_be_given_back_ends_with_nothing_kept() {
    for mut payment in payments() {
        payment.aim(Goal::Return);
        let mut calls = 0;
        while let Some(operation) = payment.due() {
            let outcome = match operation {
                Operation::Authorize => Outcome::Authorized("r".to_owned()),
                _ => Outcome::Done,
            };
            payment.take(operation, outcome).unwrap();
            calls += 1;
            assert!(calls <= 2, "{payment:?}");
        }
        assert!(is_final(payment.status), "{payment:?}");
    }
}

#[test]
fn names_read_back() {
    for status in STATUSES {
        assert_eq!(Status::from_name(status.name()), Some(status));
    }
    for goal in GOALS {
        assert_eq!(Goal::from_name(goal.name()), Some(goal));
    }
    assert_eq!((Status::from_name("Requested"), Goal::from_name("")), (None, None));
}
