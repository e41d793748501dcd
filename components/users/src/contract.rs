//! The public operations of users, for `api-specs/users.yaml`.

mod export;
mod schemas;

use crate::SERVICE;
use crate::api::{InvitedUser, UserQuery};
use crate::auth_client::Invitation;
use crate::erasure_progress::Erasure;
use crate::user::{NewUser, User, UserPatch};
use export::Export;
use schemars::JsonSchema;
use spindle_contracts::ProblemKind;
use spindle_edge::testing::contract::{Contract, Operation, assert_contract};
use spindle_platform::http::Paged;

/// The members of `recent-login-required`.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct RecentLogin {
    /// The most seconds since the log-in of the access token.
    max_age: u32,
}

const GONE: &str = "the user does not exist, or has been erased";
const NOT_VISIBLE: &str =
    "the user does not exist, has been erased, or is not the caller and the caller is no operator";

fn contract() -> Contract {
    let operations = vec![
        create(),
        list(),
        get("getOwnUser", "/v1/users/me", "Get the own user").problem(ProblemKind::NotFound, GONE),
        change("changeOwnUser", "/v1/users/me", "Change the own user").problem(ProblemKind::NotFound, GONE),
        erase("eraseOwnUser", "/v1/users/me", "Erase the own user").problem(ProblemKind::NotFound, GONE),
        export_own_data(),
        get("getUser", "/v1/users/{id}", "Get a user")
            .describe("A customer gets the own user, an operator any.")
            .problem(ProblemKind::NotFound, NOT_VISIBLE),
        change("changeUser", "/v1/users/{id}", "Change a user").problem(ProblemKind::NotFound, NOT_VISIBLE),
        erase("eraseUser", "/v1/users/{id}", "Erase a user").problem(ProblemKind::NotFound, NOT_VISIBLE),
        deactivate(),
        reactivate(),
        invite(),
        get_erasure(),
    ];
    Contract {
        service: "users",
        description: "Who the users are: name, role, addresses, preferences. Passwords and sessions are in `auth`.",
        operations,
    }
}

fn create() -> Operation {
    Operation::new("createUser", "POST", "/v1/users", "Create a user")
        .describe(
            "The user has no password yet: pass the invitation on, with which the user sets the first one \
             (`POST /v1/auth/invitations/accept`). Customers register themselves (`POST /v1/auth/register`).",
        )
        .body::<NewUser>("The user.")
        .creates::<InvitedUser<'static>>("The user, and the invitation, which is shown once.")
        .versioned()
        .problem(ProblemKind::Conflict, "another user has the e-mail address")
}

fn list() -> Operation {
    Operation::new("listUsers", "GET", "/v1/users", "List users")
        .describe("The oldest user comes first. Erased users are not listed.")
        .query::<Paged<UserQuery>>()
        .page_of::<User>("A page of the users.")
}

fn get(id: &'static str, path: &'static str, summary: &'static str) -> Operation {
    Operation::new(id, "GET", path, summary).obeys_preconditions().returns::<User>(200, "The user.").versioned()
}

fn change(id: &'static str, path: &'static str, summary: &'static str) -> Operation {
    Operation::new(id, "PATCH", path, summary)
        .describe(
            "A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no change. A change of \
             the e-mail address requires a log-in of the last five minutes, and counts in the rate class `auth` as well; its owner gets a message at both addresses. \
             Only an admin changes roles, and the users who are admins.",
        )
        .requires_if_match()
        .body::<UserPatch>("The members to change.")
        .returns::<User>(200, "The changed user.")
        .versioned()
        .problem_with::<RecentLogin>(
            ProblemKind::RecentLoginRequired,
            "the e-mail address changes, and the log-in is more than five minutes ago",
        )
        .problem(ProblemKind::Forbidden, "the role changes, or the user is an admin, and the caller is no admin")
        .problem(
            ProblemKind::Conflict,
            "another user has the e-mail address, or the user is the only active admin who can log in and would be none any more",
        )
}

fn erase(id: &'static str, path: &'static str, summary: &'static str) -> Operation {
    Operation::new(id, "DELETE", path, summary)
        .describe(
            "Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET /v1/users/{id}/erasure` says how far they are. The own user \
             is erased with a log-in of the last five minutes.",
        )
        .requires_if_match()
        .no_content("The user is erased.")
        .problem_with::<RecentLogin>(
            ProblemKind::RecentLoginRequired,
            "the caller erases the own user, and the log-in is more than five minutes ago",
        )
        .problem(ProblemKind::Forbidden, "the user is an admin, and the caller is no admin")
        .problem(ProblemKind::Conflict, "the user is the only active admin who can log in")
}

fn export_own_data() -> Operation {
    Operation::new("exportOwnUser", "GET", "/v1/users/me/export", "Export everything that is kept about the caller")
        .describe(
            "One document from all services, to be saved as a file. It has no `Content-Length`, and is complete if it is valid JSON: if a service fails \
             while it is written, the connection ends early. Secrets and means of payment are not in it.",
        )
        .returns::<Export>(200, "The document.")
        .with_header("Content-Disposition", true)
        .with_header("Cache-Control", true)
        .problem(ProblemKind::NotFound, GONE)
        .problem(ProblemKind::Unavailable, "a service that has data of the caller does not respond")
}

fn deactivate() -> Operation {
    Operation::new("deactivateUser", "POST", "/v1/users/{id}/deactivate", "Deactivate a user")
        .describe("The sessions of the user end, and the user cannot log in. A user who is deactivated already stays as it is.")
        .obeys_preconditions()
        .returns::<User>(200, "The user.")
        .versioned()
        .problem(ProblemKind::NotFound, GONE)
        .problem(ProblemKind::Conflict, "the user is the caller")
}

fn reactivate() -> Operation {
    Operation::new("reactivateUser", "POST", "/v1/users/{id}/reactivate", "Reactivate a user")
        .describe("The user can log in again. A user who is active already stays as it is.")
        .obeys_preconditions()
        .returns::<User>(200, "The user.")
        .versioned()
        .problem(ProblemKind::NotFound, GONE)
        .problem(
            ProblemKind::Unavailable,
            "the sessions that the deactivation ends have not ended yet, or a dependency is down or busy",
        )
}

fn invite() -> Operation {
    Operation::new("inviteUser", "POST", "/v1/users/{id}/invitation", "Invite a user again")
        .describe("Replaces the invitation of a user who has no password yet. An invitation has no address of its own: it is shown once.")
        .obeys_preconditions()
        .returns::<Invitation>(200, "The invitation.")
        .problem(ProblemKind::NotFound, GONE)
        .problem(ProblemKind::Conflict, "the user has a password")
}

fn get_erasure() -> Operation {
    Operation::new("getErasure", "GET", "/v1/users/{id}/erasure", "Get the progress of an erasure")
        .returns::<Erasure>(200, "How far each service is. One that does not respond is `unknown`.")
        .problem(ProblemKind::NotFound, "the user does not exist, or has not been erased")
}

#[test]
fn the_contract_is_the_document() {
    assert_contract(&SERVICE, contract());
}
