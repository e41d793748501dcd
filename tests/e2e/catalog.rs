//! `/v1/products` and `/v1/categories`.

mod cache;
mod import;
mod lists;
mod pages;
mod products;
mod search;
mod updates;
