//! The list of products: filters, orders and pages.

use super::{client, create, product_input, skus, with};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_edge::testing::TestClient;

/// Returns a client of a catalog with a product for each row: SKU, name, price, currency, category, stock.
fn client_with_products() -> TestClient {
    let client = client();
    for (sku, name, amount, currency, category, on_hand) in [
        ("A", "Étagère", 500, "EUR", "furniture", 0),
        ("B", "bulb", 100, "EUR", "lamps", 5),
        ("C", "Chair", 300, "USD", "furniture", 1),
        ("D", "Desk lamp", 300, "EUR", "lamps", 2),
        ("E", "Easel", 300, "EUR", "art", 0),
    ] {
        let price = json!({ "amount": amount, "currency": currency });
        let stock = json!({ "on_hand": on_hand });
        create(
            &client,
            with(product_input(sku), json!({ "name": name, "price": price, "category": category, "stock": stock })),
        );
    }
    client
}

#[test]
fn every_order_is_total() {
    let client = client_with_products();
    for (query, expected) in [
        ("", "EDCBA"),
        ("?sort=newest", "EDCBA"),
        ("?sort=relevance", "EDCBA"),
        ("?sort=price&currency=EUR", "BDEA"),
        ("?sort=-price&currency=EUR", "AEDB"),
        ("?sort=name", "BCDEA"),
    ] {
        assert_eq!(skus(&client.get(&format!("/v1/products{query}")).send()).concat(), expected, "{query}");
    }
}

#[test]
fn filters_combine_with_each_other_and_with_a_text() {
    let client = client_with_products();
    // Each description has a word with the prefix L.
    for (query, expected) in [
        ("category=lamps", "DB"),
        ("currency=USD", "C"),
        ("min_price=300&currency=EUR", "EDA"),
        ("max_price=300&currency=EUR", "EDB"),
        ("min_price=101&max_price=499&currency=EUR", "ED"),
        ("min_price=400&max_price=200&currency=EUR", ""),
        ("in_stock=true", "DCB"),
        ("in_stock=false", "EA"),
        ("in_stock=true&category=lamps&sort=price&currency=EUR", "BD"),
        ("min_price=200&sort=-price&currency=EUR", "AED"),
        ("q=desk", "D"),
        ("q=lamp", "DB"),
        ("q=l&sort=price&currency=EUR", "BDEA"),
        ("q=l&sort=-price&in_stock=true&currency=EUR", "DB"),
        ("q=l&sort=name&category=furniture", "CA"),
        ("q=l&sort=newest&max_price=300&currency=EUR", "EDB"),
        ("q=d&category=lamps", "D"),
        ("sku=C", "C"),
        ("sku=c&status=active", "C"),
        ("sku=c&sort=name&in_stock=true", "C"),
        ("sku=c&in_stock=false", ""),
        ("sku=c&currency=EUR", ""),
        ("sku=F", ""),
    ] {
        assert_eq!(skus(&client.get(&format!("/v1/products?{query}")).send()).concat(), expected, "{query}");
    }
}

