//! What an instance keeps from one request to the next. In the world of WASI 0.3 it serves many, some of them at once: state in a static would be
//! shared by all of them, and by their users.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, File, ImplItemFn, Item, ItemStatic, Macro, StaticMutability};

use crate::repository::files;

/// The crates that are compiled into components, beside `components/`.
const GUEST_CRATES: [&str; 7] = ["contracts", "edge", "events", "idempotency", "notifier", "platform", "static-files"];

/// The types with which a static can have state. Others are not `Sync`, and need a `thread_local!`.
const STATEFUL: [&str; 6] = ["LazyLock", "Mutex", "OnceLock", "RwLock", "UnsafeCell", "thread_local"];

/// Every place that names one of them, and what it keeps there. Docs: ADR 57.
const ALLOWED: [(&str, &str); 3] = [
    // The common passwords, which are compiled in.
    ("components/auth/src/password/common.rs", "LazyLock"),
    // No static: the flag of one waker.
    ("crates/platform/src/backend/spin/http.rs", "AtomicBool"),
    // Variables, and connections without a trace of their last user.
    ("crates/platform/src/backend/wasi3/kept.rs", "thread_local"),
];

/// Returns whether a source file is compiled into a component.
fn is_guest_source(name: &str) -> bool {
    let is_crate = |name: &str| GUEST_CRATES.iter().any(|krate| name.starts_with(&format!("crates/{krate}/src/")));
    let is_test = name.contains("/tests/") || name.ends_with("/tests.rs") || name.contains("/testing");
    let is_native = name.contains("/backend/native") || name.ends_with("/native.rs") || name.ends_with("/build.rs");
    (name.starts_with("components/") || is_crate(name)) && !is_test && !is_native
}

/// The stateful types that a file names outside of its tests.
#[derive(Default)]
struct Stateful(Vec<String>);

impl Stateful {
    fn of(name: &str, text: &str) -> Vec<String> {
        let file: File = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut found = Self::default();
        found.visit_file(&file);
        found.0.sort();
        found.0.dedup();
        found.0
    }

    fn add(&mut self, ident: &Ident) {
        let ident = ident.to_string();
        if STATEFUL.contains(&ident.as_str()) || ident.starts_with("Atomic") && ident != "Atomic" {
            self.0.push(ident);
        }
    }

    fn add_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.add(&ident),
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// Returns whether what has these attributes is not compiled into a component.
fn is_left_out(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
        let condition = attribute.parse_args::<TokenStream>().expect("a condition").to_string().replace(' ', "");
        condition == "test" || condition == r#"not(target_family="wasm")"#
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Stateful {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_left_out(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !is_left_out(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        if matches!(item.mutability, StaticMutability::Mut(_)) {
            self.0.push("static mut".to_owned());
        }
        visit::visit_item_static(self, item);
    }

    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.add(ident);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.add_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}

#[test]
fn only_what_is_on_the_list_outlives_a_request() {
    let found: Vec<(String, String)> = files("rs")
        .into_iter()
        .filter(|(name, _)| is_guest_source(name))
        .flat_map(|(name, text)| Stateful::of(&name, &text).into_iter().map(move |found| (name.clone(), found)))
        .collect();
    let mut expected = ALLOWED.map(|(name, found)| (name.to_owned(), found.to_owned())).to_vec();
    expected.sort();
    let new: Vec<_> = found.iter().filter(|found| !expected.contains(found)).collect();
    assert!(new.is_empty(), "an instance serves the requests of many users: {new:?} keeps state between them");
    let gone: Vec<_> = expected.iter().filter(|expected| !found.contains(expected)).collect();
    assert!(gone.is_empty(), "remove what no longer exists from the list: {gone:?}");
}

#[test]
fn state_in_a_static_is_found() {
    for (text, expected) in [
        ("static A: std::sync::Mutex<u8> = std::sync::Mutex::new(0);", "Mutex"),
        ("struct S(AtomicU64); static A: S = S(AtomicU64::new(0));", "AtomicU64"),
        ("use std::sync::OnceLock as Cell; static A: Cell<u8> = Cell::new();", "OnceLock"),
        ("fn f() { static A: LazyLock<u8> = LazyLock::new(|| 0); }", "LazyLock"),
        ("thread_local! { static A: Cell<u8> = Cell::new(0); }", "thread_local"),
        ("macro_rules! m { () => { static A: RwLock<u8> = RwLock::new(0); } }", "RwLock"),
        ("static mut A: u8 = 0;", "static mut"),
        ("#[cfg(feature = \"x\")] static A: RwLock<u8> = RwLock::new(0);", "RwLock"),
    ] {
        assert_eq!(Stateful::of("x.rs", text), [expected], "{text}");
    }
    for text in [
        "static A: &[u8] = &[]; struct S { a: Cell<u8>, b: Rc<RefCell<u8>> }",
        "#[cfg(test)] mod tests { static A: Mutex<u8> = Mutex::new(0); }",
        "#[cfg(not(target_family = \"wasm\"))] static A: Mutex<u8> = Mutex::new(0);",
    ] {
        assert!(Stateful::of("x.rs", text).is_empty(), "{text}");
    }
}
