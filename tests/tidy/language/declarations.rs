//! The identifiers that a Rust file declares: items, enum variants, fields, and the functions, types and constants of traits and impls.
//! Local variables, parameters and uses are no declarations.

use syn::visit::{self, Visit};
use syn::{Field, File, ForeignItemFn, ForeignItemStatic, Ident, ImplItem, Item, ItemImpl, TraitItem, Variant};

/// Returns each declared identifier with its line.
///
/// # Panics
///
/// If the file is no Rust.
pub(super) fn of(file: &str, text: &str) -> Vec<(String, usize)> {
    let source = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut declarations = Declarations::default();
    declarations.visit_file(&source);
    declarations.0
}

/// The identifiers seen so far.
#[derive(Default)]
struct Declarations(Vec<(String, usize)>);

impl Declarations {
    fn add(&mut self, ident: &Ident) {
        self.0.push((ident.to_string(), ident.span().start().line));
    }
}

impl<'ast> Visit<'ast> for Declarations {
    fn visit_file(&mut self, file: &'ast File) {
        visit::visit_file(self, file);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Const(item) => self.add(&item.ident),
            Item::Enum(item) => self.add(&item.ident),
            Item::Fn(item) => self.add(&item.sig.ident),
            Item::Mod(item) => self.add(&item.ident),
            Item::Static(item) => self.add(&item.ident),
            Item::Struct(item) => self.add(&item.ident),
            Item::Trait(item) => self.add(&item.ident),
            Item::Type(item) => self.add(&item.ident),
            Item::Union(item) => self.add(&item.ident),
            Item::Macro(item) => {
                if let Some(ident) = &item.ident {
                    self.add(ident);
                }
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        // The trait has declared the names of its implementation.
        if item.trait_.is_none() {
            for item in &item.items {
                match item {
                    ImplItem::Const(item) => self.add(&item.ident),
                    ImplItem::Fn(item) => self.add(&item.sig.ident),
                    ImplItem::Type(item) => self.add(&item.ident),
                    _ => {}
                }
            }
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        match item {
            TraitItem::Const(item) => self.add(&item.ident),
            TraitItem::Fn(item) => self.add(&item.sig.ident),
            TraitItem::Type(item) => self.add(&item.ident),
            _ => {}
        }
        visit::visit_trait_item(self, item);
    }

    fn visit_variant(&mut self, variant: &'ast Variant) {
        self.add(&variant.ident);
        visit::visit_variant(self, variant);
    }

    fn visit_field(&mut self, field: &'ast Field) {
        if let Some(ident) = &field.ident {
            self.add(ident);
        }
        visit::visit_field(self, field);
    }

    fn visit_foreign_item_fn(&mut self, item: &'ast ForeignItemFn) {
        self.add(&item.sig.ident);
    }

    fn visit_foreign_item_static(&mut self, item: &'ast ForeignItemStatic) {
        self.add(&item.ident);
    }
}
