//! The statements of the catalog, word for word (components/catalog/src/store); a test compares them.
//!
//! The statements of lists have the same parameters: ?1 the number of rows, ?2 category, ?3 currency, ?4 and ?5 the lowest and the highest price,
//! ?6 whether in stock, ?7 and ?8 the position after which to start; those of searches also ?9, the expression for FTS5.

use const_format::formatcp;

/// The largest number of products in a price range that are sorted.
pub(super) const SORTED_AT_MOST: i64 = 5_000;

/// The largest number of matches of a search that are sorted.
pub(super) const SORTED_MATCHES_AT_MOST: i64 = 2_500;

/// The columns of a product, in the order in which they are read.
const COLUMNS: &str = "p.id, p.sku, p.name, p.description, p.price_amount, p.currency, p.category, p.attributes, p.on_hand, p.reserved, p.status, \
     p.created_at, p.updated_at, p.version, p.allocated";

pub(super) const SELECT: &str = formatcp!("SELECT {COLUMNS} FROM products AS p WHERE p.id = ?1");

/// The conditions of every list but for the status. The plus prevents SQLite from walking the index by price for a price filter where another
/// order is requested.
const CONDITIONS: &str = "(?2 IS NULL OR p.category = ?2) AND (?3 IS NULL OR p.currency = ?3) \
     AND +p.price_amount BETWEEN ?4 AND ?5 AND (?6 IS NULL OR (p.on_hand > p.reserved + p.allocated) = ?6)";

/// The conditions of every list of products for sale.
const FILTERS: &str = formatcp!("p.status = 'active' AND {CONDITIONS}");

/// An order of a list. The number is part of every index.
struct Order {
    /// The condition for the products after the position.
    after: &'static str,
    /// The expressions of ORDER BY.
    by: &'static str,
}

const NEWEST: Order = Order { after: "p.number < ?8", by: "p.number DESC" };
const BY_PRICE: Order =
    Order { after: "(p.price_amount, p.number) > (?7, ?8) AND p.price_amount <= ?5", by: "p.price_amount, p.number" };
const BY_PRICE_DESC: Order = Order {
    after: "(p.price_amount, p.number) < (?7, ?8) AND p.price_amount >= ?4",
    by: "p.price_amount DESC, p.number DESC",
};
const BY_NAME: Order = Order { after: "(p.name_key, p.number) > (?7, ?8)", by: "p.name_key, p.number" };

/// Builds the statement for a page of the products in `$from`, in `$order`, with another condition `$and`.
macro_rules! page_statement {
    ($from:expr, $order:ident, $and:expr) => {
        formatcp!(
            "SELECT {COLUMNS}, p.number, p.name_key FROM {} WHERE {FILTERS} AND {}{} ORDER BY {} LIMIT ?1",
            $from,
            $order.after,
            $and,
            $order.by
        )
    };
}
const PRODUCTS: &str = "products AS p";
const IN_CATEGORY: &str = " AND p.category = ?2";
const PRODUCTS_BY_PRICE: &str = "products AS p INDEXED BY products_by_price";
const IN_PRICE_RANGE: &str = " AND p.price_amount BETWEEN ?4 AND ?5";

pub(super) const PAGE_NEWEST: &str = page_statement!(PRODUCTS, NEWEST, "");
pub(super) const PAGE_BY_PRICE: &str = page_statement!(PRODUCTS, BY_PRICE, "");
pub(super) const PAGE_BY_PRICE_DESC: &str = page_statement!(PRODUCTS, BY_PRICE_DESC, "");
pub(super) const PAGE_BY_NAME: &str = page_statement!(PRODUCTS, BY_NAME, "");

pub(super) const CATEGORY_NEWEST: &str = page_statement!(PRODUCTS, NEWEST, IN_CATEGORY);
pub(super) const CATEGORY_BY_PRICE: &str = page_statement!(PRODUCTS, BY_PRICE, IN_CATEGORY);
pub(super) const CATEGORY_BY_PRICE_DESC: &str = page_statement!(PRODUCTS, BY_PRICE_DESC, IN_CATEGORY);
pub(super) const CATEGORY_BY_NAME: &str = page_statement!(PRODUCTS, BY_NAME, IN_CATEGORY);

