//! Each kind of retired name is found in a small sample, and similar text is not.

use super::{Finding, RetiredNames};

const TERMS: &str = r#"
ident = { Happening = "OrderEvent", take = "lease", owner = "owner_filter" }
ident-in = { "crates/events/" = { settle = "complete" } }
file = { "course.rs" = "transitions.rs", "drills" = "acceptance" }
phrase = { "no news" = "duplicate", "slow lane" = "low-priority pool", "twin" = "baseline" }
exempt = { "CHANGELOG.md" = "history", "migrations/users/0001_create_users.sql" = "applied" }
"#;

fn terms() -> RetiredNames {
    RetiredNames::parse(TERMS)
}

/// Returns the line, the retired name and the replacement of each finding.
fn found(file: &str, text: &str) -> Vec<(usize, String, String)> {
    let findings = terms().check_file(file, text).into_iter();
    findings.map(|Finding { line, name, replacement, .. }| (line, name, replacement)).collect()
}

/// What is found once: `name` in `line`.
fn once(line: usize, name: &str, replacement: &str) -> Vec<(usize, String, String)> {
    vec![(line, name.to_owned(), replacement.to_owned())]
}

#[test]
fn a_retired_identifier_is_found_wherever_it_is_declared() {
    let declarations = [
        "fn take() {}",
        "struct take;",
        "enum E { take }",
        "trait take {}",
        "type take = u8;",
        "const take: u8 = 0;",
        "static take: u8 = 0;",
        "mod take {}",
        "struct S { take: u8 }",
        "impl S { fn take() {} }",
        "impl S { const take: u8 = 0; }",
        "trait T { fn take(); }",
        "fn f() { struct take; }",
        "mod m { fn take() {} }",
        "enum E { V { take: u8 } }",
    ];
    for declaration in declarations {
        assert_eq!(found("a.rs", &format!("\n{declaration}\n")), once(2, "take", "lease"), "{declaration}");
    }
}

#[test]
fn a_use_a_parameter_or_a_local_variable_is_no_declaration() {
    let source = "
        use std::mem::take;
        fn f(owner: Option<u8>) { let take = owner; take.take(); for owner in 0..3 { g(owner) } }
        impl Iterator for I { fn take(self) {} }
    ";
    assert_eq!(found("a.rs", source), []);
}

#[test]
fn an_identifier_may_be_retired_below_a_path_only() {
    assert_eq!(found("crates/events/src/a.rs", "fn settle() {}"), once(1, "settle", "complete"));
    assert_eq!(found("tests/a.rs", "fn settle() {}"), []);
}

#[test]
fn a_retired_file_or_folder_is_found_by_any_part_of_its_path() {
    let found = |path: &str| terms().check_path(path).len();
    assert_eq!(found("components/orders/src/course.rs"), 1);
    assert_eq!(found("tests/drills/main.rs"), 1);
    assert_eq!(found("components/orders/src/discourse.rs"), 0);
    assert_eq!(found("components/orders/src/course/mod.rs"), 0);
}

#[test]
fn a_phrase_is_found_in_comments_and_strings_of_rust() {
    let sources = [
        "// It is no news.",
        "/// It is No News.",
        "//! It is no\n//! news.",
        "/* It is no news. */",
        "/* It is no\n   news. */",
        "const A: &str = \"no news\";",
        "const A: &str = \"no \\\n    news\";",
        "const A: &str = r#\"\"no\n news\"#;",
        "const A: &[u8] = b\"no news\";",
        "const A: &[u8] = br#\"\"no news\"#;",
        "const A: char = '\"'; // no news",
        "const A: char = '\\''; // no news",
        "fn f<'a>(a: &'a str) {} // no news",
    ];
    for source in sources {
        // A doc comment belongs to an item.
        assert_eq!(found("a.rs", &format!("{source}\nstruct S;\n")), once(1, "no news", "duplicate"), "{source}");
    }
    assert_eq!(found("a.rs", "\n\nconst A: &str = \"slow_lane\";\n"), once(3, "slow lane", "low-priority pool"));
}

#[test]
fn code_and_neighbouring_literals_make_no_phrase() {
    let source = "
        // no
        const NEWS: [&str; 2] = [\"no\", \"news\"];
        // no

        // news
        fn f() { let no = news; }
        // There are no newspapers, and twins differ.
    ";
    assert_eq!(found("a.rs", source), []);
}

#[test]
fn a_phrase_is_found_in_every_kind_of_text() {
    let texts = [
        ("a.md", "# Title\n\nThe slow\nlane, and more."),
        ("a.sql", "-- A table.\n\n-- The slow\n-- lane.\nCREATE TABLE t (a);"),
        ("a.wit", "package a:b;\n\n/// The slow\n/// lane.\ninterface c {}"),
        ("a.toml", "[a]\n\n# The slow\n# lane.\nb = 1"),
        ("a.toml", "[a]\n\nb = \"the slow lane\""),
    ];
    for (file, text) in texts {
        assert_eq!(found(file, text), once(3, "slow lane", "low-priority pool"), "{file}: {text}");
    }
    assert_eq!(found("a.md", "A twin, and another twin.").len(), 2);
}

#[test]
fn history_is_exempt() {
    let terms = terms();
    assert!(terms.is_exempt("CHANGELOG.md") && terms.is_exempt("migrations/users/0001_create_users.sql"));
    assert!(!terms.is_exempt("migrations/users/0002_add_phone.sql") && !terms.is_exempt("README.md"));
}

#[test]
fn the_message_names_the_place_the_word_and_the_replacement() {
    let finding = terms().check_file("docs/a.md", "A twin.").remove(0);
    assert_eq!(finding.to_string(), "docs/a.md:1: the phrase `twin` is retired; use baseline");
}
