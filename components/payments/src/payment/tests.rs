//! Every status and target state with every outcome and webhook.

use super::{Operation, OperationOutcome, Payment, PaymentEvent, Status, TargetState, Unrecoverable};
use spindle_contracts::event::DeclineCode;
use spindle_contracts::{Money, OrderId, PaymentId, Timestamp, UserId};
use uuid::Uuid;

const STATUSES: [Status; 6] =
    [Status::Requested, Status::Authorized, Status::Captured, Status::Declined, Status::Refunded, Status::Voided];
const TARGETS: [TargetState; 3] = [TargetState::Authorized, TargetState::Captured, TargetState::Returned];
const OPERATIONS: [Operation; 4] = [Operation::Authorize, Operation::Capture, Operation::Void, Operation::Refund];

fn outcomes() -> [OperationOutcome; 4] {
    let text = || "r".to_owned();
    [
        OperationOutcome::Authorized(text()),
        OperationOutcome::Pending(text()),
        OperationOutcome::Done,
        OperationOutcome::Refused(DeclineCode::Declined, text()),
    ]
}

/// Returns a payment that has a reference, unless it is requested and `is_pending` is false.
fn payment(status: Status, target: TargetState, is_pending: bool) -> Payment {
    let now = Timestamp::from_millis(0);
    Payment {
        id: PaymentId(Uuid::from_u128(1)),
        order_id: OrderId(Uuid::from_u128(2)),
        user_id: UserId(Uuid::from_u128(3)),
        amount: Money::new(1299, "EUR".parse().unwrap()),
        status,
        target,
        provider: "sandbox".to_owned(),
        provider_reference: (status != Status::Requested || is_pending).then(|| "r".to_owned()),
        decline: None,
        unresolved: None,
        attempts: 0,
        ended_attempts: 0,
        last_error: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Returns all payments that the state machine distinguishes.
fn payments() -> Vec<Payment> {
    let mut payments = Vec::new();
    for target in TARGETS {
        payments.push(payment(Status::Requested, target, false));
        payments.extend(STATUSES.map(|status| payment(status, target, true)));
    }
    let with = |payment: &Payment, unresolved| Payment { unresolved, ..payment.clone() };
    let unresolved = OPERATIONS.map(Some).into_iter().chain([None]);
    unresolved
        .flat_map(|operation| payments.iter().map(move |payment| with(payment, operation)).collect::<Vec<_>>())
        .collect()
}

fn is_final(status: Status) -> bool {
    matches!(status, Status::Declined | Status::Refunded | Status::Voided)
}

#[test]
fn the_due_call_follows_from_status_and_target() {
    use {Operation as Op, Status as Is, TargetState as To};
    for payment in payments() {
        let pending = payment.provider_reference.is_some();
        let expected = match (payment.status, pending, payment.target) {
            (Is::Requested, false, _) => Some(Op::Authorize),
            // It is not known whether the money is captured: a void might return nothing.
            (Is::Authorized, _, To::Returned) if payment.unresolved == Some(Op::Capture) => Some(Op::Capture),
            (Is::Requested, true, To::Returned) | (Is::Authorized, _, To::Returned) => Some(Op::Void),
            (Is::Authorized, _, To::Captured) => Some(Op::Capture),
            (Is::Captured, _, To::Returned) => Some(Op::Refund),
            (Is::Requested, true, To::Authorized | To::Captured)
            | (Is::Authorized, _, To::Authorized)
            | (Is::Captured, _, To::Authorized | To::Captured)
            | (Is::Declined | Is::Refunded | Is::Voided, ..) => None,
        };
        assert_eq!(payment.due(), expected, "{payment:?}");
    }
}

#[test]
fn each_outcome_of_the_due_call_changes_the_payment_as_specified() {
    use {Operation as Op, OperationOutcome as Out, PaymentEvent as Event, Status as Is, TargetState as To};
    for before in payments() {
        let Some(operation) = before.due() else { continue };
        for outcome in outcomes() {
            let mut after = before.clone();
            let event = after.apply_result(operation, outcome.clone());
            let is_returned = before.target == To::Returned;
            let (expected, status) = match (operation, &outcome) {
                (Op::Authorize, Out::Authorized(_)) => {
                    (Ok((!is_returned).then_some(Event::Authorized)), Is::Authorized)
                }
                // The order is cancelled: what was not captured is voided next.
                (Op::Capture, Out::Refused(..)) if is_returned => (Ok(None), before.status),
                (Op::Authorize | Op::Capture, Out::Refused(..)) => (Ok(Some(Event::Declined)), Is::Declined),
                (Op::Capture, Out::Done) => (Ok(Some(Event::Captured)), Is::Captured),
                (Op::Void, Out::Done) => (Ok(Some(Event::Voided)), Is::Voided),
                (Op::Refund, Out::Done) => (Ok(Some(Event::Refunded)), Is::Refunded),
                (Op::Void | Op::Refund, Out::Refused(_, reason)) => {
                    (Err(Unrecoverable::Refused { operation, reason: reason.clone() }), before.status)
                }
                // Pending, or an outcome that this operation cannot have.
                _ => (Ok(None), before.status),
            };
            assert_eq!((event, after.status), (expected, status), "{before:?} after {outcome:?}");
            assert_eq!(after.target, before.target);
            assert_eq!(after.decline.is_some(), after.status == Is::Declined);
        }
    }
}

#[test]
fn a_late_outcome_changes_nothing() {
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
                assert_eq!((after.apply_result(operation, outcome), &after), (Ok(None), &before));
            }
        }
    }
}

