//! The public operations of the catalog, as `api-specs/catalog.yaml` describes them.

use crate::category::Categories;
use crate::fields::StockLevel;
use crate::import::ImportReport;
use crate::product::{NewProduct, Product, ProductLine, ProductPatch, StockReport};
use crate::product_query::ListProductsQuery;
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::ProblemKind::{
    Conflict, Forbidden, InternalError, MalformedRequest, PayloadTooLarge, Unauthorized, Unavailable,
};
use spindle_contracts::{ProductId, Role};
use spindle_edge::testing::contract::{Contract, Operation};
use spindle_platform::http::Paged;

/// The members of the conflict of a new product.
#[derive(Serialize, JsonSchema)]
struct SkuTaken {
    /// The product that has the SKU. It may be archived, and then it is in no list.
    product_id: ProductId,
}

/// The members of the conflict of a change.
#[derive(Serialize, JsonSchema)]
struct ChangeConflict {
    /// The product that has the SKU, if that is the conflict. It may be archived, and then it is in no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ProductId")]
    product_id: Option<ProductId>,
}

/// The members of the problem of an import that ended early.
#[derive(Serialize, JsonSchema)]
struct Imported {
    /// The result of the lines before that, which stay written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ImportReport")]
    imported: Option<ImportReport>,
}

const DESCRIPTION: &str = "\
Products, their categories and their stock. Anyone reads products and categories, also from shared caches; operators write them.

Operators write one number of a stock, `on_hand`: the units on the shelf. `reserved` and `allocated` follow from the orders, and `available` is the rest. \
A request that has one of these, or `id`, `created_at` or `updated_at`, is refused with an error that says so.";

fn contract() -> Contract {
    Contract {
        service: "catalog",
        description: DESCRIPTION,
        operations: [reads(), writes()].into_iter().flatten().collect(),
    }
}

/// Adds the headers of a response that shared caches may store.
fn cacheable(operation: Operation) -> Operation {
    operation.versioned().with_header("Cache-Control", true).with_header("Cache-Status", true)
}

fn reads() -> Vec<Operation> {
    let list = Operation::new("listProducts", "GET", "/v1/products", "List products")
        .describe(
            "Lists the products for sale: filtered, searched, sorted, in pages. The list may come from a cache that is a few seconds old, but for \
             `status=archived`, which is not stored.",
        )
        .query::<Paged<ListProductsQuery>>()
        .optional_token(Role::Operator)
        .obeys_preconditions()
        .page_of::<Product>("A page of the products.")
        .problem(MalformedRequest, "A parameter is unknown, repeated, empty or malformed, or one does not go with another; `errors` names each.")
        .problem(Unauthorized, "`status` is `archived`, and the request has no valid access token.")
        .problem(Forbidden, "`status` is `archived`, and the caller is no operator.");
    let get = Operation::new("getProduct", "GET", "/v1/products/{id}", "Get a product")
        .describe("Returns a product, archived or not: old orders refer to archived ones.")
        .obeys_preconditions()
        .returns::<Product>(200, "The product.");
    let categories = Operation::new("listCategories", "GET", "/v1/categories", "List categories")
        .describe("Lists all categories with active products, on one page.")
        .obeys_preconditions()
        .returns::<Categories>(200, "The categories.");
    let stock = Operation::new("getProductStock", "GET", "/v1/products/{id}/stock", "Get the stock of a product")
        .describe("Returns all numbers of the stock. Everyone sees `available` in the product.")
        .obeys_preconditions()
        .returns::<StockReport>(200, "The stock.")
        .versioned()
        .with_header("Cache-Control", true);
    vec![cacheable(list), cacheable(get), cacheable(categories), stock]
}

fn writes() -> Vec<Operation> {
    let create = Operation::new("createProduct", "POST", "/v1/products", "Create a product")
        .describe("The product is active, and in the list at once.")
        .body::<NewProduct>("The product.")
        .creates::<Product>("The new product.")
        .versioned()
        .problem_with::<SkuTaken>(Conflict, "Another product has the SKU.");
    let import = Operation::new("importProducts", "POST", "/v1/products/import", "Import products")
        .describe(
            "Creates and changes many products: a JSON object a line, at most 10,000 lines of at most 64 KiB. A line changes the product with its \
             SKU, as `PATCH` does; a field that it does not name stays. If no product has the SKU, it creates one. A line that fails changes \
             nothing; the others are written. If the request ends early, the problem has the result until then in `imported`, and all lines can be \
             sent again.",
        )
        .lines::<ProductLine>("A product a line (NDJSON).")
        .returns::<ImportReport>(200, "The result.")
        .problem_with::<Imported>(MalformedRequest, "The body is incomplete.")
        .problem_with::<Imported>(PayloadTooLarge, "The body has more than 10 MiB, or more than 10,000 lines.")
        .problem_with::<Imported>(InternalError, "A defect or a broken dependency.")
        .problem_with::<Imported>(Unavailable, "The database is busy or down.");
    let patch = Operation::new("changeProduct", "PATCH", "/v1/products/{id}", "Change a product")
        .describe(
            "Changes the fields in the body, a merge patch (RFC 7396). `If-Match` compares the edits of the product: a sale or a count since then \
             does not matter, although it changes the `ETag`.",
        )
        .requires_if_match()
        .body::<ProductPatch>("The change.")
        .returns::<Product>(200, "The changed product.")
        .versioned()
        .problem_with::<ChangeConflict>(Conflict, "Another product has the SKU, or more units than `on_hand` belong to orders.");
    let archive = Operation::new("archiveProduct", "DELETE", "/v1/products/{id}", "Archive a product")
        .describe(
            "Archives a product: it is in no list and not for sale, can be read by its id, and keeps its SKU. `PATCH` with `\"status\": \"active\"` \
             restores it.",
        )
        .requires_if_match()
        .no_content("The product is archived, also if it was before.");
    let count = Operation::new("setProductStock", "PUT", "/v1/products/{id}/stock", "Count the stock of a product")
        .describe(
            "Sets the units on the shelf, those that are sold and not shipped yet among them. What belongs to orders stays theirs. `If-Match` may \
             have the tag of the stock or of the product.",
        )
        .obeys_preconditions()
        .body::<StockLevel>("The count.")
        .returns::<StockReport>(200, "The stock after the count.")
        .versioned()
        .problem(Conflict, "More units than `on_hand` belong to orders.");
    vec![create, import, patch, archive, count]
}

#[test]
fn the_document_of_the_public_operations_is_current() {
    spindle_edge::testing::contract::assert_contract(&crate::SERVICE, contract());
}
