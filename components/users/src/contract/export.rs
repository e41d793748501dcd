//! The form of an export. The document is written as it is read from the services, so that no value of these types is ever made.

use crate::user::User;
use schemars::JsonSchema;
use serde_json::Value;
use spindle_contracts::Timestamp;
use uuid::Uuid;

/// Everything that is kept about a user. What another service keeps is as that service describes it, with what only the export has.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
pub(super) struct Export {
    /// The time at which the export began.
    exported_at: Timestamp,
    /// The user.
    profile: User,
    /// Earlier e-mail addresses, as long as they are kept, the oldest first.
    previous_emails: Vec<PreviousEmail>,
    /// The credentials: one item, or none for a user without a password.
    credentials: Vec<ExportedCredentials>,
    /// The sessions, also those that have ended, the oldest first.
    sessions: Vec<ExportedSession>,
    /// The orders, the latest first.
    orders: Vec<ExportedOrder>,
    /// The payments, the latest first.
    payments: Vec<ExportedPayment>,
    /// The notifications, the latest first.
    notifications: Vec<ExportedNotification>,
    /// The keys of requests that may be sent twice.
    idempotency_keys: Vec<ExportedKey>,
    /// The rows of the audit logs that have the user as actor or subject, the oldest of each service first.
    audit_log: Vec<ExportedAuditRow>,
}

/// An e-mail address before a change.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct PreviousEmail {
    /// The address until then.
    email: String,
    /// The time of the change.
    changed_at: Timestamp,
}

/// The credentials of a user, without the password.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedCredentials {
    /// The time at which the user got the first password.
    created_at: Timestamp,
    /// The time of the last change of the password.
    password_changed_at: Timestamp,
    /// The latest failed log-ins since the last one that succeeded.
    failed_log_ins: Vec<Timestamp>,
}

/// A session: as in `GET /v1/auth/sessions`, with its end.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedSession {
    /// The id.
    id: Uuid,
    /// The time of the log-in.
    created_at: Timestamp,
    /// The time of the last use.
    last_used_at: Timestamp,
    /// The time at which the session ends at the latest.
    expires_at: Timestamp,
    /// The `User-Agent` of the log-in.
    user_agent: Option<String>,
    /// The address from which the log-in came.
    ip_address: Option<String>,
    /// The time at which the session was ended.
    revoked_at: Option<Timestamp>,
    /// Why the session was ended.
    revoked_reason: Option<String>,
}

/// An order: as in `GET /v1/orders/{id}`, with what only the export has.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedOrder {
    /// The id.
    id: Uuid,
}

/// A payment: as in `GET /v1/payments/{id}`, with the calls of the payment provider.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedPayment {
    /// The id.
    id: Uuid,
}

/// A notification: as in `GET /v1/notifications/{id}`, with its data and the calls of the provider.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedNotification {
    /// The id.
    id: Uuid,
}

/// An `Idempotency-Key` of a request of the user.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedKey {
    /// The service that keeps it.
    service: String,
    /// What was requested.
    operation: String,
    /// The key.
    key: String,
    /// The id of the resource that the request creates.
    resource_id: String,
    /// The time of the request.
    created_at: Timestamp,
    /// The status of the stored response; `null` while the request is in progress.
    status: Option<u16>,
}

/// A row of an audit log. The id and the address of another person who acted are left out.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema matters")]
struct ExportedAuditRow {
    /// The service whose log has the row.
    service: String,
    /// The id of the row.
    id: String,
    /// The time of the action.
    created_at: Timestamp,
    /// Who acted: the id of the user, `another user`, or the name of a service.
    actor: Option<String>,
    /// The action, such as `user.changed`.
    action: String,
    /// What the action was about.
    subject: Option<String>,
    /// The id of the request.
    request_id: String,
    /// The pseudonym of the address that the request came from.
    source: Option<String>,
    /// Further details.
    detail: Value,
}
