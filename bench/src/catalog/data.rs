//! The databases with the products, created once through the public API. They are cached in `target/bench` until the migrations or the products
//! change.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use xtask::http::Client;
use xtask::seed::bulk::ProductGenerator;
use xtask::seed::load;
use xtask::workspace::Workspace;

use crate::accounts;
use crate::instance::Server;

/// Copies to `state` the databases of an instance with `products` products and a user; creates them first if they are not cached.
///
/// # Errors
///
/// If the databases cannot be copied or created.
pub(super) fn prepare(products: u32, state: &Path) -> Result<()> {
    let cached = cache_folder(products)?;
    if !cached.exists() {
        eprintln!("seeding {products} products, once");
        create(products, &cached)?;
    }
    fs::create_dir_all(state)?;
    copy(&cached, state)
}

/// Returns the folder of the cached databases. Its name has a checksum of the migrations and of some products.
fn cache_folder(products: u32) -> Result<PathBuf> {
    let workspace = Workspace::locate();
    let mut files = Vec::new();
    let services = fs::read_dir(workspace.root().join("migrations"))?;
    let mut folders = services.map(|service| Ok(service?.path())).collect::<Result<Vec<_>>>()?;
    folders.sort();
    for folder in folders {
        files.append(&mut spindle_migrations::files(&folder)?);
    }
    let mut sum = Sha256::new();
    for file in files {
        sum.update(fs::read(&file)?);
    }
    let generator = ProductGenerator::new();
    for number in [0, 1, 999] {
        sum.update(generator.product(number).to_string());
    }
    let sum = sum.finalize();
    let name = format!("catalog-{products}-{}", base16ct::lower::encode_string(&sum[..4]));
    Ok(workspace.target_dir().join("bench").join(name))
}

/// Creates the databases in the folder `target`.
fn create(products: u32, target: &Path) -> Result<()> {
    let parent = target.parent().context("the cache folder has no parent")?;
    fs::create_dir_all(parent)?;
    // In a folder beside `target`, which is renamed once it is complete.
    let folder = tempfile::Builder::new().prefix("unfinished").tempdir_in(parent)?;
    let server = Server::application(folder.path(), Workspace::locate().cache_dir())?;
    let client = Client::new(&server.url);
    let token = accounts::log_in_admin(&client)?;
    accounts::create_user(&client.as_user(&token))?;
    let seeded = load::seed(&client, &accounts::admin(), products, |_| ())?;
    eprintln!("{}", seeded.text());
    ensure!(server.process.stop()?.success(), "the application did not exit with success");
    fs::rename(folder.keep(), target)?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().contains(".db") {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Returns the ids of all products in `state`, newest first.
///
/// # Errors
///
/// If the database cannot be read.
pub(super) fn ids(state: &Path) -> Result<Vec<String>> {
    let connection = Connection::open(state.join("catalog.db"))?;
    let mut statement = connection.prepare("SELECT id FROM products ORDER BY number DESC")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Returns the id of the user in `state`.
///
/// # Errors
///
/// If the database cannot be read.
pub(super) fn user(state: &Path) -> Result<String> {
    let connection = Connection::open(state.join("users.db"))?;
    Ok(connection.query_row("SELECT id FROM users WHERE email = 'ada@example.com'", [], |row| row.get(0))?)
}

/// Returns the words of the products, each with the number of products that have it.
pub(super) fn words(products: u32) -> Vec<(String, u32)> {
    let generator = ProductGenerator::new();
    let mut counts = HashMap::<String, u32>::new();
    for number in 0..products {
        let product = generator.product(number);
        let text = [&product["name"], &product["description"]].map(|text| text.as_str().unwrap_or_default()).join(" ");
        let text = text.to_lowercase();
        let mut words: Vec<&str> = text.split(|letter: char| !letter.is_ascii_lowercase()).collect();
        words.sort_unstable();
        words.dedup();
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            match counts.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(counts.insert(word.to_owned(), 1)),
            }
        }
    }
    let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
    counts.sort_by(|(one, count), (other, count_of_other)| count_of_other.cmp(count).then(one.cmp(other)));
    counts
}
