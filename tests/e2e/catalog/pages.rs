//! The cursors of the list of products.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use spindle_tests::accounts::operator;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::{create_product, import, product_body, skus, unique_word};
use spindle_tests::{Client, Response, target};

/// More pages than any list of these tests has, even while other tests add to it.
const MANY_PAGES: usize = 500;

/// Returns the target of `Link: <...>; rel="next"`, as a path.
fn next_link(page: &Response) -> Option<String> {
    let link = page.header("link")?;
    let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a next link");
    let path = target.find("/v1/").expect("a link into the API");
    Some(target[path..].to_owned())
}

/// Returns the SKUs of all pages from `path` on, in order.
#[track_caller]
fn all_skus(client: &Client, path: &str) -> Vec<String> {
    let (mut path, mut found) = (path.to_owned(), Vec::new());
    for _ in 0..MANY_PAGES {
        let page = client.get(&path);
        found.extend(skus(&page));
        let cursor = page.json()["next_cursor"].clone();
        let Some(next) = next_link(&page) else {
            assert_eq!(cursor, Value::Null);
            return found;
        };
        assert!(next.contains(cursor.as_str().expect("a cursor is a string")), "{next}");
        path = next;
    }
    panic!("{path} is not the end after {MANY_PAGES} pages");
}

/// Returns the body for product `number` of many that share prices and names: a cursor must handle ties.
fn numbered(number: usize, slug: &str, word: &str) -> Value {
    product_body(&json!({
        "name": format!("{word} {}", number * 53 % 17),
        "price": {"amount": number * 37 % 11 * 100, "currency": "EUR"},
        "category": slug,
        "stock": {"on_hand": number % 3},
    }))
}

#[test]
fn paging_skips_and_repeats_nothing_while_others_write() {
    const PRODUCTS: usize = 150;
    let client = &operator().client;
    let (slug, word) = (unique_word("paged"), unique_word("lamp"));
    let products: Vec<Value> = (0..PRODUCTS).map(|number| numbered(number, &slug, &word)).collect();
    assert_eq!(import(client, &products).expect_status(200).json()["created"], PRODUCTS);
    let expected: BTreeSet<&str> = products.iter().filter_map(|product| product["sku"].as_str()).collect();
    for query in [
        format!("category={slug}"),
        format!("category={slug}&sort=price&currency=EUR"),
        format!("category={slug}&sort=-price&currency=EUR"),
        format!("category={slug}&sort=name"),
        format!("q={word}"),
        format!("q={word}&sort=price&currency=EUR"),
        format!("q={word}&sort=name&category={slug}"),
    ] {
        let paging = AtomicBool::new(true);
        let found = thread::scope(|scope| {
            // Another client adds products at all positions of the list, and archives some of them.
            let writer = scope.spawn(|| {
                let (mut number, mut added) = (0, Vec::new());
                while paging.load(Ordering::Relaxed) {
                    number += 1;
                    added.push(create_product(client, &numbered(number, &slug, &word)).path);
                    if number % 2 == 0 {
                        client.delete(&added.swap_remove(0), "*").expect_status(204);
                    }
                }
                for path in added {
                    client.delete(&path, "*").expect_status(204);
                }
                number
            });
            // A panic here must not leave the writer running.
            let found = thread::scope(|reader| {
                reader.spawn(|| all_skus(client, &format!("/v1/products?{query}&limit=10"))).join()
            });
            paging.store(false, Ordering::Relaxed);
            assert!(writer.join().expect("the writer is not refused") > 0);
            found.expect("the list can be read to its end")
        });
        let unique: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found.len(), unique.len(), "{query} repeats");
        let skipped: Vec<_> = expected.difference(&unique).collect();
        assert!(skipped.is_empty(), "{query} skips {skipped:?}");
    }
}

#[test]
fn pages_of_any_size_are_the_same_list() {
    let client = &operator().client;
    let (slug, word) = (unique_word("sizes"), unique_word("lamp"));
    let products: Vec<Value> = (0..23).map(|number| numbered(number, &slug, &word)).collect();
    import(client, &products).expect_status(200);
    for query in [
        "sort=newest",
        "sort=price&currency=EUR",
        "sort=-price&currency=EUR",
        "sort=name",
        "in_stock=true&sort=price&currency=EUR",
    ] {
        for by in [format!("category={slug}"), format!("q={word}")] {
            let whole = skus(&client.get(&format!("/v1/products?{by}&{query}&limit=100")));
            assert_eq!(whole.len(), if query.starts_with("in_stock") { 15 } else { 23 }, "{query}");
            for limit in [1, 5, 22, 23] {
                let paged = all_skus(client, &format!("/v1/products?{by}&{query}&limit={limit}"));
                assert_eq!(paged, whole, "{by} {query} {limit}");
            }
        }
    }
    assert_eq!(skus(&client.get(&format!("/v1/products?category={slug}"))).len(), 20, "the default limit");
}

#[test]
fn a_cursor_that_was_tampered_with_or_is_of_another_list_is_refused() {
    let (slug, word) = (unique_word("cursor"), unique_word("lamp"));
    let products: Vec<Value> = (0..3).map(|number| numbered(number, &slug, &word)).collect();
    import(&operator().client, &products).expect_status(200);
    let client = target().client();
    let page =
        client.get(&format!("/v1/products?category={slug}&sort=price&currency=EUR&limit=1")).expect_status(200).json();
    let cursor = page["next_cursor"].as_str().expect("there is a second page");
    let list = |query: &str| client.get(&format!("/v1/products?{query}"));
    // The cursor does not depend on the size of the page.
    list(&format!("category={slug}&sort=price&currency=EUR&limit=2&cursor={cursor}")).expect_status(200);
    for at in 0..cursor.len() {
        let flipped = if cursor.as_bytes()[at] == b'A' { "B" } else { "A" };
        let changed = format!("{}{flipped}{}", &cursor[..at], &cursor[at + 1..]);
        expect_problem(
            &list(&format!("category={slug}&sort=price&currency=EUR&cursor={changed}")),
            400,
            "malformed-request",
        );
    }
    let long = "A".repeat(5000);
    for bad in [&cursor[1..], &cursor[..cursor.len() - 1], "AAAA", "%00", "%ff", "", &long] {
        let response = list(&format!("category={slug}&sort=price&currency=EUR&cursor={bad}"));
        assert_eq!(response.status, 400, "{bad:?}: {}", response.text());
    }
    for other in [
        "sort=price&currency=EUR".to_owned(),
        format!("category={slug}"),
        format!("category={slug}&sort=-price&currency=EUR"),
        format!("category={slug}&sort=price&currency=EUR&in_stock=true"),
        format!("category={slug}&sort=price&currency=EUR&min_price=1"),
        format!("category={slug}&sort=price&currency=USD"),
        format!("category={slug}&sort=price&currency=EUR&q={word}"),
    ] {
        let response = list(&format!("{other}&cursor={cursor}"));
        assert_eq!(response.status, 400, "{other}: {}", response.text());
        expect_problem(&response, 400, "malformed-request");
    }
    let users = operator().client.get("/v1/users?limit=1").json()["next_cursor"].clone();
    if let Some(cursor) = users.as_str() {
        expect_problem(&list(&format!("limit=1&cursor={cursor}")), 400, "malformed-request");
    }
}
