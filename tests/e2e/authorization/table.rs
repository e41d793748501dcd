//! The table: for each operation of the document its resource and body, and the status of every kind of caller, which follows from the role that the
//! document requires and from the owner of the resource.

use super::fixture::{self, Fixture};
use serde_json::{Value, json};
use spindle_tests::accounts::{PASSWORD, admin};
use spindle_tests::documents::Operation;
use spindle_tests::orders::order_body;
use spindle_tests::products::{product_body, unique_word};
use spindle_tests::users::unique_email;

/// The callers, in the order of the statuses. An operation on a resource is sent with one of the owner's.
///
/// The tokens of the last four are valid and have not expired, but the right that they were issued for has ended. Three of them are admins', so
/// that no role refuses them but the end itself; the token of the demoted operator says operator. What changes something looks at the rights of
/// now. What reads goes on with the token until it expires.
pub(super) const CALLERS: [&str; 9] = [
    "an anonymous client",
    "another customer",
    "the owner",
    "an operator",
    "an admin",
    "an erased user",
    "a demoted operator",
    "an ended session",
    "a deactivated user",
];

/// The rest of what the suite has to know about an operation. Role, method and path are in the document.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// Its id.
    pub(crate) operation: &'static str,
    /// Returns the id of the resource in the path: a new one, if the operation can be used up.
    pub(crate) resource: Option<fn(&Fixture) -> String>,
    /// Returns the body, a new one for each request.
    pub(crate) body: Option<fn(&Fixture) -> Value>,
    /// The status of a caller who is let in, if it is no success.
    admitted: Option<u16>,
    /// Who sees the resource.
    visible: Visible,
    /// Whether a read looks at the session as well.
    checks_session: bool,
    /// The status of an erased user's read, which finds nothing.
    of_erased: Option<u16>,
}

/// The callers who see a resource; for the others it is a 404.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visible {
    /// The owner and every operator, if the operation is for customers and has an id in its path; else everyone.
    ToOperators,
    /// The owner alone.
    ToOwner,
}

const fn row(operation: &'static str) -> Row {
    let visible = Visible::ToOperators;
    Row { operation, resource: None, body: None, admitted: None, visible, checks_session: false, of_erased: None }
}

impl Row {
    const fn of(self, resource: fn(&Fixture) -> String) -> Self {
        Self { resource: Some(resource), ..self }
    }

    const fn with(self, body: fn(&Fixture) -> Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// A caller who is let in gets this status: a success would end what other rows need. So the request has a stale entity tag (412), a query
    /// parameter that no operation has (400), or a body that breaks a rule.
    const fn admits_with(self, status: u16) -> Self {
        Self { admitted: Some(status), ..self }
    }

    /// Returns whether the resource belongs to a customer: it is in the path of an operation for customers.
    pub(crate) fn is_owned(&self, operation: &Operation) -> bool {
        operation.role.as_deref() == Some("customer") && self.resource.is_some()
    }

    /// Returns whether an operator sees the resources of every customer.
    pub(crate) fn is_visible_to_operators(&self) -> bool {
        self.visible == Visible::ToOperators
    }

    /// Returns the status for each of [`CALLERS`].
    pub(super) fn statuses(&self, operation: &Operation) -> [u16; CALLERS.len()] {
        let admitted = self.admitted.unwrap_or_else(|| operation.success());
        let stranger = if self.is_owned(operation) { 404 } else { admitted };
        let staff = if self.is_owned(operation) && !self.is_visible_to_operators() { 404 } else { admitted };
        let reads = operation.is_read() && !self.checks_session;
        let ended = |status| if reads { status } else { 401 };
        let erased = ended(self.of_erased.unwrap_or(staff));
        match operation.role.as_deref() {
            None => [admitted; CALLERS.len()],
            Some("customer") => {
                let demoted = if reads { staff } else { stranger };
                [401, stranger, admitted, staff, staff, erased, demoted, ended(staff), ended(staff)]
            }
            Some("operator") => {
                let demoted = if reads { admitted } else { 403 };
                [401, 403, 403, admitted, admitted, erased, demoted, ended(admitted), ended(admitted)]
            }
            Some("admin") => [401, 403, 403, 403, admitted, erased, 403, ended(admitted), ended(admitted)],
            Some(other) => panic!("{}: not a role: {other}", operation.id),
        }
    }
}

/// Every operation of the document.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    row("getLiveness"),
    row("getReadiness"),
    row("getHealth"),
    row("listAuditRows"),
    row("verifyAuditLogs"),
    row("listDeadLetters"),
    row("replayDeadLetters").with(|_| json!({"service": "payments"})),
    row("getDeadLetter").of(fixture::dead_letter),
    row("discardDeadLetter").of(fixture::dead_letter),
    row("replayDeadLetter").of(fixture::dead_letter),

