//! The requests during an outage: one of each public operation, valid in all respects.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use spindle_tests::accounts::PASSWORD;
use spindle_tests::documents::{Operation, operation, operations};
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::jwt::Jwt;
use spindle_tests::orders::{order_body, unique_key};
use spindle_tests::payments::sign;
use spindle_tests::products::product_body;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Response};

use super::resources::{Resources, text};

/// The service of the dead letters.
const CONSUMER: &str = "notifications";

/// A request, which can be sent again.
pub(super) struct Request {
    pub(super) operation: &'static Operation,
    client: Client,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Request {
    /// Returns a request of the operation `id` without a body.
    fn new(id: &str, client: &Client) -> Self {
        let operation = operation(id);
        let path = operation.path.replace("{service}", CONSUMER).replace("{provider}", "sandbox");
        let mut headers = Vec::new();
        if operation.responses().contains_key(&428) {
            headers.push(("if-match", "*".to_owned()));
        }
        if operation.has_parameter("header", "idempotency-key") {
            headers.push(("idempotency-key", unique_key()));
        }
        Self { operation, client: client.clone(), path, headers, body: None }
    }

    /// Lets it name a resource.
    fn on(mut self, resource: &str) -> Self {
        self.path = self.path.replace("{id}", resource);
        self
    }

    /// Gives it a body.
    fn with(mut self, body: &Value) -> Self {
        let is_import = self.operation.path.ends_with("/import");
        let media_type = if is_import { "application/x-ndjson" } else { "application/json" };
        self.headers.push(("content-type", media_type.to_owned()));
        self.body = Some(body.to_string());
        self
    }

    /// Signs its body as the payment provider does.
    fn signed(mut self) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs();
        let signature = sign(WEBHOOK_SECRET, now, self.body.as_deref().unwrap_or_default());
        self.headers.push(("spindle-signature", signature));
        self
    }

    /// Sends it.
    ///
    /// # Errors
    ///
    /// If there is no response, or only a part of one.
    pub(super) fn send(&self) -> Result<Response, String> {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.body.as_deref().map(str::as_bytes);
        let sent = self.client.try_send(&self.operation.method, &self.path, &headers, body);
        sent.map_err(|error| format!("no whole response: {error}"))
    }
}

/// Returns a request of each operation, in their order in the document of the API.
///
/// # Panics
///
/// If an operation has none.
pub(super) fn requests(resources: &Resources) -> Vec<Request> {
    let mut requests = [catalog, orders, payments, notifications, users, own_user, auth, sessions, gateway]
        .map(|of_service| of_service(resources))
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let take = |operation: &Operation| {
        let index = requests.iter().position(|request| request.operation.id == operation.id);
        requests.swap_remove(index.unwrap_or_else(|| panic!("add a request of {} to {}", operation.id, file!())))
    };
    operations().iter().map(take).collect()
}

fn catalog(Resources { anyone, operator, products, .. }: &Resources) -> Vec<Request> {
    vec![
        Request::new("listProducts", anyone),
        Request::new("getProduct", anyone).on(&products.sold.id),
        Request::new("listCategories", anyone),
        Request::new("createProduct", operator).with(&product_body(&json!({}))),
        Request::new("importProducts", operator).with(&product_body(&json!({}))),
        Request::new("changeProduct", operator).on(&products.changed.id).with(&json!({"name": "Lamp"})),
        Request::new("getProductStock", operator).on(&products.sold.id),
        Request::new("setProductStock", operator).on(&products.counted.id).with(&json!({"on_hand": 7})),
        Request::new("archiveProduct", operator).on(&products.archived.id),
    ]
}

fn orders(resources: &Resources) -> Vec<Request> {
    let Resources { operator, owner, products, unpaid_order, paid_order, .. } = resources;
    vec![
        Request::new("placeOrder", &owner.client).with(&order_body(&[(&products.sold.id, 1)], "pm_ok")),
        Request::new("listOrders", &owner.client),
        Request::new("getOrder", &owner.client).on(paid_order),
        Request::new("getOrderTimeline", &owner.client).on(paid_order),
        Request::new("cancelOrder", &owner.client).on(unpaid_order),
        Request::new("fulfilOrder", operator).on(paid_order),
    ]
}

