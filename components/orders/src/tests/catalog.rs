//! A catalog for tests: it holds stock as the real one does, and breaks off where it is told to.

use http::StatusCode;
use serde_json::{Value, json};
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, Response, empty, json as answer};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Stock and what orders hold of it.
pub(super) struct Catalog {
    /// How much can be sold, by product.
    pub(super) available: BTreeMap<&'static str, u32>,
    /// Each order's reservation: its state and its lines.
    reservations: BTreeMap<String, (&'static str, Vec<Value>)>,
    /// Whether it answers at all.
    pub(super) is_down: bool,
    /// Whether what it does gets lost on its way back.
    pub(super) loses_answers: bool,
    /// How often it was asked for something.
    pub(super) asked: usize,
}

impl Catalog {
    pub(super) fn serve(platform: &Platform) -> Rc<RefCell<Self>> {
        let available = [(super::LAMP, 10), (super::DESK, 5), (super::IMPORT, 5)].into();
        let catalog = Self { available, reservations: BTreeMap::new(), is_down: false, loses_answers: false, asked: 0 };
        let catalog = Rc::new(RefCell::new(catalog));
        let own = Rc::clone(&catalog);
        platform.serve("catalog.spin.internal", move |request| {
            let own = Rc::clone(&own);
            Box::pin(async move {
                let path = request.path().to_owned();
                let mut request: Request = request.on_route(Params::default(), 1 << 20);
                let body: Value = request.json().await.unwrap_or_default();
                let mut catalog = own.borrow_mut();
                if catalog.is_down {
                    return empty(StatusCode::SERVICE_UNAVAILABLE);
                }
                catalog.asked += 1;
                let response = catalog.answer(&path, &body);
                if catalog.loses_answers { empty(StatusCode::GATEWAY_TIMEOUT) } else { response }
            })
        });
        catalog
    }

    /// The states of all reservations.
    pub(super) fn states(&self) -> Vec<&'static str> {
        self.reservations.values().map(|(state, _)| *state).collect()
    }

    /// Ends every reservation that is held, as time does.
    pub(super) fn expire(&mut self) {
        let held: Vec<String> =
            self.reservations.iter().filter(|(_, (state, _))| *state == "held").map(|(id, _)| id.clone()).collect();
        held.iter().for_each(|id| self.put_back(id, "expired"));
    }

    fn answer(&mut self, path: &str, body: &Value) -> Response {
        match path.strip_prefix("/internal/catalog/reservations/").and_then(|rest| rest.split_once('/')) {
            Some((id, "commit")) => self.commit(id),
            Some((id, "release")) => {
                self.release(id);
                answer(StatusCode::OK, &json!({}))
            }
            _ => self.reserve(body),
        }
    }

    fn reserve(&mut self, body: &Value) -> Response {
        let id = body["order_id"].as_str().unwrap().to_owned();
        let refusal = |status, errors: Value| answer(status, &json!({ "detail": "No.", "errors": errors }));
        match self.reservations.get(&id) {
            Some(("held" | "committed", lines)) => return answer(StatusCode::OK, &json!({ "lines": lines })),
            Some(_) => return answer(StatusCode::CONFLICT, &json!({ "detail": "It was put back." })),
            None => {}
        }
        let lines = body["lines"].as_array().unwrap();
        let asked = |line: &Value| line["product_id"].as_str().unwrap().to_owned();
        if let Some(index) = lines.iter().position(|line| asked(line) == super::IMPORT).filter(|_| lines.len() > 1) {
            let pointer = format!("/lines/{index}/product_id");
            return refusal(StatusCode::UNPROCESSABLE_ENTITY, json!([{ "pointer": pointer, "detail": "costs USD" }]));
        }
        let short = |line: &Value| {
            let left = self.available.get(asked(line).as_str()).copied().unwrap_or_default();
            u64::from(left) < line["quantity"].as_u64().unwrap()
        };
        let errors: Vec<Value> = (0..lines.len())
            .filter(|index| short(&lines[*index]))
            .map(|index| json!({ "pointer": format!("/lines/{index}/quantity"), "detail": "is too much" }))
            .collect();
        if !errors.is_empty() {
            return refusal(StatusCode::CONFLICT, errors.into());
        }
        let currency = if asked(&lines[0]) == super::IMPORT { "USD" } else { "EUR" };
        let named = |line: &Value| {
            json!({
                "product_id": line["product_id"], "quantity": line["quantity"], "sku": format!("S-{}", &asked(line)[35..]),
                "name": "Lamp", "unit_price": { "amount": 1299, "currency": currency },
            })
        };
        let lines: Vec<Value> = lines.iter().map(named).collect();
        self.move_stock(&lines, false);
        let response = answer(StatusCode::CREATED, &json!({ "order_id": id, "state": "held", "lines": lines }));
        self.reservations.insert(id, ("held", lines));
        response
    }

    fn commit(&mut self, id: &str) -> Response {
        match self.reservations.get_mut(id) {
            Some((state @ ("held" | "committed"), _)) => {
                *state = "committed";
                answer(StatusCode::OK, &json!({}))
            }
            Some(_) => answer(StatusCode::CONFLICT, &json!({ "detail": "It was put back." })),
            None => answer(StatusCode::NOT_FOUND, &json!({ "detail": "There is none." })),
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
