//! The enumerations of the API, and facts about its operations, from api-specs/openapi.json: `cargo test -p spindle-client --test generated` holds them current.

use crate::enumeration::enumeration;

/// The operations that take an access token.
pub(crate) const AUTHENTICATED: &[&str] = &[
    "list_audit_rows",
    "verify_audit_logs",
    "rotate_key",
    "list_dead_letters",
    "replay_dead_letters",
    "discard_dead_letter",
    "get_dead_letter",
    "replay_dead_letter",
    "get_health",
    "change_password",
    "end_sessions",
    "list_sessions",
    "end_session",
    "list_notifications",
    "request_notification",
    "get_notification",
    "list_orders",
    "place_order",
    "get_order",
    "cancel_order",
    "fulfil_order",
    "get_order_timeline",
    "list_payments",
    "get_payment",
    "refund_payment",
    "list_products",
    "create_product",
    "import_products",
    "archive_product",
    "change_product",
    "get_product_stock",
    "set_product_stock",
    "list_users",
    "create_user",
    "erase_own_user",
    "get_own_user",
    "change_own_user",
    "export_own_user",
    "erase_user",
    "get_user",
    "change_user",
    "deactivate_user",
    "get_erasure",
    "invite_user",
    "reactivate_user",
];

/// The operations that take an `Idempotency-Key`.
pub(crate) const WITH_IDEMPOTENCY_KEY: &[&str] = &[
    "request_notification",
    "place_order",
    "refund_payment",
];

enumeration! {
    /// The kind of an adjustment.
    AdjustmentKind {
        /// A discount: the amount is negative.
        Discount = "discount",
        /// A tax on top of the price: the amount is positive.
        Tax = "tax",
    }
}

enumeration! {
    /// The reason for which an order was cancelled.
    CancelReason {
        /// Its customer or an operator requested it, or the customer was erased.
        Requested = "requested",
        /// The payment or its capture was declined, or the payment was voided.
        PaymentDeclined = "payment_declined",
        /// The payment was not authorised in time.
        PaymentTimeout = "payment_timeout",
        /// The stock was no longer reserved when the payment was authorised.
        StockGone = "stock_gone",
        /// The payment was refunded before the order was shipped.
        PaymentRefunded = "payment_refunded",
    }
}

enumeration! {
    /// A channel on which users are notified.
    Channel {
        /// An e-mail.
        Email = "email",
        /// A text message.
        Sms = "sms",
        /// A notification on the user's devices.
        Push = "push",
    }
}

enumeration! {
    /// Who declined a payment, which tells whether another means of payment may help.
    DeclineCode {
        /// The payer's bank or the payment service: another means of payment may be accepted.
        Declined = "declined",
        /// The payment provider, which cannot carry the payment out: the shop has to look into it.
        ProviderError = "provider_error",
    }
}

enumeration! {
    /// The state of an erasure.
    ErasureState {
        /// Something of the user is still stored.
        Pending = "pending",
        /// Nothing of the user is stored any more.
        Done = "done",
        /// The service does not respond.
        Unknown = "unknown",
    }
}

enumeration! {
    /// The worst state of a service.
    HealthReportState {
        /// Everything responds.
        Ok = "ok",
        /// A part that it can do without for a while fails: a key-value store, another service, a provider.
        Degraded = "degraded",
        /// The service does not respond, or its database does not. Of the platform: a service is unavailable.
        Unavailable = "unavailable",
    }
}

enumeration! {
    /// The template: `message` has a text of the operator; the others are those that events trigger.
    TemplateName {
        /// `welcome`.
        Welcome = "welcome",
        /// `order-paid`.
        OrderPaid = "order-paid",
        /// `order-fulfilled`.
        OrderFulfilled = "order-fulfilled",
        /// `order-cancelled`.
        OrderCancelled = "order-cancelled",
        /// `payment-refunded`.
        PaymentRefunded = "payment-refunded",
        /// `message`.
        Message = "message",
    }
}

enumeration! {
    /// The status of a notification.
    NotificationStatus {
        /// It waits for delivery.
        Queued = "queued",
        /// The provider accepted it.
        Sent = "sent",
        /// Its delivery failed for good: an operator may replay it.
        Dead = "dead",
        /// It will not be sent: the user is erased, or has turned the channel off.
        Cancelled = "cancelled",
    }
}

enumeration! {
    /// The status of an order.
    OrderStatus {
        /// The stock is reserved, and the payment is not authorised yet.
        PendingPayment = "pending_payment",
        /// The payment is authorised, and the stock is sold. It can be shipped once the payment is captured.
        Paid = "paid",
        /// It was shipped.
        Fulfilled = "fulfilled",
        /// It was cancelled: its stock is released, and its payment voided or refunded.
        Cancelled = "cancelled",
    }
}

