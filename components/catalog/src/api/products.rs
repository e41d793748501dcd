//! Single products. Anyone may read them, archived ones as well, since old orders refer to them; operators write them.

use crate::cache::{self, Resource};
use crate::change::{self, ProductChange};
use crate::fields::StockLevel;
use crate::product::{NewProduct, Product, ProductPatch, Status, Stock, StockReport};
use crate::representation::{self, Representation};
use crate::store;
use http::header::{CACHE_CONTROL, ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json as value};
use spindle_contracts::{Problem, ProductId};
use spindle_edge::{Anonymous, HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::audit::Entry;
use spindle_platform::http::{ETag, NoParameters, Request, Response, empty, json};

/// Handles `GET /v1/products/{id}`: 200 with the product, archived or not; 304 if the client has this version.
pub(crate) async fn get(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let id = request.param("id")?;
    let load = async || {
        let product = store::products::get(&context.sql().await?, id).await?;
        Ok(Representation::of_product(&product))
    };
    let (representation, status) = cache::read(context, Resource::Product(id), load).await?;
    representation.into_response(&request, status)
}

/// Handles `POST /v1/products`: 201 with the new product.
pub(crate) async fn create(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let new: NewProduct = request.json().await?;
    let product = Product::create(ProductId(context.new_id()), new, context.now());
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let changes = [ProductChange { before: None, after: product }];
    change::write(&transaction, context, &changes, &entry(caller, "product.created", &changes, value!({}))).await?;
    transaction.commit().await?;
    let [ProductChange { after: product, .. }] = changes;
    cache::invalidate(context, [product.id].into_iter()).await?;

    let mut response = product_response(StatusCode::CREATED, &product);
    let location = HeaderValue::try_from(format!("/v1/products/{}", product.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// Handles `PATCH /v1/products/{id}` with `If-Match`: 200 with the changed product. `"status": "active"` restores an archived product. The
/// precondition is about what a PATCH changes: a sale since then does not matter.
pub(crate) async fn patch(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let patch: ProductPatch = request.json().await?;
    let precondition = request.if_match()?;
    let detail = value!({ "fields": patch.fields() });
    let id = request.param("id")?;
    let product = write(context, caller, id, "product.changed", detail, |product| {
        precondition.check_version(product.version, &representation::etag(product))?;
        Ok(Some(product.patched(patch, context.now())?))
    });
    Ok(product_response(StatusCode::OK, &product.await?))
}

/// Handles `DELETE /v1/products/{id}` with `If-Match`: 204, and the product is archived. A repeated request changes nothing.
pub(crate) async fn archive(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let precondition = request.if_match()?;
    let id = request.param("id")?;
    write(context, caller, id, "product.archived", value!({}), |product| {
        precondition.check_version(product.version, &representation::etag(product))?;
        Ok(match product.status {
            Status::Active => Some(product.archived(context.now())),
            Status::Archived => None,
        })
    })
    .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Handles `GET /v1/products/{id}/stock`: 200 with the units on hand, and how many of them are reserved, allocated and available.
pub(crate) async fn get_stock(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let product = store::products::get(&context.sql().await?, request.param("id")?).await?;
    let (mut response, etag) = stock_report(product.stock);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    request.or_not_modified(response, &etag)
}

/// Handles `PUT /v1/products/{id}/stock` with `{on_hand}`: 200 with the stock, which has this many units on the shelf now, sold ones that are
/// not shipped among them. Needs no `If-Match`, but obeys it, with the tag of the stock or of the product: a count does not depend on the number
/// before, and what belongs to orders stays theirs.
pub(crate) async fn set_stock(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let level: StockLevel = request.json().await?;
    let precondition = request.precondition()?;
    let detail = value!({ "on_hand": level.on_hand });
    let id = request.param("id")?;
    let product = write(context, caller, id, "stock.set", detail, |product| {
        precondition.check_any(&[representation::etag(product), stock_report(product.stock).1])?;
        Ok(Some(product.with_stock(level).map_err(|error| error.problem_at("/on_hand"))?))
    });
    Ok(stock_report(product.await?.stock).0)
}

/// Returns 200 with a stock, and its tag.
fn stock_report(stock: Stock) -> (Response, ETag) {
    let mut response = json(StatusCode::OK, &StockReport::from(stock));
    let etag = ETag::of_content(response.body());
    response.headers_mut().insert(ETAG, etag.header());
    (response, etag)
}

/// Changes the product `id` by `change`, with `action` and `detail` in the audit log, and returns it. If `change` returns `None`, nothing is written.
async fn write(
    context: &Context,
    caller: Principal,
    id: ProductId,
    action: &'static str,
    detail: Value,
    change: impl FnOnce(&Product) -> Result<Option<Product>, Problem>,
) -> Result<Product, Problem> {
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let before = store::products::get(&transaction, id).await?;
    let Some(after) = change(&before)? else { return Ok(before) };
    let changes = [ProductChange { before: Some(before), after }];
    change::write(&transaction, context, &changes, &entry(caller, action, &changes, detail)).await?;
    transaction.commit().await?;
    let [ProductChange { after, .. }] = changes;
    cache::invalidate(context, [id].into_iter()).await?;
    Ok(after)
}

fn entry(caller: Principal, action: &'static str, changes: &[ProductChange; 1], detail: Value) -> Entry {
    let [ProductChange { after, .. }] = changes;
    Entry { actor: Some(caller.user().to_string()), action, subject: Some(after.id.to_string()), detail }
}

/// Returns the response to a write: the product with its ETag. No cache stores it.
fn product_response(status: StatusCode, product: &Product) -> Response {
    let mut response = json(status, product);
    response.headers_mut().insert(ETAG, representation::etag(product).header());
    response
}
