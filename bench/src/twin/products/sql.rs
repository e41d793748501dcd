//! The statements of the catalog, word for word (components/catalog/src/store); a test compares them.
//!
//! Those of lists take the same parameters: ?1 how many rows, ?2 category, ?3 currency, ?4 and ?5 the lowest and the highest price, ?6
//! whether in stock, ?7 and ?8 the position after which to start; those of searches take ?9, what FTS5 is to find, besides.

/// How many products are sorted rather than walked to.
pub(super) const SORTED_AT_MOST: i64 = 5_000;

/// How many hits of a search are sorted rather than walked to.
pub(super) const SORTED_HITS_AT_MOST: i64 = 2_500;

/// The columns of a product, in the order in which it is read.
macro_rules! columns {
    () => {
        "p.id, p.sku, p.name, p.description, p.price_amount, p.currency, p.category, p.attributes, p.on_hand, p.reserved, p.status, \
         p.created_at, p.updated_at, p.version"
    };
}

pub(super) const SELECT: &str = concat!("SELECT ", columns!(), " FROM products AS p WHERE p.id = ?1");

/// What every list shows. The plus keeps a price filter from being taken for the index to walk where another order is asked for.
macro_rules! filtered {
    () => {
        "p.status = 'active' AND (?2 IS NULL OR p.category = ?2) AND (?3 IS NULL OR p.currency = ?3) \
         AND +p.price_amount BETWEEN ?4 AND ?5 AND (?6 IS NULL OR (p.on_hand > p.reserved) = ?6)"
    };
}

/// A page of the products in `$from`, in an order and after a position.
macro_rules! page_of {
    ($from:expr, $after:expr, $order:expr) => {
        concat!(
            "SELECT ",
            columns!(),
            ", p.number FROM ",
            $from,
            " WHERE ",
            filtered!(),
            " AND ",
            $after,
            " ORDER BY ",
            $order,
            " LIMIT ?1"
        )
    };
}

/// Where each order goes on, and what it is. The number is part of every index.
macro_rules! newest {
    ($from:expr, $and:expr) => {
        page_of!($from, concat!("p.number < ?8", $and), "p.number DESC")
    };
}
macro_rules! cheapest {
    ($from:expr, $and:expr) => {
        page_of!(
            $from,
            concat!("(p.price_amount, p.number) > (?7, ?8) AND p.price_amount <= ?5", $and),
            "p.price_amount, p.number"
        )
    };
}
macro_rules! dearest {
    ($from:expr, $and:expr) => {
        page_of!(
            $from,
            concat!("(p.price_amount, p.number) < (?7, ?8) AND p.price_amount >= ?4", $and),
            "p.price_amount DESC, p.number DESC"
        )
    };
}
macro_rules! by_name {
    ($from:expr, $and:expr) => {
        page_of!($from, concat!("(p.name_key, p.number) > (?7, ?8)", $and), "p.name_key, p.number")
    };
}

/// FTS5 hands out row ids in order as it finds them, so that a page is read without the rest. CROSS JOIN fixes that it comes first.
macro_rules! matches {
    () => {
        "products_fts AS f CROSS JOIN products AS p ON p.number = f.rowid"
    };
}

/// The plus keeps SQLite from looking up the hits one by one: it is the order that is walked, and the hits are a set to look into.
macro_rules! among_matches {
    () => {
        " AND +p.number IN (SELECT rowid FROM products_fts WHERE products_fts MATCH ?9)"
    };
}

/// Without words.
pub(super) mod list {
    pub(in super::super) const NEWEST: &str = newest!("products AS p", "");
    pub(in super::super) const CHEAPEST: &str = cheapest!("products AS p", "");
    pub(in super::super) const DEAREST: &str = dearest!("products AS p", "");
    pub(in super::super) const BY_NAME: &str = by_name!("products AS p", "");

    pub(in super::super) const NEWEST_IN_CATEGORY: &str = newest!("products AS p", " AND p.category = ?2");
    pub(in super::super) const CHEAPEST_IN_CATEGORY: &str = cheapest!("products AS p", " AND p.category = ?2");
    pub(in super::super) const DEAREST_IN_CATEGORY: &str = dearest!("products AS p", " AND p.category = ?2");
    pub(in super::super) const BY_NAME_IN_CATEGORY: &str = by_name!("products AS p", " AND p.category = ?2");