enumeration! {
    /// The kind of the part.
    PartHealthKind {
        /// The service's database.
        Database = "database",
        /// A key-value store.
        KeyValue = "key_value",
        /// Another service, as this one reaches it.
        Service = "service",
        /// A provider: its adapter, and the circuit breaker before it. The provider itself is not called.
        Provider = "provider",
    }
}

enumeration! {
    /// Its state.
    PartHealthState {
        /// It responds.
        Ok = "ok",
        /// It fails, or does not respond: for every replica alike, as far as one can say.
        Unavailable = "unavailable",
        /// This replica cannot use it, and another may: spin.toml or the runtime configuration does not grant it, or its schema is not one that this release can migrate.
        Incompatible = "incompatible",
    }
}

enumeration! {
    /// An operation of the provider.
    PaymentOperation {
        /// Sets the money aside.
        Authorize = "authorize",
        /// Takes the money that is set aside.
        Capture = "capture",
        /// Returns the money that is set aside.
        Void = "void",
        /// Returns the money that was taken.
        Refund = "refund",
    }
}

enumeration! {
    /// The place of the money.
    PaymentStatus {
        /// With the payer. The provider was called, and has neither authorised nor declined.
        Requested = "requested",
        /// Set aside.
        Authorized = "authorized",
        /// With the shop.
        Captured = "captured",
        /// With the payer, because the provider declined.
        Declined = "declined",
        /// With the payer again.
        Refunded = "refunded",
        /// With the payer, because the payment is no longer wanted.
        Voided = "voided",
    }
}

enumeration! {
    /// The type of a webhook.
    PaymentWebhookType {
        /// The money is set aside.
        PaymentAuthorized = "payment.authorized",
        /// The payment is declined.
        PaymentDeclined = "payment.declined",
    }
}

enumeration! {
    /// The sales status of a product.
    ProductStatus {
        /// For sale.
        Active = "active",
        /// No longer for sale: in no list and no search, but readable by its id.
        Archived = "archived",
    }
}

enumeration! {
    /// The service that has them.
    DeadLetterService {
        /// `notifications`.
        Notifications = "notifications",
        /// `orders`.
        Orders = "orders",
        /// `payments`.
        Payments = "payments",
    }
}

enumeration! {
    /// The roles, from the least to the most powerful; each may do all that the ones before it may.
    Role {
        /// Places orders.
        Customer = "customer",
        /// Runs the shop.
        Operator = "operator",
        /// Appoints operators and sees the audit log.
        Admin = "admin",
    }
}

enumeration! {
    /// The kind of an event in the history of an order.
    TimelineEntryKind {
        /// The order was placed, and its stock is reserved.
        Placed = "placed",
        /// The payment was requested.
        PaymentRequested = "payment_requested",
        /// The payment was authorised.
        PaymentAuthorized = "payment_authorized",
        /// The payment or its capture was declined.
        PaymentDeclined = "payment_declined",
        /// The payment was captured.
        PaymentCaptured = "payment_captured",
        /// The authorisation was voided.
        PaymentVoided = "payment_voided",
        /// The payment was refunded.
        PaymentRefunded = "payment_refunded",
        /// The payment is authorised, and the stock is sold.
        Paid = "paid",
        /// The order was shipped.
        Fulfilled = "fulfilled",
        /// An operator requested a refund before the order was shipped.
        RefundRequested = "refund_requested",
        /// The order was cancelled.
        Cancelled = "cancelled",
        /// The stock of the cancelled order was released.
        StockReleased = "stock_released",
        /// The customer was erased: name, address and reasons are removed.
        Erased = "erased",
    }
}

enumeration! {
    /// Whether a user may use the account.
    UserStatus {
        /// The user may.
        Active = "active",
        /// An admin has deactivated the user: no log-in, and no session.
        Deactivated = "deactivated",
    }
}

enumeration! {
    /// The values of a member.
    OrderSort {
        /// The latest first.
        CreatedAtDescending = "-created_at",
        /// The oldest first.
        CreatedAt = "created_at",
    }
}

enumeration! {
    /// The values of a member.
    ProductSort {
        /// The best matches of `q` first, the newest of equal ones first. Without `q`, all products are equally relevant.
        Relevance = "relevance",
        /// The newest first.
        Newest = "newest",
        /// The lowest price first.
        Price = "price",
        /// The highest price first.
        PriceDescending = "-price",
        /// By name, without regard to case and accents.
        Name = "name",
    }
}
