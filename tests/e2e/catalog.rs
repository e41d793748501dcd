//! `/v1/products` and `/v1/categories`.

mod caching;
mod import;
mod lists;
mod pages;
mod products;
mod search;
mod writing;
