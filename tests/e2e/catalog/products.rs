//! Creates products and reads them by their ids.

use serde_json::{Value, json};
use spindle_tests::accounts::{customer, operator};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::products::{Product, create_product, product_body, skus, unique_word};
use spindle_tests::target;

/// Returns a body with every field of a product that a client may set.
fn full_input() -> Value {
    product_body(&json!({
        "name": "Lampe de bureau \u{201c}Élan\u{201d}",
        "description": "Brass.\nTakes an E14 bulb.",
        "price": {"amount": 4999, "currency": "CHF"},
        "attributes": {"colour": "brass", "watts": 11, "height_cm": 42.5, "dimmable": true},
        "stock": {"on_hand": 7},
    }))
}

/// Checks the parts of `body` that the server chose, and returns it without them.
fn without_generated(mut body: Value) -> Value {
    let product = body.as_object_mut().expect("a product is an object");
    let id = product.remove("id").expect("a product has an id");
    assert_eq!(id.as_str().map(str::len), Some(36), "{id}");
    assert_eq!(id.as_str().expect("a string").as_bytes()[14], b'7', "not of version 7: {id}");
    for field in ["created_at", "updated_at"] {
        let time = product.remove(field).unwrap_or_else(|| panic!("{field} is missing"));
        let shape = time.as_str().unwrap_or_default().replace(|letter: char| letter.is_ascii_digit(), "0");
        assert_eq!(shape, "0000-00-00T00:00:00.000Z", "{field}");
    }
    body
}

#[test]
fn a_created_product_is_returned_whole_and_anyone_can_read_it() {
    let mut expected = full_input();
    let created = operator().client.post("/v1/products", &expected).expect_status(201);
    let product = Product::from_response(&created);
    expected["stock"] = json!({"available": 7});
    expected["status"] = json!("active");
    assert_eq!(without_generated(product.body.clone()), expected);
    assert_eq!(product.body["created_at"], product.body["updated_at"]);
    assert_eq!(created.header("location"), Some(product.path.as_str()));
    assert_eq!(created.header("content-type"), Some("application/json"));

    for client in [target().client(), &customer("reader").client, &operator().client] {
        let read = client.get(&product.path).expect_status(200);
        assert_eq!(read.json(), product.body);
        assert_eq!(read.etag(), product.etag);
        assert_eq!(read.header("content-type"), Some("application/json"));
        assert_eq!(read.header("content-length"), Some(read.body.len().to_string().as_str()));
    }
}

#[test]
fn an_absent_field_of_a_new_product_is_empty() {
    let sent = product_body(&json!({}));
    let created = operator().client.post("/v1/products", &sent).expect_status(201);
    let expected = json!({
        "sku": sent["sku"],
        "name": "Lamp",
        "description": "",
        "price": {"amount": 1299, "currency": "EUR"},
        "category": sent["category"],
        "attributes": {},
        "stock": {"available": 0},
        "status": "active",
    });
    assert_eq!(without_generated(created.json()), expected);
}

#[test]
fn a_product_can_be_cached_for_a_few_seconds_and_revalidated() {
    let product = create_product(&operator().client, &json!({}));
    let client = target().client();
    let read = client.get(&product.path).expect_status(200);
    let cache_control = read.header("cache-control").expect("a read has cache-control");
    assert!(cache_control.split(", ").any(|directive| directive == "public"), "{cache_control}");
    assert!(cache_control.contains("max-age="), "{cache_control}");
    assert!(cache_control.contains("stale-while-revalidate="), "{cache_control}");
    // The response depends on the origin of a browser, not on the token.
    assert_eq!(read.header("vary"), Some("origin"));
    assert!(read.header("cache-status").is_some_and(|status| status.starts_with("spindle; ")), "{read:?}");

    let etag = product.etag.as_str();
    let weak = format!("W/{etag}");
    let list = format!("\"other\", {etag}");
    for tag in [etag, &weak, &list, "*"] {
        let unchanged = client.send("GET", &product.path, &[("if-none-match", tag)], None).expect_status(304);
        assert!(unchanged.body.is_empty(), "{tag}");
        assert_eq!(unchanged.header("content-type"), None);
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(unchanged.header(name), read.header(name), "{name} for {tag}");
        }
    }
    let other = client.send("GET", &product.path, &[("if-none-match", "\"other\"")], None).expect_status(200);
    assert_eq!(other.json(), product.body);
    let head = client.send("HEAD", &product.path, &[], None).expect_status(200);
    assert_eq!((head.etag().as_str(), head.body.len()), (etag, 0));
}

