//! Examples of products, their stock, and categories.

use serde_json::{Value, json};
use spindle_tests::orders::order_body;
use spindle_tests::products::Product;

use crate::scenario::{Scenario, ids};

#[test]
fn create_read_change_and_archive_a_product() {
    let mut scenario = Scenario::new();
    let (operator, anyone) = (scenario.operator(), scenario.anyone());
    let category = scenario.word("lighting");
    let body = json!({
        "sku": scenario.word("LAMP-OAK"),
        "name": "Oak lamp",
        "description": "A lamp of oiled oak with a linen shade.",
        "price": {"amount": 12_900, "currency": "EUR"},
        "category": category,
        "attributes": {"material": "oak", "height_cm": 45, "dimmable": true},
        "stock": {"on_hand": 10},
    });
    let create = operator.post("/v1/products").json(body.clone());
    let sent = std::time::SystemTime::now();
    let created = create.send();
    let product = Product::from_response(&created.clone().expect_status(201));
    scenario.placeholders.name_id(&product.id, ids::PRODUCT);
    scenario.check_response("createProduct/created", &create, &created, sent);
    scenario.check("createProduct/sku-taken", &operator.post("/v1/products").json(body));
    let wrong =
        json!({"sku": "", "name": "Oak lamp", "price": {"amount": -1, "currency": "XXX"}, "category": "Lighting"});
    scenario.check("createProduct/invalid", &operator.post("/v1/products").json(wrong));

    let read = scenario.check("getProduct/active", &anyone.get(&product.path));
    scenario.check("getProduct/unchanged", &anyone.get(&product.path).header("if-none-match", &read.etag()));
    scenario.check("getProduct/not-found", &anyone.get("/v1/products/019bc102-9f40-7000-8000-000000000099"));
    scenario.check("listProducts/by-category", &anyone.get(format!("/v1/products?category={category}&limit=1")));
    scenario.check("listProducts/unknown-parameter", &anyone.get("/v1/products?colour=red&limit=0"));
    let slug = category.clone();
    let own = move |body: &mut Value| {
        let items = body["items"].as_array_mut().expect("items");
        items.retain(|item| item["slug"] == slug);
        items.iter_mut().for_each(|item| item["name"] = "Lighting".into());
    };
    scenario.check("listCategories/categories", &anyone.get("/v1/categories").edit(own));

    let price = json!({"price": {"amount": 11_900, "currency": "EUR"}});
    let change = || operator.patch(&product.path).json(price.clone());
    scenario.check("changeProduct/without-if-match", &change());
    let changed = scenario.check("changeProduct/price", &change().if_match(&product.etag));
    scenario.check("changeProduct/changed-meanwhile", &change().if_match(&product.etag));
    let other = scenario.word("LAMP-ASH");
    let other =
        json!({"sku": other, "name": "Ash lamp", "price": {"amount": 9900, "currency": "EUR"}, "category": category});
    operator.client.post("/v1/products", &other).expect_status(201);
    let take = operator.patch(&product.path).if_match("*").json(json!({"sku": other["sku"]}));
    scenario.check("changeProduct/sku-taken", &take);
    scenario.check("archiveProduct/archived", &operator.delete(&product.path).if_match(&changed.etag()));
}

#[test]
fn import_products() {
    let mut scenario = Scenario::new();
    let operator = scenario.operator();
    let category = scenario.word("lighting");
    let mut line = |sku: &str, name: &str, amount: i64| {
        let sku = scenario.word(sku);
        json!({"sku": sku, "name": name, "price": {"amount": amount, "currency": "EUR"}, "category": category, "stock": {"on_hand": 5}})
    };
    let lines =
        [line("LAMP-OAK", "Oak lamp", 12_900), line("LAMP-ASH", "Ash lamp", 9900), line("LAMP-ELM", "Elm lamp", -1)];
    scenario.check("importProducts/one-line-refused", &operator.post("/v1/products/import").lines(&lines));
}

#[test]
fn count_the_stock() {
    let mut scenario = Scenario::new();
    let (operator, product) = (scenario.operator(), scenario.product());
    let (_, customer) = scenario.customer();
    let path = format!("{}/stock", product.path);
    let stock = scenario.check("getProductStock/counted", &operator.get(&path));
    let count = |on_hand: i64| operator.put(&path).json(json!({"on_hand": on_hand}));
    scenario.check("setProductStock/counted", &count(8).if_match(&stock.etag()));
    scenario.order(&customer, &order_body(&[(&product.id, 3)], "pm_timeout"));
    scenario.check("setProductStock/below-reserved", &count(2));
}