#[test]
fn each_invalid_parameter_is_refused_with_its_name_and_the_allowed_values() {
    let client = client();
    let amount = "must be an integer from 0 to 9223372036854775807";
    let empty = "is empty. Give it a value, or leave it out";
    for (query, name, detail) in [
        ("min_price=x", "min_price", amount),
        ("min_price=", "min_price", amount),
        ("min_price=-1", "min_price", amount),
        ("max_price=1.5", "max_price", amount),
        ("currency=eur", "currency", "is not a currency such as EUR (ISO 4217)"),
        ("in_stock=yes", "in_stock", "must be true or false"),
        ("status=sold", "status", "must be one of active, archived"),
        ("sku=a%20b", "sku", "must have 1 to 64 letters, digits or any of . _ - / and start with a letter or digit"),
        ("category=No%20Slug", "category", "must be a slug such as garden-tools of at most 64 characters"),
        ("sort=size", "sort", "must be one of relevance, newest, price, -price, name"),
        ("sort=", "sort", "must be one of relevance, newest, price, -price, name"),
        ("q=", "q", empty),
        ("category=a&category=b", "category", "is given more than once"),
        ("q=lamp&sku=a", "sku", "must be absent if there is a q"),
        ("limit=0", "limit", "must be an integer from 1 to 100"),
        ("cursor=x", "cursor", "must be a next_cursor of this list"),
        (
            "colour=red",
            "colour",
            "is not known; the known parameters are: q, sku, category, min_price, max_price, currency, in_stock, status, sort, limit, cursor",
        ),
    ] {
        let response = client.get(&format!("/v1/products?{query}")).send();
        assert_eq!(response.problem(), "400 malformed-request", "{query}");
        assert_eq!(response.json()["errors"], json!([{ "parameter": name, "detail": detail }]), "{query}");
    }
    let several = client.get("/v1/products?colour=red&limit=101&sort=size&sku=").send();
    let errors = several.json()["errors"].as_array().unwrap().clone();
    let mut names: Vec<&str> = errors.iter().map(|error| error["parameter"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["colour", "limit", "sku", "sort"]);
    let product = create(&client, product_input("A"));
    let path = format!("/v1/products/{}", product["id"].as_str().unwrap());
    for target in ["/v1/categories", &path, &format!("{path}/stock")] {
        let response = client.get(&format!("{target}?limit=1")).as_role(Role::Operator).send();
        let expected = json!([{ "parameter": "limit", "detail": "is not known; the known parameters are: none" }]);
        assert_eq!((response.problem().as_str(), &response.json()["errors"]), ("400 malformed-request", &expected));
    }
}

#[test]
fn prices_are_compared_within_a_currency_only() {
    let client = client_with_products();
    for query in ["sort=price", "sort=-price", "min_price=1", "max_price=1", "q=lamp&sort=price", "sku=A&min_price=1"] {
        let response = client.get(&format!("/v1/products?{query}")).send();
        let detail = response.json()["detail"].as_str().unwrap().to_owned();
        assert_eq!(response.problem(), "400 malformed-request", "{query}");
        assert!(detail.starts_with("The query parameter currency is required with min_price"), "{query}: {detail}");
        client.get(&format!("/v1/products?{query}&currency=EUR")).send().expect(StatusCode::OK);
    }
}

#[test]
fn operators_list_archived_products_newest_first() {
    let client = client_with_products();
    for sku in ["A", "B", "C", "D"] {
        let found = client.get(&format!("/v1/products?sku={sku}")).send().json();
        let path = format!("/v1/products/{}", found["items"][0]["id"].as_str().unwrap());
        client.delete(&path).as_role(Role::Operator).header("if-match", "*").send().expect(StatusCode::NO_CONTENT);
    }
    let list = |query: &str| client.get(&format!("/v1/products?status=archived{query}")).as_role(Role::Operator).send();
    for (query, expected) in [
        ("", "DCBA"),
        ("&sort=newest", "DCBA"),
        ("&category=furniture", "CA"),
        ("&in_stock=true", "DCB"),
        ("&category=furniture&currency=EUR&min_price=500", "A"),
        ("&sku=a", "A"),
        ("&sku=E", ""),
    ] {
        assert_eq!(skus(&list(query)).concat(), expected, "{query}");
    }
    assert_eq!(skus(&client.get("/v1/products?sku=A").send()), [""; 0]);
    let first = list("&limit=3");
    let second = client.get(&first.next_page().unwrap()).as_role(Role::Operator).send();
    assert_eq!([skus(&first), skus(&second)].concat().concat(), "DCBA");
    for query in ["&q=lamp", "&sort=name", "&sort=price&currency=EUR"] {
        assert_eq!(list(query).problem(), "400 malformed-request", "{query}");
    }
}

#[test]
fn archived_products_are_listed_for_operators_only_and_stored_by_no_cache() {
    let client = client_with_products();
    client.platform().set_variable("catalog_cache", "on");
    let target = "/v1/products?status=archived";
    let operators = || client.get(target).as_role(Role::Operator).send();
    for _ in 0..2 {
        let response = operators().expect(StatusCode::OK);
        assert_eq!(response.header("cache-control"), Some("private, no-store"));
        assert_eq!(response.header("cache-status"), Some("spindle; fwd=bypass"));
    }
    client.get(target).as_role(Role::Admin).send().expect(StatusCode::OK);
    for (response, expected) in [
        (client.get(target).send(), "401 unauthorized"),
        (client.get(target).bearer("x").send(), "401 unauthorized"),
        (client.get(target).as_role(Role::Customer).send(), "403 forbidden"),
    ] {
        assert_eq!((response.problem().as_str(), response.header("cache-control")), (expected, Some("no-store")));
    }
    // A token changes nothing about what everyone sees, not even an invalid one.
    let public = client.get("/v1/products?status=active").send().expect(StatusCode::OK);
    for token in ["x", &client.issuer().token(spindle_edge::testing::user_id(1), Role::Operator)] {
        let response = client.get("/v1/products?status=active").bearer(token).send();
        assert_eq!(response.body(), public.body());
        assert_eq!(response.header("cache-control"), Some("public, max-age=5, stale-while-revalidate=30"));
    }
}

#[test]
fn an_unknown_category_is_refused_with_a_reference_to_the_list_of_categories() {
    let client = client_with_products();
    for query in ["category=nosuch", "category=nosuch&q=lamp", "category=nosuch&sort=price&currency=EUR&in_stock=true"]
    {
        let response = client.get(&format!("/v1/products?{query}")).send();
        let detail =
            r#"The query parameter category is "nosuch", which is no category. GET /v1/categories lists them."#;
        assert_eq!(
            (response.status(), &response.json()["detail"]),
            (StatusCode::BAD_REQUEST, &json!(detail)),
            "{query}"
        );
    }
}

#[test]
fn a_category_without_matching_products_is_an_empty_list() {
    let client = client_with_products();
    for query in ["category=art&q=lamp", "category=art&in_stock=true", "category=lamps&min_price=1000&currency=EUR"] {
        assert_eq!(skus(&client.get(&format!("/v1/products?{query}")).send()), [""; 0], "{query}");
    }
    let easel = client.get("/v1/products?category=art").send().json()["items"][0]["id"].as_str().unwrap().to_owned();
    client.delete(&format!("/v1/products/{easel}")).as_role(Role::Operator).header("if-match", "*").send();
    assert_eq!(skus(&client.get("/v1/products?category=art").send()), [""; 0], "all its products are archived");
}

#[test]
fn pages_in_every_order_have_no_gaps() {
    let client = client_with_products();
    for query in [
        "sort=newest",
        "sort=price&currency=EUR",
        "sort=-price&currency=EUR",
        "sort=name",
        "q=l",
        "q=l&sort=price&currency=EUR",
        "q=l&sort=name",
    ] {
        let whole = skus(&client.get(&format!("/v1/products?{query}")).send());
        assert_eq!(whole.len(), if query.contains("currency") { 4 } else { 5 }, "{query}");
        let (mut target, mut found) = (format!("/v1/products?{query}&limit=2"), Vec::new());
        loop {
            let response = client.get(&target).send();
            found.extend(skus(&response));
            let Some(cursor) = response.json()["next_cursor"].as_str().map(str::to_owned) else { break };
            target = format!("/v1/products?{query}&limit=2&cursor={cursor}");
            assert_eq!(response.headers()["link"], format!("<{target}>; rel=\"next\""));
        }
        assert_eq!(found, whole, "{query}");
    }
}

#[test]
fn a_cursor_is_valid_for_its_own_list_only() {
    let client = client_with_products();
    let cursor = |query: &str| {
        let page = client.get(&format!("/v1/products?{query}&limit=1")).send().json();
        page["next_cursor"].as_str().unwrap().to_owned()
    };
    let lamps = cursor("category=lamps");
    let status = |query: &str| client.get(&format!("/v1/products?{query}&cursor={lamps}")).send().status();
    assert_eq!(status("category=lamps&limit=3"), StatusCode::OK);
    for query in [
        "category=art",
        "limit=1",
        "category=lamps&sort=price&currency=EUR",
        "category=lamps&q=l",
        "category=lamps&in_stock=true",
    ] {
        assert_eq!(status(query), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn paging_skips_and_repeats_nothing_while_others_write() {
    let client = client();
    let add = |number: usize| {
        let price = json!({ "amount": number * 37 % 11, "currency": "EUR" });
        let name = format!("Lamp {}", number * 53 % 17);
        create(&client, with(product_input(&format!("S-{number}")), json!({ "price": price, "name": name })))
    };
    let products: Vec<Value> = (0..30).map(add).collect();
    let queries = [
        "sort=newest",
        "sort=price&currency=EUR",
        "sort=-price&currency=EUR",
        "sort=name",
        "q=lamp",
        "q=lamp&sort=price&currency=EUR",
    ];
    for (round, query) in queries.iter().enumerate() {
        let (mut target, mut found, mut page) = (format!("/v1/products?{query}&limit=7"), Vec::new(), 0);
        loop {
            let response = client.get(&target).send();
            found.extend(skus(&response));
            let Some(cursor) = response.json()["next_cursor"].as_str().map(str::to_owned) else { break };
            target = format!("/v1/products?{query}&limit=7&cursor={cursor}");
            // Another client adds a product, changes one and archives the added one.
            page += 1;
            let added = add(1000 * (round + 1) + page);
            let path = |product: &Value| format!("/v1/products/{}", product["id"].as_str().unwrap());
            let change = json!({ "description": format!("Page {page}") });
            client
                .patch(&path(&products[page * 3]))
                .as_role(Role::Operator)
                .header("if-match", "*")
                .json(&change)
                .send();
            client.delete(&path(&added)).as_role(Role::Operator).header("if-match", "*").send();
        }
        let (mut expected, seen) =
            (products.iter().map(|product| product["sku"].as_str().unwrap()).collect::<Vec<_>>(), found.len());
        found.sort();
        found.dedup();
        assert_eq!(found.len(), seen, "{query} repeats");
        expected.sort_unstable();
        assert_eq!(found, expected, "{query} skips");
    }
}

#[test]
fn a_cursor_of_an_earlier_version_is_valid() {
    let client = client_with_products();
    for (query, cursor) in [
        ("sort=price&currency=EUR&limit=2", "nXeGLaprhMlbMzAwLDRd"),
        ("sort=-price&currency=EUR&limit=2", "uE2z_FmDpMRbMzAwLDVd"),
        ("q=l&limit=2", "XP6I6iZoPpZbNCw1XQ"),
    ] {
        let page = client.get(&format!("/v1/products?{query}")).send().json();
        assert_eq!(page["next_cursor"], cursor, "{query}");
    }
}