#[test]
fn an_unknown_product_is_not_found() {
    let client = target().client();
    for id in [
        "0190a5c0-0000-7000-8000-000000000000",
        "1",
        "not-an-id",
        "0190A5C0-0000-7000-8000-000000000000",
        "0190a5c0-0000-7000-8000-000000000000'--",
    ] {
        expect_problem(&client.get(&format!("/v1/products/{id}")), 404, "not-found");
    }
}

#[test]
fn a_sku_is_unique_without_regard_to_case() {
    let client = &operator().client;
    let first = create_product(client, &json!({}));
    let sku = first.body["sku"].as_str().expect("a string");
    for taken in [sku.to_owned(), sku.to_uppercase()] {
        let problem =
            expect_problem(&client.post("/v1/products", &product_body(&json!({"sku": taken}))), 409, "conflict");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["product_id"]), (&json!("/sku"), &json!(first.id)));
    }
    let second = create_product(client, &json!({}));
    let change = client.patch(&second.path, &second.etag, &json!({"sku": sku.to_uppercase()}));
    expect_problem(&change, 409, "conflict");
    assert_eq!(client.get(&second.path).json(), second.body);
}

#[test]
fn the_product_that_has_a_sku_is_found_also_if_it_is_archived() {
    let client = &operator().client;
    let product = create_product(client, &json!({}));
    let sku = product.body["sku"].as_str().expect("a string");
    let by_sku = format!("/v1/products?sku={}", sku.to_uppercase());
    assert_eq!(target().client().get(&by_sku).expect_status(200).json()["items"], json!([product.body]));
    client.delete(&product.path, "*").expect_status(204);
    assert_eq!(target().client().get(&by_sku).expect_status(200).json()["items"], json!([]));

    let problem = expect_problem(&client.post("/v1/products", &product_body(&json!({"sku": sku}))), 409, "conflict");
    assert_eq!(problem["product_id"], json!(product.id), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("archived")), "{problem}");
    let archived = client.get(&format!("{by_sku}&status=archived")).expect_status(200);
    assert_eq!(archived.json()["items"][0]["id"], json!(product.id));
    assert_eq!(archived.header("cache-control"), Some("private, no-store"));

    client.patch(&product.path, "*", &json!({"status": "active"})).expect_status(200);
    assert_eq!(skus(&target().client().get(&by_sku)), [sku]);
}

#[test]
fn only_operators_list_archived_products() {
    let path = "/v1/products?status=archived&limit=1";
    operator().client.get(path).expect_status(200);
    expect_problem(&target().client().get(path), 401, "unauthorized");
    expect_problem(&customer("reader").client.get(path), 403, "forbidden");
}

#[test]
fn only_operators_write() {
    let client = &operator().client;
    let product = create_product(client, &json!({"stock": {"on_hand": 3}}));
    let new = product_body(&json!({}));
    let line = new.to_string();
    let (stock, change) = (format!("{}/stock", product.path), json!({"name": "Mine"}).to_string());
    let count = json!({"on_hand": 9}).to_string();
    let writes = [
        ("POST", "/v1/products", "application/json", line.as_str()),
        ("POST", "/v1/products/import", "application/x-ndjson", &line),
        ("PATCH", &product.path, "application/json", &change),
        ("PUT", &stock, "application/json", &count),
        ("DELETE", &product.path, "application/json", ""),
    ];
    let customer = customer("customer").client;
    for (method, path, media_type, body) in writes {
        let headers = [("content-type", media_type), ("if-match", product.etag.as_str())];
        let send = |client: &spindle_tests::Client| client.send(method, path, &headers, Some(body.as_bytes()));
        expect_problem(&send(target().client()), 401, "unauthorized");
        expect_problem(&send(&customer), 403, "forbidden");
    }
    assert_eq!(client.get(&product.path).json(), product.body);
    let sku = new["sku"].as_str().expect("a string");
    assert!(skus(&client.get(&format!("/v1/products?q={sku}"))).is_empty(), "nothing was created");
}

