//! The operations of the API and their types, from api-specs/openapi.json by progenitor: `cargo test -p spindle-client --test generated` holds them current.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///The acceptance of an invitation.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AcceptRequest {
        ///The first password: one that is not common, and does not repeat a short text.
        pub password: crate::Secret,
        ///The token of the invitation.
        pub token: crate::Secret,
    }
    impl AcceptRequest {
        pub fn builder() -> builder::AcceptRequest {
            Default::default()
        }
    }
    ///The head of an audit log: a later one with a lower number, or with another MAC for the same number, shows that the log was reset.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AuditHead {
        ///The MAC of the head, in hexadecimal.
        pub mac_hex: ::std::string::String,
        ///The number of the last row.
        pub seq: i64,
    }
    ///The result of verifying the audit log of one service.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AuditReport {
        ///The head as it was after the last verified row, if there are more rows: the next request continues there.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub checkpoint: ::std::option::Option<AuditHead>,
        ///The violation found at that row.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detail: ::std::option::Option<::std::string::String>,
        ///The number of the first row that is not; absent if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub first_bad_seq: ::std::option::Option<i64>,
        ///The head of the log; null if the head itself was removed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub head: ::std::option::Option<AuditHead>,
        ///Whether the whole log is as it was written; null while there are more rows to verify.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub intact: ::std::option::Option<bool>,
        ///The number of rows, from the first on, that are as they were written.
        pub rows: u64,
        ///The service's name.
        pub service: ::std::string::String,
    }
    ///A sensitive action, as a service has recorded it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AuditRow {
        ///The action, such as `user.role_changed`.
        pub action: ::std::string::String,
        ///Who acted: the id of a user or the name of a service; null if that is not known.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub actor: ::std::option::Option<::std::string::String>,
        ///The time of the action.
        pub created_at: ::jiff::Timestamp,
        ///Further details, which depend on the action.
        pub detail: ::serde_json::Value,
        ///The id of the row.
        pub id: ::std::string::String,
        ///The id of the request.
        pub request_id: ::std::string::String,
        ///The service.
        pub service: ::std::string::String,
        ///A pseudonym of the address that the request came from, such as `2026-11:9f86d081884c7d65`; in a row of an earlier release, the address.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub source: ::std::option::Option<::std::string::String>,
        ///What it was done to, usually an id.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub subject: ::std::option::Option<::std::string::String>,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AuditRowPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<AuditRow>,
        ///The services whose items are missing from this page, and why; absent if none is. `next_cursor` continues with them.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub missing: ::std::vec::Vec<MissingPart>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///The result of the verification of all audit logs.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AuditVerification {
        ///Whether all logs are as they were written; null while no violation is found and there are more rows to verify, or a log is missing.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub intact: ::std::option::Option<bool>,
        ///The services whose logs could not be verified by this request, and why; absent if there are none. `next_cursor` continues with them.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub missing: ::std::vec::Vec<MissingPart>,
        ///The `cursor` with which the next request continues; absent once all rows are verified.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
        ///The progress; absent once all rows are verified.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub progress: ::std::option::Option<VerificationProgress>,
        ///The result for each log, of the services that responded.
        pub services: ::std::vec::Vec<AuditReport>,
    }
    ///The stock of a product, as everyone sees it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Availability {
        ///The units that can be sold.
        pub available: i64,
    }
    ///The event that an order waits for.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Awaiting {
        ///The time at which the order is cancelled if the event does not come; `null` if it waits without a limit.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub until: ::std::option::Option<::jiff::Timestamp>,
        ///A sentence for people.
        pub what: ::std::string::String,
    }
    ///All categories with active products.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Categories {
        ///The categories, by their slugs.
        pub items: ::std::vec::Vec<Category>,
    }
    ///A category.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Category {
        ///The name, which is made of the slug.
        pub name: ::std::string::String,
        ///The number of its active products.
        pub products: u64,
        ///The slug, by which products refer to the category.
        pub slug: ::std::string::String,
    }
    ///A change of the password.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ChangePasswordRequest {
        ///The current password.
        pub current: crate::Secret,
        ///The new password: one that is not common, and does not repeat a short text.
        pub new: crate::Secret,
    }
    impl ChangePasswordRequest {
        pub fn builder() -> builder::ChangePasswordRequest {
            Default::default()
        }
    }
    ///The further members of a problem. The state of a resource stands against the request.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ChangeProductConflictProblem {
        ///The product that has the SKU, if that is the conflict. It may be archived, and then it is in no list.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub product_id: ::std::option::Option<::uuid::Uuid>,
    }
    ///The further members of a problem. The state of a resource stands against the request.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct CreateProductConflictProblem {
        ///The product that has the SKU. It may be archived, and then it is in no list.
        pub product_id: ::uuid::Uuid,
    }
    ///The price of a product now.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct CurrentPrice {
        ///The product.
        pub product_id: ::uuid::Uuid,
        ///The price of one piece.
        pub unit_price: Money,
    }
    ///An event that a service could not handle.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct DeadLetter {
        ///The number of attempts since it arrived, or since its last replay.
        pub attempts: u32,
        ///The data of the event, with the means of payment redacted.
        pub data: ::serde_json::Value,
        ///The time of its last failure. Letters of orders and payments, for which money waits, are tried again 15 minutes after it.
        pub died_at: ::jiff::Timestamp,
        ///The failed attempts, the first ones and the latest ones.
        pub failures: ::std::vec::Vec<FailedAttempt>,
        ///The event's id.
        pub id: ::std::string::String,
        ///The error of the last attempt.
        pub last_error: ::std::string::String,
        ///The time at which it happened.
        pub occurred_at: ::jiff::Timestamp,
        ///The request in which it happened.
        pub request_id: ::std::string::String,
        ///The service that could not handle it.
        pub service: ::std::string::String,
        ///The service that published it.
        pub source: ::std::string::String,
        ///The id of the thing that it is about.
        pub subject: ::std::string::String,
        ///The trace in which it happened.
        pub traceparent: ::std::string::String,
        ///The type of the event.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct DeadLetterPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<DeadLetter>,
        ///The services whose items are missing from this page, and why; absent if none is. `next_cursor` continues with them.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub missing: ::std::vec::Vec<MissingPart>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///Why a payment was declined.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Decline {
        ///Who declined.
        pub code: crate::facts::DeclineCode,
        ///The reason as the provider states it, for the payer to read. Null once the user is erased.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub detail: ::std::option::Option<::std::string::String>,
    }
    ///How far the erasure of a user is.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Erasure {
        ///The time of the request for it.
        pub requested_at: ::jiff::Timestamp,
        ///The services that hold data of users.
        pub services: ::std::vec::Vec<ServiceErasure>,
        ///`done` once every service is done.
        pub state: crate::facts::ErasureState,
    }
    ///Everything that is kept about a user. What another service keeps is as that service describes it, with what only the export has.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Export {
        ///The rows of the audit logs that have the user as actor or subject, the oldest of each service first.
        pub audit_log: ::std::vec::Vec<ExportedAuditRow>,
        ///The credentials: one item, or none for a user without a password.
        pub credentials: ::std::vec::Vec<ExportedCredentials>,
        ///The time at which the export began.
        pub exported_at: ::jiff::Timestamp,
        ///The keys of requests that may be sent twice.
        pub idempotency_keys: ::std::vec::Vec<ExportedKey>,
        ///The notifications, the latest first.
        pub notifications: ::std::vec::Vec<ExportedNotification>,
        ///The orders, the latest first.
        pub orders: ::std::vec::Vec<ExportedOrder>,
        ///The payments, the latest first.
        pub payments: ::std::vec::Vec<ExportedPayment>,
        ///Earlier e-mail addresses, as long as they are kept, the oldest first.
        pub previous_emails: ::std::vec::Vec<PreviousEmail>,
        ///The user.
        pub profile: User,
        ///The sessions, also those that have ended, the oldest first.
        pub sessions: ::std::vec::Vec<ExportedSession>,
    }
    ///A row of an audit log. The id and the address of another person who acted are left out.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedAuditRow {
        ///The action, such as `user.changed`.
        pub action: ::std::string::String,
        ///Who acted: the id of the user, `another user`, or the name of a service.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub actor: ::std::option::Option<::std::string::String>,
        ///The time of the action.
        pub created_at: ::jiff::Timestamp,
        ///Further details.
        pub detail: ::serde_json::Value,
        ///The id of the row.
        pub id: ::std::string::String,
        ///The id of the request.
        pub request_id: ::std::string::String,
        ///The service whose log has the row.
        pub service: ::std::string::String,
        ///The pseudonym of the address that the request came from.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub source: ::std::option::Option<::std::string::String>,
        ///What the action was about.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub subject: ::std::option::Option<::std::string::String>,
    }
    ///The credentials of a user, without the password.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedCredentials {
        ///The time at which the user got the first password.
        pub created_at: ::jiff::Timestamp,
        ///The latest failed log-ins since the last one that succeeded.
        pub failed_log_ins: ::std::vec::Vec<::jiff::Timestamp>,
        ///The time of the last change of the password.
        pub password_changed_at: ::jiff::Timestamp,
    }
    ///An `Idempotency-Key` of a request of the user.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedKey {
        ///The time of the request.
        pub created_at: ::jiff::Timestamp,
        ///The key.
        pub key: ::std::string::String,
        ///What was requested.
        pub operation: ::std::string::String,
        ///The id of the resource that the request creates.
        pub resource_id: ::std::string::String,
        ///The service that keeps it.
        pub service: ::std::string::String,
        ///The status of the stored response; `null` while the request is in progress.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub status: ::std::option::Option<u16>,
    }
    ///A notification: as in `GET /v1/notifications/{id}`, with its data and the calls of the provider.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedNotification {
        ///The id.
        pub id: ::uuid::Uuid,
    }
    ///An order: as in `GET /v1/orders/{id}`, with what only the export has.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedOrder {
        ///The id.
        pub id: ::uuid::Uuid,
    }
    ///A payment: as in `GET /v1/payments/{id}`, with the calls of the payment provider.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedPayment {
        ///The id.
        pub id: ::uuid::Uuid,
    }
    ///A session: as in `GET /v1/auth/sessions`, with its end.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExportedSession {
        ///The time of the log-in.
        pub created_at: ::jiff::Timestamp,
        ///The time at which the session ends at the latest.
        pub expires_at: ::jiff::Timestamp,
        ///The id.
        pub id: ::uuid::Uuid,
        ///The address from which the log-in came.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub ip_address: ::std::option::Option<::std::string::String>,
        ///The time of the last use.
        pub last_used_at: ::jiff::Timestamp,
        ///The time at which the session was ended.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub revoked_at: ::std::option::Option<::jiff::Timestamp>,
        ///Why the session was ended.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub revoked_reason: ::std::option::Option<::std::string::String>,
        ///The `User-Agent` of the log-in.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub user_agent: ::std::option::Option<::std::string::String>,
    }
    ///An attempt that failed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct FailedAttempt {
        ///The number of the attempt, from 1.
        pub attempt: u32,
        ///The error.
        pub error: ::std::string::String,
        ///The time at which it failed.
        pub failed_at: ::jiff::Timestamp,
        ///The time of the next attempt, or null if there was none.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_attempt_at: ::std::option::Option<::jiff::Timestamp>,
    }
    ///A line that was refused.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct FailedLine {
        ///What is wrong with the line.
        pub detail: ::std::string::String,
        ///The rules that the line breaks, with pointers into the line; absent if it is no JSON.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub errors: ::std::vec::Vec<FieldError>,
        ///The number of the line, counted from 1.
        pub line: u64,
    }
    ///One rule that one part of the request breaks, and its place: exactly one of `pointer`, `parameter` and `header`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct FieldError {
        ///What is wrong, for a person.
        pub detail: ::std::string::String,
        ///The name of the header.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub header: ::std::option::Option<::std::string::String>,
        ///The name of the query parameter.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub parameter: ::std::option::Option<::std::string::String>,
        ///The RFC 6901 pointer into the body; empty for the body itself.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pointer: ::std::option::Option<::std::string::String>,
    }
    ///The state of the platform.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct HealthReport {
        ///Every service.
        pub services: ::std::vec::Vec<ServiceHealth>,
        ///The worst state of a service.
        pub state: crate::facts::HealthReportState,
    }
    ///A user who logs in.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Identity {
        ///The e-mail address as it was written.
        pub email: ::std::string::String,
        ///The id.
        pub id: ::uuid::Uuid,
        ///What the user may do.
        pub role: crate::facts::Role,
    }
    ///The further members of a problem. A defect or a broken dependency; the cause is in the log.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ImportProductsInternalErrorProblem {
        ///The result of the lines before that, which stay written.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub imported: ::std::option::Option<ImportReport>,
    }
    ///The further members of a problem. The request cannot be read: bad JSON, a bad query, a bad id.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ImportProductsMalformedRequestProblem {
        ///The result of the lines before that, which stay written.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub imported: ::std::option::Option<ImportReport>,
    }
    ///The further members of a problem. The body is larger than the route takes.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ImportProductsPayloadTooLargeProblem {
        ///The result of the lines before that, which stay written.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub imported: ::std::option::Option<ImportReport>,
    }
    ///The further members of a problem. A dependency is down or busy; trying again later may work.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ImportProductsUnavailableProblem {
        ///The result of the lines before that, which stay written.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub imported: ::std::option::Option<ImportReport>,
    }
    ///The result of an import, or of its lines until it ended early.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ImportReport {
        ///The number of lines that created a product.
        pub created: u64,
        ///The lines that were refused. They changed nothing.
        pub failed: ::std::vec::Vec<FailedLine>,
        ///The number of lines with an existing product, changed by them or not.
        pub updated: u64,
    }
    ///An invitation to set the first password.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Invitation {
        ///The time until which it can be accepted.
        pub expires_at: ::jiff::Timestamp,
        ///The token with which the user accepts the invitation. It is shown once, and passed on by the admin.
        pub token: crate::Secret,
    }
    ///A created user with the invitation to set the first password.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct InvitedUser {
        ///The saved addresses. One of them can be named in an order.
        pub addresses: ::std::vec::Vec<SavedAddress>,
        ///The time of the registration or creation.
        pub created_at: ::jiff::Timestamp,
        ///The name to call the user by.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///The e-mail address as it was written, with which the user logs in. No two users have the same one in any spelling.
        pub email: ::std::string::String,
        ///The id, which stays.
        pub id: ::uuid::Uuid,
        ///The invitation, which is shown once.
        pub invitation: Invitation,
        ///The language of messages to the user, as a language tag (BCP 47).
        pub locale: ::std::string::String,
        ///The channels of messages to the user.
        pub notification_preferences: NotificationPreferences,
        ///The number for text messages (E.164).
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub phone: ::std::option::Option<::std::string::String>,
        ///What the user may do.
        pub role: crate::facts::Role,
        ///Whether the user may use the account.
        pub status: crate::facts::UserStatus,
        ///The time of the last change.
        pub updated_at: ::jiff::Timestamp,
    }
    ///A public key (RFC 8037).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Jwk {
        ///The algorithm of the signatures: `EdDSA`.
        pub alg: ::std::string::String,
        ///The curve: `Ed25519`.
        pub crv: ::std::string::String,
        ///For a retired key: the end of the validity of its signatures, in seconds since the Unix epoch.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exp: ::std::option::Option<i64>,
        ///The key's id in a token's header: its thumbprint (RFC 7638).
        pub kid: ::std::string::String,
        ///The kind of key: `OKP`.
        pub kty: ::std::string::String,
        ///What the key is for: `sig`, signatures.
        #[serde(rename = "use")]
        pub use_: ::std::string::String,
        ///The public key, in base64url.
        pub x: ::std::string::String,
    }
    ///A set of keys (RFC 7517, section 5).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct JwkSet {
        ///The keys, in any order.
        pub keys: ::std::vec::Vec<Jwk>,
    }
    ///A rotation of the signing key.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct KeyRotation {
        ///The id of the new key.
        pub kid: ::std::string::String,
        ///The time from which on it signs.
        pub not_before: ::jiff::Timestamp,
        ///The key that signed until then.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub retired: ::std::option::Option<RetiredKey>,
    }
    ///The state of the gateway.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Liveness {
        ///`ok`.
        pub status: ::std::string::String,
    }
    ///A log-in.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct LoginRequest {
        ///The e-mail address, in any spelling.
        pub email: ::std::string::String,
        ///The password.
        pub password: crate::Secret,
    }
    impl LoginRequest {
        pub fn builder() -> builder::LoginRequest {
            Default::default()
        }
    }
    ///A service whose part of the response is missing.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct MissingPart {
        ///The reason, such as `connection refused`. The log has the address and the whole error under the id of the request.
        pub cause: ::std::string::String,
        ///The service.
        pub service: ::std::string::String,
    }
    ///An amount of one currency: 12.99 EUR are 1299.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Money {
        ///The amount in minor units of the currency, which are hundredths for most and whole yen for one.
        pub amount: i64,
        ///The code of the currency (ISO 4217).
        pub currency: ::std::string::String,
    }
    impl Money {
        pub fn builder() -> builder::Money {
            Default::default()
        }
    }
    ///A product to be created.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewProduct {
        ///The attributes: strings, numbers and booleans by their names.
        #[serde(default, skip_serializing_if = "::serde_json::Map::is_empty")]
        pub attributes: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ///The slug of the category, which need not exist before.
        pub category: ::std::string::String,
        ///The description, which may have several lines; empty without it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub description: ::std::option::Option<::std::string::String>,
        ///The name.
        pub name: ::std::string::String,
        ///The price of a unit.
        pub price: Price,
        ///The SKU, which no other product may have without regard to case.
        pub sku: ::std::string::String,
        ///The sales status; `active` without it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::facts::ProductStatus>,
        ///The units on the shelf; none without it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stock: ::std::option::Option<StockLevel>,
    }
    impl NewProduct {
        pub fn builder() -> builder::NewProduct {
            Default::default()
        }
    }
    ///A new user. Everything but the e-mail address may be left out.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewUser {
        ///The saved addresses.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub addresses: ::std::vec::Vec<SavedAddressInput>,
        ///The name to call the user by.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///The e-mail address, with which the user logs in. Another user must not have it in any spelling.
        pub email: ::std::string::String,
        ///The language of messages to the user. `en` if it is absent.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub locale: ::std::option::Option<::std::string::String>,
        ///The channels of messages to the user. E-mail alone if nothing is said.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub notification_preferences: ::std::option::Option<PreferencesPatch>,
        ///The number for text messages.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub phone: ::std::option::Option<::std::string::String>,
        ///What the user may do.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<crate::facts::Role>,
    }
    impl NewUser {
        pub fn builder() -> builder::NewUser {
            Default::default()
        }
    }
    ///The further members of a problem. At least one service cannot serve; `services` says which and why.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NotReadyProblem {
        ///Every service of this process, also those that are ready.
        pub services: ::std::vec::Vec<ServiceReadiness>,
    }
    ///A message to one user on one channel.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Notification {
        ///The number of calls of the provider so far.
        pub attempts: u32,
        ///The calls of the provider, the first one first. Only operators see them, and only of a single notification.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub calls: ::std::vec::Vec<NotificationCall>,
        ///The channel.
        pub channel: crate::facts::Channel,
        ///When it was enqueued.
        pub created_at: ::jiff::Timestamp,
        ///The event that triggered it; null if an operator requested it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub event: ::std::option::Option<TriggeringEvent>,
        ///The id of the notification.
        pub id: ::uuid::Uuid,
        ///Why it was not sent at the last attempt; null if there is no such reason. Only operators see it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_error: ::std::option::Option<::std::string::String>,
        ///The order that it is about; null if it is about none, or was enqueued by an earlier release.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub order_id: ::std::option::Option<::uuid::Uuid>,
        ///The provider's name for the message; null until the provider has accepted it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub provider_reference: ::std::option::Option<::std::string::String>,
        ///When the provider accepted it; null until then.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub sent_at: ::std::option::Option<::jiff::Timestamp>,
        ///How far the delivery is.
        pub status: crate::facts::NotificationStatus,
        ///The name of the template.
        pub template: ::std::string::String,
        ///The version of the template.
        pub template_version: u32,
        ///When it last changed.
        pub updated_at: ::jiff::Timestamp,
        ///The recipient.
        pub user_id: ::uuid::Uuid,
    }
    ///A call of a provider, as operators read it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NotificationCall {
        ///When the call was made.
        pub began_at: ::jiff::Timestamp,
        ///The provider's reference, or its text about the failure; null once the user is erased.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub detail: ::std::option::Option<::std::string::String>,
        ///When it was over; null while it is in progress, and for good if a crash interrupted it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub ended_at: ::std::option::Option<::jiff::Timestamp>,
        ///The number of the call, from 1.
        pub number: u32,
        ///The answer: `sent`, or one of the failures `rejected`, `retryable`, `other` and `silent` (the provider gave no answer); null without one.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub outcome: ::std::option::Option<::std::string::String>,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NotificationPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<Notification>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///The channels on which a user receives messages.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NotificationPreferences {
        ///Whether by e-mail.
        pub email: bool,
        ///Whether by push message.
        pub push: bool,
        ///Whether by text message.
        pub sms: bool,
    }
    ///A message to be sent to a user.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NotificationRequest {
        ///The only channel. Without it the message is sent on each channel that the user has turned on.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub channel: ::std::option::Option<crate::facts::Channel>,
        ///The fields of the template. `message` has `subject`, one line, and `text`; `order-paid` has `number` and `total`, a sum of money; `order-fulfilled` has `number`; `order-cancelled` has `number` and `reason`; `payment-refunded` has `amount`, a sum of money; `welcome` has none.
        #[serde(default, skip_serializing_if = "::serde_json::Map::is_empty")]
        pub data: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ///The template: `message` has a text of the operator; the others are those that events trigger.
        pub template: crate::facts::TemplateName,
        ///The recipient.
        pub user_id: ::uuid::Uuid,
    }
    impl NotificationRequest {
        pub fn builder() -> builder::NotificationRequest {
            Default::default()
        }
    }
    ///An order. Names and prices are those of the moment at which it was placed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Order {
        ///The discounts and taxes.
        pub adjustments: ::std::vec::Vec<OrderAdjustment>,
        ///The reason for which the order was cancelled; `null` unless it is.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub cancel_reason: ::std::option::Option<crate::facts::CancelReason>,
        ///The time at which the order was placed.
        pub created_at: ::jiff::Timestamp,
        ///Why the payment was declined, the same as on the payment; `null` unless it was.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub decline: ::std::option::Option<Decline>,
        ///The id.
        pub id: ::uuid::Uuid,
        ///The items, in the order of the request.
        pub items: ::std::vec::Vec<OrderItem>,
        ///The number for people, such as `7KQ2-9M4T`.
        pub number: ::std::string::String,
        ///The recipient and the address.
        pub shipping_address: ShippingAddress,
        ///The status.
        pub status: crate::facts::OrderStatus,
        ///The sum of the items and the adjustments. All sums of an order have the same currency.
        pub total: Money,
        ///The time of the last change.
        pub updated_at: ::jiff::Timestamp,
        ///The id of the customer.
        pub user_id: ::uuid::Uuid,
    }
    ///A discount on an order, or a tax.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderAdjustment {
        ///The amount: negative for a discount, positive for a tax.
        pub amount: Money,
        ///The kind of adjustment.
        pub kind: crate::facts::AdjustmentKind,
        ///The label that people see.
        pub label: ::std::string::String,
    }
    ///A product of an order, with name and price as they were when it was placed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderItem {
        ///The unit price times the quantity.
        pub line_total: Money,
        ///Its name.
        pub name: ::std::string::String,
        ///The product.
        pub product_id: ::uuid::Uuid,
        ///The number of pieces.
        pub quantity: u32,
        ///Its stock-keeping unit.
        pub sku: ::std::string::String,
        ///The price of one piece.
        pub unit_price: Money,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<Order>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///The history of an order, and the event that it waits for.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderTimeline {
        ///The event that the order waits for; `null` if it waits for none.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub awaiting: ::std::option::Option<Awaiting>,
        ///The events so far, the oldest first.
        pub items: ::std::vec::Vec<TimelineEntry>,
        ///The order.
        pub order_id: ::uuid::Uuid,
        ///The id of the request that placed the order, as in its `X-Request-Id`: the log lines of all services about it have this id.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub request_id: ::std::option::Option<::std::string::String>,
        ///Its status.
        pub status: crate::facts::OrderStatus,
    }
    ///The state of a part of a service.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PartHealth {
        ///The reason why it is not `ok`. The log has the whole error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cause: ::std::option::Option<::std::string::String>,
        ///The kind of the part.
        pub kind: crate::facts::PartHealthKind,
        ///Its response time as measured by the service, in milliseconds.
        pub ms: f64,
        ///The label of the database or store, or the name of the service or provider.
        pub name: ::std::string::String,
        ///Its state.
        pub state: crate::facts::PartHealthState,
    }
    ///The payment of an order: each order has one, once payments has received its request.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Payment {
        ///The sum, which is captured and refunded as a whole.
        pub amount: Money,
        ///The number of calls of the provider so far.
        pub attempts: u32,
        ///The calls of the provider, the first one first. Only operators see them, and only of a single payment.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub calls: ::std::vec::Vec<PaymentCall>,
        ///When the payment was requested.
        pub created_at: ::jiff::Timestamp,
        ///Who declined the payment; null unless its status is `declined`.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub decline_code: ::std::option::Option<crate::facts::DeclineCode>,
        ///The reason for which it was declined, as the provider states it, for the payer to read; null unless its status is `declined`, and once the user is erased.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub decline_reason: ::std::option::Option<::std::string::String>,
        ///The id of the payment.
        pub id: ::uuid::Uuid,
        ///The error of the last call of the provider, such as `authorize: retryable: busy`; null if that did not fail. Only operators see it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_error: ::std::option::Option<::std::string::String>,
        ///The order.
        pub order_id: ::uuid::Uuid,
        ///The name of the payment provider.
        pub provider: ::std::string::String,
        ///The provider's name for the payment; null until the provider has answered. A requested payment that has one is pending: the provider decides later, by a webhook.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub provider_reference: ::std::option::Option<::std::string::String>,
        ///Where the money is.
        pub status: crate::facts::PaymentStatus,
        ///When it last changed.
        pub updated_at: ::jiff::Timestamp,
        ///The customer.
        pub user_id: ::uuid::Uuid,
    }
    ///A call of the provider, in a payment and in an export.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentCall {
        ///The number of this attempt at the operation, from 1.
        pub attempt: u32,
        ///When the call was made.
        pub began_at: ::jiff::Timestamp,
        ///The provider's reference, or its text about the failure; null once the user is erased.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub detail: ::std::option::Option<::std::string::String>,
        ///When it was over; null while it is in progress, and for good if a crash interrupted it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub ended_at: ::std::option::Option<::jiff::Timestamp>,
        ///What the provider was asked for.
        pub operation: crate::facts::PaymentOperation,
        ///The answer: `authorized`, `pending` or `done`, or one of the failures `declined`, `retryable`, `permanent` and `other`; null without one.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub outcome: ::std::option::Option<::std::string::String>,
    }
    ///A means of payment.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentMethod {
        ///The payment provider's token of a card or an account.
        pub token: ::std::string::String,
    }
    impl PaymentMethod {
        pub fn builder() -> builder::PaymentMethod {
            Default::default()
        }
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<Payment>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///The provider's decision about a pending payment.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentWebhook {
        ///The provider's id of this event: the same when it is sent again.
        pub id: ::std::string::String,
        ///The payment, as the provider received it.
        pub payment_id: ::uuid::Uuid,
        ///With `payment.declined`: the reason that the payer reads.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reason: ::std::option::Option<::std::string::String>,
        ///The provider's name for the payment, as it returned it.
        pub reference: ::std::string::String,
        ///The decision.
        #[serde(rename = "type")]
        pub type_: crate::facts::PaymentWebhookType,
    }
    impl PaymentWebhook {
        pub fn builder() -> builder::PaymentWebhook {
            Default::default()
        }
    }
    ///An order to place, with exactly one of `shipping_address` and `shipping_address_id`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PlaceOrderRequest {
        ///The total that the customer has seen, with discounts and taxes. If it is not the total of now, nothing is ordered. Without it, the order has any total.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expected_total: ::std::option::Option<Money>,
        ///The products to order, each once.
        pub items: ::std::vec::Vec<RequestedItem>,
        ///The means of payment.
        pub payment_method: PaymentMethod,
        ///The recipient and the address. A saved address is accepted as `GET /v1/users/me` shows it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shipping_address: ::std::option::Option<RequestedAddress>,
        ///The id of a saved address of the caller, which the order keeps as it is now.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shipping_address_id: ::std::option::Option<::uuid::Uuid>,
    }
    impl PlaceOrderRequest {
        pub fn builder() -> builder::PlaceOrderRequest {
            Default::default()
        }
    }
    ///The channels of messages to turn on or off. An absent one stays.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct PreferencesPatch {
        ///Whether by e-mail.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<bool>,
        ///Whether by push message.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub push: ::std::option::Option<bool>,
        ///Whether by text message.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub sms: ::std::option::Option<bool>,
    }
    impl PreferencesPatch {
        pub fn builder() -> builder::PreferencesPatch {
            Default::default()
        }
    }
    ///An e-mail address before a change.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PreviousEmail {
        ///The time of the change.
        pub changed_at: ::jiff::Timestamp,
        ///The address until then.
        pub email: ::std::string::String,
    }
    ///The price of a product.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Price {
        ///The amount in minor units of the currency: 1299 for 12.99 EUR.
        pub amount: i64,
        ///The code of the currency (ISO 4217).
        pub currency: ::std::string::String,
    }
    impl Price {
        pub fn builder() -> builder::Price {
            Default::default()
        }
    }
    ///The further members of a problem. A price is not the one that the order expects; `total` and `items` have the prices of now.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PriceChangedProblem {
        ///The items whose price is not the expected one.
        pub items: ::std::vec::Vec<CurrentPrice>,
        ///The total at the prices of now, with discounts and taxes.
        pub total: Money,
    }
    ///A merge patch of a price.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct PricePatch {
        ///The amount in minor units of the currency.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub amount: ::std::option::Option<i64>,
        ///The code of the currency (ISO 4217).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub currency: ::std::option::Option<::std::string::String>,
    }
    impl PricePatch {
        pub fn builder() -> builder::PricePatch {
            Default::default()
        }
    }
    ///A product.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Product {
        ///The attributes: strings, numbers and booleans by their names.
        pub attributes: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ///The slug of the category.
        pub category: ::std::string::String,
        ///The time at which the product was created.
        pub created_at: ::jiff::Timestamp,
        ///The description, which may have several lines; empty if there is none.
        pub description: ::std::string::String,
        ///The id.
        pub id: ::uuid::Uuid,
        ///The name.
        pub name: ::std::string::String,
        ///The price of a unit.
        pub price: Money,
        ///The SKU. No two products have the same without regard to case, archived ones included.
        pub sku: ::std::string::String,
        ///The sales status.
        pub status: crate::facts::ProductStatus,
        ///The stock. Operators read all of its numbers at `/v1/products/{id}/stock`.
        pub stock: Availability,
        ///The time of the last change of a field other than the stock.
        pub updated_at: ::jiff::Timestamp,
    }
    ///A line of an import: a merge patch (RFC 7396) of the product with its SKU. If no product has it, the line creates one, and requires `name`, `price` and `category`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProductLine {
        ///The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub attributes: ::std::option::Option<
            crate::Nullable<
                ::std::collections::BTreeMap<::std::string::String, ::serde_json::Value>,
            >,
        >,
        ///The slug of the category.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub category: ::std::option::Option<::std::string::String>,
        ///The description; `null` clears it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub description: ::std::option::Option<crate::Nullable<::std::string::String>>,
        ///The name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        ///The price of a unit. A member of it that is absent stays.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub price: ::std::option::Option<PricePatch>,
        ///The SKU of the product, found without regard to case.
        pub sku: ::std::string::String,
        ///The sales status. Without it, an archived product stays archived, and a new one is active.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::facts::ProductStatus>,
        ///A count of the units on the shelf.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stock: ::std::option::Option<StockLevel>,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProductPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<Product>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///A change of a product, as a merge patch (RFC 7396): an absent field stays. `null` clears a field that may be empty, and is refused for any other.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ProductPatch {
        ///The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub attributes: ::std::option::Option<
            crate::Nullable<
                ::std::collections::BTreeMap<::std::string::String, ::serde_json::Value>,
            >,
        >,
        ///The slug of the category, which need not exist before.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub category: ::std::option::Option<::std::string::String>,
        ///The description; `null` clears it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub description: ::std::option::Option<crate::Nullable<::std::string::String>>,
        ///The name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        ///The price of a unit. A member of it that is absent stays.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub price: ::std::option::Option<PricePatch>,
        ///The SKU, which no other product may have without regard to case.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub sku: ::std::option::Option<::std::string::String>,
        ///The sales status: `active` restores an archived product.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::facts::ProductStatus>,
        ///A count of the units on the shelf.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stock: ::std::option::Option<StockLevel>,
    }
    impl ProductPatch {
        pub fn builder() -> builder::ProductPatch {
            Default::default()
        }
    }
    ///The notifications that a request has enqueued.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct QueuedNotifications {
        ///One for each channel that the user has turned on and has an address for, which may be none.
        pub items: ::std::vec::Vec<Notification>,
    }
    ///The readiness of one replica.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ReadinessReport {
        ///Every service of this process.
        pub services: ::std::vec::Vec<ServiceReadiness>,
    }
    ///The further members of a problem. The log-in is too long ago for what is asked; `max_age` says how recent it must be, in seconds.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RecentLoginRequiredProblem {
        ///The most seconds since the log-in of the access token.
        pub max_age: u32,
    }
    ///A refresh token.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RefreshTokenRequest {
        ///The refresh token.
        pub refresh_token: crate::Secret,
    }
    impl RefreshTokenRequest {
        pub fn builder() -> builder::RefreshTokenRequest {
            Default::default()
        }
    }
    ///A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead of refunding all.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct RefundRequest {
        ///Whether the order was shipped. Without it the order is cancelled, and one that was shipped is not refunded.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shipped: ::std::option::Option<bool>,
    }
    impl RefundRequest {
        pub fn builder() -> builder::RefundRequest {
            Default::default()
        }
    }
    ///A registration.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RegisterRequest {
        ///The name to call the user by.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///The e-mail address, with which the user logs in. Another user must not have it in any spelling.
        pub email: ::std::string::String,
        ///The password: one that is not common, and does not repeat a short text.
        pub password: crate::Secret,
    }
    impl RegisterRequest {
        pub fn builder() -> builder::RegisterRequest {
            Default::default()
        }
    }
    ///A registered user. `GET /v1/users/me` has all of the profile.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RegisteredUser {
        ///The time of the registration.
        pub created_at: ::jiff::Timestamp,
        ///The name to call the user by.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///The e-mail address as it was written.
        pub email: ::std::string::String,
        ///The id, which stays.
        pub id: ::uuid::Uuid,
        ///What the user may do.
        pub role: crate::facts::Role,
    }
    ///The number of letters that were replayed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ReplayCount {
        ///The number, 1,000 at most: repeat the request while it is that.
        pub replayed: u32,
    }
    ///The letters to replay.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ReplayRequest {
        ///The service that has them.
        pub service: crate::facts::DeadLetterService,
        ///The type of their events; all types without it.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }
    impl ReplayRequest {
        pub fn builder() -> builder::ReplayRequest {
            Default::default()
        }
    }
    ///A recipient and an address.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RequestedAddress {
        ///The town, or the area of a country whose addresses have that instead. Required in most countries.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub city: ::std::option::Option<::std::string::String>,
        ///The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
        pub country: ::std::string::String,
        ///Ignored: the id of a saved address.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::uuid::Uuid>,
        ///Ignored: the label of a saved address.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub label: ::std::option::Option<::std::string::String>,
        ///Street, house and so on.
        pub lines: ::std::vec::Vec<::std::string::String>,
        ///The recipient.
        pub name: ::std::string::String,
        ///The postal code. Required in the countries whose post requires it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub postal_code: ::std::option::Option<::std::string::String>,
    }
    impl RequestedAddress {
        pub fn builder() -> builder::RequestedAddress {
            Default::default()
        }
    }
    ///A product to order, and its quantity.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RequestedItem {
        ///The price of one piece that the customer has seen. If it is not the price of now, nothing is ordered. Without it, the item has any price.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expected_unit_price: ::std::option::Option<Money>,
        ///The product.
        pub product_id: ::uuid::Uuid,
        ///The number of pieces.
        pub quantity: i64,
    }
    impl RequestedItem {
        pub fn builder() -> builder::RequestedItem {
            Default::default()
        }
    }
    ///A retired key.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RetiredKey {
        ///The time until which its signatures are valid.
        pub expires_at: ::jiff::Timestamp,
        ///The id of the key.
        pub kid: ::std::string::String,
    }
    ///A saved address of a user.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SavedAddress {
        ///The town, or the area of a country whose addresses have that instead; `""` if it has neither.
        pub city: ::std::string::String,
        ///The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
        pub country: ::std::string::String,
        ///The id, which an order can name, and which the address keeps when the list is written back.
        pub id: ::uuid::Uuid,
        ///What the user calls the address, such as "home".
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub label: ::std::option::Option<::std::string::String>,
        ///Street, house and so on, 1 to 4 lines.
        pub lines: ::std::vec::Vec<::std::string::String>,
        ///The recipient. An address that was saved before it could have one has the display name of the user, or `""` if there is none.
        pub name: ::std::string::String,
        ///The postal code, as the country writes it; `""` if there is none.
        pub postal_code: ::std::string::String,
    }
    ///An address to save.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SavedAddressInput {
        ///The town, or the area of a country whose addresses have that instead.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub city: ::std::option::Option<::std::string::String>,
        ///The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
        pub country: ::std::string::String,
        ///The id of the address, if the user has it already.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::uuid::Uuid>,
        ///What the user calls the address, such as "home".
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub label: ::std::option::Option<::std::string::String>,
        ///Street, house and so on.
        pub lines: ::std::vec::Vec<::std::string::String>,
        ///The recipient.
        pub name: ::std::string::String,
        ///The postal code, as the country writes it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub postal_code: ::std::option::Option<::std::string::String>,
    }
    impl SavedAddressInput {
        pub fn builder() -> builder::SavedAddressInput {
            Default::default()
        }
    }
    ///How far the erasure is in one service.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ServiceErasure {
        ///The number of things that are still to be erased, by their kind.
        #[serde(default, skip_serializing_if = "::serde_json::Map::is_empty")]
        pub remaining: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ///The name of the service.
        pub service: ::std::string::String,
        ///The state.
        pub state: crate::facts::ErasureState,
    }
    ///The state of one service.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ServiceHealth {
        ///The reason why it does not respond, or which of its variables has no valid value.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cause: ::std::option::Option<::std::string::String>,
        ///Its response time as measured by the gateway, in milliseconds.
        pub ms: f64,
        ///The service's name.
        pub name: ::std::string::String,
        ///Its parts: its database, its key-value stores, and what it calls. None if it does not respond.
        pub parts: ::std::vec::Vec<PartHealth>,
        ///Its state.
        pub state: crate::facts::HealthReportState,
    }
    ///The readiness of one service.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ServiceReadiness {
        ///The reason why the service is not ready.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detail: ::std::option::Option<::std::string::String>,
        ///The response time of the service as measured by the gateway, in milliseconds.
        pub ms: f64,
        ///The service's name.
        pub name: ::std::string::String,
        ///Whether the service can work in this process.
        pub ready: bool,
    }
    ///A session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Session {
        ///The time of the log-in.
        pub created_at: ::jiff::Timestamp,
        ///Whether the request belongs to this session.
        pub current: bool,
        ///The time at which the session ends at the latest. A week without use ends it as well.
        pub expires_at: ::jiff::Timestamp,
        ///The id.
        pub id: ::uuid::Uuid,
        ///The address from which the log-in came.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub ip_address: ::std::option::Option<::std::string::String>,
        ///The time of the last refresh, or of the log-in.
        pub last_used_at: ::jiff::Timestamp,
        ///The `User-Agent` of the log-in.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub user_agent: ::std::option::Option<::std::string::String>,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<Session>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///The recipient of an order and the address. If the customer was erased, and the order need not be kept, all but the country is empty.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ShippingAddress {
        ///The town, or the area of a country whose addresses have that instead; empty if there is none.
        pub city: ::std::string::String,
        ///The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
        pub country: ::std::string::String,
        ///Street, house and so on.
        pub lines: ::std::vec::Vec<::std::string::String>,
        ///The recipient.
        pub name: ::std::string::String,
        ///The postal code; empty if there is none.
        pub postal_code: ::std::string::String,
    }
    ///The stock of a product, as operators see it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Stock {
        ///The units among them that are sold and not shipped yet.
        pub allocated: i64,
        ///The units that can be sold: `on_hand - reserved - allocated`.
        pub available: i64,
        ///The units on the shelf, as a count finds them.
        pub on_hand: i64,
        ///The units among them that are reserved for orders whose payment is pending.
        pub reserved: i64,
    }
    ///A count of the units of a product.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct StockLevel {
        ///The units on the shelf, those that belong to orders and are not shipped yet among them. At least as many as these.
        pub on_hand: i64,
    }
    impl StockLevel {
        pub fn builder() -> builder::StockLevel {
            Default::default()
        }
    }
    ///An event in the history of an order.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TimelineEntry {
        ///The time.
        pub at: ::jiff::Timestamp,
        ///A sentence for people.
        pub detail: ::std::string::String,
        ///The kind of event.
        pub kind: crate::facts::TimelineEntryKind,
    }
    ///New tokens (RFC 6749, section 5.1), and the user whom they belong to.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TokenResponse {
        ///The access token, for the header `Authorization`.
        pub access_token: crate::Secret,
        ///The seconds for which the access token is valid.
        pub expires_in: i64,
        ///The token to exchange for new tokens, once.
        pub refresh_token: crate::Secret,
        ///How the access token is sent: `Authorization: Bearer <access_token>`.
        pub token_type: ::std::string::String,
        ///The user.
        pub user: Identity,
    }
    ///The further members of a problem. The customer has too many orders, or holds too many pieces, that are not paid.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TooMuchUnpaidProblem {
        ///The most orders that a customer may have unpaid.
        pub max_unpaid_orders: i64,
        ///The most pieces that a customer may hold unpaid.
        pub max_unpaid_pieces: i64,
        ///The orders of the customer that are not paid yet, requests under way included.
        pub unpaid_orders: i64,
        ///The pieces that those orders hold.
        pub unpaid_pieces: i64,
    }
    ///The event that triggered a notification.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TriggeringEvent {
        ///The id of the event.
        pub id: ::std::string::String,
        ///The type of the event, such as `OrderPaid`.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }
    ///A user.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct User {
        ///The saved addresses. One of them can be named in an order.
        pub addresses: ::std::vec::Vec<SavedAddress>,
        ///The time of the registration or creation.
        pub created_at: ::jiff::Timestamp,
        ///The name to call the user by.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///The e-mail address as it was written, with which the user logs in. No two users have the same one in any spelling.
        pub email: ::std::string::String,
        ///The id, which stays.
        pub id: ::uuid::Uuid,
        ///The language of messages to the user, as a language tag (BCP 47).
        pub locale: ::std::string::String,
        ///The channels of messages to the user.
        pub notification_preferences: NotificationPreferences,
        ///The number for text messages (E.164).
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub phone: ::std::option::Option<::std::string::String>,
        ///What the user may do.
        pub role: crate::facts::Role,
        ///Whether the user may use the account.
        pub status: crate::facts::UserStatus,
        ///The time of the last change.
        pub updated_at: ::jiff::Timestamp,
    }
    ///One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct UserPage {
        ///The items of this page, in the order of the list.
        pub items: ::std::vec::Vec<User>,
        ///The `cursor` of the next page; `null` on the last page.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
    }
    ///A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that may be empty.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct UserPatch {
        ///The saved addresses from now on, all of them: one with the `id` that it was read with keeps it, and one without is new.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub addresses: ::std::vec::Vec<SavedAddressInput>,
        ///The new name to call the user by.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub display_name: ::std::option::Option<crate::Nullable<::std::string::String>>,
        ///The new e-mail address. Another one than the current one requires a log-in of the last five minutes.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<::std::string::String>,
        ///The new language of messages to the user.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub locale: ::std::option::Option<::std::string::String>,
        ///The channels to turn on or off. The others stay.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub notification_preferences: ::std::option::Option<PreferencesPatch>,
        ///The new number for text messages.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub phone: ::std::option::Option<crate::Nullable<::std::string::String>>,
        ///The new role. Only an admin gives another one than the current one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<crate::facts::Role>,
    }
    impl UserPatch {
        pub fn builder() -> builder::UserPatch {
            Default::default()
        }
    }
    ///The progress of a verification, over the logs of the services that responded.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct VerificationProgress {
        ///The number of all rows.
        pub of: u64,
        ///The number of verified rows.
        pub rows: u64,
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone, Debug)]
        pub struct AcceptRequest {
            password: ::std::result::Result<crate::Secret, ::std::string::String>,
            token: ::std::result::Result<crate::Secret, ::std::string::String>,
        }
        impl ::std::default::Default for AcceptRequest {
            fn default() -> Self {
                Self {
                    password: Err("no value supplied for password".to_string()),
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl AcceptRequest {
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.password = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for password: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<AcceptRequest> for super::AcceptRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: AcceptRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    password: value.password?,
                    token: value.token?,
                })
            }
        }
        impl ::std::convert::From<super::AcceptRequest> for AcceptRequest {
            fn from(value: super::AcceptRequest) -> Self {
                Self {
                    password: Ok(value.password),
                    token: Ok(value.token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ChangePasswordRequest {
            current: ::std::result::Result<crate::Secret, ::std::string::String>,
            new: ::std::result::Result<crate::Secret, ::std::string::String>,
        }
        impl ::std::default::Default for ChangePasswordRequest {
            fn default() -> Self {
                Self {
                    current: Err("no value supplied for current".to_string()),
                    new: Err("no value supplied for new".to_string()),
                }
            }
        }
        impl ChangePasswordRequest {
            pub fn current<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.current = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for current: {e}")
                    });
                self
            }
            pub fn new<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.new = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for new: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ChangePasswordRequest>
        for super::ChangePasswordRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ChangePasswordRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    current: value.current?,
                    new: value.new?,
                })
            }
        }
        impl ::std::convert::From<super::ChangePasswordRequest>
        for ChangePasswordRequest {
            fn from(value: super::ChangePasswordRequest) -> Self {
                Self {
                    current: Ok(value.current),
                    new: Ok(value.new),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct LoginRequest {
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            password: ::std::result::Result<crate::Secret, ::std::string::String>,
        }
        impl ::std::default::Default for LoginRequest {
            fn default() -> Self {
                Self {
                    email: Err("no value supplied for email".to_string()),
                    password: Err("no value supplied for password".to_string()),
                }
            }
        }
        impl LoginRequest {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.password = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for password: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<LoginRequest> for super::LoginRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: LoginRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    password: value.password?,
                })
            }
        }
        impl ::std::convert::From<super::LoginRequest> for LoginRequest {
            fn from(value: super::LoginRequest) -> Self {
                Self {
                    email: Ok(value.email),
                    password: Ok(value.password),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Money {
            amount: ::std::result::Result<i64, ::std::string::String>,
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Money {
            fn default() -> Self {
                Self {
                    amount: Err("no value supplied for amount".to_string()),
                    currency: Err("no value supplied for currency".to_string()),
                }
            }
        }
        impl Money {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Money> for super::Money {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Money,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    currency: value.currency?,
                })
            }
        }
        impl ::std::convert::From<super::Money> for Money {
            fn from(value: super::Money) -> Self {
                Self {
                    amount: Ok(value.amount),
                    currency: Ok(value.currency),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewProduct {
            attributes: ::std::result::Result<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                ::std::string::String,
            >,
            category: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            description: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            price: ::std::result::Result<super::Price, ::std::string::String>,
            sku: ::std::result::Result<::std::string::String, ::std::string::String>,
            status: ::std::result::Result<
                ::std::option::Option<crate::facts::ProductStatus>,
                ::std::string::String,
            >,
            stock: ::std::result::Result<
                ::std::option::Option<super::StockLevel>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for NewProduct {
            fn default() -> Self {
                Self {
                    attributes: Ok(Default::default()),
                    category: Err("no value supplied for category".to_string()),
                    description: Ok(Default::default()),
                    name: Err("no value supplied for name".to_string()),
                    price: Err("no value supplied for price".to_string()),
                    sku: Err("no value supplied for sku".to_string()),
                    status: Ok(Default::default()),
                    stock: Ok(Default::default()),
                }
            }
        }
        impl NewProduct {
            pub fn attributes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.attributes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for attributes: {e}")
                    });
                self
            }
            pub fn category<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.category = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for category: {e}")
                    });
                self
            }
            pub fn description<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.description = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for description: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn price<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Price>,
                T::Error: ::std::fmt::Display,
            {
                self.price = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for price: {e}")
                    });
                self
            }
            pub fn sku<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.sku = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for sku: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<crate::facts::ProductStatus>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn stock<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::StockLevel>>,
                T::Error: ::std::fmt::Display,
            {
                self.stock = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for stock: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NewProduct> for super::NewProduct {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewProduct,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    attributes: value.attributes?,
                    category: value.category?,
                    description: value.description?,
                    name: value.name?,
                    price: value.price?,
                    sku: value.sku?,
                    status: value.status?,
                    stock: value.stock?,
                })
            }
        }
        impl ::std::convert::From<super::NewProduct> for NewProduct {
            fn from(value: super::NewProduct) -> Self {
                Self {
                    attributes: Ok(value.attributes),
                    category: Ok(value.category),
                    description: Ok(value.description),
                    name: Ok(value.name),
                    price: Ok(value.price),
                    sku: Ok(value.sku),
                    status: Ok(value.status),
                    stock: Ok(value.stock),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewUser {
            addresses: ::std::result::Result<
                ::std::vec::Vec<super::SavedAddressInput>,
                ::std::string::String,
            >,
            display_name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            locale: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            notification_preferences: ::std::result::Result<
                ::std::option::Option<super::PreferencesPatch>,
                ::std::string::String,
            >,
            phone: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            role: ::std::result::Result<
                ::std::option::Option<crate::facts::Role>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for NewUser {
            fn default() -> Self {
                Self {
                    addresses: Ok(Default::default()),
                    display_name: Ok(Default::default()),
                    email: Err("no value supplied for email".to_string()),
                    locale: Ok(Default::default()),
                    notification_preferences: Ok(Default::default()),
                    phone: Ok(Default::default()),
                    role: Ok(Default::default()),
                }
            }
        }
        impl NewUser {
            pub fn addresses<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::SavedAddressInput>>,
                T::Error: ::std::fmt::Display,
            {
                self.addresses = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for addresses: {e}")
                    });
                self
            }
            pub fn display_name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.display_name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for display_name: {e}")
                    });
                self
            }
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn locale<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.locale = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for locale: {e}")
                    });
                self
            }
            pub fn notification_preferences<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::PreferencesPatch>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.notification_preferences = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for notification_preferences: {e}"
                        )
                    });
                self
            }
            pub fn phone<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.phone = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for phone: {e}")
                    });
                self
            }
            pub fn role<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<crate::facts::Role>>,
                T::Error: ::std::fmt::Display,
            {
                self.role = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for role: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NewUser> for super::NewUser {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewUser,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    addresses: value.addresses?,
                    display_name: value.display_name?,
                    email: value.email?,
                    locale: value.locale?,
                    notification_preferences: value.notification_preferences?,
                    phone: value.phone?,
                    role: value.role?,
                })
            }
        }
        impl ::std::convert::From<super::NewUser> for NewUser {
            fn from(value: super::NewUser) -> Self {
                Self {
                    addresses: Ok(value.addresses),
                    display_name: Ok(value.display_name),
                    email: Ok(value.email),
                    locale: Ok(value.locale),
                    notification_preferences: Ok(value.notification_preferences),
                    phone: Ok(value.phone),
                    role: Ok(value.role),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NotificationRequest {
            channel: ::std::result::Result<
                ::std::option::Option<crate::facts::Channel>,
                ::std::string::String,
            >,
            data: ::std::result::Result<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                ::std::string::String,
            >,
            template: ::std::result::Result<
                crate::facts::TemplateName,
                ::std::string::String,
            >,
            user_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
        }
        impl ::std::default::Default for NotificationRequest {
            fn default() -> Self {
                Self {
                    channel: Ok(Default::default()),
                    data: Ok(Default::default()),
                    template: Err("no value supplied for template".to_string()),
                    user_id: Err("no value supplied for user_id".to_string()),
                }
            }
        }
        impl NotificationRequest {
            pub fn channel<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<crate::facts::Channel>>,
                T::Error: ::std::fmt::Display,
            {
                self.channel = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for channel: {e}")
                    });
                self
            }
            pub fn data<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.data = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for data: {e}")
                    });
                self
            }
            pub fn template<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::facts::TemplateName>,
                T::Error: ::std::fmt::Display,
            {
                self.template = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for template: {e}")
                    });
                self
            }
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for user_id: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NotificationRequest>
        for super::NotificationRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NotificationRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    channel: value.channel?,
                    data: value.data?,
                    template: value.template?,
                    user_id: value.user_id?,
                })
            }
        }
        impl ::std::convert::From<super::NotificationRequest> for NotificationRequest {
            fn from(value: super::NotificationRequest) -> Self {
                Self {
                    channel: Ok(value.channel),
                    data: Ok(value.data),
                    template: Ok(value.template),
                    user_id: Ok(value.user_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentMethod {
            token: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for PaymentMethod {
            fn default() -> Self {
                Self {
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl PaymentMethod {
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentMethod> for super::PaymentMethod {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentMethod,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { token: value.token? })
            }
        }
        impl ::std::convert::From<super::PaymentMethod> for PaymentMethod {
            fn from(value: super::PaymentMethod) -> Self {
                Self { token: Ok(value.token) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentWebhook {
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            payment_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            reason: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            reference: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                crate::facts::PaymentWebhookType,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PaymentWebhook {
            fn default() -> Self {
                Self {
                    id: Err("no value supplied for id".to_string()),
                    payment_id: Err("no value supplied for payment_id".to_string()),
                    reason: Ok(Default::default()),
                    reference: Err("no value supplied for reference".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl PaymentWebhook {
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn payment_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.payment_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for payment_id: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
            pub fn reference<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.reference = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reference: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::facts::PaymentWebhookType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentWebhook> for super::PaymentWebhook {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentWebhook,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    id: value.id?,
                    payment_id: value.payment_id?,
                    reason: value.reason?,
                    reference: value.reference?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::PaymentWebhook> for PaymentWebhook {
            fn from(value: super::PaymentWebhook) -> Self {
                Self {
                    id: Ok(value.id),
                    payment_id: Ok(value.payment_id),
                    reason: Ok(value.reason),
                    reference: Ok(value.reference),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PlaceOrderRequest {
            expected_total: ::std::result::Result<
                ::std::option::Option<super::Money>,
                ::std::string::String,
            >,
            items: ::std::result::Result<
                ::std::vec::Vec<super::RequestedItem>,
                ::std::string::String,
            >,
            payment_method: ::std::result::Result<
                super::PaymentMethod,
                ::std::string::String,
            >,
            shipping_address: ::std::result::Result<
                ::std::option::Option<super::RequestedAddress>,
                ::std::string::String,
            >,
            shipping_address_id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PlaceOrderRequest {
            fn default() -> Self {
                Self {
                    expected_total: Ok(Default::default()),
                    items: Err("no value supplied for items".to_string()),
                    payment_method: Err(
                        "no value supplied for payment_method".to_string(),
                    ),
                    shipping_address: Ok(Default::default()),
                    shipping_address_id: Ok(Default::default()),
                }
            }
        }
        impl PlaceOrderRequest {
            pub fn expected_total<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Money>>,
                T::Error: ::std::fmt::Display,
            {
                self.expected_total = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expected_total: {e}"
                        )
                    });
                self
            }
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::RequestedItem>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn payment_method<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::PaymentMethod>,
                T::Error: ::std::fmt::Display,
            {
                self.payment_method = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for payment_method: {e}"
                        )
                    });
                self
            }
            pub fn shipping_address<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::RequestedAddress>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.shipping_address = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for shipping_address: {e}"
                        )
                    });
                self
            }
            pub fn shipping_address_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.shipping_address_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for shipping_address_id: {e}"
                        )
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PlaceOrderRequest> for super::PlaceOrderRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PlaceOrderRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    expected_total: value.expected_total?,
                    items: value.items?,
                    payment_method: value.payment_method?,
                    shipping_address: value.shipping_address?,
                    shipping_address_id: value.shipping_address_id?,
                })
            }
        }
        impl ::std::convert::From<super::PlaceOrderRequest> for PlaceOrderRequest {
            fn from(value: super::PlaceOrderRequest) -> Self {
                Self {
                    expected_total: Ok(value.expected_total),
                    items: Ok(value.items),
                    payment_method: Ok(value.payment_method),
                    shipping_address: Ok(value.shipping_address),
                    shipping_address_id: Ok(value.shipping_address_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PreferencesPatch {
            email: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            push: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            sms: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PreferencesPatch {
            fn default() -> Self {
                Self {
                    email: Ok(Default::default()),
                    push: Ok(Default::default()),
                    sms: Ok(Default::default()),
                }
            }
        }
        impl PreferencesPatch {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn push<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.push = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for push: {e}")
                    });
                self
            }
            pub fn sms<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.sms = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for sms: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PreferencesPatch> for super::PreferencesPatch {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PreferencesPatch,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    push: value.push?,
                    sms: value.sms?,
                })
            }
        }
        impl ::std::convert::From<super::PreferencesPatch> for PreferencesPatch {
            fn from(value: super::PreferencesPatch) -> Self {
                Self {
                    email: Ok(value.email),
                    push: Ok(value.push),
                    sms: Ok(value.sms),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Price {
            amount: ::std::result::Result<i64, ::std::string::String>,
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Price {
            fn default() -> Self {
                Self {
                    amount: Err("no value supplied for amount".to_string()),
                    currency: Err("no value supplied for currency".to_string()),
                }
            }
        }
        impl Price {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Price> for super::Price {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Price,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    currency: value.currency?,
                })
            }
        }
        impl ::std::convert::From<super::Price> for Price {
            fn from(value: super::Price) -> Self {
                Self {
                    amount: Ok(value.amount),
                    currency: Ok(value.currency),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PricePatch {
            amount: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            currency: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PricePatch {
            fn default() -> Self {
                Self {
                    amount: Ok(Default::default()),
                    currency: Ok(Default::default()),
                }
            }
        }
        impl PricePatch {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PricePatch> for super::PricePatch {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PricePatch,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    currency: value.currency?,
                })
            }
        }
        impl ::std::convert::From<super::PricePatch> for PricePatch {
            fn from(value: super::PricePatch) -> Self {
                Self {
                    amount: Ok(value.amount),
                    currency: Ok(value.currency),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ProductPatch {
            attributes: ::std::result::Result<
                ::std::option::Option<
                    crate::Nullable<
                        ::std::collections::BTreeMap<
                            ::std::string::String,
                            ::serde_json::Value,
                        >,
                    >,
                >,
                ::std::string::String,
            >,
            category: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            description: ::std::result::Result<
                ::std::option::Option<crate::Nullable<::std::string::String>>,
                ::std::string::String,
            >,
            name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            price: ::std::result::Result<
                ::std::option::Option<super::PricePatch>,
                ::std::string::String,
            >,
            sku: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            status: ::std::result::Result<
                ::std::option::Option<crate::facts::ProductStatus>,
                ::std::string::String,
            >,
            stock: ::std::result::Result<
                ::std::option::Option<super::StockLevel>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ProductPatch {
            fn default() -> Self {
                Self {
                    attributes: Ok(Default::default()),
                    category: Ok(Default::default()),
                    description: Ok(Default::default()),
                    name: Ok(Default::default()),
                    price: Ok(Default::default()),
                    sku: Ok(Default::default()),
                    status: Ok(Default::default()),
                    stock: Ok(Default::default()),
                }
            }
        }
        impl ProductPatch {
            pub fn attributes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        crate::Nullable<
                            ::std::collections::BTreeMap<
                                ::std::string::String,
                                ::serde_json::Value,
                            >,
                        >,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.attributes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for attributes: {e}")
                    });
                self
            }
            pub fn category<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.category = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for category: {e}")
                    });
                self
            }
            pub fn description<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<crate::Nullable<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.description = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for description: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn price<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PricePatch>>,
                T::Error: ::std::fmt::Display,
            {
                self.price = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for price: {e}")
                    });
                self
            }
            pub fn sku<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.sku = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for sku: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<crate::facts::ProductStatus>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn stock<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::StockLevel>>,
                T::Error: ::std::fmt::Display,
            {
                self.stock = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for stock: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ProductPatch> for super::ProductPatch {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ProductPatch,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    attributes: value.attributes?,
                    category: value.category?,
                    description: value.description?,
                    name: value.name?,
                    price: value.price?,
                    sku: value.sku?,
                    status: value.status?,
                    stock: value.stock?,
                })
            }
        }
        impl ::std::convert::From<super::ProductPatch> for ProductPatch {
            fn from(value: super::ProductPatch) -> Self {
                Self {
                    attributes: Ok(value.attributes),
                    category: Ok(value.category),
                    description: Ok(value.description),
                    name: Ok(value.name),
                    price: Ok(value.price),
                    sku: Ok(value.sku),
                    status: Ok(value.status),
                    stock: Ok(value.stock),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RefreshTokenRequest {
            refresh_token: ::std::result::Result<crate::Secret, ::std::string::String>,
        }
        impl ::std::default::Default for RefreshTokenRequest {
            fn default() -> Self {
                Self {
                    refresh_token: Err("no value supplied for refresh_token".to_string()),
                }
            }
        }
        impl RefreshTokenRequest {
            pub fn refresh_token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.refresh_token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for refresh_token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RefreshTokenRequest>
        for super::RefreshTokenRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RefreshTokenRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    refresh_token: value.refresh_token?,
                })
            }
        }
        impl ::std::convert::From<super::RefreshTokenRequest> for RefreshTokenRequest {
            fn from(value: super::RefreshTokenRequest) -> Self {
                Self {
                    refresh_token: Ok(value.refresh_token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RefundRequest {
            shipped: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for RefundRequest {
            fn default() -> Self {
                Self {
                    shipped: Ok(Default::default()),
                }
            }
        }
        impl RefundRequest {
            pub fn shipped<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.shipped = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for shipped: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RefundRequest> for super::RefundRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RefundRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { shipped: value.shipped? })
            }
        }
        impl ::std::convert::From<super::RefundRequest> for RefundRequest {
            fn from(value: super::RefundRequest) -> Self {
                Self { shipped: Ok(value.shipped) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RegisterRequest {
            display_name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            password: ::std::result::Result<crate::Secret, ::std::string::String>,
        }
        impl ::std::default::Default for RegisterRequest {
            fn default() -> Self {
                Self {
                    display_name: Ok(Default::default()),
                    email: Err("no value supplied for email".to_string()),
                    password: Err("no value supplied for password".to_string()),
                }
            }
        }
        impl RegisterRequest {
            pub fn display_name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.display_name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for display_name: {e}")
                    });
                self
            }
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::Secret>,
                T::Error: ::std::fmt::Display,
            {
                self.password = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for password: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RegisterRequest> for super::RegisterRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RegisterRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    display_name: value.display_name?,
                    email: value.email?,
                    password: value.password?,
                })
            }
        }
        impl ::std::convert::From<super::RegisterRequest> for RegisterRequest {
            fn from(value: super::RegisterRequest) -> Self {
                Self {
                    display_name: Ok(value.display_name),
                    email: Ok(value.email),
                    password: Ok(value.password),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ReplayRequest {
            service: ::std::result::Result<
                crate::facts::DeadLetterService,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ReplayRequest {
            fn default() -> Self {
                Self {
                    service: Err("no value supplied for service".to_string()),
                    type_: Ok(Default::default()),
                }
            }
        }
        impl ReplayRequest {
            pub fn service<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<crate::facts::DeadLetterService>,
                T::Error: ::std::fmt::Display,
            {
                self.service = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for service: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ReplayRequest> for super::ReplayRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ReplayRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    service: value.service?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::ReplayRequest> for ReplayRequest {
            fn from(value: super::ReplayRequest) -> Self {
                Self {
                    service: Ok(value.service),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RequestedAddress {
            city: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            country: ::std::result::Result<::std::string::String, ::std::string::String>,
            id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            label: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            lines: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            postal_code: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for RequestedAddress {
            fn default() -> Self {
                Self {
                    city: Ok(Default::default()),
                    country: Err("no value supplied for country".to_string()),
                    id: Ok(Default::default()),
                    label: Ok(Default::default()),
                    lines: Err("no value supplied for lines".to_string()),
                    name: Err("no value supplied for name".to_string()),
                    postal_code: Ok(Default::default()),
                }
            }
        }
        impl RequestedAddress {
            pub fn city<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.city = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for city: {e}")
                    });
                self
            }
            pub fn country<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.country = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for country: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn label<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.label = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for label: {e}")
                    });
                self
            }
            pub fn lines<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.lines = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for lines: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn postal_code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.postal_code = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for postal_code: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RequestedAddress> for super::RequestedAddress {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RequestedAddress,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    city: value.city?,
                    country: value.country?,
                    id: value.id?,
                    label: value.label?,
                    lines: value.lines?,
                    name: value.name?,
                    postal_code: value.postal_code?,
                })
            }
        }
        impl ::std::convert::From<super::RequestedAddress> for RequestedAddress {
            fn from(value: super::RequestedAddress) -> Self {
                Self {
                    city: Ok(value.city),
                    country: Ok(value.country),
                    id: Ok(value.id),
                    label: Ok(value.label),
                    lines: Ok(value.lines),
                    name: Ok(value.name),
                    postal_code: Ok(value.postal_code),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RequestedItem {
            expected_unit_price: ::std::result::Result<
                ::std::option::Option<super::Money>,
                ::std::string::String,
            >,
            product_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            quantity: ::std::result::Result<i64, ::std::string::String>,
        }
        impl ::std::default::Default for RequestedItem {
            fn default() -> Self {
                Self {
                    expected_unit_price: Ok(Default::default()),
                    product_id: Err("no value supplied for product_id".to_string()),
                    quantity: Err("no value supplied for quantity".to_string()),
                }
            }
        }
        impl RequestedItem {
            pub fn expected_unit_price<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Money>>,
                T::Error: ::std::fmt::Display,
            {
                self.expected_unit_price = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expected_unit_price: {e}"
                        )
                    });
                self
            }
            pub fn product_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.product_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for product_id: {e}")
                    });
                self
            }
            pub fn quantity<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.quantity = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for quantity: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RequestedItem> for super::RequestedItem {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RequestedItem,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    expected_unit_price: value.expected_unit_price?,
                    product_id: value.product_id?,
                    quantity: value.quantity?,
                })
            }
        }
        impl ::std::convert::From<super::RequestedItem> for RequestedItem {
            fn from(value: super::RequestedItem) -> Self {
                Self {
                    expected_unit_price: Ok(value.expected_unit_price),
                    product_id: Ok(value.product_id),
                    quantity: Ok(value.quantity),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct SavedAddressInput {
            city: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            country: ::std::result::Result<::std::string::String, ::std::string::String>,
            id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            label: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            lines: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            postal_code: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for SavedAddressInput {
            fn default() -> Self {
                Self {
                    city: Ok(Default::default()),
                    country: Err("no value supplied for country".to_string()),
                    id: Ok(Default::default()),
                    label: Ok(Default::default()),
                    lines: Err("no value supplied for lines".to_string()),
                    name: Err("no value supplied for name".to_string()),
                    postal_code: Ok(Default::default()),
                }
            }
        }
        impl SavedAddressInput {
            pub fn city<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.city = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for city: {e}")
                    });
                self
            }
            pub fn country<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.country = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for country: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn label<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.label = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for label: {e}")
                    });
                self
            }
            pub fn lines<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.lines = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for lines: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn postal_code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.postal_code = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for postal_code: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<SavedAddressInput> for super::SavedAddressInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: SavedAddressInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    city: value.city?,
                    country: value.country?,
                    id: value.id?,
                    label: value.label?,
                    lines: value.lines?,
                    name: value.name?,
                    postal_code: value.postal_code?,
                })
            }
        }
        impl ::std::convert::From<super::SavedAddressInput> for SavedAddressInput {
            fn from(value: super::SavedAddressInput) -> Self {
                Self {
                    city: Ok(value.city),
                    country: Ok(value.country),
                    id: Ok(value.id),
                    label: Ok(value.label),
                    lines: Ok(value.lines),
                    name: Ok(value.name),
                    postal_code: Ok(value.postal_code),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct StockLevel {
            on_hand: ::std::result::Result<i64, ::std::string::String>,
        }
        impl ::std::default::Default for StockLevel {
            fn default() -> Self {
                Self {
                    on_hand: Err("no value supplied for on_hand".to_string()),
                }
            }
        }
        impl StockLevel {
            pub fn on_hand<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.on_hand = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for on_hand: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<StockLevel> for super::StockLevel {
            type Error = super::error::ConversionError;
            fn try_from(
                value: StockLevel,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { on_hand: value.on_hand? })
            }
        }
        impl ::std::convert::From<super::StockLevel> for StockLevel {
            fn from(value: super::StockLevel) -> Self {
                Self { on_hand: Ok(value.on_hand) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct UserPatch {
            addresses: ::std::result::Result<
                ::std::vec::Vec<super::SavedAddressInput>,
                ::std::string::String,
            >,
            display_name: ::std::result::Result<
                ::std::option::Option<crate::Nullable<::std::string::String>>,
                ::std::string::String,
            >,
            email: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            locale: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            notification_preferences: ::std::result::Result<
                ::std::option::Option<super::PreferencesPatch>,
                ::std::string::String,
            >,
            phone: ::std::result::Result<
                ::std::option::Option<crate::Nullable<::std::string::String>>,
                ::std::string::String,
            >,
            role: ::std::result::Result<
                ::std::option::Option<crate::facts::Role>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for UserPatch {
            fn default() -> Self {
                Self {
                    addresses: Ok(Default::default()),
                    display_name: Ok(Default::default()),
                    email: Ok(Default::default()),
                    locale: Ok(Default::default()),
                    notification_preferences: Ok(Default::default()),
                    phone: Ok(Default::default()),
                    role: Ok(Default::default()),
                }
            }
        }
        impl UserPatch {
            pub fn addresses<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::SavedAddressInput>>,
                T::Error: ::std::fmt::Display,
            {
                self.addresses = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for addresses: {e}")
                    });
                self
            }
            pub fn display_name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<crate::Nullable<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.display_name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for display_name: {e}")
                    });
                self
            }
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn locale<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.locale = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for locale: {e}")
                    });
                self
            }
            pub fn notification_preferences<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::PreferencesPatch>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.notification_preferences = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for notification_preferences: {e}"
                        )
                    });
                self
            }
            pub fn phone<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<crate::Nullable<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.phone = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for phone: {e}")
                    });
                self
            }
            pub fn role<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<crate::facts::Role>>,
                T::Error: ::std::fmt::Display,
            {
                self.role = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for role: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<UserPatch> for super::UserPatch {
            type Error = super::error::ConversionError;
            fn try_from(
                value: UserPatch,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    addresses: value.addresses?,
                    display_name: value.display_name?,
                    email: value.email?,
                    locale: value.locale?,
                    notification_preferences: value.notification_preferences?,
                    phone: value.phone?,
                    role: value.role?,
                })
            }
        }
        impl ::std::convert::From<super::UserPatch> for UserPatch {
            fn from(value: super::UserPatch) -> Self {
                Self {
                    addresses: Ok(value.addresses),
                    display_name: Ok(value.display_name),
                    email: Ok(value.email),
                    locale: Ok(value.locale),
                    notification_preferences: Ok(value.notification_preferences),
                    phone: Ok(value.phone),
                    role: Ok(value.role),
                }
            }
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
#[derive(Clone, Debug)]
/**Client for Spindle

The public API of the commerce back end Spindle.

Errors are problem details (RFC 9457). A body is JSON; a member that is not described is refused. Money is an integer number of minor units beside an ISO 4217 code. Times are RFC 3339 in UTC.

What is described here stays as it is within the major version. It may grow: new operations, new optional parameters and members of requests, new members of responses, new response headers, new values of enumerations in responses, and new types of problems are no breaking change. A client ignores what it does not know.

Version: 1.0.0*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::transport::Transport,
}
impl Client {
    /// Create a new client.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new(baseurl: &str, inner: crate::transport::Transport) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let client = {
            let dur = ::std::time::Duration::from_secs(15u64);
            reqwest::ClientBuilder::new().connect_timeout(dur).timeout(dur)
        };
        #[cfg(target_arch = "wasm32")]
        let client = reqwest::ClientBuilder::new();
        Self::new_with_client(baseurl, client.build().unwrap(), inner)
    }
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::transport::Transport,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<crate::transport::Transport> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::transport::Transport {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::transport::Transport>,
    {}
};
impl Client {
    /**Get the keys that verify access tokens

A JWK Set (RFC 7517). Fetch it again when a token names a key that is not in it.

Sends a `GET` request to `/.well-known/jwks.json`

Arguments:
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_key_set()
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_key_set(&self) -> builder::GetKeySet<'_> {
        builder::GetKeySet::new(self)
    }
    /**Check that the platform runs

Calls no service. Not a part of the released API: probes of a deployment use it.

Sends a `GET` request to `/healthz`

```ignore
let response = client.get_liveness()
    .send()
    .await;
```*/
    pub fn get_liveness(&self) -> builder::GetLiveness<'_> {
        builder::GetLiveness::new(self)
    }
    /**Check that this replica can work

Asks every service of this process. What all replicas share does not count: a database, a key-value store or a provider that is away is in `/v1/admin/health`. Not a part of the released API: probes of a deployment use it.

Sends a `GET` request to `/readyz`

```ignore
let response = client.get_readiness()
    .send()
    .await;
```*/
    pub fn get_readiness(&self) -> builder::GetReadiness<'_> {
        builder::GetReadiness::new(self)
    }
    /**List sensitive actions

The rows of the audit logs of all services, the newest first. If a service does not respond, `missing` names it, and the page has the rows of the others. The next pages ask it again, so its rows come later than their time says, and the last page has them or the list ends with 503.

Sends a `GET` request to `/v1/admin/audit`

Arguments:
- `action`: Only this action, such as `user.role_changed`.
- `actor`: Only actions of this user or service.
- `created_after`: Only actions after this time, which is not included.
- `created_before`: Only actions before this time, which is not included.
- `cursor`: The `next_cursor` of the page before.
- `limit`: The number of items on the page; 20 without it.
- `source`: Only actions from this address, or with this pseudonym of one.
- `subject`: Only actions on this subject.
```ignore
let response = client.list_audit_rows()
    .action(action)
    .actor(actor)
    .created_after(created_after)
    .created_before(created_before)
    .cursor(cursor)
    .limit(limit)
    .source(source)
    .subject(subject)
    .send()
    .await;
```*/
    pub fn list_audit_rows(&self) -> builder::ListAuditRows<'_> {
        builder::ListAuditRows::new(self)
    }
    /**Verify the audit logs

Finds rows that were changed, removed, moved or inserted. One request takes some seconds; while there are more rows to verify, the response has a `next_cursor` for the next request. If a service does not respond, `missing` names it, the other logs are verified, and `next_cursor` continues with its log: send it when the service is back.

Sends a `GET` request to `/v1/admin/audit/verify`

Arguments:
- `cursor`: The `next_cursor` of the response before: the verification continues there. Without it, it begins with the first rows.
```ignore
let response = client.verify_audit_logs()
    .cursor(cursor)
    .send()
    .await;
```*/
    pub fn verify_audit_logs(&self) -> builder::VerifyAuditLogs<'_> {
        builder::VerifyAuditLogs::new(self)
    }
    /**Rotate the signing key

A new key signs access tokens. The key that signed until then stays in the key set until the last token that it signed has expired.

Sends a `POST` request to `/v1/admin/auth/keys/rotate`

```ignore
let response = client.rotate_key()
    .send()
    .await;
```*/
    pub fn rotate_key(&self) -> builder::RotateKey<'_> {
        builder::RotateKey::new(self)
    }
    /**List events that could not be handled

By service, and the latest first within a service. If a service does not respond, `missing` names it, and the page has the letters of the others. The next pages ask it again, so the last page has its letters, or the list ends with 503.

Sends a `GET` request to `/v1/admin/dead-letters`

Arguments:
- `cursor`: The `next_cursor` of the page before.
- `limit`: The number of items on the page; 20 without it.
- `service`: Only the letters of this service.
```ignore
let response = client.list_dead_letters()
    .cursor(cursor)
    .limit(limit)
    .service(service)
    .send()
    .await;
```*/
    pub fn list_dead_letters(&self) -> builder::ListDeadLetters<'_> {
        builder::ListDeadLetters::new(self)
    }
    /**Handle several events again

At most 1,000 at once, those first that have been dead for the longest time. The services handle them shortly.

Sends a `POST` request to `/v1/admin/dead-letters/replay`

Arguments:
- `body`: The letters to replay.
```ignore
let response = client.replay_dead_letters()
    .body(body)
    .send()
    .await;
```*/
    pub fn replay_dead_letters(&self) -> builder::ReplayDeadLetters<'_> {
        builder::ReplayDeadLetters::new(self)
    }
    /**Get an event that could not be handled

Sends a `GET` request to `/v1/admin/dead-letters/{service}/{id}`

Arguments:
- `service`: The service that could not handle it.
- `id`: The id of the event.
```ignore
let response = client.get_dead_letter()
    .service(service)
    .id(id)
    .send()
    .await;
```*/
    pub fn get_dead_letter(&self) -> builder::GetDeadLetter<'_> {
        builder::GetDeadLetter::new(self)
    }
    /**Discard an event

The audit log keeps who discarded it.

Sends a `DELETE` request to `/v1/admin/dead-letters/{service}/{id}`

Arguments:
- `service`: The service that could not handle it.
- `id`: The id of the event.
```ignore
let response = client.discard_dead_letter()
    .service(service)
    .id(id)
    .send()
    .await;
```*/
    pub fn discard_dead_letter(&self) -> builder::DiscardDeadLetter<'_> {
        builder::DiscardDeadLetter::new(self)
    }
    /**Handle an event again

With all its attempts. The service handles it shortly.

Sends a `POST` request to `/v1/admin/dead-letters/{service}/{id}/replay`

Arguments:
- `service`: The service that could not handle it.
- `id`: The id of the event.
```ignore
let response = client.replay_dead_letter()
    .service(service)
    .id(id)
    .send()
    .await;
```*/
    pub fn replay_dead_letter(&self) -> builder::ReplayDeadLetter<'_> {
        builder::ReplayDeadLetter::new(self)
    }
    /**Get the state of every service and its parts

For people and monitoring: which database, key-value store, service or provider is away, and why. Always 200: the members `state` say how bad it is. A part that does not respond within two seconds is `unavailable`. Monitoring sends the token in the variable `metrics_token`, which works also while no access token can be checked.

Sends a `GET` request to `/v1/admin/health`

```ignore
let response = client.get_health()
    .send()
    .await;
```*/
    pub fn get_health(&self) -> builder::GetHealth<'_> {
        builder::GetHealth::new(self)
    }
    /**Set the first password

A user whom an admin has created sets the first password with the token of the invitation, and can log in.

Sends a `POST` request to `/v1/auth/invitations/accept`

Arguments:
- `body`: The token and the password.
```ignore
let response = client.accept_invitation()
    .body(body)
    .send()
    .await;
```*/
    pub fn accept_invitation(&self) -> builder::AcceptInvitation<'_> {
        builder::AcceptInvitation::new(self)
    }
    /**Log in

Opens a session. The response is the same whether the address has an account or not. Five wrong passwords within fifteen minutes lock the account for fifteen minutes.

Sends a `POST` request to `/v1/auth/login`

Arguments:
- `body`: Address and password.
```ignore
let response = client.log_in()
    .body(body)
    .send()
    .await;
```*/
    pub fn log_in(&self) -> builder::LogIn<'_> {
        builder::LogIn::new(self)
    }
    /**Log out

Ends the session of the refresh token. A token without a session is no error (RFC 7009, section 2.2).

Sends a `POST` request to `/v1/auth/logout`

Arguments:
- `body`: A refresh token of the session.
```ignore
let response = client.log_out()
    .body(body)
    .send()
    .await;
```*/
    pub fn log_out(&self) -> builder::LogOut<'_> {
        builder::LogOut::new(self)
    }
    /**Change the own password

Ends the other sessions of the user, who gets a message about it. Wrong current passwords count as failed log-ins.

Sends a `POST` request to `/v1/auth/password`

Arguments:
- `body`: The current and the new password.
```ignore
let response = client.change_password()
    .body(body)
    .send()
    .await;
```*/
    pub fn change_password(&self) -> builder::ChangePassword<'_> {
        builder::ChangePassword::new(self)
    }
    /**Exchange a refresh token for new tokens

A refresh token can be exchanged once. If one that was exchanged is sent again, its session ends, since two clients have it; only a repetition within a few seconds gets the same new token.

Sends a `POST` request to `/v1/auth/refresh`

Arguments:
- `body`: The refresh token.
```ignore
let response = client.refresh_tokens()
    .body(body)
    .send()
    .await;
```*/
    pub fn refresh_tokens(&self) -> builder::RefreshTokens<'_> {
        builder::RefreshTokens::new(self)
    }
    /**Register as a customer

Log in afterwards. Common passwords and those that repeat a short text are refused.

Sends a `POST` request to `/v1/auth/register`

Arguments:
- `body`: Address, password and name.
```ignore
let response = client.register()
    .body(body)
    .send()
    .await;
```*/
    pub fn register(&self) -> builder::Register<'_> {
        builder::Register::new(self)
    }
    /**List the own sessions

The oldest session comes first. Sessions that have ended are not listed.

Sends a `GET` request to `/v1/auth/sessions`

Arguments:
- `cursor`: The `next_cursor` of the page before.
- `limit`: The number of items on the page; 20 without it.
```ignore
let response = client.list_sessions()
    .cursor(cursor)
    .limit(limit)
    .send()
    .await;
```*/
    pub fn list_sessions(&self) -> builder::ListSessions<'_> {
        builder::ListSessions::new(self)
    }
    /**End all own sessions

Ends the session of the request as well.

Sends a `DELETE` request to `/v1/auth/sessions`

```ignore
let response = client.end_sessions()
    .send()
    .await;
```*/
    pub fn end_sessions(&self) -> builder::EndSessions<'_> {
        builder::EndSessions::new(self)
    }
    /**End an own session

Its refresh token is not valid any more, and its access tokens are refused by every operation that changes something.

Sends a `DELETE` request to `/v1/auth/sessions/{id}`

Arguments:
- `id`: The `id` of the resource.
```ignore
let response = client.end_session()
    .id(id)
    .send()
    .await;
```*/
    pub fn end_session(&self) -> builder::EndSession<'_> {
        builder::EndSession::new(self)
    }
    /**List categories

Lists all categories with active products, on one page.

Sends a `GET` request to `/v1/categories`

Arguments:
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.list_categories()
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn list_categories(&self) -> builder::ListCategories<'_> {
        builder::ListCategories::new(self)
    }
    /**List notifications

A customer gets their own notifications, an operator those of all users, or of one. The latest comes first.

Sends a `GET` request to `/v1/notifications`

Arguments:
- `created_after`: Only notifications that were enqueued after this time, which is not included.
- `created_before`: Only notifications that were enqueued before this time, which is not included.
- `cursor`: The `next_cursor` of the page before.
- `limit`: The number of items on the page; 20 without it.
- `order_id`: Only notifications about this order.
- `status`: Only notifications with this status.
- `trigger_id`: Only the notifications of this event, or of this request of an operator: the `Location` of `POST /v1/notifications` has it.
- `user_id`: Only notifications to this user. Another user's require the role operator.
```ignore
let response = client.list_notifications()
    .created_after(created_after)
    .created_before(created_before)
    .cursor(cursor)
    .limit(limit)
    .order_id(order_id)
    .status(status)
    .trigger_id(trigger_id)
    .user_id(user_id)
    .send()
    .await;
```*/
    pub fn list_notifications(&self) -> builder::ListNotifications<'_> {
        builder::ListNotifications::new(self)
    }
    /**Send a message to a user

The request is checked as a whole: each message is rendered once for the user before it is accepted. The notifications are delivered shortly; `Location` is the address of their list.

Sends a `POST` request to `/v1/notifications`

Arguments:
- `idempotency_key`: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). With it, a repetition with the same key and body within 24 hours gets the stored response.
- `body`: The message and its recipient.
```ignore
let response = client.request_notification()
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn request_notification(&self) -> builder::RequestNotification<'_> {
        builder::RequestNotification::new(self)
    }
    /**Get a notification

An operator also gets each call of the provider.

Sends a `GET` request to `/v1/notifications/{id}`

Arguments:
- `id`: The `id` of the resource.
```ignore
let response = client.get_notification()
    .id(id)
    .send()
    .await;
```*/
    pub fn get_notification(&self) -> builder::GetNotification<'_> {
        builder::GetNotification::new(self)
    }
    /**List orders

A customer gets their own orders, an operator those of all customers.

Sends a `GET` request to `/v1/orders`

Arguments:
- `created_after`: Only orders that were placed after this time (RFC 3339), and not at it.
- `created_before`: Only orders that were placed before this time (RFC 3339), and not at it.
- `cursor`: The `next_cursor` of the page before.
- `limit`: The number of items on the page; 20 without it.
- `number`: Only the order with this number, such as `7KQ2-9M4T`.
- `sort`: The order of the list.
- `status`: Only orders with this status.
- `user_id`: Only orders of this customer. Without it, a customer gets their own, and an operator those of all customers.
```ignore
let response = client.list_orders()
    .created_after(created_after)
    .created_before(created_before)
    .cursor(cursor)
    .limit(limit)
    .number(number)
    .sort(sort)
    .status(status)
    .user_id(user_id)
    .send()
    .await;
```*/
    pub fn list_orders(&self) -> builder::ListOrders<'_> {
        builder::ListOrders::new(self)
    }
    /**Place an order

Reserves the stock, and requests the payment, which is decided later: read the order, or its timeline, until `status` is `paid` or `cancelled`. Prices are those of now; send the ones that the customer has seen as the expected ones, and the order is refused if they have changed.

A refusal with 409 `conflict`, `price-changed` or `too-much-unpaid`, and one of the price adjuster, is stored under the key: another try needs another key.

Sends a `POST` request to `/v1/orders`

Arguments:
- `idempotency_key`: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). A repetition with the same key and body within 24 hours gets the stored response.
- `body`: The order.
```ignore
let response = client.place_order()
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn place_order(&self) -> builder::PlaceOrder<'_> {
        builder::PlaceOrder::new(self)
    }
    /**Get an order

A customer gets their own orders, an operator those of all customers.

Sends a `GET` request to `/v1/orders/{id}`

Arguments:
- `id`: The id of the order.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_order()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_order(&self) -> builder::GetOrder<'_> {
        builder::GetOrder::new(self)
    }
    /**Cancel an order

A customer cancels their own orders, an operator any. Releases the stock, and voids or refunds the payment, also if that is decided later. An order that is cancelled already stays as it is.

Sends a `POST` request to `/v1/orders/{id}/cancel`

Arguments:
- `id`: The id of the order.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
```ignore
let response = client.cancel_order()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn cancel_order(&self) -> builder::CancelOrder<'_> {
        builder::CancelOrder::new(self)
    }
    /**Mark an order as shipped

An order that is fulfilled already stays as it is.

Sends a `POST` request to `/v1/orders/{id}/fulfil`

Arguments:
- `id`: The id of the order.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
```ignore
let response = client.fulfil_order()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn fulfil_order(&self) -> builder::FulfilOrder<'_> {
        builder::FulfilOrder::new(self)
    }
    /**Get the timeline of an order

The history of an order, the event that it waits for, and until when it waits.

Sends a `GET` request to `/v1/orders/{id}/timeline`

Arguments:
- `id`: The id of the order.
```ignore
let response = client.get_order_timeline()
    .id(id)
    .send()
    .await;
```*/
    pub fn get_order_timeline(&self) -> builder::GetOrderTimeline<'_> {
        builder::GetOrderTimeline::new(self)
    }
    /**List payments

A customer gets their own payments, an operator those of all users, or of one. The latest comes first.

Sends a `GET` request to `/v1/payments`

Arguments:
- `created_after`: Only payments that were created after this time, which is not included.
- `created_before`: Only payments that were created before this time, which is not included.
- `cursor`: The `next_cursor` of the page before.
- `limit`: The number of items on the page; 20 without it.
- `order_id`: Only the payment of this order.
- `status`: Only payments with this status.
- `user_id`: Only payments of this user. Another user's require the role operator.
```ignore
let response = client.list_payments()
    .created_after(created_after)
    .created_before(created_before)
    .cursor(cursor)
    .limit(limit)
    .order_id(order_id)
    .status(status)
    .user_id(user_id)
    .send()
    .await;
```*/
    pub fn list_payments(&self) -> builder::ListPayments<'_> {
        builder::ListPayments::new(self)
    }
    /**Get a payment

An operator also gets each call of the payment provider.

Sends a `GET` request to `/v1/payments/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_payment()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_payment(&self) -> builder::GetPayment<'_> {
        builder::GetPayment::new(self)
    }
    /**Refund a payment

Returns the whole sum to the payer. The refund is accepted at once and follows shortly: the payment is `refunded` then. An order that was not shipped is cancelled, so that it is not shipped any more; one that was shipped is refunded only with `shipped`.

Sends a `POST` request to `/v1/payments/{id}/refund`

Arguments:
- `id`: The `id` of the resource.
- `idempotency_key`: A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). A repetition with the same key and body within 24 hours gets the stored response.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
- `body`: Whether the order was shipped.
```ignore
let response = client.refund_payment()
    .id(id)
    .idempotency_key(idempotency_key)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .body(body)
    .send()
    .await;
```*/
    pub fn refund_payment(&self) -> builder::RefundPayment<'_> {
        builder::RefundPayment::new(self)
    }
    /**List products

Lists the products for sale: filtered, searched, sorted, in pages. The list may come from a cache that is a few seconds old, but for `status=archived`, which is not stored.

Sends a `GET` request to `/v1/products`

Arguments:
- `category`: Only products of the category with this slug. A slug that is no category is a 400.
- `currency`: Only products with prices in this currency. Required with `min_price`, `max_price` and a `sort` by price: the minor units of two currencies do not compare.
- `cursor`: The `next_cursor` of the page before.
- `in_stock`: `true`: only products with available units; `false`: only those without.
- `limit`: The number of items on the page; 20 without it.
- `max_price`: Only products of this price or less, in minor units of `currency`, which is required with it.
- `min_price`: Only products of this price or more, in minor units of `currency`, which is required with it.
- `q`: Only products with these words in name, SKU, description or category. The last word may be the beginning of one; words in double quotes are a phrase.
- `sku`: Only the product with this SKU, without regard to case. Not together with `q`.
- `sort`: The order; `relevance` without it if there is a `q`, else `newest`. Products that are equal in it are ordered by their creation.
- `status`: Only products with this status; `active` without it. `archived` is for operators, who send their access token, and lists the newest first: not together with `q` or another `sort`.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.list_products()
    .category(category)
    .currency(currency)
    .cursor(cursor)
    .in_stock(in_stock)
    .limit(limit)
    .max_price(max_price)
    .min_price(min_price)
    .q(q)
    .sku(sku)
    .sort(sort)
    .status(status)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn list_products(&self) -> builder::ListProducts<'_> {
        builder::ListProducts::new(self)
    }
    /**Create a product

The product is active, and in the list at once.

Sends a `POST` request to `/v1/products`

Arguments:
- `body`: The product.
```ignore
let response = client.create_product()
    .body(body)
    .send()
    .await;
```*/
    pub fn create_product(&self) -> builder::CreateProduct<'_> {
        builder::CreateProduct::new(self)
    }
    /**Import products

Creates and changes many products: a JSON object a line, at most 10,000 lines of at most 64 KiB. A line changes the product with its SKU, as `PATCH` does; a field that it does not name stays. If no product has the SKU, it creates one. A line that fails changes nothing; the others are written. If the request ends early, the problem has the result until then in `imported`, and all lines can be sent again.

Sends a `POST` request to `/v1/products/import`

Arguments:
- `body`: A product a line (NDJSON).
```ignore
let response = client.import_products()
    .body(body)
    .send()
    .await;
```*/
    pub fn import_products(&self) -> builder::ImportProducts<'_> {
        builder::ImportProducts::new(self)
    }
    /**Get a product

Returns a product, archived or not: old orders refer to archived ones.

Sends a `GET` request to `/v1/products/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_product()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_product(&self) -> builder::GetProduct<'_> {
        builder::GetProduct::new(self)
    }
    /**Archive a product

Archives a product: it is in no list and not for sale, can be read by its id, and keeps its SKU. `PATCH` with `"status": "active"` restores it.

Sends a `DELETE` request to `/v1/products/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.
```ignore
let response = client.archive_product()
    .id(id)
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn archive_product(&self) -> builder::ArchiveProduct<'_> {
        builder::ArchiveProduct::new(self)
    }
    /**Change a product

Changes the fields in the body, a merge patch (RFC 7396). `If-Match` compares the edits of the product: a sale or a count since then does not matter, although it changes the `ETag`.

Sends a `PATCH` request to `/v1/products/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.
- `body`: The change.
```ignore
let response = client.change_product()
    .id(id)
    .if_match(if_match)
    .body(body)
    .send()
    .await;
```*/
    pub fn change_product(&self) -> builder::ChangeProduct<'_> {
        builder::ChangeProduct::new(self)
    }
    /**Get the stock of a product

Returns all numbers of the stock. Everyone sees `available` in the product.

Sends a `GET` request to `/v1/products/{id}/stock`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_product_stock()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_product_stock(&self) -> builder::GetProductStock<'_> {
        builder::GetProductStock::new(self)
    }
    /**Count the stock of a product

Sets the units on the shelf, those that are sold and not shipped yet among them. What belongs to orders stays theirs. `If-Match` may have the tag of the stock or of the product.

Sends a `PUT` request to `/v1/products/{id}/stock`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
- `body`: The count.
```ignore
let response = client.set_product_stock()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .body(body)
    .send()
    .await;
```*/
    pub fn set_product_stock(&self) -> builder::SetProductStock<'_> {
        builder::SetProductStock::new(self)
    }
    /**List users

The oldest user comes first. Erased users are not listed.

Sends a `GET` request to `/v1/users`

Arguments:
- `collides`: Only users whose e-mail addresses are also another user's, which accounts of earlier releases may be.
- `cursor`: The `next_cursor` of the page before.
- `email`: Only the user with this e-mail address, in any spelling.
- `limit`: The number of items on the page; 20 without it.
```ignore
let response = client.list_users()
    .collides(collides)
    .cursor(cursor)
    .email(email)
    .limit(limit)
    .send()
    .await;
```*/
    pub fn list_users(&self) -> builder::ListUsers<'_> {
        builder::ListUsers::new(self)
    }
    /**Create a user

The user has no password yet: pass the invitation on, with which the user sets the first one (`POST /v1/auth/invitations/accept`). Customers register themselves (`POST /v1/auth/register`).

Sends a `POST` request to `/v1/users`

Arguments:
- `body`: The user.
```ignore
let response = client.create_user()
    .body(body)
    .send()
    .await;
```*/
    pub fn create_user(&self) -> builder::CreateUser<'_> {
        builder::CreateUser::new(self)
    }
    /**Get the own user

Sends a `GET` request to `/v1/users/me`

Arguments:
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_own_user()
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_own_user(&self) -> builder::GetOwnUser<'_> {
        builder::GetOwnUser::new(self)
    }
    /**Erase the own user

Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.

Sends a `DELETE` request to `/v1/users/me`

Arguments:
- `if_match`: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.
```ignore
let response = client.erase_own_user()
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn erase_own_user(&self) -> builder::EraseOwnUser<'_> {
        builder::EraseOwnUser::new(self)
    }
    /**Change the own user

A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users who are admins.

Sends a `PATCH` request to `/v1/users/me`

Arguments:
- `if_match`: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.
- `body`: The members to change.
```ignore
let response = client.change_own_user()
    .if_match(if_match)
    .body(body)
    .send()
    .await;
```*/
    pub fn change_own_user(&self) -> builder::ChangeOwnUser<'_> {
        builder::ChangeOwnUser::new(self)
    }
    /**Export everything that is kept about the caller

One document from all services, to be saved as a file. It has no `Content-Length`, and is complete if it is valid JSON: if a service fails while it is written, the connection ends early. Secrets and means of payment are not in it.

Sends a `GET` request to `/v1/users/me/export`

```ignore
let response = client.export_own_user()
    .send()
    .await;
```*/
    pub fn export_own_user(&self) -> builder::ExportOwnUser<'_> {
        builder::ExportOwnUser::new(self)
    }
    /**Get a user

A customer gets the own user, an operator any.

Sends a `GET` request to `/v1/users/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored.
```ignore
let response = client.get_user()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn get_user(&self) -> builder::GetUser<'_> {
        builder::GetUser::new(self)
    }
    /**Erase a user

Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.

Sends a `DELETE` request to `/v1/users/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.
```ignore
let response = client.erase_user()
    .id(id)
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn erase_user(&self) -> builder::EraseUser<'_> {
        builder::EraseUser::new(self)
    }
    /**Change a user

A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users who are admins.

Sends a `PATCH` request to `/v1/users/{id}`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now.
- `body`: The members to change.
```ignore
let response = client.change_user()
    .id(id)
    .if_match(if_match)
    .body(body)
    .send()
    .await;
```*/
    pub fn change_user(&self) -> builder::ChangeUser<'_> {
        builder::ChangeUser::new(self)
    }
    /**Deactivate a user

The sessions of the user end, and the user cannot log in. A user who is deactivated already stays as it is.

Sends a `POST` request to `/v1/users/{id}/deactivate`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
```ignore
let response = client.deactivate_user()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn deactivate_user(&self) -> builder::DeactivateUser<'_> {
        builder::DeactivateUser::new(self)
    }
    /**Get the progress of an erasure

Sends a `GET` request to `/v1/users/{id}/erasure`

Arguments:
- `id`: The `id` of the resource.
```ignore
let response = client.get_erasure()
    .id(id)
    .send()
    .await;
```*/
    pub fn get_erasure(&self) -> builder::GetErasure<'_> {
        builder::GetErasure::new(self)
    }
    /**Invite a user again

Replaces the invitation of a user who has no password yet. An invitation has no address of its own: it is shown once.

Sends a `POST` request to `/v1/users/{id}/invitation`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
```ignore
let response = client.invite_user()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn invite_user(&self) -> builder::InviteUser<'_> {
        builder::InviteUser::new(self)
    }
    /**Reactivate a user

The user can log in again. A user who is active already stays as it is.

Sends a `POST` request to `/v1/users/{id}/reactivate`

Arguments:
- `id`: The `id` of the resource.
- `if_match`: Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1).
- `if_none_match`: Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2).
```ignore
let response = client.reactivate_user()
    .id(id)
    .if_match(if_match)
    .if_none_match(if_none_match)
    .send()
    .await;
```*/
    pub fn reactivate_user(&self) -> builder::ReactivateUser<'_> {
        builder::ReactivateUser::new(self)
    }
    /**Receive a payment provider's decision

For the payment provider, about a payment that it left pending. The event is stored and handled after the response; one that was received before, as its `id` says, has no further effect. There is no access token and no rate limit: the signature is checked before the body is read.

Sends a `POST` request to `/v1/webhooks/payments/{provider}`

Arguments:
- `provider`: The name of the payment provider, which is the `provider` of its payments.
- `spindle_signature`: `t=<seconds since the Unix epoch>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`, by the secret that the provider shares with the shop. `t` must be within 300 seconds of the time of receipt. There may be several `v1`, as while the secret is replaced.
- `body`: The decision.
```ignore
let response = client.receive_payment_webhook()
    .provider(provider)
    .spindle_signature(spindle_signature)
    .body(body)
    .send()
    .await;
```*/
    pub fn receive_payment_webhook(&self) -> builder::ReceivePaymentWebhook<'_> {
        builder::ReceivePaymentWebhook::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::get_key_set`]

[`Client::get_key_set`]: super::Client::get_key_set*/
    #[derive(Debug, Clone)]
    pub struct GetKeySet<'a> {
        client: &'a super::Client,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetKeySet<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/.well-known/jwks.json`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::JwkSet>, Error<crate::Problem>> {
            let Self { client, if_match, if_none_match } = self;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!("{}/.well-known/jwks.json", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_key_set",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_liveness`]

[`Client::get_liveness`]: super::Client::get_liveness*/
    #[derive(Debug, Clone)]
    pub struct GetLiveness<'a> {
        client: &'a super::Client,
    }
    impl<'a> GetLiveness<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `GET` request to `/healthz`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Liveness>, Error<crate::Problem>> {
            let Self { client } = self;
            let url = format!("{}/healthz", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_liveness",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_readiness`]

[`Client::get_readiness`]: super::Client::get_readiness*/
    #[derive(Debug, Clone)]
    pub struct GetReadiness<'a> {
        client: &'a super::Client,
    }
    impl<'a> GetReadiness<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `GET` request to `/readyz`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ReadinessReport>, Error<crate::Problem>> {
            let Self { client } = self;
            let url = format!("{}/readyz", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_readiness",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_audit_rows`]

[`Client::list_audit_rows`]: super::Client::list_audit_rows*/
    #[derive(Debug, Clone)]
    pub struct ListAuditRows<'a> {
        client: &'a super::Client,
        action: Result<Option<::std::string::String>, String>,
        actor: Result<Option<::std::string::String>, String>,
        created_after: Result<Option<::jiff::Timestamp>, String>,
        created_before: Result<Option<::jiff::Timestamp>, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
        source: Result<Option<::std::string::String>, String>,
        subject: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListAuditRows<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                action: Ok(None),
                actor: Ok(None),
                created_after: Ok(None),
                created_before: Ok(None),
                cursor: Ok(None),
                limit: Ok(None),
                source: Ok(None),
                subject: Ok(None),
            }
        }
        pub fn action<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.action = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for action failed"
                        .to_string()
                });
            self
        }
        pub fn actor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.actor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for actor failed"
                        .to_string()
                });
            self
        }
        pub fn created_after<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_after = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_after failed"
                        .to_string()
                });
            self
        }
        pub fn created_before<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_before = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_before failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        pub fn source<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.source = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for source failed"
                        .to_string()
                });
            self
        }
        pub fn subject<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.subject = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for subject failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/admin/audit`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::AuditRowPage>, Error<crate::Problem>> {
            let Self {
                client,
                action,
                actor,
                created_after,
                created_before,
                cursor,
                limit,
                source,
                subject,
            } = self;
            let action = action.map_err(Error::InvalidRequest)?;
            let actor = actor.map_err(Error::InvalidRequest)?;
            let created_after = created_after.map_err(Error::InvalidRequest)?;
            let created_before = created_before.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let source = source.map_err(Error::InvalidRequest)?;
            let subject = subject.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/admin/audit", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("action", &action))
                .query(&progenitor_client::QueryParam::new("actor", &actor))
                .query(
                    &progenitor_client::QueryParam::new("created_after", &created_after),
                )
                .query(
                    &progenitor_client::QueryParam::new(
                        "created_before",
                        &created_before,
                    ),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("source", &source))
                .query(&progenitor_client::QueryParam::new("subject", &subject))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_audit_rows",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::verify_audit_logs`]