#[test]
fn a_capture_that_is_refused_while_the_order_is_cancelled_leaves_the_money_to_be_voided() {
    let mut payment = payment(Status::Authorized, TargetState::Returned, true);
    assert_eq!(
        payment.apply_result(Operation::Capture, OperationOutcome::Refused(DeclineCode::Declined, "no".to_owned())),
        Ok(None)
    );
    assert_eq!((payment.status, payment.due()), (Status::Authorized, Some(Operation::Void)));
}

#[test]
fn a_webhook_is_applied_once() {
    for before in payments() {
        for refusal in [None, Some("no".to_owned())] {
            let mut after = before.clone();
            let event = after.apply_webhook("r".to_owned(), refusal.clone());
            let (expected, status) = match (before.status, &refusal) {
                (Status::Requested, None) if before.target == TargetState::Returned => (None, Status::Authorized),
                (Status::Requested, None) => (Some(PaymentEvent::Authorized), Status::Authorized),
                (Status::Requested, Some(_)) => (Some(PaymentEvent::Declined), Status::Declined),
                (other, _) => (None, other),
            };
            assert_eq!((event, after.status), (Ok(expected), status), "{before:?} with {refusal:?}");
            assert_eq!(
                after.decline.as_ref().and_then(|decline| decline.reason.clone()),
                refusal.filter(|_| before.status == Status::Requested)
            );
            let again = after.clone();
            assert_eq!((after.apply_webhook("r".to_owned(), None), &after), (Ok(None), &again));
        }
        if before.provider_reference.is_some() {
            let mut after = before.clone();
            let mismatch = Err(Unrecoverable::ReferenceMismatch);
            assert_eq!((after.apply_webhook("other".to_owned(), None), &after), (mismatch, &before));
        }
    }
}

#[test]
fn a_target_is_never_replaced_by_an_earlier_one() {
    for from in TARGETS {
        for to in TARGETS {
            let mut payment = payment(Status::Authorized, from, true);
            assert_eq!((payment.set_target(to), payment.target), (None, from.max(to)));
        }
    }
}

#[test]
fn only_a_payment_for_which_the_provider_was_never_called_is_voided_without_a_call() {
    for mut payment in payments() {
        let was_called = payment.provider_reference.is_some() || payment.unresolved.is_some();
        let expected = (payment.status == Status::Requested && !was_called).then_some(PaymentEvent::Voided);
        let before = payment.status;
        let status = if expected.is_some() { Status::Voided } else { before };
        assert_eq!((payment.set_target(TargetState::Returned), payment.status), (expected, status), "{payment:?}");
    }
}