#[test]
fn each_field_that_breaks_a_rule_has_an_error_with_its_pointer() {
    let client = &operator().client;
    let long = |length: usize| "x".repeat(length);
    for (changes, pointers) in [
        (json!({"sku": ""}), &["/sku"][..]),
        (json!({"sku": "a b"}), &["/sku"]),
        (json!({"sku": long(65)}), &["/sku"]),
        (json!({"name": " "}), &["/name"]),
        (json!({"name": long(201)}), &["/name"]),
        (json!({"description": long(5001)}), &["/description"]),
        (json!({"price": {"amount": -1, "currency": "EUR"}}), &["/price/amount"]),
        (json!({"category": "Garden Tools"}), &["/category"]),
        (json!({"attributes": {"a": [1]}}), &["/attributes/a"]),
        (json!({"name": "", "category": "-"}), &["/name", "/category"]),
    ] {
        expect_invalid(&client.post("/v1/products", &product_body(&changes)), pointers);
    }
    for changes in [
        json!({"price": {"amount": 1.5, "currency": "EUR"}}),
        json!({"price": {"amount": 1, "currency": "eur"}}),
        json!({"price": {"amount": 1, "currency": "EURO"}}),
        json!({"price": 12}),
        json!({"stock": {"on_hand": -1}}),
        json!({"colour": "red"}),
        json!({"status": "sold"}),
        json!({"name": null}),
    ] {
        expect_problem(&client.post("/v1/products", &product_body(&changes)), 422, "validation-failed");
    }
    let missing = &["/sku", "/price", "/category"];
    expect_invalid(&client.post("/v1/products", &json!({"name": unique_word("lamp")})), missing);
}

#[test]
fn a_product_as_it_was_read_is_written_back_without_what_the_server_sets() {
    let client = &operator().client;
    let product = create_product(client, &json!({"stock": {"on_hand": 2}}));
    let derived = &["/id", "/created_at", "/updated_at", "/stock/available", "/stock/on_hand"];
    for response in
        [client.patch(&product.path, &product.etag, &product.body), client.post("/v1/products", &product.body)]
    {
        let problem = expect_invalid(&response, derived);
        let errors = problem["errors"].as_array().expect("errors are a list");
        let of_stock =
            errors.iter().find(|error| error["pointer"] == "/stock/available").expect("the stock is derived");
        assert!(
            of_stock["detail"].as_str().is_some_and(|detail| detail.contains("derived") && detail.contains("on_hand"))
        );
    }
    let mut writable = product.body.clone();
    let members = writable.as_object_mut().expect("a product is an object");
    members.retain(|name, _| !["id", "created_at", "updated_at"].contains(&name.as_str()));
    writable["stock"] = json!({"on_hand": 5});
    let changed = client.patch(&product.path, &product.etag, &writable).expect_status(200).json();
    assert_eq!(changed["stock"], json!({"available": 5}));
}

#[test]
fn a_number_that_loses_digits_is_refused_and_others_are_kept() {
    let post = |number: &str| {
        let body = product_body(&json!({"attributes": {"serial": "HERE"}})).to_string().replace("\"HERE\"", number);
        operator().client.send("POST", "/v1/products", &[("content-type", "application/json")], Some(body.as_bytes()))
    };
    for number in ["12345678901234567890123", "0.12345678901234567890", "1e400"] {
        expect_invalid(&post(number), &["/attributes/serial"]);
    }
    for number in ["18446744073709551615", "-9223372036854775808", "42.123456789"] {
        let product = Product::from_response(&post(number).expect_status(201));
        let text = target().client().get(&product.path).expect_status(200).text();
        assert!(text.contains(&format!("\"serial\":{number}}}")), "{text}");
    }
}