[`Client::verify_audit_logs`]: super::Client::verify_audit_logs*/
    #[derive(Debug, Clone)]
    pub struct VerifyAuditLogs<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
    }
    impl<'a> VerifyAuditLogs<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/admin/audit/verify`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::AuditVerification>, Error<crate::Problem>> {
            let Self { client, cursor } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/admin/audit/verify", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "verify_audit_logs",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::rotate_key`]

[`Client::rotate_key`]: super::Client::rotate_key*/
    #[derive(Debug, Clone)]
    pub struct RotateKey<'a> {
        client: &'a super::Client,
    }
    impl<'a> RotateKey<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `POST` request to `/v1/admin/auth/keys/rotate`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::KeyRotation>, Error<crate::Problem>> {
            let Self { client } = self;
            let url = format!("{}/v1/admin/auth/keys/rotate", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "rotate_key",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_dead_letters`]

[`Client::list_dead_letters`]: super::Client::list_dead_letters*/
    #[derive(Debug, Clone)]
    pub struct ListDeadLetters<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
        service: Result<Option<crate::facts::DeadLetterService>, String>,
    }
    impl<'a> ListDeadLetters<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                limit: Ok(None),
                service: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        pub fn service<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::DeadLetterService>,
        {
            self.service = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: DeadLetterService` for service failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/admin/dead-letters`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::DeadLetterPage>, Error<crate::Problem>> {
            let Self { client, cursor, limit, service } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let service = service.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/admin/dead-letters", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("service", &service))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_dead_letters",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::replay_dead_letters`]

