//! The import of many products in one request, one on each line.

use serde_json::{Value, json};
use spindle_tests::accounts::operator;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{create_product, import, product_body, skus, unique_word};
use spindle_tests::{Client, Response, raw};

/// The maximum size of an import.
const MAX_BYTES: usize = 10 << 20;

const PATH: &str = "/v1/products/import";
const NDJSON: (&str, &str) = ("content-type", "application/x-ndjson");

fn import_text(client: &Client, text: &str) -> Response {
    client.send("POST", PATH, &[NDJSON], Some(text.as_bytes()))
}

/// Checks that `response` is a problem with a report of the import until then, and returns that.
#[track_caller]
fn expect_imported(response: &Response, status: u16, kind: &str) -> Value {
    let mut body = response.json();
    let imported =
        body.as_object_mut().and_then(|body| body.remove("imported")).expect("the problem has a report of the import");
    expect_problem(&Response { body: body.to_string().into_bytes(), ..response.clone() }, status, kind);
    imported
}

#[test]
fn lines_are_created_and_updated_by_their_sku() {
    let client = &operator().client;
    let slug = unique_word("import");
    let old = json!({"category": slug, "name": "Old", "description": "Old", "stock": {"on_hand": 7}});
    let old = create_product(client, &old);
    let new = product_body(&json!({"category": slug, "name": "New", "stock": {"on_hand": 2}}));
    let sku = old.body["sku"].as_str().expect("a string").to_uppercase();
    let update = product_body(&json!({"category": slug, "sku": sku, "name": "Renamed"}));
    let report = import(client, &[new.clone(), update.clone()]).expect_status(200);
    assert_eq!(report.json(), json!({"created": 1, "updated": 1, "failed": []}));

    let page = client.get(&format!("/v1/products?category={slug}")).expect_status(200).json();
    let summary: Vec<Value> = page["items"]
        .as_array()
        .expect("items are a list")
        .iter()
        .map(|item| json!([item["sku"], item["name"], item["description"], item["stock"]["available"]]))
        .collect();
    // An absent field stays.
    assert_eq!(summary, [json!([new["sku"], "New", "", 2]), json!([update["sku"], "Renamed", "Old", 7])]);
    let read = client.get(&old.path).expect_status(200);
    assert_ne!(read.etag(), old.etag);

    // A repeated import changes nothing.
    let report = import(client, &[new, update]).expect_status(200);
    assert_eq!(report.json(), json!({"created": 0, "updated": 2, "failed": []}));
    assert_eq!(client.get(&old.path).etag(), read.etag());
}

#[test]
fn a_line_changes_only_what_it_names_and_an_archived_product_stays_archived() {
    let client = &operator().client;
    let product = create_product(client, &json!({"description": "Old", "attributes": {"colour": "red"}}));
    client.delete(&product.path, "*").expect_status(204);
    let before = client.get(&product.path).expect_status(200).json();
    let sku = &product.body["sku"];
    // As spreadsheets save it: with a byte order mark.
    let text = format!("\u{feff}{}\n", json!({"sku": sku, "price": {"amount": 5}}));
    let report = import_text(client, &text).expect_status(200).json();
    assert_eq!(report, json!({"created": 0, "updated": 1, "failed": []}));
    let mut expected = before;
    let after = client.get(&product.path).expect_status(200).json();
    expected["price"]["amount"] = json!(5);
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, expected);
    import(client, &[json!({"sku": sku, "status": "active"})]).expect_status(200);
    expected["status"] = json!("active");
    let restored = client.get(&product.path).expect_status(200).json();
    expected["updated_at"] = restored["updated_at"].clone();
    assert_eq!(restored, expected);
}

#[test]
fn a_failed_line_is_reported_and_does_not_affect_the_others() {
    let client = &operator().client;
    let slug = unique_word("lines");
    let good = |name: &str| product_body(&json!({"category": slug, "name": name})).to_string();
    let too_long = product_body(&json!({"category": slug, "description": "x".repeat(70_000)})).to_string();
    let text = [
        good("First"),
        String::new(),
        "nonsense".to_owned(),
        product_body(&json!({"category": slug, "name": "", "price": {"amount": -1, "currency": "EUR"}})).to_string(),
        json!({"sku": unique_word("sku")}).to_string(),
        product_body(&json!({"category": slug, "colour": "red"})).to_string(),
        "[]".to_owned(),
        too_long,
        "\u{1f4a1}".to_owned(),
        format!("{}\r", good("With a carriage return")),
        good("Last, without a line end"),
    ];
    let report = import_text(client, &text.join("\n")).expect_status(200).json();
    assert_eq!((&report["created"], &report["updated"]), (&json!(3), &json!(0)), "{report}");
    let failed = report["failed"].as_array().expect("a list");
    let mut lines: Vec<i64> = failed.iter().filter_map(|failure| failure["line"].as_i64()).collect();
    assert!(failed.iter().all(|failure| failure["detail"].as_str().is_some_and(|detail| !detail.is_empty())));
    lines.sort_unstable();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9], "{report}");
    let detail = |line: i64| {
        let failure = failed.iter().find(|failure| failure["line"] == line).expect("the line failed");
        failure["detail"].as_str().expect("a string").to_owned()
    };
    assert!(detail(4).contains("/name") && detail(4).contains("/price/amount"), "{report}");
    let of_line_4 = failed.iter().find(|failure| failure["line"] == 4).expect("the line failed");
    let pointers: Vec<&Value> =
        of_line_4["errors"].as_array().expect("errors are a list").iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/name", "/price/amount"], "{report}");
    assert!(detail(6).contains("colour"), "{report}");
    assert_eq!(skus(&client.get(&format!("/v1/products?category={slug}"))).len(), 3);
}

