//! Every path of an order through the state machine.

use super::{Action, OrderEvent, Phase, START, Step, step};
use std::collections::{BTreeMap, BTreeSet};

const PHASES: [Phase; 7] = [
    Phase::AwaitingPayment,
    Phase::AwaitingStock,
    Phase::AwaitingCapture,
    Phase::ReadyToFulfil,
    Phase::Fulfilled,
    Phase::Cancelling,
    Phase::Cancelled,
];

const EVENTS: [OrderEvent; 12] = [
    OrderEvent::PaymentAuthorized,
    OrderEvent::PaymentDeclined,
    OrderEvent::PaymentCaptured,
    OrderEvent::PaymentVoided,
    OrderEvent::PaymentRefunded,
    OrderEvent::PaymentOverdue,
    OrderEvent::StockCommitted,
    OrderEvent::StockGone,
    OrderEvent::StockReleased,
    OrderEvent::CancelRequested,
    OrderEvent::FulfilRequested,
    OrderEvent::RefundRequested,
];

/// Returns the compensation of an action that a cancelled order must not leave in place.
fn compensation(action: Action) -> Option<Action> {
    match action {
        Action::Place | Action::CommitStock => Some(Action::ReleaseStock),
        Action::RequestPayment | Action::PublishPaid => Some(Action::PublishCancelled),
        Action::PublishFulfilled | Action::ShipStock | Action::ReleaseStock | Action::PublishCancelled => None,
    }
}

/// Returns the steps that change the phase.
fn steps() -> Vec<(Phase, OrderEvent, Phase, &'static [Action])> {
    let mut steps = Vec::new();
    for phase in PHASES {
        for event in EVENTS {
            if let Step::To(next, actions) = step(phase, event) {
                steps.push((phase, event, next, actions));
            }
        }
    }
    steps
}

/// Returns every phase that can be reached, with each set of actions that can have been done by then.
fn reachable() -> BTreeSet<(Phase, BTreeSet<Action>)> {
    let mut seen = BTreeSet::new();
    let mut open = vec![(Phase::AwaitingPayment, BTreeSet::from(START))];
    while let Some((phase, done)) = open.pop() {
        for (_, _, next, actions) in steps().into_iter().filter(|step| step.0 == phase) {
            let reached = (next, done.iter().chain(actions).copied().collect());
            if !seen.contains(&reached) {
                open.push(reached);
            }
        }
        seen.insert((phase, done));
    }
    seen
}

#[test]
fn every_phase_can_be_reached_and_only_two_are_final() {
    let reached: BTreeSet<Phase> = reachable().into_iter().map(|(phase, _)| phase).collect();
    assert_eq!(reached, PHASES.into_iter().collect());
    let left: BTreeSet<Phase> = steps().into_iter().map(|step| step.0).collect();
    let ends: Vec<Phase> = PHASES.into_iter().filter(|phase| !left.contains(phase)).collect();
    assert_eq!(ends, [Phase::Fulfilled, Phase::Cancelled]);
}

#[test]
fn no_step_leads_to_an_earlier_phase() {
    // The phases are in the order in which they can follow each other.
    for (phase, event, next, _) in steps() {
        assert!(phase < next, "{phase:?} with {event:?} leads to {next:?}");
    }
}

#[test]
fn each_action_of_a_cancelled_order_is_compensated() {
    let cancelled = reachable().into_iter().filter(|(phase, _)| matches!(phase, Phase::Cancelling | Phase::Cancelled));
    let mut checked = 0;
    for (phase, done) in cancelled {
        for compensating in done.iter().copied().filter_map(compensation) {
            assert!(done.contains(&compensating), "{phase:?}: {compensating:?} is missing after {done:?}");
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn a_fulfilled_order_is_paid_and_its_stock_is_committed() {
    for (_, done) in reachable().into_iter().filter(|(phase, _)| *phase == Phase::Fulfilled) {
        for needed in [Action::Place, Action::RequestPayment, Action::CommitStock, Action::PublishPaid] {
            assert!(done.contains(&needed), "{done:?}");
        }
        assert!(!done.contains(&Action::ReleaseStock) && !done.contains(&Action::PublishCancelled), "{done:?}");
    }
}

#[test]
fn the_stock_leaves_the_shelf_with_a_shipped_order_and_with_no_other() {
    for (phase, done) in reachable() {
        assert_eq!(done.contains(&Action::ShipStock), phase == Phase::Fulfilled, "{phase:?}: {done:?}");
    }
}

#[test]
fn a_duplicate_event_is_ignored() {
    for (phase, event, next, _) in steps() {
        assert_eq!(step(next, event), Step::Stay, "{event:?} after {phase:?}");
    }
}

#[test]
fn only_events_with_a_cancel_reason_cancel_an_order() {
    for (phase, event, next, _) in steps() {
        let cancels = next == Phase::Cancelling;
        assert_eq!(event.cancel_reason().is_some(), cancels, "{event:?} in {phase:?}");
    }
}

#[test]
fn an_order_can_be_cancelled_until_it_is_shipped() {
    for phase in PHASES {
        let refused = matches!(step(phase, OrderEvent::CancelRequested), Step::Refuse(_));
        assert_eq!(refused, phase == Phase::Fulfilled, "{phase:?}");
    }
}

#[test]
fn the_drawing_in_the_docs_is_this_state_machine() {
    let page = include_str!("../../../../docs/saga.md");
    let (_, rest) = page.split_once("```mermaid\n").expect("a drawing");
    let (drawing, _) = rest.split_once("```").expect("the drawing ends");
    let mut arrows: BTreeMap<(Phase, Phase), Vec<String>> = BTreeMap::new();
    for (phase, event, next, _) in steps() {
        arrows.entry((phase, next)).or_default().push(format!("{event:?}"));
    }
    let mut expected = String::from("stateDiagram-v2\n    [*] --> AwaitingPayment\n");
    for ((phase, next), events) in arrows {
        expected.push_str(&format!("    {phase:?} --> {next:?}: {}\n", events.join(", ")));
    }
    expected.push_str("    Fulfilled --> [*]\n    Cancelled --> [*]\n");
    assert_eq!(drawing, expected, "docs/saga.md should draw:\n{expected}");
}
