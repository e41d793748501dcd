//! Compresses the files of the storefront, and computes their entity tags, which a fresh instance would have to do for each request.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    spindle_static_files::build::Files::new().site("/shop", "site").write();
}
