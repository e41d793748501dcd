//! The steps without an account: health, readiness, the description of the API, and the catalog.

use serde_json::Value;

use crate::Options;
use crate::client::{Client, Failure};
use crate::steps::{Failed, Steps};

/// A product to order.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) sku: String,
    /// The price, as the API writes it.
    pub(crate) price: Value,
    available: u64,
}

/// Runs these steps, and returns the product to order; `None` if there is none in stock.
pub(crate) fn check(steps: &mut Steps<'_>, client: &Client, options: &Options) -> Result<Option<Product>, Failed> {
    steps.run("health", || {
        let live = client.get("/healthz")?.expect(200)?;
        Ok(live.text("/status")?.to_owned())
    })?;
    steps.run("readiness", || ready(client))?;
    steps.run("openapi", || {
        let document = client.get("/openapi.json")?.expect(200)?;
        let (version, paths) = (document.text("/info/version")?, document.body["paths"].as_object());
        Ok(format!("version {version}, {} paths", paths.map_or(0, serde_json::Map::len)))
    })?;
    let product = steps.run_for("search", || search(client, options.sku.as_deref()))?;
    if let Some(product) = &product {
        steps.run("product", || read(client, product))?;
    }
    Ok(product)
}

fn ready(client: &Client) -> Result<String, Failure> {
    let report = client.get("/readyz")?.expect(200).map_err(|it| it.hint("docs/runbooks/platform-down.md"))?;
    let services = report.body["services"].as_array().map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = services.iter().filter_map(|service| service["name"].as_str()).collect();
    Ok(names.join(", "))
}

/// Lists what is in stock, and finds the product to order again by the words of its SKU.
fn search(client: &Client, sku: Option<&str>) -> Result<(Option<Product>, String), Failure> {
    let path = match sku {
        Some(sku) => format!("/v1/products?sku={sku}"),
        None => "/v1/products?in_stock=true".to_owned(),
    };
    let list = client.get(&path)?.expect(200)?;
    let items = list.body["items"].as_array().map_or(&[][..], Vec::as_slice);
    // Never the last piece of a product, if there is another one.
    let Some(product) = items.iter().filter_map(product).max_by_key(|product| product.available) else {
        return match sku {
            Some(sku) => Err(Failure::new(format!("there is no product with the SKU {sku}"))),
            None => Ok((None, "nothing is in stock".to_owned())),
        };
    };
    let words = client.get(&format!("/v1/products?limit=100&q=%22{}%22", product.sku))?.expect(200)?;
    let hits = words.body["items"].as_array().map_or(&[][..], Vec::as_slice);
    if !hits.iter().any(|hit| hit["id"].as_str() == Some(&product.id)) {
        return Err(Failure::new(format!("{} found {} products, but not {}", words.request, hits.len(), product.sku))
            .hint("the search index of the catalog is behind its products"));
    }
    let text = format!("{} of {} products for {}", hits.len(), items.len(), product.sku);
    Ok((Some(product), text))
}

fn product(item: &Value) -> Option<Product> {
    Some(Product {
        id: item["id"].as_str()?.to_owned(),
        sku: item["sku"].as_str()?.to_owned(),
        price: item["price"].clone(),
        available: item["stock"]["available"].as_u64()?,
    })
}

fn read(client: &Client, product: &Product) -> Result<String, Failure> {
    let response = client.get(&format!("/v1/products/{}", product.id))?.expect(200)?;
    Ok(format!("{}, {} in stock", response.text("/name")?, response.body["stock"]["available"]))
}