fn payments(resources: &Resources) -> Vec<Request> {
    let Resources { anyone, operator, owner, captured_payment, refunded_payment, .. } = resources;
    let webhook = json!({
        "id": unique_key(),
        "type": "payment.authorized",
        "payment_id": captured_payment["id"],
        "reference": captured_payment["provider_reference"],
    });
    vec![
        Request::new("listPayments", &owner.client),
        Request::new("getPayment", &owner.client).on(&text(&captured_payment["id"])),
        Request::new("refundPayment", operator).on(&text(&refunded_payment["id"])),
        Request::new("receivePaymentWebhook", anyone).with(&webhook).signed(),
    ]
}

fn notifications(Resources { operator, owner, users, notification, .. }: &Resources) -> Vec<Request> {
    let data = json!({"subject": "Hello", "text": "It is on its way."});
    let message = json!({"user_id": users.recipient.id, "template": "message", "data": data});
    vec![
        Request::new("listNotifications", &owner.client),
        Request::new("getNotification", &owner.client).on(notification),
        Request::new("requestNotification", operator).with(&message),
    ]
}

fn users(Resources { operator, admin, users, .. }: &Resources) -> Vec<Request> {
    vec![
        Request::new("listUsers", operator),
        Request::new("createUser", admin).with(&json!({"email": unique_email("new")})),
        Request::new("getUser", operator).on(&users.changed.id),
        Request::new("changeUser", admin).on(&users.changed.id).with(&json!({"display_name": "Ada"})),
        Request::new("eraseUser", admin).on(&users.erased.id),
        Request::new("getErasure", operator).on(&users.gone.id),
        Request::new("deactivateUser", admin).on(&users.deactivated.id),
        Request::new("reactivateUser", admin).on(&users.reactivated.id),
        Request::new("inviteUser", admin).on(&users.invited.id),
    ]
}

fn own_user(Resources { owner, leaves, .. }: &Resources) -> Vec<Request> {
    vec![
        Request::new("getOwnUser", &owner.client),
        Request::new("changeOwnUser", &owner.client).with(&json!({"display_name": "Ada"})),
        Request::new("exportOwnUser", &owner.client),
        Request::new("eraseOwnUser", &leaves.client),
    ]
}

fn auth(resources: &Resources) -> Vec<Request> {
    let Resources { anyone, admin, owner, changes_password, users, .. } = resources;
    let invitation = users.accepts.invitation.as_deref().expect("a new user has an invitation");
    let new_password = json!({"current": PASSWORD, "new": "another correct horse battery"});
    vec![
        Request::new("getKeySet", anyone),
        Request::new("rotateKey", admin),
        Request::new("register", anyone).with(&json!({"email": unique_email("registered"), "password": PASSWORD})),
        Request::new("acceptInvitation", anyone).with(&json!({"token": invitation, "password": PASSWORD})),
        Request::new("logIn", anyone).with(&json!({"email": owner.email, "password": PASSWORD})),
        Request::new("changePassword", &changes_password.client).with(&new_password),
    ]
}

fn sessions(Resources { anyone, owner, sessions, ends_sessions, .. }: &Resources) -> Vec<Request> {
    let ended = text(&Jwt::parse(&sessions.ended.access_token).claims["sid"]);
    vec![
        Request::new("listSessions", &owner.client),
        Request::new("endSession", &owner.client).on(&ended),
        Request::new("endSessions", &ends_sessions.client),
        Request::new("refreshTokens", anyone).with(&json!({"refresh_token": sessions.refreshed.refresh_token})),
        Request::new("logOut", anyone).with(&json!({"refresh_token": sessions.logged_out.refresh_token})),
    ]
}

fn gateway(Resources { anyone, operator, admin, letters, .. }: &Resources) -> Vec<Request> {
    vec![
        Request::new("getLiveness", anyone),
        Request::new("getReadiness", anyone),
        Request::new("getHealth", operator),
        Request::new("listAuditRows", admin),
        Request::new("verifyAuditLogs", admin),
        Request::new("listDeadLetters", operator),
        Request::new("getDeadLetter", operator).on(&letters.read),
        Request::new("replayDeadLetter", admin).on(&letters.replayed),
        Request::new("discardDeadLetter", admin).on(&letters.discarded),
        // There is none of this type: those of the other requests stay.
        Request::new("replayDeadLetters", admin).with(&json!({"service": CONSUMER, "type": "UserCreated"})),
    ]
}
