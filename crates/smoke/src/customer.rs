//! The synthetic customer: from the registration to the erasure.

use serde_json::{Value, json};

use crate::client::{Client, Failure, Response};
use crate::public::Product;
use crate::steps::{Failed, Steps};
use crate::{Options, RUN};

/// The template of the notification about a paid order.
const ORDER_PAID: &str = "order-paid";

/// A customer of one run.
pub(crate) struct Customer {
    client: Client,
    run: String,
    email: String,
    password: String,
    /// Whether a registration was sent.
    requested: bool,
}

/// A session of the customer.
struct Session {
    client: Client,
    refresh_token: String,
}

/// An order of the customer.
struct Order {
    id: String,
    number: String,
}

impl Customer {
    pub(crate) fn new(client: &Client, options: &Options) -> Result<Self, Failure> {
        if !options.email.contains(RUN) {
            return Err(Failure::new(format!("the e-mail address {} has no {RUN}", options.email))
                .hint("each run registers an address of its own, such as smoke+{run}@example.com"));
        }
        let run = random_hex(6)?;
        let email = options.email.replace(RUN, &run);
        Ok(Self { client: client.clone(), run, email, password: random_hex(24)?, requested: false })
    }

    /// Returns whether there may be an account to erase.
    pub(crate) fn may_exist(&self) -> bool {
        self.requested
    }

    /// Runs the steps of the customer.
    pub(crate) fn buy_and_cancel(
        &mut self,
        steps: &mut Steps<'_>,
        options: &Options,
        product: Option<Product>,
    ) -> Result<(), Failed> {
        let product = steps.prepare(|| {
            product.ok_or_else(|| {
                Failure::new("no product is in stock, so none can be ordered")
                    .hint("import one, name one with --sku, or check without an order: --read-only")
            })
        })?;
        self.requested = true;
        steps.run("register", || self.register())?;
        let session = steps.run_for("log in", || self.begin_session())?;
        let order = steps.run_for("order", || self.order(&session.client, &product, &options.payment_token))?;
        steps.run("paid", || order.wait_until_paid(&session.client))?;
        steps.run("notification", || order.wait_until_notified(&session.client))?;
        steps.run("cancel", || order.cancel(&session.client))?;
        steps.run("refund", || order.wait_until_refunded(&session.client))?;
        steps.run("log out", || self.log_out(&session))?;
        steps.run("erase", || self.erase_for_good())
    }

    fn register(&self) -> Result<String, Failure> {
        let name = format!("Smoke test {}", self.run);
        let body = json!({"email": self.email, "password": self.password, "display_name": name});
        let created = self.client.post("/v1/auth/register", &body)?.expect(201);
        let created =
            created.map_err(|it| it.hint("the pattern of --email has to be one that the platform accepts"))?;
        Ok(created.text("/email")?.to_owned())
    }

    fn begin_session(&self) -> Result<(Session, String), Failure> {
        let logged_in = self.log_in(&self.client)?.expect(200)?;
        let client = self.client.as_user(logged_in.text("/access_token")?);
        let refresh_token = logged_in.text("/refresh_token")?.to_owned();
        Ok((Session { client, refresh_token }, logged_in.text("/user/role")?.to_owned()))
    }

    fn log_in(&self, client: &Client) -> Result<Response, Failure> {
        client.post("/v1/auth/login", &json!({"email": self.email, "password": self.password}))
    }

    fn order(&self, client: &Client, product: &Product, token: &str) -> Result<(Order, String), Failure> {
        let body = json!({
            "items": [{"product_id": product.id, "quantity": 1, "expected_unit_price": product.price}],
            "payment_method": {"token": token},
            "shipping_address": {
                "name": "Smoke test, do not ship", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE",
            },
        });
        let placed = client.send("POST", "/v1/orders", &[("idempotency-key", &self.run)], Some(&body))?.expect(201)?;
        let order = Order { id: placed.text("/id")?.to_owned(), number: placed.text("/number")?.to_owned() };
        let text = format!("{}, one piece of {}", order.number, product.sku);
        Ok((order, text))
    }

    /// Ends the session: its refresh token is refused from then on.
    fn log_out(&self, session: &Session) -> Result<String, Failure> {
        let body = json!({"refresh_token": session.refresh_token});
        self.client.post("/v1/auth/logout", &body)?.expect(204)?;
        let refreshed = self.client.post("/v1/auth/refresh", &body)?;
        if refreshed.status != 401 {
            return Err(refreshed.refused().hint("the refresh token has to be refused after the log-out"));
        }
        Ok("the session has ended".to_owned())
    }

    /// Erases the account. Returns whether there was one.
    fn erase(&self, client: &Client) -> Result<bool, Failure> {
        let logged_in = self.log_in(client)?;
        if logged_in.status == 401 {
            return Ok(false);
        }
        // A new session, since an erasure requires a log-in of the last minutes.
        let user = client.as_user(logged_in.expect(200)?.text("/access_token")?);
        let me = user.get("/v1/users/me")?.expect(200)?;
        let etag = me.etag.ok_or_else(|| Failure::new("GET /v1/users/me returned no ETag"))?;
        user.send("DELETE", "/v1/users/me", &[("if-match", &etag)], None)?.expect(204)?;
        Ok(true)
    }

    fn erase_for_good(&self) -> Result<String, Failure> {
        if !self.erase(&self.client)? {
            return Err(Failure::new(format!("the log-in of {} is refused before it is erased", self.email)));
        }
        let logged_in = self.log_in(&self.client)?;
        if logged_in.status != 401 {
            return Err(logged_in.refused().hint("the log-in has to be refused after the erasure"));
        }
        Ok(format!("{} is erased, and cannot log in", self.email))
    }