[`Client::replay_dead_letters`]: super::Client::replay_dead_letters*/
    #[derive(Debug, Clone)]
    pub struct ReplayDeadLetters<'a> {
        client: &'a super::Client,
        body: Result<types::builder::ReplayRequest, String>,
    }
    impl<'a> ReplayDeadLetters<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ReplayRequest>,
            <V as std::convert::TryInto<types::ReplayRequest>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `ReplayRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::ReplayRequest,
            ) -> types::builder::ReplayRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/admin/dead-letters/replay`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ReplayCount>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::ReplayRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/admin/dead-letters/replay", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "replay_dead_letters",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_dead_letter`]

[`Client::get_dead_letter`]: super::Client::get_dead_letter*/
    #[derive(Debug, Clone)]
    pub struct GetDeadLetter<'a> {
        client: &'a super::Client,
        service: Result<crate::facts::DeadLetterService, String>,
        id: Result<::std::string::String, String>,
    }
    impl<'a> GetDeadLetter<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                service: Err("service was not initialized".to_string()),
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn service<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::DeadLetterService>,
        {
            self.service = value
                .try_into()
                .map_err(|_| {
                    "conversion to `crate :: facts :: DeadLetterService` for service failed"
                        .to_string()
                });
            self
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/admin/dead-letters/{service}/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::DeadLetter>, Error<crate::Problem>> {
            let Self { client, service, id } = self;
            let service = service.map_err(Error::InvalidRequest)?;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/admin/dead-letters/{}/{}", client.baseurl, encode_path(& service
                .to_string()), encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_dead_letter",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::discard_dead_letter`]

[`Client::discard_dead_letter`]: super::Client::discard_dead_letter*/
    #[derive(Debug, Clone)]
    pub struct DiscardDeadLetter<'a> {
        client: &'a super::Client,
        service: Result<crate::facts::DeadLetterService, String>,
        id: Result<::std::string::String, String>,
    }
    impl<'a> DiscardDeadLetter<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                service: Err("service was not initialized".to_string()),
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn service<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::DeadLetterService>,
        {
            self.service = value
                .try_into()
                .map_err(|_| {
                    "conversion to `crate :: facts :: DeadLetterService` for service failed"
                        .to_string()
                });
            self
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/v1/admin/dead-letters/{service}/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, service, id } = self;
            let service = service.map_err(Error::InvalidRequest)?;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/admin/dead-letters/{}/{}", client.baseurl, encode_path(& service
                .to_string()), encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "discard_dead_letter",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::replay_dead_letter`]

[`Client::replay_dead_letter`]: super::Client::replay_dead_letter*/
    #[derive(Debug, Clone)]
    pub struct ReplayDeadLetter<'a> {
        client: &'a super::Client,
        service: Result<crate::facts::DeadLetterService, String>,
        id: Result<::std::string::String, String>,
    }
    impl<'a> ReplayDeadLetter<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                service: Err("service was not initialized".to_string()),
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn service<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::DeadLetterService>,
        {
            self.service = value
                .try_into()
                .map_err(|_| {
                    "conversion to `crate :: facts :: DeadLetterService` for service failed"
                        .to_string()
                });
            self
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/admin/dead-letters/{service}/{id}/replay`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ReplayCount>, Error<crate::Problem>> {
            let Self { client, service, id } = self;
            let service = service.map_err(Error::InvalidRequest)?;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/admin/dead-letters/{}/{}/replay", client.baseurl, encode_path(&
                service.to_string()), encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "replay_dead_letter",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_health`]

[`Client::get_health`]: super::Client::get_health*/
    #[derive(Debug, Clone)]
    pub struct GetHealth<'a> {
        client: &'a super::Client,
    }
    impl<'a> GetHealth<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `GET` request to `/v1/admin/health`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::HealthReport>, Error<crate::Problem>> {
            let Self { client } = self;
            let url = format!("{}/v1/admin/health", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_health",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::accept_invitation`]

