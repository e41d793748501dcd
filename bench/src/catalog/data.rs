//! The databases with so many products. Made through the public API as anybody would, once: what was made is kept in `target/bench` for as
//! long as the migrations and the products stay as they are.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use xtask::http::Client;
use xtask::seed::bulk::Products;
use xtask::seed::load;
use xtask::workspace::Workspace;

use crate::instance::Server;
use crate::people;

/// Puts into `state` the databases of an instance with `products` products, and a user.
///
/// # Errors
///
/// If they have to be made and the application does not take them.
pub(super) fn provide(products: u32, state: &Path) -> Result<()> {
    let kept = kept(products)?;
    if !kept.exists() {
        eprintln!("seeding {products} products, once");
        make(products, &kept)?;
    }
    fs::create_dir_all(state)?;
    copy(&kept, state)
}

/// Where they are kept.
fn kept(products: u32) -> Result<PathBuf> {
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
    let maker = Products::new();
    for number in [0, 1, 999] {
        sum.update(maker.product(number).to_string());
    }
    let sum = sum.finalize();
    let name = format!("catalog-{products}-{}", base16ct::lower::encode_string(&sum[..4]));
    Ok(workspace.target_dir().join("bench").join(name))
}

fn make(products: u32, kept: &Path) -> Result<()> {
    let parent = kept.parent().context("the folder is in another")?;
    fs::create_dir_all(parent)?;
    // Beside its place, and moved there when it is whole.
    let folder = tempfile::Builder::new().prefix("unfinished").tempdir_in(parent)?;
    let server = Server::application(folder.path(), Workspace::locate().cache_dir())?;
    let client = Client::new(&server.url);
    let token = people::log_in_admin(&client)?;
    people::create_ada(&client.as_user(&token))?;
    let seeded = load::seed(&client, &people::admin(), products, |_| ())?;
    eprintln!("{}", seeded.text());
    ensure!(server.process.stop()?.success(), "the application did not stop as it should");
    fs::rename(folder.keep(), kept)?;
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

/// The ids of all products in `state`, from the newest on.
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

/// The id of the user in `state`.
///
/// # Errors
///
/// If the database cannot be read.
pub(super) fn user(state: &Path) -> Result<String> {
    let connection = Connection::open(state.join("users.db"))?;
    Ok(connection.query_row("SELECT id FROM users WHERE email = 'ada@example.com'", [], |row| row.get(0))?)
}

/// The words of the products, with how many products have each.
pub(super) fn words(products: u32) -> Vec<(String, u32)> {
    let maker = Products::new();
    let mut counts = HashMap::<String, u32>::new();
    for number in 0..products {
        let product = maker.product(number);
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
