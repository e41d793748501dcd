//! Every way that an order can go.

use super::{Action, Happening, Phase, START, Step, step};
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

const HAPPENINGS: [Happening; 11] = [
    Happening::PaymentAuthorized,
    Happening::PaymentDeclined,
    Happening::PaymentCaptured,
    Happening::PaymentVoided,
    Happening::PaymentRefunded,
    Happening::PaymentOverdue,
    Happening::StockCommitted,
    Happening::StockGone,
    Happening::StockReleased,
    Happening::CancelRequested,
    Happening::FulfilRequested,
];

/// What undoes an action, if it leaves anything behind that outlasts a cancelled order.
fn compensation(action: Action) -> Option<Action> {
    match action {
        Action::Place | Action::CommitStock => Some(Action::ReleaseStock),
        Action::RequestPayment | Action::TellPaid => Some(Action::TellCancelled),
        Action::TellFulfilled | Action::ReleaseStock | Action::TellCancelled => None,
    }
}

/// The steps that lead somewhere.
fn ways() -> Vec<(Phase, Happening, Phase, &'static [Action])> {
    let mut ways = Vec::new();
    for phase in PHASES {
        for happening in HAPPENINGS {
            if let Step::To(next, actions) = step(phase, happening) {
                ways.push((phase, happening, next, actions));
            }
        }
    }
    ways
}

/// Every phase that can be reached, with each set of actions that can have been done by then.
fn reachable() -> BTreeSet<(Phase, BTreeSet<Action>)> {
    let mut seen = BTreeSet::new();
    let mut open = vec![(Phase::AwaitingPayment, BTreeSet::from(START))];
    while let Some((phase, done)) = open.pop() {
        for (_, _, next, actions) in ways().into_iter().filter(|way| way.0 == phase) {
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
fn every_phase_can_be_reached_and_every_end_is_one() {
    let reached: BTreeSet<Phase> = reachable().into_iter().map(|(phase, _)| phase).collect();
    assert_eq!(reached, PHASES.into_iter().collect());
    let left: BTreeSet<Phase> = ways().into_iter().map(|way| way.0).collect();
    let ends: Vec<Phase> = PHASES.into_iter().filter(|phase| !left.contains(phase)).collect();
    assert_eq!(ends, [Phase::Fulfilled, Phase::Cancelled]);
}

#[test]
fn no_way_leads_back_to_where_an_order_has_been() {
    // The phases are in the order in which they can follow each other.
    for (phase, happening, next, _) in ways() {
        assert!(phase < next, "{phase:?} with {happening:?} leads to {next:?}");
    }
}

#[test]
fn whatever_was_done_for_a_cancelled_order_is_undone() {
    let cancelled = reachable().into_iter().filter(|(phase, _)| matches!(phase, Phase::Cancelling | Phase::Cancelled));
    let mut checked = 0;
    for (phase, done) in cancelled {
        for undoing in done.iter().copied().filter_map(compensation) {
            assert!(done.contains(&undoing), "{phase:?}: {undoing:?} is missing after {done:?}");
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn an_order_that_was_sent_off_is_paid_and_took_its_stock() {
    for (_, done) in reachable().into_iter().filter(|(phase, _)| *phase == Phase::Fulfilled) {
        for needed in [Action::Place, Action::RequestPayment, Action::CommitStock, Action::TellPaid] {
            assert!(done.contains(&needed), "{done:?}");
        }
        assert!(!done.contains(&Action::ReleaseStock) && !done.contains(&Action::TellCancelled), "{done:?}");
    }
}

#[test]
fn what_happens_twice_does_nothing_the_second_time() {
    for (phase, happening, next, _) in ways() {
        assert_eq!(step(next, happening), Step::Stay, "{happening:?} after {phase:?}");
    }
}

#[test]
fn an_order_is_cancelled_by_what_gives_a_reason_and_by_nothing_else() {
    for (phase, happening, next, _) in ways() {
        let cancels = next == Phase::Cancelling;
        assert_eq!(happening.cancel_reason().is_some(), cancels, "{happening:?} in {phase:?}");
    }
}

#[test]
fn an_order_can_be_cancelled_until_it_was_sent_off() {
    for phase in PHASES {
        let refused = matches!(step(phase, Happening::CancelRequested), Step::Refuse(_));
        assert_eq!(refused, phase == Phase::Fulfilled, "{phase:?}");
    }
}

#[test]
fn the_drawing_in_the_docs_is_this_machine() {
    let page = include_str!("../../../../docs/saga.md");
    let (_, rest) = page.split_once("```mermaid\n").expect("a drawing");
    let (drawing, _) = rest.split_once("```").expect("the drawing ends");
    let mut arrows: BTreeMap<(Phase, Phase), Vec<String>> = BTreeMap::new();
    for (phase, happening, next, _) in ways() {
        arrows.entry((phase, next)).or_default().push(format!("{happening:?}"));
    }
    let mut expected = String::from("stateDiagram-v2\n    [*] --> AwaitingPayment\n");
    for ((phase, next), happenings) in arrows {
        expected.push_str(&format!("    {phase:?} --> {next:?}: {}\n", happenings.join(", ")));
    }
    expected.push_str("    Fulfilled --> [*]\n    Cancelled --> [*]\n");
    assert_eq!(drawing, expected, "docs/saga.md should draw:\n{expected}");
}