[`Client::accept_invitation`]: super::Client::accept_invitation*/
    #[derive(Debug, Clone)]
    pub struct AcceptInvitation<'a> {
        client: &'a super::Client,
        body: Result<types::builder::AcceptRequest, String>,
    }
    impl<'a> AcceptInvitation<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::AcceptRequest>,
            <V as std::convert::TryInto<types::AcceptRequest>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `AcceptRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::AcceptRequest,
            ) -> types::builder::AcceptRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/auth/invitations/accept`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Identity>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::AcceptRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/invitations/accept", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "accept_invitation",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::log_in`]

[`Client::log_in`]: super::Client::log_in*/
    #[derive(Debug, Clone)]
    pub struct LogIn<'a> {
        client: &'a super::Client,
        body: Result<types::builder::LoginRequest, String>,
    }
    impl<'a> LogIn<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::LoginRequest>,
            <V as std::convert::TryInto<types::LoginRequest>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `LoginRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::LoginRequest,
            ) -> types::builder::LoginRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/auth/login`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::TokenResponse>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::LoginRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/login", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "log_in",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::log_out`]

[`Client::log_out`]: super::Client::log_out*/
    #[derive(Debug, Clone)]
    pub struct LogOut<'a> {
        client: &'a super::Client,
        body: Result<types::builder::RefreshTokenRequest, String>,
    }
    impl<'a> LogOut<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RefreshTokenRequest>,
            <V as std::convert::TryInto<
                types::RefreshTokenRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `RefreshTokenRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RefreshTokenRequest,
            ) -> types::builder::RefreshTokenRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/auth/logout`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::RefreshTokenRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/logout", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "log_out",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::change_password`]