    /// Erases the account after a failure. An open order is cancelled with it.
    pub(crate) fn clean_up(&self, client: &Client) -> Result<String, Failure> {
        let mut last = None;
        let erased = client.wait(|| {
            // The cause of a failure may be gone at the next attempt.
            let result = self.erase(client).map_err(|failure| last = Some(failure));
            Ok(result.ok())
        });
        match erased {
            Ok(Some(true)) => Ok(format!("{} is erased", self.email)),
            Ok(Some(false)) => Ok(format!("{} is not registered", self.email)),
            Ok(None) | Err(_) => {
                let failure = last.unwrap_or_else(|| Failure::new("no time is left"));
                Err(failure.hint(format!("erase the user {} yourself: docs/runbooks/erasure.md", self.email)))
            }
        }
    }
}

impl Order {
    fn path(&self) -> String {
        format!("/v1/orders/{}", self.id)
    }

    fn payment(&self, client: &Client) -> Result<Value, Failure> {
        let list = client.get(&format!("/v1/payments?order_id={}", self.id))?.expect(200)?;
        Ok(list.body["items"][0].clone())
    }

    /// Waits until the order is paid and its payment captured.
    fn wait_until_paid(&self, client: &Client) -> Result<String, Failure> {
        let look = || {
            let order = client.get(&self.path())?.expect(200)?.body;
            if order["status"] == "cancelled" {
                return Err(self.cancelled(client, &order));
            }
            let payment = self.payment(client)?;
            let done = order["status"] == "paid" && payment["status"] == "captured";
            Ok(done.then(|| payment["provider"].as_str().unwrap_or_default().to_owned()))
        };
        match client.wait(look)? {
            Some(provider) => Ok(format!("captured by {provider}")),
            None => Err(self
                .fault(client, &format!("the order {} is not paid", self.number))
                .hint("docs/runbooks/stuck-order.md, docs/runbooks/provider-trouble.md")),
        }
    }

    fn cancelled(&self, client: &Client, order: &Value) -> Failure {
        let reason = order["cancel_reason"].as_str().unwrap_or("no reason");
        let declined = order["decline"]["detail"].as_str().map(|detail| format!(": {detail}")).unwrap_or_default();
        self.fault(client, &format!("the order {} was cancelled: {reason}{declined}", self.number))
            .hint("pm_ok is a token of the sandbox; with a real provider give a token of its test mode (--payment-token), or --read-only")
    }

    /// Waits until the message about the paid order is sent.
    fn wait_until_notified(&self, client: &Client) -> Result<String, Failure> {
        let path = format!("/v1/notifications?order_id={}", self.id);
        let mut last = None;
        let look = || {
            let list = client.get(&path)?.expect(200)?.body;
            let items = list["items"].as_array().map_or(&[][..], Vec::as_slice);
            let Some(item) = items.iter().find(|item| item["template"] == ORDER_PAID) else { return Ok(None) };
            let status = item["status"].as_str().unwrap_or_default();
            last = Some(status.to_owned());
            match status {
                "sent" => Ok(Some(item["channel"].as_str().unwrap_or_default().to_owned())),
                "queued" => Ok(None),
                _ => Err(Failure::new(format!("the notification {ORDER_PAID} is {status} (id {})", item["id"]))
                    .hint("the provider has to accept mail to the addresses of --email")),
            }
        };
        match client.wait(look)? {
            Some(channel) => Ok(format!("{ORDER_PAID} by {channel}")),
            None => {
                let state = last.map_or_else(|| "is not enqueued".to_owned(), |status| format!("is {status}"));
                let late =
                    self.fault(client, &format!("the notification {ORDER_PAID} of the order {} {state}", self.number));
                Err(late.hint("docs/runbooks/provider-trouble.md"))
            }
        }
    }

    fn cancel(&self, client: &Client) -> Result<String, Failure> {
        let cancelled = client.send("POST", &format!("{}/cancel", self.path()), &[], None)?.expect(200)?;
        match cancelled.text("/status")? {
            "cancelled" => Ok(cancelled.text("/cancel_reason")?.to_owned()),
            status => Err(Failure::new(format!("the order {} is {status} after it was cancelled", self.number))),
        }
    }

    /// Waits until the money is with the payer again.
    fn wait_until_refunded(&self, client: &Client) -> Result<String, Failure> {
        let look = || {
            let payment = self.payment(client)?;
            let status = payment["status"].as_str().unwrap_or_default();
            Ok(matches!(status, "refunded" | "voided").then(|| status.to_owned()))
        };
        let late = || self.fault(client, &format!("the payment of the order {} is not refunded", self.number));
        client.wait(look)?.ok_or_else(|| late().hint("docs/runbooks/provider-trouble.md"))
    }

    /// Returns the failure of an order that is not as it should be, with the event that the order waits for, and the id of the request that placed it, which
    /// the log lines of all services about it have.
    fn fault(&self, client: &Client, state: &str) -> Failure {
        let timeline =
            client.get(&format!("{}/timeline", self.path())).map(|timeline| timeline.body).unwrap_or_default();
        let mut reason = state.to_owned();
        if let Some(id) = timeline["request_id"].as_str() {
            reason += &format!(" (request_id {id})");
        }
        if let Some(awaiting) = timeline["awaiting"]["what"].as_str() {
            reason += &format!(": {awaiting}");
        }
        Failure::new(reason)
    }
}

/// Returns this number of random bytes in hexadecimal.
fn random_hex(bytes: usize) -> Result<String, Failure> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(|error| Failure::new(format!("the system gives no random bytes: {error}")))?;
    Ok(base16ct::lower::encode_string(&random))
}
