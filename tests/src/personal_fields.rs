//! Where text from or about people enters: each field of a request, with a canary that the test of the erasure writes into it, or the reason why it
//! needs none. `tidy` compares the list with the types that the services read, so that no new field is forgotten.

/// The content of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text from or about a person, with the canary for it: no other text anywhere has it as a part.
    Personal(&'static str),
    /// The text of this other field, passed on by a service.
    PassedOn(&'static str),
    /// Nothing that belongs to a person, for this reason.
    Other(&'static str),
}

use Content::{Other, PassedOn, Personal};

const ID: &str = "an id";
const NUMBER: &str = "a number";
const CHOICE: &str = "one of a few values";

/// The fields of requests, as `service::Type.field`, and the headers that a service stores something of.
pub const FIELDS: &[(&str, Content)] = &[
    ("header user-agent", Personal("canary-user-agent/7.1")),
    ("header x-forwarded-for", Personal("198.51.100.173")),
    ("header idempotency-key", Personal("canary-idempotency-key")),
    ("header x-request-id", Other("names a request; docs/security.md says that clients put nothing of a person in it")),
    ("header traceparent", Other("two random numbers")),
    ("auth::RegisterRequest.email", Personal("canary-registered@bounce.test")),
    ("auth::RegisterRequest.password", Personal("canary of the first password")),
    ("auth::RegisterRequest.display_name", Personal("Canary Registered Name")),
    ("auth::LoginRequest.email", Personal("canary-mistyped@example.com")),
    ("auth::LoginRequest.password", Personal("canary of a wrong password")),
    ("auth::RefreshTokenRequest.refresh_token", Other("a token of ours, stored as a hash: tests/faults/canaries.rs")),
    ("auth::ChangePasswordRequest.current", Personal("canary of a wrong current password")),
    ("auth::ChangePasswordRequest.new", Personal("canary of the second password")),
    ("auth::AcceptRequest.password", Personal("canary of an invited password")),
    ("auth::AcceptRequest.token", Other("a token of ours, stored as a hash")),
    ("users::NewUser.email", Personal("canary-created@example.com")),
    ("users::NewUser.display_name", Personal("Canary Created Name")),
    ("users::NewUser.role", Other(CHOICE)),
    ("users::NewUser.locale", Personal("de-x-canacrea")),
    ("users::NewUser.phone", Personal("+493055571730")),
    ("users::NewUser.addresses", Other("see users::AddressInput")),
    ("users::NewUser.notification_preferences", Other("see users::PreferencesPatch")),
    ("users::UserPatch.email", Personal("canary-changed@bounce.test")),
    ("users::UserPatch.display_name", Personal("Canary Changed Name")),
    ("users::UserPatch.role", Other(CHOICE)),
    ("users::UserPatch.locale", Personal("en-x-canachan")),
    ("users::UserPatch.phone", Personal("+493055571731")),
    ("users::UserPatch.addresses", Other("see users::AddressInput")),
    ("users::UserPatch.notification_preferences", Other("see users::PreferencesPatch")),
    ("users::AddressInput.id", Other(ID)),
    ("users::AddressInput.label", Personal("Canary Label")),
    ("users::AddressInput.lines", Personal("1 Canary Street")),
    ("users::AddressInput.city", Personal("Canary City")),
    ("users::AddressInput.postal_code", Personal("CANARY 171")),
    ("users::AddressInput.country", Other(CHOICE)),
    ("users::PreferencesPatch.email", Other(CHOICE)),
    ("users::PreferencesPatch.sms", Other(CHOICE)),
    ("users::PreferencesPatch.push", Other(CHOICE)),
    ("users::IdentifyRequest.email", PassedOn("auth::LoginRequest.email")),
    ("orders::PlaceOrderRequest.items", Other("see orders::RequestedItem")),
    ("orders::PlaceOrderRequest.expected_total", Other(NUMBER)),
    ("orders::PlaceOrderRequest.shipping_address", Other("see orders::ShippingAddress")),
    ("orders::PlaceOrderRequest.payment_method", Other("see orders::PaymentMethod")),
    ("orders::RequestedItem.product_id", Other(ID)),
    ("orders::RequestedItem.quantity", Other(NUMBER)),
    ("orders::RequestedItem.expected_unit_price", Other(NUMBER)),
    ("orders::ShippingAddress.name", Personal("Canary Recipient")),
    ("orders::ShippingAddress.lines", Personal("2 Canary Square")),
    ("orders::ShippingAddress.city", Personal("Canary Town")),
    ("orders::ShippingAddress.postal_code", Personal("CANARY 172")),
    ("orders::ShippingAddress.country", Other(CHOICE)),
    ("orders::PaymentMethod.token", Personal("canary_payment_token")),
    ("orders::RefundRequest.refund_id", Other(ID)),
    ("orders::RefundRequest.shipped", Other(CHOICE)),
    ("payments::RefundBody.shipped", Other(CHOICE)),
    ("payments::WebhookEvent.id", Other("the provider's id of the event")),
    ("payments::WebhookEvent.kind", Other(CHOICE)),
    ("payments::WebhookEvent.payment_id", Other(ID)),
    ("payments::WebhookEvent.reference", Other("the provider's id of the payment, which it must have given before")),
    ("payments::WebhookEvent.reason", Personal("canary of a reason to decline")),
    ("payments::ProviderAnswered.payment_id", Other(ID)),
    ("payments::ProviderAnswered.reference", Other("the provider's id of the payment")),
    ("payments::ProviderAnswered.refusal", PassedOn("payments::WebhookEvent.reason")),
    ("notifications::NotificationRequest.user_id", Other(ID)),
    ("notifications::NotificationRequest.template", Other(CHOICE)),
    ("notifications::NotificationRequest.channel", Other(CHOICE)),
    ("notifications::NotificationRequest.data", Personal("canary of an operator's text")),
    ("contracts::PostalAddress.lines", PassedOn("users::AddressInput.lines")),
    ("contracts::PostalAddress.city", PassedOn("users::AddressInput.city")),
    ("contracts::PostalAddress.postal_code", PassedOn("users::AddressInput.postal_code")),
    ("contracts::PostalAddress.country", Other(CHOICE)),
    ("contracts::PaymentRequested.order_id", Other(ID)),
    ("contracts::PaymentRequested.user_id", Other(ID)),
    ("contracts::PaymentRequested.amount", Other(NUMBER)),
    ("contracts::PaymentRequested.payment_token", PassedOn("orders::PaymentMethod.token")),
    ("contracts::PaymentDeclined.payment_id", Other(ID)),
    ("contracts::PaymentDeclined.order_id", Other(ID)),
    ("contracts::PaymentDeclined.user_id", Other(ID)),
    ("contracts::PaymentDeclined.amount", Other(NUMBER)),
    ("contracts::PaymentDeclined.reason", PassedOn("payments::WebhookEvent.reason")),
];

const ABOUT_A_PRODUCT: &str = "about a product";
const OF_ANOTHER_SERVICE: &str = "read from another service, not stored";
const IDS_AND_AMOUNTS: &str = "an event with ids, amounts and values of ours";
const TO_A_PROVIDER: &str = "exchanged with a provider, not stored as a whole";
const VALUE: &str = "a value without free text";

/// The types that are read and have no text of a person in any field, with the reason.
pub const OTHER_TYPES: &[(&str, &str)] = &[
    ("auth::Identity", OF_ANOTHER_SERVICE),
    ("auth::Profile", OF_ANOTHER_SERVICE),
    ("auth::RightsChanged", "whether a user is active"),
    ("auth::UserList", "ids of users"),
    ("auth::ValidationProblem", OF_ANOTHER_SERVICE),
    ("catalog::Position", "a cursor over products"),
    ("catalog::PricePatch", ABOUT_A_PRODUCT),
    ("catalog::ProductInput", ABOUT_A_PRODUCT),
    ("catalog::ProductLine", ABOUT_A_PRODUCT),
    ("catalog::ProductPatch", ABOUT_A_PRODUCT),
    ("catalog::RequestedLine", ABOUT_A_PRODUCT),
    ("catalog::ReservationRequest", "the id of an order, and products"),
    ("catalog::SortKey", "a cursor over products"),
    ("catalog::Status", ABOUT_A_PRODUCT),
    ("catalog::StockLevel", ABOUT_A_PRODUCT),
    ("contracts::Adjustment", TO_A_PROVIDER),
    ("contracts::Authorization", TO_A_PROVIDER),
    ("contracts::AuthorizationOutcome", TO_A_PROVIDER),
    ("contracts::Availability", ABOUT_A_PRODUCT),
    ("contracts::CancelReason", VALUE),
    ("contracts::Cart", TO_A_PROVIDER),
    ("contracts::Channel", VALUE),
    ("contracts::CloudEvent", "the envelope of an event"),
    ("contracts::Content", TO_A_PROVIDER),
    ("contracts::Currency", VALUE),
    ("contracts::Email", TO_A_PROVIDER),
    ("contracts::EmailChanged", "an event with ids"),
    ("contracts::ErasureProgress", "numbers of things"),
    ("contracts::ErasureState", VALUE),
    ("contracts::Error", TO_A_PROVIDER),
    ("contracts::EventPage", "the envelopes of events"),
    ("contracts::FieldError", "our own text about a field"),
    ("contracts::Kind", VALUE),
    ("contracts::Line", TO_A_PROVIDER),
    ("contracts::Message", TO_A_PROVIDER),
    ("contracts::Money", VALUE),
    ("contracts::NotificationQueued", IDS_AND_AMOUNTS),
    ("contracts::OrderAdjustment", IDS_AND_AMOUNTS),
    ("contracts::OrderCancelled", IDS_AND_AMOUNTS),
    ("contracts::OrderCreated", IDS_AND_AMOUNTS),
    ("contracts::OrderFulfilled", IDS_AND_AMOUNTS),
    ("contracts::OrderLine", IDS_AND_AMOUNTS),
    ("contracts::OrderPaid", IDS_AND_AMOUNTS),
    ("contracts::PasswordChanged", "an event with an id"),
    ("contracts::PaymentAuthorized", IDS_AND_AMOUNTS),
    ("contracts::PaymentCaptured", IDS_AND_AMOUNTS),
    ("contracts::PaymentRefunded", IDS_AND_AMOUNTS),
    ("contracts::PaymentVoided", IDS_AND_AMOUNTS),
    ("contracts::ProductArchived", ABOUT_A_PRODUCT),
    ("contracts::ProductCreated", ABOUT_A_PRODUCT),
    ("contracts::ProductSnapshot", ABOUT_A_PRODUCT),
    ("contracts::ProductStatus", ABOUT_A_PRODUCT),
    ("contracts::ProductUpdated", ABOUT_A_PRODUCT),
    ("contracts::ProviderResponse", TO_A_PROVIDER),
    ("contracts::Push", TO_A_PROVIDER),
    ("contracts::Role", VALUE),
    ("contracts::Settlement", TO_A_PROVIDER),
    ("contracts::Sms", TO_A_PROVIDER),
    ("contracts::StockChanged", ABOUT_A_PRODUCT),
    ("contracts::UserErased", IDS_AND_AMOUNTS),
    ("contracts::UserRegistered", IDS_AND_AMOUNTS),
    ("gateway::Position", "a cursor"),
    ("gateway::ReplayRequest", "names of a service and of a type of event"),
    ("notifications::Contact", OF_ANOTHER_SERVICE),
    ("notifications::Preferences", OF_ANOTHER_SERVICE),
    ("orders::Item", "a line of an order: a product and its price"),
    ("orders::Unpaid", "numbers of orders and pieces"),
    ("payments::Accepted", OF_ANOTHER_SERVICE),
    ("payments::Kind", VALUE),
    ("payments::RefundRequested", "an event with an id"),
    ("payments::Refusal", OF_ANOTHER_SERVICE),
    ("users::ExportPage", "read from another service, passed on, not stored"),
    ("users::Invitation", "a token of ours, passed on, not stored"),
    ("users::UserList", OF_ANOTHER_SERVICE),
    ("users::Address", "stored as a part of the user: users::AddressInput"),
];

/// Returns the canary of the field `name`.
///
/// # Panics
///
/// If there is none.
#[track_caller]
pub fn canary(name: &str) -> &'static str {
    let field = FIELDS.iter().find(|(field, _)| *field == name);
    match field {
        Some((_, Personal(canary))) => canary,
        _ => panic!("{name} has no canary"),
    }
}

/// Returns the fields that have a canary, with it.
pub fn canaries() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIELDS.iter().filter_map(|(field, content)| match content {
        Personal(canary) => Some((*field, *canary)),
        PassedOn(_) | Other(_) => None,
    })
}
