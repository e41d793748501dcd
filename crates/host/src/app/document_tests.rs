//! Tests of the reader: each error is one line with the file, the line and the key.

use super::*;

fn error_of(text: &str, read: impl Fn(Table<'_>) -> Result<()>) -> String {
    let document = Document::new("spin.toml", text);
    document.root().and_then(read).expect_err("must be refused").to_string()
}

#[test]
fn a_syntax_error_names_the_line() {
    let message = error_of("a = 1\nb = = 2\n", |_| Ok(()));
    assert!(message.starts_with("spin.toml:2: "), "{message}");
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn a_duplicate_key_is_refused() {
    assert!(error_of("a = 1\na = 2\n", |_| Ok(())).starts_with("spin.toml:2: "));
}

#[test]
fn an_unknown_key_is_named_with_its_path_and_line() {
    let message = error_of("[component.a]\nsource = 'x'\nsauce = 'y'\n", |mut root| {
        let mut component = root.require("component")?.table()?.require("a")?.table()?;
        component.require("source")?.string()?;
        component.finish()
    });
    assert_eq!(message, "spin.toml:3: component.a.sauce: unknown key");
}

#[test]
fn a_missing_key_is_named() {
    let message = error_of("[a]\n", |mut root| root.require("a")?.table()?.require("b").map(|_| ()));
    assert_eq!(message, "spin.toml:1: a.b: is missing");
}

#[test]
fn a_wrong_type_names_both_types() {
    type Read = fn(Value<'_>) -> Result<()>;
    let cases: [(&str, Read, &str); 5] = [
        ("k = 1", |v| v.string().map(|_| ()), "spin.toml:1: k: expected a string, found a whole number"),
        ("k = 'x'", |v| v.boolean().map(|_| ()), "spin.toml:1: k: expected true or false, found a string"),
        ("k = []", |v| v.table().map(|_| ()), "spin.toml:1: k: expected a table, found an array"),
        ("k = {}", |v| v.array().map(|_| ()), "spin.toml:1: k: expected an array, found a table"),
        ("k = 1.5", |v| v.integer::<i64>().map(|_| ()), "spin.toml:1: k: expected a whole number, found a number"),
    ];
    for (text, read, expected) in cases {
        assert_eq!(error_of(text, |mut root| read(root.require("k")?)), expected);
    }
}

#[test]
fn a_number_that_does_not_fit_is_refused() {
    for text in ["k = -1", "k = 99999999999999999999999"] {
        let message = error_of(text, |mut root| root.require("k")?.integer::<usize>().map(|_| ()));
        assert_eq!(message, "spin.toml:1: k: the number is out of range");
    }
}

#[test]
fn odd_keys_are_quoted() {
    let message = error_of("\"a:b/c@1.0.0\" = 1", |root| root.finish());
    assert_eq!(message, "spin.toml:1: \"a:b/c@1.0.0\": unknown key");
}

#[test]
fn an_unsupported_key_is_refused_unless_it_has_no_effect() {
    assert_eq!(
        error_of("ai_models = ['llama']", |mut root| root.refuse("ai_models")),
        "spin.toml:1: ai_models: not supported by this host"
    );
    let document = Document::new("spin.toml", "ai_models = []");
    document.root().expect("parses").refuse("ai_models").expect("an empty array passes");
}