    // Without a new account for each caller.
    row("register").with(taken_address).admits_with(409),
    row("logIn").with(credentials),
    // The token is missing, since each can be used once.
    row("refreshTokens").with(empty).admits_with(422),
    row("logOut").with(|_| json!({"refresh_token": "x"})),
    // The new password is too weak, since a good one would end the sessions that other rows need.
    row("changePassword").with(|_| json!({"current": "x", "new": "weak"})).admits_with(422),
    // The password is too weak, since an invitation can be used once.
    row("acceptInvitation").with(|_| json!({"token": "x", "password": "weak"})).admits_with(422),
    Row { checks_session: true, ..row("listSessions") },
    Row { visible: Visible::ToOwner, ..row("endSession").of(fixture::session) },
    // An unknown query, since all sessions of a caller are needed by other rows.
    row("endSessions").admits_with(400),
    row("getKeySet"),
    row("rotateKey").with(empty),

    row("createUser").with(new_user),
    row("listUsers"),
    Row { of_erased: Some(404), ..row("getOwnUser") },
    row("changeOwnUser").with(profile_change),
    row("eraseOwnUser").admits_with(412),
    Row { of_erased: Some(404), ..row("exportOwnUser") },
    row("getUser").of(fixture::owner),
    row("changeUser").of(fixture::owner).with(profile_change),
    row("eraseUser").of(fixture::owner).admits_with(412),
    row("getErasure").of(|fixture| fixture.erased.id.clone()),
    row("deactivateUser").of(fixture::user),
    row("reactivateUser").of(fixture::deactivated_user),
    row("inviteUser").of(fixture::user),

    row("listProducts"),
    row("getProduct").of(fixture::product),
    row("listCategories"),
    row("createProduct").with(new_product),
    row("importProducts").with(new_product),
    row("changeProduct").of(fixture::product).with(price_of_one_cent),
    row("archiveProduct").of(fixture::product),
    row("getProductStock").of(fixture::product),
    row("setProductStock").of(fixture::product).with(|_| json!({"on_hand": 7})),

    row("placeOrder").with(new_order),
    row("listOrders"),
    row("getOrder").of(fixture::unpaid_order),
    row("getOrderTimeline").of(fixture::unpaid_order),
    row("cancelOrder").of(fixture::unpaid_order),
    row("fulfilOrder").of(fixture::paid_order),

    row("listPayments"),
    row("getPayment").of(fixture::captured_payment),
    row("refundPayment").of(fixture::captured_payment),
    // Only the provider's signature opens it.
    row("receivePaymentWebhook").with(empty).admits_with(401),

    row("listNotifications"),
    row("requestNotification").with(message),
    row("getNotification").of(fixture::notification),
];

/// Returns the row of an operation.
///
/// # Panics
///
/// If it has none.
pub(crate) fn row_of(operation: &Operation) -> &'static Row {
    let row = ROWS.iter().find(|row| row.operation == operation.id);
    row.unwrap_or_else(|| panic!("add a row for {} to tests/e2e/authorization/table.rs", operation.id))
}

fn empty(_: &Fixture) -> Value {
    json!({})
}

fn taken_address(_: &Fixture) -> Value {
    json!({"email": admin().email, "password": PASSWORD})
}

fn credentials(fixture: &Fixture) -> Value {
    json!({"email": fixture.owner.email, "password": fixture.owner.password})
}

fn new_user(_: &Fixture) -> Value {
    json!({"email": unique_email("authorization"), "display_name": "New"})
}

fn profile_change(_: &Fixture) -> Value {
    json!({"display_name": unique_word("Ada")})
}

fn new_product(_: &Fixture) -> Value {
    product_body(&json!({}))
}

fn price_of_one_cent(_: &Fixture) -> Value {
    json!({"price": {"amount": 1, "currency": "EUR"}})
}

fn new_order(fixture: &Fixture) -> Value {
    order_body(&[(&fixture.product.id, 1)], "pm_declined")
}

fn message(fixture: &Fixture) -> Value {
    json!({"user_id": fixture::user(fixture), "template": "message", "data": {"subject": "Hello", "text": "It is on its way."}})
}