/// In any order of events, as long as the provider carries out each operation in the end.
#[test]
fn every_payment_that_is_to_be_returned_ends_without_money() {
    for mut payment in payments() {
        let _event = payment.set_target(TargetState::Returned);
        let mut calls = 0;
        while let Some(operation) = payment.due() {
            let outcome = match operation {
                Operation::Authorize => OperationOutcome::Authorized("r".to_owned()),
                _ => OperationOutcome::Done,
            };
            payment.unresolved = None;
            payment.apply_result(operation, outcome).unwrap();
            calls += 1;
            assert!(calls <= 2, "{payment:?}");
        }
        assert!(is_final(payment.status), "{payment:?}");
    }
}

/// A provider that remembers what it has carried out, and refuses what is impossible then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ModelProvider {
    authorized: bool,
    captured: bool,
    voided: bool,
    refunded: bool,
}

impl ModelProvider {
    /// Carries out `operation`, or returns the result of the earlier call under the same key.
    fn call(&mut self, operation: Operation) -> OperationOutcome {
        let refused = || OperationOutcome::Refused(DeclineCode::ProviderError, "impossible".to_owned());
        let (done, possible) = match operation {
            Operation::Authorize => {
                self.authorized = true;
                return OperationOutcome::Authorized("r".to_owned());
            }
            Operation::Capture => (&mut self.captured, self.authorized && !self.voided),
            Operation::Void => (&mut self.voided, self.authorized && !self.captured),
            Operation::Refund => (&mut self.refunded, self.captured),
        };
        *done |= possible;
        if *done { OperationOutcome::Done } else { refused() }
    }

    fn has_money(self) -> bool {
        (self.captured && !self.refunded) || (self.authorized && !self.captured && !self.voided)
    }
}

/// The fate of a call.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    /// The provider carries it out, and its response is lost.
    ResponseLost,
    /// The request is lost.
    RequestLost,
}

/// Follows each fate of each of the next `calls` calls, with the cancellation before any of them, and answers all later ones.
fn assert_every_end_is_without_money(payment: &Payment, provider: ModelProvider, calls: usize, history: &str) {
    let Some(operation) = payment.due() else {
        if payment.target == TargetState::Returned {
            assert!(is_final(payment.status) && !provider.has_money(), "{history}: {payment:?}, {provider:?}");
            return;
        }
        return assert_every_end_is_without_money(&next_target(payment), provider, calls, &format!("{history} target"));
    };
    if payment.target != TargetState::Returned && calls > 0 {
        let mut cancelled = payment.clone();
        let _event = cancelled.set_target(TargetState::Returned);
        assert_every_end_is_without_money(&cancelled, provider, calls - 1, &format!("{history} cancelled"));
    }
    let fates = [Fate::Answered, Fate::ResponseLost, Fate::RequestLost];
    for fate in fates.into_iter().take(if calls == 0 { 1 } else { fates.len() }) {
        let (mut payment, mut provider) = (payment.clone(), provider);
        payment.unresolved = Some(operation);
        if !matches!(fate, Fate::RequestLost) {
            let outcome = provider.call(operation);
            if matches!(fate, Fate::Answered) {
                payment.unresolved = None;
                payment.apply_result(operation, outcome).unwrap_or_else(|error| panic!("{history}: {error}"));
            }
        }
        let history = format!("{history} {}:{fate:?}", operation.name());
        assert_every_end_is_without_money(&payment, provider, calls.saturating_sub(1), &history);
    }
}

fn next_target(payment: &Payment) -> Payment {
    let mut next = payment.clone();
    let is_authorized = payment.target == TargetState::Authorized;
    let _event = next.set_target(if is_authorized { TargetState::Captured } else { TargetState::Returned });
    next
}

#[test]
fn whatever_is_lost_a_cancelled_order_ends_with_its_money_at_the_payer() {
    let requested = payment(Status::Requested, TargetState::Authorized, false);
    assert_every_end_is_without_money(&requested, ModelProvider::default(), 6, "");
}

#[test]
fn stored_names_are_read_back() {
    for status in STATUSES {
        assert_eq!(Status::from_name(status.name()), Some(status));
    }
    for target in TARGETS {
        assert_eq!(TargetState::from_name(target.name()), Some(target));
    }
    for operation in OPERATIONS {
        assert_eq!(Operation::from_name(operation.name()), Some(operation));
    }
    assert_eq!((Status::from_name("Requested"), TargetState::from_name("")), (None, None));
}
