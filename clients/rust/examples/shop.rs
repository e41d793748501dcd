//! A shop in a script: browses, registers a customer, orders, watches the order being paid, cancels it, and watches until the money is returned. Each step
//! prints a line.
//!
//! `SPINDLE_URL=http://127.0.0.1:3000 cargo run -p spindle-client --example shop`

#![allow(clippy::print_stdout, reason = "it says what it does")]

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use spindle_client::types::{
    CancelReason, OrderStatus, PaymentMethod, PaymentStatus, PlaceOrderRequest, PriceChangedProblem, RegisterRequest,
    RequestedAddress, RequestedItem, TimelineEntry,
};
use spindle_client::{Error, Spindle};
use uuid::Uuid;

/// The time after which the platform is too slow.
const TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::var("SPINDLE_URL").unwrap_or_else(|_| "http://127.0.0.1:3000".to_owned());
    tokio::time::timeout(TIMEOUT, shop(&url)).await.context("the platform is too slow")?
}

async fn shop(url: &str) -> Result<()> {
    let spindle = Spindle::builder(url).build()?;

    // Browse: the list is read page by page, for as long as items are taken from it.
    let mut products = spindle.list_products().in_stock(true).items();
    let product = products.try_next().await?.with_context(|| format!("{url} has no product in stock"))?;
    println!("Found {} for {}", product.name, product.price);

    // Register. The client keeps the session, adds its access token to each request, and refreshes it.
    let session = spindle
        .register(RegisterRequest {
            email: format!("ada-{}@example.com", Uuid::new_v4()),
            password: "a lighthouse in winter".into(),
            display_name: Some("Ada".to_owned()),
        })
        .await?;
    println!("Registered {}", session.user.email);

    // Order. The client makes an Idempotency-Key, so the request is repeated safely if its response is lost.
    let address = RequestedAddress::builder()
        .name("Ada Lovelace")
        .lines(["1 Main St".to_owned()])
        .city("Berlin".to_owned())
        .postal_code("10115".to_owned())
        .country("DE");
    let request = PlaceOrderRequest::builder()
        .items([RequestedItem { product_id: product.id, quantity: 1, expected_unit_price: Some(product.price) }])
        .shipping_address(RequestedAddress::try_from(address)?)
        .payment_method(PaymentMethod { token: "pm_ok".to_owned() });
    let order = match spindle.place_order().body(request).send().await.map_err(Error::from) {
        Ok(order) => order.into_inner(),
        Err(Error::Problem(problem)) if problem.name() == "price-changed" => {
            let members: PriceChangedProblem = problem.members().context("the prices of now")?;
            bail!("it costs {} now", members.total);
        }
        Err(error) => return Err(error.into()),
    };
    println!("Placed order {} for {}", order.number, order.total);

    // Watch until it is paid.
    let mut printed = 0;
    let mut progress = spindle.watch_order(order.id);
    loop {
        let now = progress.try_next().await?.context("the order is neither paid nor cancelled")?;
        printed = print(&now.timeline.items, printed);
        match now.order.status {
            OrderStatus::Paid => break,
            OrderStatus::Cancelled => bail!("the order was cancelled: {:?}", now.order.cancel_reason),
            _ => {}
        }
    }

    // Cancel, and watch until the end: the stock is released and the money returned.
    spindle.cancel_order().id(order.id).send().await.map_err(Error::from)?;
    let mut progress = spindle.watch_order(order.id);
    let mut last = None;
    while let Some(now) = progress.try_next().await? {
        printed = print(&now.timeline.items, printed);
        last = Some(now.order);
    }
    let last = last.context("the order has a state")?;
    ensure!(last.status == OrderStatus::Cancelled, "the order is {}", last.status);
    ensure!(last.cancel_reason == Some(CancelReason::Requested), "it was cancelled for {:?}", last.cancel_reason);
    let payment =
        spindle.list_payments().order_id(order.id).items().try_next().await?.context("the order has a payment")?;
    ensure!(
        matches!(payment.status, PaymentStatus::Refunded | PaymentStatus::Voided),
        "its payment is {}",
        payment.status
    );
    println!("The order is cancelled, and its payment {}", payment.status);

    spindle.log_out().await?;
    println!("Logged out");
    Ok(())
}

/// Prints the entries after the first `printed`, and returns the number of all.
fn print(entries: &[TimelineEntry], printed: usize) -> usize {
    for entry in entries.iter().skip(printed) {
        println!("  {}", entry.detail);
    }
    entries.len()
}
