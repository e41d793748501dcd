//! A fake catalog: it reserves stock as the real one does, and fails on demand.

use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, Response, empty, json as json_response};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

/// The time until an uncommitted reservation ends.
const RESERVATION: Duration = Duration::from_secs(1_200);

/// The stock, and the reservations of orders.
pub(super) struct FakeCatalog {
    /// The quantity that can be sold, by product.
    pub(super) available: BTreeMap<&'static str, u32>,
    /// The state and the lines of each order's reservation.
    reservations: BTreeMap<String, (&'static str, Vec<Value>)>,
    /// The end of each reservation.
    expires_at: BTreeMap<String, Timestamp>,
    /// The price of a product in minor units, and its currency; an import costs dollars.
    pub(super) price: (i64, &'static str),
    /// Its clock.
    pub(super) now: Rc<Cell<Timestamp>>,
    /// True if it responds with 503.
    pub(super) is_down: bool,
    /// True if its responses are lost, after it did its work.
    pub(super) loses_responses: bool,
    /// True if it is of the release before the state `allocated`.
    pub(super) is_of_earlier_release: bool,
    /// The number of calls.
    pub(super) calls: usize,
}

impl FakeCatalog {
    pub(super) fn serve(platform: &Platform) -> Rc<RefCell<Self>> {
        let available = [(super::LAMP, 10), (super::DESK, 5), (super::IMPORT, 5)].into();
        let catalog = Self {
            available,
            reservations: BTreeMap::new(),
            expires_at: BTreeMap::new(),
            price: (1299, "EUR"),
            now: Rc::new(Cell::new(Timestamp::from_millis(super::START))),
            is_down: false,
            loses_responses: false,
            is_of_earlier_release: false,
            calls: 0,
        };
        let catalog = Rc::new(RefCell::new(catalog));
        let shared = Rc::clone(&catalog);
        platform.serve("catalog.spin.internal", move |request| {
            let shared = Rc::clone(&shared);
            Box::pin(async move {
                let path = request.path().to_owned();
                let mut request: Request = request.on_route(Params::default(), 1 << 20);
                let body: Value = request.internal_json().await.unwrap_or_default();
                let mut catalog = shared.borrow_mut();
                if catalog.is_down {
                    return empty(StatusCode::SERVICE_UNAVAILABLE);
                }
                catalog.calls += 1;
                let response = catalog.respond(&path, &body);
                if catalog.loses_responses { empty(StatusCode::GATEWAY_TIMEOUT) } else { response }
            })
        });
        catalog
    }

    /// Returns the states of all reservations.
    pub(super) fn states(&self) -> Vec<&'static str> {
        self.reservations.values().map(|(state, _)| *state).collect()
    }

    /// Lets every reservation that is held expire.
    pub(super) fn expire(&mut self) {
        let held: Vec<String> =
            self.reservations.iter().filter(|(_, (state, _))| *state == "held").map(|(id, _)| id.clone()).collect();
        held.iter().for_each(|id| self.put_back(id, "expired"));
    }

    fn respond(&mut self, path: &str, body: &Value) -> Response {
        match path.strip_prefix("/internal/catalog/reservations/").and_then(|rest| rest.split_once('/')) {
            Some((id, "commit")) => self.commit(id),
            Some((id, "ship")) => self.ship(id),
            Some((id, "release")) => {
                self.release(id);
                json_response(StatusCode::OK, &json!({}))
            }
            _ => self.reserve(body),
        }
    }

    fn reserve(&mut self, body: &Value) -> Response {
        let id = body["order_id"].as_str().unwrap().to_owned();
        let refusal = |status, errors: Value| json_response(status, &json!({ "detail": "No.", "errors": errors }));
        match self.reservations.get(&id) {
            Some(("held" | "committed", lines)) => {
                let expires_at = self.expires_at[&id];
                return json_response(StatusCode::OK, &json!({ "lines": lines, "expires_at": expires_at }));
            }
            Some(_) => {
                return json_response(StatusCode::CONFLICT, &json!({ "detail": "The reservation was released." }));
            }
            None => {}
        }
        let lines = body["lines"].as_array().unwrap();
        let product = |line: &Value| line["product_id"].as_str().unwrap().to_owned();
        if let Some(index) = lines.iter().position(|line| product(line) == super::IMPORT).filter(|_| lines.len() > 1) {
            let pointer = format!("/lines/{index}/product_id");
            return refusal(StatusCode::UNPROCESSABLE_ENTITY, json!([{ "pointer": pointer, "detail": "costs USD" }]));
        }
        let is_short = |line: &Value| {
            let left = self.available.get(product(line).as_str()).copied().unwrap_or_default();
            u64::from(left) < line["quantity"].as_u64().unwrap()
        };
        let errors: Vec<Value> = (0..lines.len())
            .filter(|index| is_short(&lines[*index]))
            .map(|index| json!({ "pointer": format!("/lines/{index}/quantity"), "detail": "is more than there is" }))
            .collect();
        if !errors.is_empty() {
            return refusal(StatusCode::CONFLICT, errors.into());
        }
        let (price, currency) = if product(&lines[0]) == super::IMPORT { (1299, "USD") } else { self.price };
        let named = |line: &Value| {
            json!({
                "product_id": line["product_id"], "quantity": line["quantity"], "sku": format!("S-{}", &product(line)[35..]),
                "name": "Lamp", "unit_price": { "amount": price, "currency": currency },
            })
        };
        let lines: Vec<Value> = lines.iter().map(named).collect();
        self.move_stock(&lines, false);
        let expires_at = self.now.get().plus(RESERVATION);
        let body = json!({ "order_id": id, "state": "held", "lines": lines, "expires_at": expires_at });
        let response = json_response(StatusCode::CREATED, &body);
        self.expires_at.insert(id.clone(), expires_at);
        self.reservations.insert(id, ("held", lines));
        response
    }

    fn commit(&mut self, id: &str) -> Response {
        let has_ended = self.expires_at.get(id).is_some_and(|end| *end <= self.now.get());
        if has_ended && self.reservations.get(id).is_some_and(|(state, _)| *state == "held") {
            self.put_back(id, "expired");
        }
        match self.reservations.get_mut(id) {
            Some((state @ ("held" | "committed"), _)) => {
                *state = "committed";
                let shown = if self.is_of_earlier_release { "committed" } else { "allocated" };
                json_response(StatusCode::OK, &json!({ "state": shown }))
            }
            Some(_) => json_response(StatusCode::CONFLICT, &json!({ "detail": "The reservation was released." })),
            None => json_response(StatusCode::NOT_FOUND, &json!({ "detail": "There is no reservation." })),
        }
    }

    fn ship(&mut self, id: &str) -> Response {
        match self.reservations.get_mut(id) {
            Some((state @ ("committed" | "shipped"), _)) => {
                *state = "shipped";
                json_response(StatusCode::OK, &json!({}))
            }
            _ => json_response(StatusCode::CONFLICT, &json!({ "detail": "The stock is not committed." })),
        }
    }

    fn release(&mut self, id: &str) {
        match self.reservations.get(id) {
            Some(("held" | "committed", _)) => self.put_back(id, "released"),
            Some(_) => {}
            None => drop(self.reservations.insert(id.to_owned(), ("released", Vec::new()))),
        }
    }

    fn put_back(&mut self, id: &str, state: &'static str) {
        let (_, lines) = self.reservations[id].clone();
        self.move_stock(&lines, true);
        self.reservations.insert(id.to_owned(), (state, lines));
    }

    fn move_stock(&mut self, lines: &[Value], back: bool) {
        for line in lines {
            let quantity = u32::try_from(line["quantity"].as_u64().unwrap()).unwrap();
            let left = self.available.get_mut(line["product_id"].as_str().unwrap()).unwrap();
            *left = if back { *left + quantity } else { *left - quantity };
        }
    }
}