[`Client::change_password`]: super::Client::change_password*/
    #[derive(Debug, Clone)]
    pub struct ChangePassword<'a> {
        client: &'a super::Client,
        body: Result<types::builder::ChangePasswordRequest, String>,
    }
    impl<'a> ChangePassword<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ChangePasswordRequest>,
            <V as std::convert::TryInto<
                types::ChangePasswordRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `ChangePasswordRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::ChangePasswordRequest,
            ) -> types::builder::ChangePasswordRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/auth/password`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::ChangePasswordRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/password", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "change_password",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::refresh_tokens`]

[`Client::refresh_tokens`]: super::Client::refresh_tokens*/
    #[derive(Debug, Clone)]
    pub struct RefreshTokens<'a> {
        client: &'a super::Client,
        body: Result<types::builder::RefreshTokenRequest, String>,
    }
    impl<'a> RefreshTokens<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RefreshTokenRequest>,
            <V as std::convert::TryInto<
                types::RefreshTokenRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `RefreshTokenRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RefreshTokenRequest,
            ) -> types::builder::RefreshTokenRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/auth/refresh`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::TokenResponse>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::RefreshTokenRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/refresh", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "refresh_tokens",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::register`]

[`Client::register`]: super::Client::register*/
    #[derive(Debug, Clone)]
    pub struct Register<'a> {
        client: &'a super::Client,
        body: Result<types::builder::RegisterRequest, String>,
    }
    impl<'a> Register<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RegisterRequest>,
            <V as std::convert::TryInto<
                types::RegisterRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `RegisterRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RegisterRequest,
            ) -> types::builder::RegisterRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/auth/register`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::RegisteredUser>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::RegisterRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/register", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "register",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_sessions`]