    pub(in super::super) const NEWEST_IN_PRICE_RANGE: &str =
        newest!("products AS p INDEXED BY products_by_price", " AND p.price_amount BETWEEN ?4 AND ?5");
    pub(in super::super) const BY_NAME_IN_PRICE_RANGE: &str =
        by_name!("products AS p INDEXED BY products_by_price", " AND p.price_amount BETWEEN ?4 AND ?5");

    pub(in super::super) const COUNT_IN_PRICE_RANGE: &str = "
        SELECT count(*) FROM (
            SELECT 1 FROM products AS p WHERE p.status = 'active' AND p.price_amount BETWEEN ?1 AND ?2 LIMIT ?3)";
}

/// With words.
pub(super) mod search {
    pub(in super::super) const BY_SKU: &str = concat!(
        "SELECT ",
        columns!(),
        ", p.number FROM products AS p WHERE p.sku_key = ?9 AND p.number < ?8 AND ",
        filtered!(),
        " LIMIT ?1"
    );

    /// In the order of FTS5 itself, without the product that has the SKU in ?10, which is in a tier of its own.
    pub(in super::super) const TIER: &str = concat!(
        "SELECT ",
        columns!(),
        ", p.number FROM ",
        matches!(),
        " WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND p.sku_key <> ?10 AND ",
        filtered!(),
        " ORDER BY f.rowid DESC LIMIT ?1"
    );

    pub(in super::super) const NEWEST: &str = concat!(
        "SELECT ",
        columns!(),
        ", p.number FROM ",
        matches!(),
        " WHERE products_fts MATCH ?9 AND f.rowid < ?8 AND ",
        filtered!(),
        " ORDER BY f.rowid DESC LIMIT ?1"
    );

    pub(in super::super) const CHEAPEST: &str = cheapest!(matches!(), " AND products_fts MATCH ?9");
    pub(in super::super) const DEAREST: &str = dearest!(matches!(), " AND products_fts MATCH ?9");
    pub(in super::super) const BY_NAME: &str = by_name!(matches!(), " AND products_fts MATCH ?9");

    pub(in super::super) const CHEAPEST_AMONG: &str =
        cheapest!("products AS p INDEXED BY products_by_price", among_matches!());
    pub(in super::super) const DEAREST_AMONG: &str =
        dearest!("products AS p INDEXED BY products_by_price", among_matches!());
    pub(in super::super) const BY_NAME_AMONG: &str =
        by_name!("products AS p INDEXED BY products_by_name", among_matches!());

    pub(in super::super) const COUNT: &str =
        "SELECT count(*) FROM (SELECT 1 FROM products_fts WHERE products_fts MATCH ?1 LIMIT ?2)";
}

#[cfg(test)]
mod tests {
    use std::fs;

    use xtask::workspace::Workspace;

    /// Without what is only layout, visibility, or said about it.
    fn essence(text: &str) -> String {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text: String = lines.flat_map(str::chars).filter(|letter| !letter.is_whitespace()).collect();
        ["pub(super)", "pub(crate)", "pub(insuper::super)"]
            .iter()
            .fold(text, |text, word| text.replace(word, ""))
            .replace(",)", ")")
    }

    #[test]
    fn they_are_those_of_the_catalog() {
        let folder = Workspace::locate().root().join("components/catalog/src");
        let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let theirs = essence(&["store.rs", "store/products.rs", "store/list.rs", "store/search.rs"].map(read).concat());
        let (ours, _) = include_str!("sql.rs").split_once("#[cfg(test)]").unwrap();
        let ours = essence(ours).replace("SORTED_HITS_AT_MOST", "SORTED_AT_MOST");
        let mut compared = 0;
        for item in ours.replace("macro_rules!", "\nmacro_rules!").replace("const", "\nconst").lines() {
            // Each ends where the next begins: at a brace for a macro, at a semicolon for a constant.
            let end =
                if item.starts_with("macro_rules!") { item.rfind('}') } else { item.rfind(';').map(|end| end + 1) };
            let Some(item) =
                end.map(|end| &item[..end]).filter(|item| item.contains("&str") || item.starts_with("macro"))
            else {
                continue;
            };
            assert!(theirs.contains(item), "not in components/catalog/src/store: {item}");
            compared += 1;
        }
        assert!(compared > 20, "{compared}");
    }
}