pub(super) const PRICE_RANGE_NEWEST: &str = page_statement!(PRODUCTS_BY_PRICE, NEWEST, IN_PRICE_RANGE);
pub(super) const PRICE_RANGE_BY_NAME: &str = page_statement!(PRODUCTS_BY_PRICE, BY_NAME, IN_PRICE_RANGE);

pub(super) const COUNT_IN_PRICE_RANGE: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM products AS p WHERE p.status = 'active' AND p.price_amount BETWEEN ?1 AND ?2 LIMIT ?3)";

/// FTS5 returns row ids in order as it finds them, so that a page is read without the other matches. CROSS JOIN makes it the outer loop.
const MATCHES: &str = "products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid";

const MATCHING: &str = " AND products_fts MATCH ?9";

/// The plus prevents SQLite from looking up the matches one by one: it walks the order and checks for each product whether it is in the set of
/// matches.
const AMONG_MATCHES: &str = " AND +p.number IN (SELECT rowid FROM products_fts WHERE products_fts MATCH ?9)";

pub(super) const BY_SKU: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM products AS p WHERE p.sku_key = ?9 AND p.number < ?8 AND {FILTERS} LIMIT ?1"
);

/// In the order of FTS5 itself, without the product that has the SKU in ?10, which is in another tier.
pub(super) const TIER: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM {MATCHES} WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND p.sku_key <> ?10 AND {FILTERS} \
     ORDER BY f.rowid DESC LIMIT ?1"
);

pub(super) const MATCHES_NEWEST: &str = formatcp!(
    "SELECT {COLUMNS}, p.number, p.name_key FROM {MATCHES} WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND {FILTERS} \
     ORDER BY f.rowid DESC LIMIT ?1"
);

pub(super) const MATCHES_BY_PRICE: &str = page_statement!(MATCHES, BY_PRICE, MATCHING);
pub(super) const MATCHES_BY_PRICE_DESC: &str = page_statement!(MATCHES, BY_PRICE_DESC, MATCHING);
pub(super) const MATCHES_BY_NAME: &str = page_statement!(MATCHES, BY_NAME, MATCHING);

pub(super) const AMONG_BY_PRICE: &str =
    page_statement!("products AS p INDEXED BY products_by_price", BY_PRICE, AMONG_MATCHES);
pub(super) const AMONG_BY_PRICE_DESC: &str =
    page_statement!("products AS p INDEXED BY products_by_price", BY_PRICE_DESC, AMONG_MATCHES);
pub(super) const AMONG_BY_NAME: &str =
    page_statement!("products AS p INDEXED BY products_by_name", BY_NAME, AMONG_MATCHES);

pub(super) const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM products_fts WHERE products_fts MATCH ?1 LIMIT ?2)";

#[cfg(test)]
mod tests {
    use std::fs;

    use xtask::workspace::Workspace;

    /// Returns `text` without layout, visibility and comments.
    fn essence(text: &str) -> String {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text: String = lines.flat_map(str::chars).filter(|letter| !letter.is_whitespace()).collect();
        ["pub(super)", "pub(crate)", "pub(insuper::super)"]
            .iter()
            .fold(text, |text, word| text.replace(word, ""))
            .replace(",)", ")")
    }

    #[test]
    fn the_statements_are_those_of_the_catalog() {
        let folder = Workspace::locate().root().join("components/catalog/src");
        let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let theirs = essence(&["store.rs", "store/products.rs", "store/list.rs", "store/search.rs"].map(read).concat());
        let (ours, _) = include_str!("sql.rs").split_once("#[cfg(test)]").unwrap();
        let ours = essence(ours).replace("SORTED_MATCHES_AT_MOST", "SORTED_AT_MOST");
        let mut compared = 0;
        for item in ours.replace("macro_rules!", "\nmacro_rules!").replace("const", "\nconst").lines() {
            // An item ends where the next begins: at a brace for a macro, at a semicolon for a constant.
            let end =
                if item.starts_with("macro_rules!") { item.rfind('}') } else { item.rfind(';').map(|end| end + 1) };
            let Some(item) = end
                .map(|end| &item[..end])
                .filter(|item| item.contains("&str") || item.contains(":Order=") || item.starts_with("macro"))
            else {
                continue;
            };
            assert!(theirs.contains(item), "not in components/catalog/src/store: {item}");
            compared += 1;
        }
        assert!(compared > 20, "{compared}");
    }
}