#[test]
fn an_import_may_have_ten_thousand_lines() {
    const LINES: usize = 10_000;
    let client = &operator().client;
    let (slug, prefix) = (unique_word("bulk"), unique_word("b"));
    let lines: Vec<Value> = (0..LINES)
        .map(|number| {
            let name = if number == 4999 { String::new() } else { format!("Lamp {number}") };
            product_body(&json!({"category": slug, "sku": format!("{prefix}-{number}"), "name": name}))
        })
        .collect();
    let report = import(client, &lines).expect_status(200).json();
    assert_eq!((&report["created"], &report["updated"]), (&json!(LINES - 1), &json!(0)));
    assert_eq!(report["failed"][0]["line"], 5000, "{}", report["failed"]);
    assert_eq!(report["failed"].as_array().map(Vec::len), Some(1));

    // The list has all of them, in the order of the lines.
    let (mut path, mut next) = (format!("/v1/products?category={slug}&limit=100"), LINES);
    loop {
        let page = client.get(&path);
        for sku in skus(&page) {
            next -= if next == 5000 { 2 } else { 1 };
            assert_eq!(sku, format!("{prefix}-{next}"));
        }
        let Some(cursor) = page.json()["next_cursor"].as_str().map(str::to_owned) else { break };
        path = format!("/v1/products?category={slug}&limit=100&cursor={cursor}");
    }
    assert_eq!(next, 0);
}

#[test]
fn an_import_with_too_many_lines_is_refused_with_a_report_of_the_written_ones() {
    let client = &operator().client;
    let (first, last) = (product_body(&json!({})), product_body(&json!({})));
    let text = format!("{first}{}{last}", "\n".repeat(10_000));
    let imported = expect_imported(&import_text(client, &text), 413, "payload-too-large");
    assert_eq!(imported, json!({"created": 1, "updated": 0, "failed": []}));
    let found =
        |product: &Value| skus(&client.get(&format!("/v1/products?q={}", product["sku"].as_str().expect("a SKU"))));
    assert_eq!((found(&first).len(), found(&last).len()), (1, 0));
}

#[test]
fn an_import_over_ten_megabytes_is_refused_unread_if_its_length_is_announced() {
    let client = &operator().client;
    let line = product_body(&json!({}));
    let head = raw::head(client, "POST", PATH) + "content-type: application/x-ndjson\r\n";
    let request = format!("{head}content-length: {}\r\n\r\n{line}\n", MAX_BYTES + 1);
    let response = raw::send(client, request.as_bytes());
    assert_eq!(response.status, 413, "{response:?}");
    assert!(response.body.contains("payload-too-large"), "{response:?}");
    assert!(skus(&client.get(&format!("/v1/products?q={}", line["sku"].as_str().expect("a SKU")))).is_empty());
}

#[test]
fn an_import_over_ten_megabytes_without_a_length_is_refused_with_a_report_of_the_written_lines() {
    const CHUNK: usize = 64 << 10;
    let client = &operator().client;
    let head = raw::head(client, "POST", PATH);
    let head = head + "content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
    let line = format!("{}\n", product_body(&json!({})));
    let blank = format!("{}\n", " ".repeat(CHUNK - 1));
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len()).into_bytes();
    let chunks = std::iter::once(chunk(&line)).chain(std::iter::repeat_n(chunk(&blank), MAX_BYTES / CHUNK + 1));
    let response = raw::send_streaming(client, head.as_bytes(), chunks);
    assert_eq!(response.status, 413, "{response:?}");
    assert!(response.body.contains("payload-too-large"), "{response:?}");
    assert!(response.body.contains("\"imported\""), "{response:?}");
}

#[test]
fn an_import_must_be_ndjson() {
    let client = &operator().client;
    let line = product_body(&json!({})).to_string();
    for media_type in ["application/json", "text/plain", "application/x-ndjson; charset=latin1", "text/csv"] {
        let response = client.send("POST", PATH, &[("content-type", media_type)], Some(line.as_bytes()));
        assert_eq!(response.status, 415, "{media_type}: {}", response.text());
        expect_problem(&response, 415, "unsupported-media-type");
    }
    expect_problem(&client.send("POST", PATH, &[], Some(line.as_bytes())), 415, "unsupported-media-type");
    let empty = import_text(client, "").expect_status(200);
    assert_eq!(empty.json(), json!({"created": 0, "updated": 0, "failed": []}));
}
