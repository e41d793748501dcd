//! Products one by one: anybody reads them, archived ones too, since old orders speak of them; operators write them.

use crate::cache::{self, Subject};
use crate::change::{self, Changed};
use crate::error::Error;
use crate::product::{Change, Draft, Product, Status, StockLevel};
use crate::representation::Representation;
use crate::store;
use http::header::{ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json as value};
use spindle_contracts::{Problem, ProductId};
use spindle_edge::{Anonymous, HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::audit::Entry;
use spindle_platform::http::{ETag, Precondition, Request, Response, empty, json};

/// `GET /v1/products/{id}`: 200 with the product, archived or not, or 304.
pub(crate) async fn get(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    request.only_query(&[])?;
    let id = request.param("id")?;
    let load = async || {
        let product = store::products::get(&context.sql().await?, id).await?;
        Ok(Representation::of_version(product.version, &product))
    };
    let (found, status) = cache::read(context, Subject::Product(id), load).await?;
    Ok(found.into_response(&request, status))
}

/// `POST /v1/products`: 201 with the product.
pub(crate) async fn create(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let draft: Draft = request.json().await?;
    let product = Product::create(ProductId(context.new_id()), draft, context.now())?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let changes = [Changed { before: None, after: product }];
    change::write(&transaction, context, &changes, &entry(caller, "product.created", &changes, value!({}))).await?;
    transaction.commit().await?;
    let [Changed { after: product, .. }] = changes;
    cache::forget(context, [product.id].into_iter()).await?;

    let mut response = with_product(StatusCode::CREATED, &product);
    let location = HeaderValue::try_from(format!("/v1/products/{}", product.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// `PATCH /v1/products/{id}` with `If-Match`: 200 with the changed product. `status` puts an archived one back on the shelves.
pub(crate) async fn change(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let change: Change = request.json().await?;
    let precondition = request.if_match()?;
    let detail = value!({ "fields": change.fields() });
    let id = request.param("id")?;
    let product = write(context, caller, id, "product.changed", detail, Some(precondition), |product| {
        product.changed(change, context.now())
    });
    Ok(with_product(StatusCode::OK, &product.await?))
}

/// `DELETE /v1/products/{id}` with `If-Match`: 204. The product is archived; once more changes nothing.
pub(crate) async fn archive(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let precondition = request.if_match()?;
    let id = request.param("id")?;
    write(context, caller, id, "product.archived", value!({}), Some(precondition), |product| {
        Ok(match product.status {
            Status::Active => product.archived(context.now()),
            Status::Archived => product.clone(),
        })
    })
    .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// `PUT /v1/products/{id}/stock` `{quantity}`: 200 with the product, of which so much lies in the warehouse now. It takes no `If-Match`:
/// who has counted does not mind what was there before, and reservations stay.
pub(crate) async fn set_stock(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let level: StockLevel = request.json().await?;
    let id = request.param("id")?;
    let product = write(context, caller, id, "stock.set", value!({ "quantity": level.quantity }), None, |product| {
        product.stocked(level, context.now())
    });
    Ok(with_product(StatusCode::OK, &product.await?))
}

/// The product `id` after `change`, written as what `action` and `detail` call it.
async fn write(
    context: &Context,
    caller: Principal,
    id: ProductId,
    action: &'static str,
    detail: Value,
    precondition: Option<Precondition>,
    change: impl FnOnce(&Product) -> Result<Product, Error>,
) -> Result<Product, Problem> {
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let before = store::products::get(&transaction, id).await?;
    if let Some(precondition) = precondition {
        precondition.check(&ETag::of_version(before.version))?;
    }
    let after = change(&before)?;
    if after.version == before.version {
        return Ok(after);
    }
    let changes = [Changed { before: Some(before), after }];
    change::write(&transaction, context, &changes, &entry(caller, action, &changes, detail)).await?;
    transaction.commit().await?;
    let [Changed { after, .. }] = changes;
    cache::forget(context, [id].into_iter()).await?;
    Ok(after)
}

fn entry(caller: Principal, action: &'static str, changes: &[Changed; 1], detail: Value) -> Entry {
    let [Changed { after, .. }] = changes;
    Entry { actor: Some(caller.user().to_string()), action, subject: Some(after.id.to_string()), detail }
}

/// A product as the answer to a write, which nobody keeps.
fn with_product(status: StatusCode, product: &Product) -> Response {
    let mut response = json(status, product);
    response.headers_mut().insert(ETAG, ETag::of_version(product.version).header());
    response
}
