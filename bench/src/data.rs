//! The databases with the products, created once through the public API. They are cached in `target/bench` until the migrations or the products
//! change.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use xtask::build::World;
use xtask::http::Client;
use xtask::seed::bulk::ProductGenerator;
use xtask::seed::load;
use xtask::up::On;
use xtask::workspace::Workspace;

use crate::accounts;
use crate::server::Server;

/// The SKU of the product that is ordered.
const ORDERED: &str = "BENCH-1";

/// The folder of an instance with a number of products, one more that is ordered, a user, and customers who log in.
pub(crate) struct Data {
    folder: PathBuf,
}

impl Data {
    /// Returns the instance with `products` products; creates it first if it is not cached.
    ///
    /// # Errors
    ///
    /// If it cannot be created.
    pub(crate) fn prepare(products: u32) -> Result<Self> {
        let folder = cache_folder(products)?;
        if !folder.exists() {
            eprintln!("seeding {products} products, once");
            create(products, &folder)?;
        }
        Ok(Self { folder })
    }

    /// Copies the databases to the folder `to`.
    ///
    /// # Errors
    ///
    /// If they cannot be copied.
    pub(crate) fn copy(&self, to: &Path) -> Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(".db") {
                fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(())
    }

    /// Returns the ids of all products, newest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub(crate) fn products(&self) -> Result<Vec<String>> {
        let connection = Connection::open(self.folder.join("catalog.db"))?;
        let mut statement = connection.prepare("SELECT id FROM products ORDER BY number DESC")?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Returns the id of the product that is ordered.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub(crate) fn ordered(&self) -> Result<String> {
        let connection = Connection::open(self.folder.join("catalog.db"))?;
        Ok(connection.query_row("SELECT id FROM products WHERE sku = ?1", [ORDERED], |row| row.get(0))?)
    }

    /// Returns the id of the user.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub(crate) fn user(&self) -> Result<String> {
        let connection = Connection::open(self.folder.join("users.db"))?;
        Ok(connection.query_row("SELECT id FROM users WHERE email = ?1", [accounts::USER], |row| row.get(0))?)
    }
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
    let name = format!("instance-{products}-{}", base16ct::lower::encode_string(&sum[..4]));
    Ok(workspace.target_dir().join("bench").join(name))
}

/// Creates the databases in the folder `target`.
fn create(products: u32, target: &Path) -> Result<()> {
    let parent = target.parent().context("the cache folder has no parent")?;
    fs::create_dir_all(parent)?;
    // In a folder beside `target`, which is renamed once it is complete.
    let folder = tempfile::Builder::new().prefix("unfinished").tempdir_in(parent)?;
    let server = Server::application(On::Host, World::default(), folder.path(), None)?;
    let client = Client::new(&server.url);
    let admin = client.as_user(&accounts::log_in_admin(&client)?);
    accounts::create_user(&admin)?;
    accounts::register_customers(&client)?;
    let line = json!({
        "sku": ORDERED, "name": "An ordered lamp", "price": {"amount": 4_999, "currency": "EUR"}, "category": "ordered-lamps",
        "stock": {"on_hand": 1_000_000},
    });
    let imported = admin.post_lines("/v1/products/import", &format!("{line}\n"))?;
    ensure!(imported.body["failed"] == json!([]), "the import returned {}: {}", imported.status, imported.body);
    let seeded = load::seed(&client, &accounts::admin(), products, |_| ())?;
    eprintln!("{}", seeded.text());
    ensure!(server.process.stop()?.success(), "the application did not exit with success");
    for entry in fs::read_dir(folder.path())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "db") {
            // Whatever journal a server uses, it finds a database without one.
            Connection::open(&path)?.pragma_update(None, "journal_mode", "DELETE")?;
        }
    }
    fs::rename(folder.keep(), target)?;
    Ok(())
}

/// Returns the words of the products, each with the number of products that have it, the most frequent first.
pub(crate) fn words(products: u32) -> Vec<(String, u32)> {
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