[`Client::list_sessions`]: super::Client::list_sessions*/
    #[derive(Debug, Clone)]
    pub struct ListSessions<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
    }
    impl<'a> ListSessions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                limit: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        ///Sends a `GET` request to `/v1/auth/sessions`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::SessionPage>, Error<crate::Problem>> {
            let Self { client, cursor, limit } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/auth/sessions", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_sessions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::end_sessions`]

[`Client::end_sessions`]: super::Client::end_sessions*/
    #[derive(Debug, Clone)]
    pub struct EndSessions<'a> {
        client: &'a super::Client,
    }
    impl<'a> EndSessions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `DELETE` request to `/v1/auth/sessions`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client } = self;
            let url = format!("{}/v1/auth/sessions", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "end_sessions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::end_session`]

[`Client::end_session`]: super::Client::end_session*/
    #[derive(Debug, Clone)]
    pub struct EndSession<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
    }
    impl<'a> EndSession<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/v1/auth/sessions/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, id } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/auth/sessions/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "end_session",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_categories`]

[`Client::list_categories`]: super::Client::list_categories*/
    #[derive(Debug, Clone)]
    pub struct ListCategories<'a> {
        client: &'a super::Client,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListCategories<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/categories`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Categories>, Error<crate::Problem>> {
            let Self { client, if_match, if_none_match } = self;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/categories", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_categories",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_notifications`]

[`Client::list_notifications`]: super::Client::list_notifications*/
    #[derive(Debug, Clone)]
    pub struct ListNotifications<'a> {
        client: &'a super::Client,
        created_after: Result<Option<::jiff::Timestamp>, String>,
        created_before: Result<Option<::jiff::Timestamp>, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
        order_id: Result<Option<::uuid::Uuid>, String>,
        status: Result<Option<crate::facts::NotificationStatus>, String>,
        trigger_id: Result<Option<::std::string::String>, String>,
        user_id: Result<Option<::uuid::Uuid>, String>,
    }
    impl<'a> ListNotifications<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                created_after: Ok(None),
                created_before: Ok(None),
                cursor: Ok(None),
                limit: Ok(None),
                order_id: Ok(None),
                status: Ok(None),
                trigger_id: Ok(None),
                user_id: Ok(None),
            }
        }
        pub fn created_after<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_after = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_after failed"
                        .to_string()
                });
            self
        }
        pub fn created_before<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_before = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_before failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        pub fn order_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.order_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for order_id failed".to_string()
                });
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::NotificationStatus>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: NotificationStatus` for status failed"
                        .to_string()
                });
            self
        }
        pub fn trigger_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.trigger_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for trigger_id failed"
                        .to_string()
                });
            self
        }
        pub fn user_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.user_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for user_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/notifications`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::NotificationPage>, Error<crate::Problem>> {
            let Self {
                client,
                created_after,
                created_before,
                cursor,
                limit,
                order_id,
                status,
                trigger_id,
                user_id,
            } = self;
            let created_after = created_after.map_err(Error::InvalidRequest)?;
            let created_before = created_before.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let order_id = order_id.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let trigger_id = trigger_id.map_err(Error::InvalidRequest)?;
            let user_id = user_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/notifications", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &progenitor_client::QueryParam::new("created_after", &created_after),
                )
                .query(
                    &progenitor_client::QueryParam::new(
                        "created_before",
                        &created_before,
                    ),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("order_id", &order_id))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .query(&progenitor_client::QueryParam::new("trigger_id", &trigger_id))
                .query(&progenitor_client::QueryParam::new("user_id", &user_id))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_notifications",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::request_notification`]

