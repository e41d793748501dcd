//! The SQL statements of the services, which are constants in their sources.

use std::collections::BTreeMap;

use syn::{Attribute, Expr, ExprLit, ExprMacro, Item, Lit, LitStr, Meta};

/// A named statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its place: file and name.
    pub place: String,
    /// Its text.
    pub sql: String,
    /// Its doc comment. A statement that scans or sorts says so in it, and why it may: `Scans: ...`, `Sorts: ...`.
    pub doc: String,
}

/// The texts of the constants of some files, by name, for the statements that are built from them.
pub type Constants = BTreeMap<String, String>;

/// Returns the constants of a file that are string literals.
///
/// # Panics
///
/// If the file cannot be parsed.
pub fn constants(text: &str) -> Constants {
    let source = syn::parse_file(text).expect("a source file can be parsed");
    let constants = source.items.into_iter().filter_map(|item| match item {
        Item::Const(item) => Some((item.ident.to_string(), literal(&item.expr)?)),
        _ => None,
    });
    constants.collect()
}

/// Returns the constants of a file that are string literals, and those that are built from these and from constants in `known`.
///
/// # Panics
///
/// If the file cannot be parsed.
pub fn built_constants(text: &str, known: &Constants) -> Constants {
    let source = syn::parse_file(text).expect("a source file can be parsed");
    let mut own = constants(text);
    loop {
        let all: Constants = known.clone().into_iter().chain(own.clone()).collect();
        let before = own.len();
        own.extend(source.items.iter().filter_map(|item| match item {
            Item::Const(item) => Some((item.ident.to_string(), text_of(&item.expr, &all)?)),
            _ => None,
        }));
        if own.len() == before {
            return own;
        }
    }
}

/// Returns the statements among the constants of the source `file`; those that are built from other constants have these from `known`.
///
/// # Panics
///
/// If the file cannot be parsed.
pub fn statements(file: &str, text: &str, known: &Constants) -> Vec<Statement> {
    let source = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let constants =
        source.items.into_iter().filter_map(|item| if let Item::Const(item) = item { Some(item) } else { None });
    constants
        .filter_map(|item| {
            let sql = text_of(&item.expr, known).filter(|text| is_statement(text))?;
            let doc = item.attrs.iter().filter_map(doc_line).collect::<String>();
            Some(Statement { place: format!("{file}: {}", item.ident), sql, doc })
        })
        .collect()
}

/// Returns whether `text` is a statement, not a part of one such as a list of columns.
fn is_statement(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first)
}

/// Returns the text of a string literal, or of a `formatcp!` whose arguments are constants in `known`.
fn text_of(expression: &Expr, known: &Constants) -> Option<String> {
    let Expr::Macro(ExprMacro { mac, .. }) = expression else { return literal(expression) };
    if !mac.path.is_ident("formatcp") {
        return None;
    }
    let format: LitStr = mac.parse_body().ok()?;
    let (mut text, mut rest) = (String::new(), format.value());
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(&before.replace("}}", "}"));
        if let Some(after) = after.strip_prefix('{') {
            text.push('{');
            rest = after.to_owned();
            continue;
        }
        let (name, after) = after.split_once('}')?;
        text.push_str(known.get(name)?);
        rest = after.to_owned();
    }
    Some(text + &rest.replace("}}", "}"))
}

fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => literal(&meta.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Constants, built_constants, constants, statements};

    #[test]
    fn a_statement_that_is_built_from_constants_is_found() {
        let text = "
            const COLUMNS: &str = \"a, b\";
            const SELECT: &str = formatcp!(\"SELECT {COLUMNS} FROM t\");
            const OTHER: &str = formatcp!(\"SELECT {UNKNOWN} FROM t\");";
        let found: Vec<String> =
            statements("t.rs", text, &constants(text)).into_iter().map(|statement| statement.sql).collect();
        assert_eq!(found, ["SELECT a, b FROM t"]);
    }
    #[test]
    fn a_constant_is_built_from_constants_that_are_built_themselves() {
        let text = "
            const ALL: &str = formatcp!(\"SELECT {READ} FROM t WHERE d = '{{}}'\");
            const READ: &str = formatcp!(\"{COLUMNS}, {NOW} AS now\");
            const COLUMNS: &str = \"a, b\";";
        let known = Constants::from([("NOW".to_owned(), "unixepoch()".to_owned())]);
        let built = built_constants(text, &known);
        let found = statements("t.rs", text, &built);
        assert_eq!(found[0].sql, "SELECT a, b, unixepoch() AS now FROM t WHERE d = '{}'");
        assert!(statements("t.rs", text, &constants(text)).is_empty());
    }
}
