//! The public operations of the gateway, for the document `api-specs/gateway.yaml`.

use crate::SERVICE;
use crate::audit::merge::Item;
use crate::audit::{AuditFilters, VerificationParameters, VerificationReport};
use crate::dead_letters::{DeadLetterFilters, ReplayRequest};
use crate::health::{HealthReport, Liveness, NotReady};
use crate::parts::PageParts;
use serde_json::json;
use spindle_contracts::ProblemKind;
use spindle_contracts::event::consumers;
use spindle_edge::ReadinessReport;
use spindle_edge::testing::contract::{Contract, Operation, assert_contract};
use spindle_events::dead_letters::{DeadLetter, ReplayCount};
use spindle_platform::http::Paged;
use spindle_platform::testing::assert_schema_and_type_agree;

fn contract() -> Contract {
    let operations = vec![
        healthz(),
        readyz(),
        health(),
        list_audit(),
        verify_audit(),
        list_dead_letters(),
        replay_dead_letters(),
        get_dead_letter(),
        discard_dead_letter(),
        replay_dead_letter(),
    ];
    Contract {
        service: "gateway",
        description: "The platform as a whole, for operators: health, audit log, and events that could not be handled.",
        operations,
    }
}

fn healthz() -> Operation {
    Operation::new("getLiveness", "GET", "/healthz", "Check that the platform runs")
        .describe("Calls no service. Not a part of the released API: probes of a deployment use it.")
        .returns::<Liveness>(200, "The gateway runs.")
        .unstable()
}

fn readyz() -> Operation {
    Operation::new("getReadiness", "GET", "/readyz", "Check that this replica can work")
        .describe(
            "Asks every service of this process. What all replicas share does not count: a database, a key-value store or a provider that is away is in \
             `/v1/admin/health`. Not a part of the released API: probes of a deployment use it.",
        )
        .returns::<ReadinessReport>(200, "Every service can work.")
        .problem_with::<NotReady>(
            ProblemKind::NotReady,
            "a service does not respond, has a variable without a valid value, or a database that this replica cannot use",
        )
        .unstable()
}

fn health() -> Operation {
    Operation::new("getHealth", "GET", "/v1/admin/health", "Get the state of every service and its parts")
        .describe(
            "For people and monitoring: which database, key-value store, service or provider is away, and why. Always 200: the members `state` say how bad it \
             is. A part that does not respond within two seconds is `unavailable`. Monitoring sends the token in the variable `metrics_token`, which works also \
             while no access token can be checked.",
        )
        .returns::<HealthReport>(200, "The states.")
}

fn list_audit() -> Operation {
    Operation::new("listAuditRows", "GET", "/v1/admin/audit", "List sensitive actions")
        .describe(
            "The rows of the audit logs of all services, the newest first. If a service does not respond, `missing` names it, and the page has the rows of the \
             others. The next pages ask it again, so its rows come later than their time says, and the last page has them or the list ends with 503.",
        )
        .query::<Paged<AuditFilters>>()
        .page_of_with::<Item, PageParts>("The rows.")
        .problem(ProblemKind::Unavailable, "none of the services that have more rows responds")
}

fn verify_audit() -> Operation {
    Operation::new("verifyAuditLogs", "GET", "/v1/admin/audit/verify", "Verify the audit logs")
        .describe(
            "Finds rows that were changed, removed, moved or inserted. One request takes some seconds; while there are more rows to verify, the response has a \
             `next_cursor` for the next request. If a service does not respond, `missing` names it, the other logs are verified, and `next_cursor` continues with \
             its log: send it when the service is back.",
        )
        .query::<VerificationParameters>()
        .returns::<VerificationReport>(200, "The result, also if a log is not intact.")
        .problem(ProblemKind::Unavailable, "no service responds")
}

fn list_dead_letters() -> Operation {
    Operation::new("listDeadLetters", "GET", "/v1/admin/dead-letters", "List events that could not be handled")
        .describe(
            "By service, and the latest first within a service. If a service does not respond, `missing` names it, and the page has the letters of the others. \
             The next pages ask it again, so the last page has its letters, or the list ends with 503.",
        )
        .query::<Paged<DeadLetterFilters>>()
        .page_of_with::<DeadLetter, PageParts>("The dead letters.")
        .problem(ProblemKind::Unavailable, "none of the services that have more letters responds, or the one of `service` does not")
}

fn replay_dead_letters() -> Operation {
    Operation::new("replayDeadLetters", "POST", "/v1/admin/dead-letters/replay", "Handle several events again")
        .describe("At most 1,000 at once, those first that have been dead for the longest time. The services handle them shortly.")
        .body::<ReplayRequest>("The letters to replay.")
        .returns::<ReplayCount>(202, "The number of letters that are handled again: repeat the request while it is 1,000.")
        .problem(ProblemKind::Unavailable, "the service does not respond")
}

fn get_dead_letter() -> Operation {
    of_letter("getDeadLetter", "GET", "/v1/admin/dead-letters/{service}/{id}", "Get an event that could not be handled")
        .returns::<DeadLetter>(200, "The dead letter.")
}

fn discard_dead_letter() -> Operation {
    of_letter("discardDeadLetter", "DELETE", "/v1/admin/dead-letters/{service}/{id}", "Discard an event")
        .describe("The audit log keeps who discarded it.")
        .no_content("The event is never handled again.")
}

fn replay_dead_letter() -> Operation {
    let path = "/v1/admin/dead-letters/{service}/{id}/replay";
    of_letter("replayDeadLetter", "POST", path, "Handle an event again")
        .describe("With all its attempts. The service handles it shortly.")
        .returns::<ReplayCount>(202, "The event is handled again.")
}

/// Describes an operation on one letter.
fn of_letter(id: &'static str, method: &'static str, path: &'static str, summary: &'static str) -> Operation {
    let service =
        json!({ "type": "string", "enum": consumers(), "description": "The service that could not handle it." });
    let letter = json!({ "type": "string", "minLength": 1, "maxLength": 128, "description": "The id of the event." });
    Operation::new(id, method, path, summary)
        .path_parameter("service", service)
        .path_parameter("id", letter)
        .problem(ProblemKind::NotFound, "the service has no such dead letter, or none at all")
        .problem(ProblemKind::Unavailable, "the service does not respond")
}

#[test]
fn the_document_is_that_of_the_routes_and_types() {
    assert_contract(&SERVICE, contract());
}

#[test]
fn the_type_of_the_body_and_its_schema_accept_the_same() {
    assert_schema_and_type_agree::<ReplayRequest>(
        &[json!({ "service": "payments" }), json!({ "service": "orders", "type": "OrderPaid" })],
        &[],
    );
}