[`Client::request_notification`]: super::Client::request_notification*/
    #[derive(Debug, Clone)]
    pub struct RequestNotification<'a> {
        client: &'a super::Client,
        idempotency_key: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::NotificationRequest, String>,
    }
    impl<'a> RequestNotification<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::NotificationRequest>,
            <V as std::convert::TryInto<
                types::NotificationRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `NotificationRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::NotificationRequest,
            ) -> types::builder::NotificationRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/notifications`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::QueuedNotifications>, Error<crate::Problem>> {
            let Self { client, idempotency_key, body } = self;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::NotificationRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/notifications", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "request_notification",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_notification`]

[`Client::get_notification`]: super::Client::get_notification*/
    #[derive(Debug, Clone)]
    pub struct GetNotification<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
    }
    impl<'a> GetNotification<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/notifications/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Notification>, Error<crate::Problem>> {
            let Self { client, id } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/notifications/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_notification",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_orders`]

[`Client::list_orders`]: super::Client::list_orders*/
    #[derive(Debug, Clone)]
    pub struct ListOrders<'a> {
        client: &'a super::Client,
        created_after: Result<Option<::jiff::Timestamp>, String>,
        created_before: Result<Option<::jiff::Timestamp>, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
        number: Result<Option<::std::string::String>, String>,
        sort: Result<Option<crate::facts::OrderSort>, String>,
        status: Result<Option<crate::facts::OrderStatus>, String>,
        user_id: Result<Option<::uuid::Uuid>, String>,
    }
    impl<'a> ListOrders<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                created_after: Ok(None),
                created_before: Ok(None),
                cursor: Ok(None),
                limit: Ok(None),
                number: Ok(None),
                sort: Ok(None),
                status: Ok(None),
                user_id: Ok(None),
            }
        }
        pub fn created_after<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_after = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_after failed"
                        .to_string()
                });
            self
        }
        pub fn created_before<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_before = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_before failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        pub fn number<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.number = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for number failed"
                        .to_string()
                });
            self
        }
        pub fn sort<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::OrderSort>,
        {
            self.sort = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: OrderSort` for sort failed"
                        .to_string()
                });
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::OrderStatus>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: OrderStatus` for status failed"
                        .to_string()
                });
            self
        }
        pub fn user_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.user_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for user_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/orders`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::OrderPage>, Error<crate::Problem>> {
            let Self {
                client,
                created_after,
                created_before,
                cursor,
                limit,
                number,
                sort,
                status,
                user_id,
            } = self;
            let created_after = created_after.map_err(Error::InvalidRequest)?;
            let created_before = created_before.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let number = number.map_err(Error::InvalidRequest)?;
            let sort = sort.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let user_id = user_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/orders", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &progenitor_client::QueryParam::new("created_after", &created_after),
                )
                .query(
                    &progenitor_client::QueryParam::new(
                        "created_before",
                        &created_before,
                    ),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("number", &number))
                .query(&progenitor_client::QueryParam::new("sort", &sort))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .query(&progenitor_client::QueryParam::new("user_id", &user_id))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_orders",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::place_order`]

