//! Checks with unusual input: the worst allowed result is a refusal.

use super::{Suite, TestCall};
use crate::check::Check;
use crate::report::Verdict;
use crate::request::{Request, cart, id, line};
use crate::stub_server::Reply;

/// The length of the longest text.
const LONG: usize = 1 << 20;

/// The content of long texts, which occurs in no other text.
const PHRASE: &str = "a phrase of some thirty letters ";

/// Right to left, outside the basic plane, joined and combining characters, and NUL.
const UNICODE: &str = "Zoë שלום 🛒👩\u{200d}🚀 e\u{301} \u{202e}olleh \0 ﷽ 中文";

/// The name of the injected header.
const INJECTED_HEADER: &str = "x-smuggled";

/// A text with line breaks that continues like the head of a message.
const LINES: &str = "Hello\r\nX-Smuggled: yes\r\nBcc: everybody@elsewhere.example\r\n\r\nand a body";

impl Suite<'_> {
    pub(super) async fn input(&mut self, check: Check) -> Verdict {
        let mut test_calls = Vec::new();
        for accepted in self.accepted.clone() {
            for (detail, request) in variants(check, &accepted.request) {
                let mut fresh = self.fresh(&request);
                if check == Check::KeyLengths {
                    lengthen(&mut fresh, &detail);
                }
                test_calls.push(TestCall::new(detail, fresh, Reply::Success));
            }
        }
        self.call_all(check, test_calls, |_, _| Ok(())).await
    }

    /// Runs [`input`](Self::input), and fails as well if the injected header reached the service.
    pub(super) async fn line_breaks(&mut self) -> Verdict {
        let answered = self.input(Check::LineBreaks).await;
        if matches!(answered, Verdict::Failed(_)) {
            return answered;
        }
        let calls = self.calls.iter().filter(|checked| checked.check == Check::LineBreaks);
        let injected =
            calls.filter(|checked| checked.call.requests.iter().any(|seen| seen.has_header(INJECTED_HEADER)));
        let wrong: Vec<String> = injected.map(|checked| format!("{}: it became a header", checked.label)).collect();
        if wrong.is_empty() { answered } else { super::verdict(wrong, String::new()) }
    }
}

/// Returns the variants of `request` for `check`, each with its name in a report.
fn variants(check: Check, request: &Request) -> Vec<(String, Request)> {
    let texts = |what: &str, value: &str, lines_only| {
        let each = request.with_each_text(value, lines_only).into_iter();
        each.map(|(name, request)| (format!("{what} {name}"), request)).collect()
    };
    match check {
        Check::Empty => texts("empty", "", false),
        Check::Long => texts("1 MiB of", &PHRASE.repeat(LONG / PHRASE.len()), false),
        Check::Unicode => texts("any script in", UNICODE, false),
        Check::LineBreaks => texts("line breaks in", LINES, true),
        Check::Amounts => amounts(request),
        Check::Currency => {
            ["", "XXX", "eur", "€", "JPY", "KWD"].map(|currency| in_currency(request, currency)).to_vec()
        }
        Check::KeyLengths => ["36", "64"].map(|length| (format!("a key of {length}"), request.clone())).to_vec(),
        Check::Attempts => [0, 1, u32::MAX].map(|at| (format!("attempt {at}"), request.clone().attempt(at))).to_vec(),
        _ => Vec::new(),
    }
}

fn in_currency(request: &Request, currency: &str) -> (String, Request) {
    let mut request = request.clone();
    if let Some(own) = request.currency() {
        currency.clone_into(own);
    }
    (format!("the currency {currency:?}"), request)
}

/// Gives a request the longest possible key, or the shortest.
fn lengthen(request: &mut Request, detail: &str) {
    let Some(key) = request.key() else { return };
    if detail.ends_with("64") {
        *key = format!("{key:0<64}");
    } else {
        key.truncate(36);
    }
}

fn amounts(request: &Request) -> Vec<(String, Request)> {
    if let Request::Adjust(_) = request {
        let lines = [
            ("no lines", Vec::new()),
            ("something free", vec![line(1, 1, 0)]),
            ("a cent", vec![line(1, 1, 1)]),
            ("none of something", vec![line(1, 0, 1_299)]),
            ("a price below zero", vec![line(1, 1, -1_299)]),
            ("the highest price", vec![line(1, 1, i64::MAX)]),
            ("the highest quantity", vec![line(1, u32::MAX, 1_299)]),
            ("100 lines", (1..=100).map(|number| line(number, 1, 99)).collect()),
            ("100 lines of the highest", (1..=100).map(|number| line(number, u32::MAX, i64::MAX)).collect()),
        ];
        // The id is replaced later; only the lines matter.
        let with = |(name, lines): (&str, _)| {
            (name.to_owned(), Request::Adjust(crate::request::Cart { order_id: id(0), lines, ..cart() }))
        };
        return lines.into_iter().map(with).collect();
    }
    let with = |amount| {
        let mut request = request.clone();
        if let Some(money) = request.money() {
            money.amount = amount;
        }
        (format!("the amount {amount}"), request)
    };
    [-1, 0, i64::MIN, i64::MAX].map(with).to_vec()
}
