//! The public operations of this service: the source of `api-specs/orders.yaml`.

use crate::SERVICE;
use crate::api::{NoMembers, Timeline};
use crate::error::{CurrentPrices, UnpaidLimits};
use crate::order::Order;
use crate::order_query::OrderQuery;
use crate::place_order::request::PlaceOrderRequest;
use serde_json::json;
use spindle_contracts::ProblemKind;
use spindle_edge::testing::contract::{Contract, Operation, assert_contract};
use spindle_platform::http::Paged;

const DESCRIPTION: &str = "\
Orders are placed with reserved stock, paid by events, and shipped or cancelled. `status` goes from `pending_payment` to `paid` and `fulfilled`; an \
order that is not fulfilled can be `cancelled`, and stays so.";

fn contract() -> Contract {
    let operations = vec![place_order(), list(), get(), timeline(), cancel(), fulfil()];
    Contract { service: "orders", description: DESCRIPTION, operations }
}

fn place_order() -> Operation {
    Operation::new("placeOrder", "POST", "/v1/orders", "Place an order")
        .describe(
            "Reserves the stock, and requests the payment, which is decided later: read the order, or its timeline, until `status` is `paid` or \
             `cancelled`. Prices are those of now; send the ones that the customer has seen as the expected ones, and the order is refused if they have \
             changed.\n\n\
             A refusal with 409 `conflict`, `price-changed` or `too-much-unpaid`, and one of the price adjuster, is stored under the key: another try \
             needs another key.",
        )
        .idempotent()
        .body::<PlaceOrderRequest>("The order.")
        .creates::<Order>("The order. Its stock is reserved, and its payment is requested.")
        .versioned()
        .problem(
            ProblemKind::Conflict,
            "A product is not available in that quantity. `errors` has an error for each such item. Nothing is reserved.",
        )
        .problem_with::<CurrentPrices>(
            ProblemKind::PriceChanged,
            "A price is not the expected one. `total` and `items` have the prices of now, and `errors` points at the expectations. Nothing is reserved.",
        )
        .problem_with::<UnpaidLimits>(
            ProblemKind::TooMuchUnpaid,
            "The customer has as many unpaid orders as allowed, or would hold more pieces than allowed without paying. Nothing is reserved.",
        )
        .problem(
            ProblemKind::ValidationFailed,
            "The body breaks rules, which `errors` lists. Or a product does not exist, or the products have different currencies; or \
             `shipping_address_id` is not the id of a saved address that an order can be shipped to. Or the price adjuster refuses the order: then \
             `detail` has its reason.",
        )
        .problem(
            ProblemKind::Unavailable,
            "The catalog, the price adjuster or, for a saved address, users does not respond. Send the same request again.",
        )
}

fn list() -> Operation {
    Operation::new("listOrders", "GET", "/v1/orders", "List orders")
        .describe("A customer gets their own orders, an operator those of all customers.")
        .query::<Paged<OrderQuery>>()
        .page_of::<Order>("A page of orders.")
        .problem(ProblemKind::Forbidden, "A customer requests the orders of another one.")
}

/// Describes the id in the path of `operation`.
fn with_id(operation: Operation) -> Operation {
    operation.path_parameter("id", json!({ "type": "string", "format": "uuid", "description": "The id of the order." }))
}

fn get() -> Operation {
    with_id(Operation::new("getOrder", "GET", "/v1/orders/{id}", "Get an order"))
        .describe("A customer gets their own orders, an operator those of all customers.")
        .obeys_preconditions()
        .returns::<Order>(200, "The order.")
        .versioned()
}

fn timeline() -> Operation {
    with_id(Operation::new("getOrderTimeline", "GET", "/v1/orders/{id}/timeline", "Get the timeline of an order"))
        .describe("The history of an order, the event that it waits for, and until when it waits.")
        .returns::<Timeline>(200, "The timeline.")
}

fn cancel() -> Operation {
    with_id(Operation::new("cancelOrder", "POST", "/v1/orders/{id}/cancel", "Cancel an order"))
        .describe(
            "A customer cancels their own orders, an operator any. Releases the stock, and voids or refunds the payment, also if that is decided later. An order that is cancelled already stays as it is.",
        )
        .obeys_preconditions()
        .optional_body::<NoMembers>("Nothing: the operation takes no members.")
        .returns::<Order>(200, "The order, which is cancelled.")
        .versioned()
        .problem(ProblemKind::Conflict, "The order was shipped.")
}

fn fulfil() -> Operation {
    with_id(Operation::new("fulfilOrder", "POST", "/v1/orders/{id}/fulfil", "Mark an order as shipped"))
        .describe("An order that is fulfilled already stays as it is.")
        .obeys_preconditions()
        .optional_body::<NoMembers>("Nothing: the operation takes no members.")
        .returns::<Order>(200, "The order, which is fulfilled.")
        .versioned()
        .problem(ProblemKind::Conflict, "The payment is not captured yet, or the order was cancelled.")
}

#[test]
fn the_document_is_what_the_service_does() {
    assert_contract(&SERVICE, contract());
}