[`Client::place_order`]: super::Client::place_order*/
    #[derive(Debug, Clone)]
    pub struct PlaceOrder<'a> {
        client: &'a super::Client,
        idempotency_key: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::PlaceOrderRequest, String>,
    }
    impl<'a> PlaceOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PlaceOrderRequest>,
            <V as std::convert::TryInto<
                types::PlaceOrderRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `PlaceOrderRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::PlaceOrderRequest,
            ) -> types::builder::PlaceOrderRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/orders`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Order>, Error<crate::Problem>> {
            let Self { client, idempotency_key, body } = self;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::PlaceOrderRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/orders", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "place_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_order`]

[`Client::get_order`]: super::Client::get_order*/
    #[derive(Debug, Clone)]
    pub struct GetOrder<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/orders/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Order>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/orders/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::cancel_order`]

[`Client::cancel_order`]: super::Client::cancel_order*/
    #[derive(Debug, Clone)]
    pub struct CancelOrder<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> CancelOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/orders/{id}/cancel`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Order>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/orders/{}/cancel", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "cancel_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::fulfil_order`]

[`Client::fulfil_order`]: super::Client::fulfil_order*/
    #[derive(Debug, Clone)]
    pub struct FulfilOrder<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> FulfilOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/orders/{id}/fulfil`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Order>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/orders/{}/fulfil", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "fulfil_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_order_timeline`]

[`Client::get_order_timeline`]: super::Client::get_order_timeline*/
    #[derive(Debug, Clone)]
    pub struct GetOrderTimeline<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
    }
    impl<'a> GetOrderTimeline<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/orders/{id}/timeline`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::OrderTimeline>, Error<crate::Problem>> {
            let Self { client, id } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/orders/{}/timeline", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_order_timeline",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_payments`]

[`Client::list_payments`]: super::Client::list_payments*/
    #[derive(Debug, Clone)]
    pub struct ListPayments<'a> {
        client: &'a super::Client,
        created_after: Result<Option<::jiff::Timestamp>, String>,
        created_before: Result<Option<::jiff::Timestamp>, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
        order_id: Result<Option<::uuid::Uuid>, String>,
        status: Result<Option<crate::facts::PaymentStatus>, String>,
        user_id: Result<Option<::uuid::Uuid>, String>,
    }
    impl<'a> ListPayments<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                created_after: Ok(None),
                created_before: Ok(None),
                cursor: Ok(None),
                limit: Ok(None),
                order_id: Ok(None),
                status: Ok(None),
                user_id: Ok(None),
            }
        }
        pub fn created_after<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_after = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_after failed"
                        .to_string()
                });
            self
        }
        pub fn created_before<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::jiff::Timestamp>,
        {
            self.created_before = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: jiff :: Timestamp` for created_before failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        pub fn order_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.order_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for order_id failed".to_string()
                });
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::PaymentStatus>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: PaymentStatus` for status failed"
                        .to_string()
                });
            self
        }
        pub fn user_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.user_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for user_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/payments`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::PaymentPage>, Error<crate::Problem>> {
            let Self {
                client,
                created_after,
                created_before,
                cursor,
                limit,
                order_id,
                status,
                user_id,
            } = self;
            let created_after = created_after.map_err(Error::InvalidRequest)?;
            let created_before = created_before.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let order_id = order_id.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let user_id = user_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/payments", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &progenitor_client::QueryParam::new("created_after", &created_after),
                )
                .query(
                    &progenitor_client::QueryParam::new(
                        "created_before",
                        &created_before,
                    ),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("order_id", &order_id))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .query(&progenitor_client::QueryParam::new("user_id", &user_id))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_payments",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_payment`]

[`Client::get_payment`]: super::Client::get_payment*/
    #[derive(Debug, Clone)]
    pub struct GetPayment<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetPayment<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/payments/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Payment>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/payments/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_payment",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::refund_payment`]

[`Client::refund_payment`]: super::Client::refund_payment*/
    #[derive(Debug, Clone)]
    pub struct RefundPayment<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::RefundRequest, String>,
    }
    impl<'a> RefundPayment<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                idempotency_key: Ok(None),
                if_match: Ok(None),
                if_none_match: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RefundRequest>,
            <V as std::convert::TryInto<types::RefundRequest>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `RefundRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RefundRequest,
            ) -> types::builder::RefundRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/payments/{id}/refund`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Payment>, Error<crate::Problem>> {
            let Self { client, id, idempotency_key, if_match, if_none_match, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::RefundRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/payments/{}/refund", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "refund_payment",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_products`]

[`Client::list_products`]: super::Client::list_products*/
    #[derive(Debug, Clone)]
    pub struct ListProducts<'a> {
        client: &'a super::Client,
        category: Result<Option<::std::string::String>, String>,
        currency: Result<Option<::std::string::String>, String>,
        cursor: Result<Option<::std::string::String>, String>,
        in_stock: Result<Option<bool>, String>,
        limit: Result<Option<u32>, String>,
        max_price: Result<Option<i64>, String>,
        min_price: Result<Option<i64>, String>,
        q: Result<Option<::std::string::String>, String>,
        sku: Result<Option<::std::string::String>, String>,
        sort: Result<Option<crate::facts::ProductSort>, String>,
        status: Result<Option<crate::facts::ProductStatus>, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListProducts<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                category: Ok(None),
                currency: Ok(None),
                cursor: Ok(None),
                in_stock: Ok(None),
                limit: Ok(None),
                max_price: Ok(None),
                min_price: Ok(None),
                q: Ok(None),
                sku: Ok(None),
                sort: Ok(None),
                status: Ok(None),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn category<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.category = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for category failed"
                        .to_string()
                });
            self
        }
        pub fn currency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.currency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for currency failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn in_stock<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.in_stock = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for in_stock failed".to_string());
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        pub fn max_price<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
        {
            self.max_price = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `i64` for max_price failed".to_string());
            self
        }
        pub fn min_price<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
        {
            self.min_price = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `i64` for min_price failed".to_string());
            self
        }
        pub fn q<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.q = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for q failed".to_string()
                });
            self
        }
        pub fn sku<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.sku = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for sku failed"
                        .to_string()
                });
            self
        }
        pub fn sort<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::ProductSort>,
        {
            self.sort = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: ProductSort` for sort failed"
                        .to_string()
                });
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<crate::facts::ProductStatus>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `crate :: facts :: ProductStatus` for status failed"
                        .to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/products`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ProductPage>, Error<crate::Problem>> {
            let Self {
                client,
                category,
                currency,
                cursor,
                in_stock,
                limit,
                max_price,
                min_price,
                q,
                sku,
                sort,
                status,
                if_match,
                if_none_match,
            } = self;
            let category = category.map_err(Error::InvalidRequest)?;
            let currency = currency.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let in_stock = in_stock.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let max_price = max_price.map_err(Error::InvalidRequest)?;
            let min_price = min_price.map_err(Error::InvalidRequest)?;
            let q = q.map_err(Error::InvalidRequest)?;
            let sku = sku.map_err(Error::InvalidRequest)?;
            let sort = sort.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/products", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("category", &category))
                .query(&progenitor_client::QueryParam::new("currency", &currency))
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("in_stock", &in_stock))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("max_price", &max_price))
                .query(&progenitor_client::QueryParam::new("min_price", &min_price))
                .query(&progenitor_client::QueryParam::new("q", &q))
                .query(&progenitor_client::QueryParam::new("sku", &sku))
                .query(&progenitor_client::QueryParam::new("sort", &sort))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_products",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_product`]

[`Client::create_product`]: super::Client::create_product*/
    #[derive(Debug, Clone)]
    pub struct CreateProduct<'a> {
        client: &'a super::Client,
        body: Result<types::builder::NewProduct, String>,
    }
    impl<'a> CreateProduct<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::NewProduct>,
            <V as std::convert::TryInto<types::NewProduct>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `NewProduct` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::NewProduct,
            ) -> types::builder::NewProduct,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/products`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Product>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| types::NewProduct::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/products", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_product",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::import_products`]

[`Client::import_products`]: super::Client::import_products*/
    #[derive(Debug)]
    pub struct ImportProducts<'a> {
        client: &'a super::Client,
        body: Result<reqwest::Body, String>,
    }
    impl<'a> ImportProducts<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Err("body was not initialized".to_string()),
            }
        }
        pub fn body<B>(mut self, value: B) -> Self
        where
            B: std::convert::TryInto<reqwest::Body>,
        {
            self.body = value
                .try_into()
                .map_err(|_| {
                    "conversion to `reqwest::Body` for body failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/products/import`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ImportReport>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/products/import", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .header(
                    ::reqwest::header::CONTENT_TYPE,
                    ::reqwest::header::HeaderValue::from_static(
                        "application/octet-stream",
                    ),
                )
                .body(body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "import_products",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_product`]

[`Client::get_product`]: super::Client::get_product*/
    #[derive(Debug, Clone)]
    pub struct GetProduct<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetProduct<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/products/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Product>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/products/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_product",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::archive_product`]

[`Client::archive_product`]: super::Client::archive_product*/
    #[derive(Debug, Clone)]
    pub struct ArchiveProduct<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<::std::string::String, String>,
    }
    impl<'a> ArchiveProduct<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Err("if_match was not initialized".to_string()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/v1/products/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, id, if_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/products/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map.append("If-Match", if_match.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "archive_product",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::change_product`]

[`Client::change_product`]: super::Client::change_product*/
    #[derive(Debug, Clone)]
    pub struct ChangeProduct<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<::std::string::String, String>,
        body: Result<types::builder::ProductPatch, String>,
    }
    impl<'a> ChangeProduct<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Err("if_match was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ProductPatch>,
            <V as std::convert::TryInto<types::ProductPatch>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `ProductPatch` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::ProductPatch,
            ) -> types::builder::ProductPatch,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PATCH` request to `/v1/products/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Product>, Error<crate::Problem>> {
            let Self { client, id, if_match, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::ProductPatch::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/products/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map.append("If-Match", if_match.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .patch(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "change_product",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_product_stock`]

[`Client::get_product_stock`]: super::Client::get_product_stock*/
    #[derive(Debug, Clone)]
    pub struct GetProductStock<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetProductStock<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/products/{id}/stock`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Stock>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/products/{}/stock", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_product_stock",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::set_product_stock`]

[`Client::set_product_stock`]: super::Client::set_product_stock*/
    #[derive(Debug, Clone)]
    pub struct SetProductStock<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::StockLevel, String>,
    }
    impl<'a> SetProductStock<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::StockLevel>,
            <V as std::convert::TryInto<types::StockLevel>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `StockLevel` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::StockLevel,
            ) -> types::builder::StockLevel,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PUT` request to `/v1/products/{id}/stock`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Stock>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::StockLevel::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/products/{}/stock", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .put(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "set_product_stock",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_users`]

[`Client::list_users`]: super::Client::list_users*/
    #[derive(Debug, Clone)]
    pub struct ListUsers<'a> {
        client: &'a super::Client,
        collides: Result<Option<::std::string::String>, String>,
        cursor: Result<Option<::std::string::String>, String>,
        email: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u32>, String>,
    }
    impl<'a> ListUsers<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                collides: Ok(None),
                cursor: Ok(None),
                email: Ok(None),
                limit: Ok(None),
            }
        }
        pub fn collides<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.collides = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for collides failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn email<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.email = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for email failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u32` for limit failed".to_string());
            self
        }
        ///Sends a `GET` request to `/v1/users`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::UserPage>, Error<crate::Problem>> {
            let Self { client, collides, cursor, email, limit } = self;
            let collides = collides.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let email = email.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/users", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("collides", &collides))
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("email", &email))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_users",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_user`]

[`Client::create_user`]: super::Client::create_user*/
    #[derive(Debug, Clone)]
    pub struct CreateUser<'a> {
        client: &'a super::Client,
        body: Result<types::builder::NewUser, String>,
    }
    impl<'a> CreateUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::NewUser>,
            <V as std::convert::TryInto<types::NewUser>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| format!("conversion to `NewUser` for body failed: {}", s));
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::NewUser) -> types::builder::NewUser,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/users`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::InvitedUser>, Error<crate::Problem>> {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| types::NewUser::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/users", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_own_user`]

[`Client::get_own_user`]: super::Client::get_own_user*/
    #[derive(Debug, Clone)]
    pub struct GetOwnUser<'a> {
        client: &'a super::Client,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetOwnUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/users/me`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::User>, Error<crate::Problem>> {
            let Self { client, if_match, if_none_match } = self;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/users/me", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_own_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::erase_own_user`]

[`Client::erase_own_user`]: super::Client::erase_own_user*/
    #[derive(Debug, Clone)]
    pub struct EraseOwnUser<'a> {
        client: &'a super::Client,
        if_match: Result<::std::string::String, String>,
    }
    impl<'a> EraseOwnUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                if_match: Err("if_match was not initialized".to_string()),
            }
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/v1/users/me`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, if_match } = self;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/users/me", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map.append("If-Match", if_match.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "erase_own_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::change_own_user`]

[`Client::change_own_user`]: super::Client::change_own_user*/
    #[derive(Debug, Clone)]
    pub struct ChangeOwnUser<'a> {
        client: &'a super::Client,
        if_match: Result<::std::string::String, String>,
        body: Result<types::builder::UserPatch, String>,
    }
    impl<'a> ChangeOwnUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                if_match: Err("if_match was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::UserPatch>,
            <V as std::convert::TryInto<types::UserPatch>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `UserPatch` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::UserPatch) -> types::builder::UserPatch,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PATCH` request to `/v1/users/me`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::User>, Error<crate::Problem>> {
            let Self { client, if_match, body } = self;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::UserPatch::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/users/me", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map.append("If-Match", if_match.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .patch(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "change_own_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::export_own_user`]

[`Client::export_own_user`]: super::Client::export_own_user*/
    #[derive(Debug, Clone)]
    pub struct ExportOwnUser<'a> {
        client: &'a super::Client,
    }
    impl<'a> ExportOwnUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `GET` request to `/v1/users/me/export`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Export>, Error<crate::Problem>> {
            let Self { client } = self;
            let url = format!("{}/v1/users/me/export", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "export_own_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_user`]

[`Client::get_user`]: super::Client::get_user*/
    #[derive(Debug, Clone)]
    pub struct GetUser<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/users/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::User>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::erase_user`]

[`Client::erase_user`]: super::Client::erase_user*/
    #[derive(Debug, Clone)]
    pub struct EraseUser<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<::std::string::String, String>,
    }
    impl<'a> EraseUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Err("if_match was not initialized".to_string()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/v1/users/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, id, if_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map.append("If-Match", if_match.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "erase_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::change_user`]

[`Client::change_user`]: super::Client::change_user*/
    #[derive(Debug, Clone)]
    pub struct ChangeUser<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<::std::string::String, String>,
        body: Result<types::builder::UserPatch, String>,
    }
    impl<'a> ChangeUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Err("if_match was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::UserPatch>,
            <V as std::convert::TryInto<types::UserPatch>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `UserPatch` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::UserPatch) -> types::builder::UserPatch,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PATCH` request to `/v1/users/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::User>, Error<crate::Problem>> {
            let Self { client, id, if_match, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::UserPatch::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map.append("If-Match", if_match.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .patch(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "change_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::deactivate_user`]

[`Client::deactivate_user`]: super::Client::deactivate_user*/
    #[derive(Debug, Clone)]
    pub struct DeactivateUser<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> DeactivateUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/users/{id}/deactivate`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::User>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}/deactivate", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "deactivate_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_erasure`]

[`Client::get_erasure`]: super::Client::get_erasure*/
    #[derive(Debug, Clone)]
    pub struct GetErasure<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
    }
    impl<'a> GetErasure<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/users/{id}/erasure`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Erasure>, Error<crate::Problem>> {
            let Self { client, id } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}/erasure", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_erasure",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::invite_user`]

[`Client::invite_user`]: super::Client::invite_user*/
    #[derive(Debug, Clone)]
    pub struct InviteUser<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> InviteUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/users/{id}/invitation`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Invitation>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}/invitation", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "invite_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::reactivate_user`]

[`Client::reactivate_user`]: super::Client::reactivate_user*/
    #[derive(Debug, Clone)]
    pub struct ReactivateUser<'a> {
        client: &'a super::Client,
        id: Result<::uuid::Uuid, String>,
        if_match: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ReactivateUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                if_match: Ok(None),
                if_none_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for id failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/users/{id}/reactivate`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::User>, Error<crate::Problem>> {
            let Self { client, id, if_match, if_none_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/users/{}/reactivate", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "reactivate_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::receive_payment_webhook`]

[`Client::receive_payment_webhook`]: super::Client::receive_payment_webhook*/
    #[derive(Debug, Clone)]
    pub struct ReceivePaymentWebhook<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        spindle_signature: Result<::std::string::String, String>,
        body: Result<types::builder::PaymentWebhook, String>,
    }
    impl<'a> ReceivePaymentWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                spindle_signature: Err(
                    "spindle_signature was not initialized".to_string(),
                ),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn spindle_signature<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.spindle_signature = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for spindle_signature failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PaymentWebhook>,
            <V as std::convert::TryInto<
                types::PaymentWebhook,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `PaymentWebhook` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::PaymentWebhook,
            ) -> types::builder::PaymentWebhook,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/webhooks/payments/{provider}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<crate::Problem>> {
            let Self { client, provider, spindle_signature, body } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let spindle_signature = spindle_signature.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::PaymentWebhook::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/webhooks/payments/{}", client.baseurl, encode_path(& provider
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            header_map
                .append("Spindle-Signature", spindle_signature.to_string().try_into()?);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "receive_payment_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    pub use self::super::Client;
}
