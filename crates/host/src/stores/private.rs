//! Folders and files that only the user who runs the host may open: the databases have password hashes, names and addresses.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::app::{KeyValueStore, RuntimeConfig, SqliteDatabase};

/// The mode of a new database.
pub(super) const FILE_MODE: u32 = 0o600;

/// The mode of a new folder.
const FOLDER_MODE: u32 = 0o700;

/// The bit of a folder that several users share, such as `/tmp`.
const STICKY: u32 = 0o1000;

/// The ends of the names of an SQLite database's files.
const FILES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Creates `folder` and those above it, as far as they do not exist.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)
}

/// Takes the rights of other users from the database at `path`, if it exists.
pub(super) fn restrict_database(path: &Path) {
    for end in FILES {
        let mut file = path.as_os_str().to_owned();
        file.push(end);
        restrict(Path::new(&file));
    }
}

/// Takes the rights of other users from the folders that belong to the application: the host's own `state_dir`, and those of databases below
/// `base`, the folder of the runtime config. A folder elsewhere may have other files; there only the databases are restricted.
pub(crate) fn restrict_folders(config: &RuntimeConfig, base: Option<&Path>, state_dir: &Path) {
    let databases = config.sqlite_databases.values().filter_map(|database| match database {
        SqliteDatabase::Spin { path } => path.as_deref(),
        SqliteDatabase::Libsql { .. } => None,
    });
    let stores = config.key_value_stores.values().filter_map(|store| match store {
        KeyValueStore::Spin { path } => path.as_deref(),
        KeyValueStore::Redis { .. } => None,
    });
    let is_own = |folder: &&Path| {
        base.is_some_and(|base| {
            let below = folder.strip_prefix(base);
            below.is_ok_and(|below| !below.as_os_str().is_empty() && !below.iter().any(|part| part == ".."))
        })
    };
    databases.chain(stores).filter_map(Path::parent).filter(is_own).for_each(restrict);
    restrict(state_dir);
}

/// Takes the rights of other users from the file or folder at `path`, if it exists and is no folder that they share.
fn restrict(path: &Path) {
    let Ok(metadata) = fs::metadata(path) else { return };
    let mode = metadata.mode();
    let is_shared = metadata.is_dir() && mode & STICKY != 0;
    if mode & 0o077 == 0 || is_shared {
        return;
    }
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode & 0o7700)) {
        tracing::warn!("other users may open {}, and their rights cannot be taken: {error}", path.display());
    }
}

/// Returns the folder of the runtime config at `path`.
pub(crate) fn folder_of(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok()?.parent().map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{create_folder, folder_of, restrict_folders};
    use crate::app::{BlockedNetworks, KeyValueStore, OutboundHttp, RuntimeConfig, SqliteDatabase};
    use crate::stores::Location;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it exists").permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    #[test]
    fn a_new_database_and_its_folders_are_for_this_user_alone() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("new/folder/test.db");
        let location = Location::prepare(Some(&file)).expect("the folder is made");
        assert!(!file.exists(), "the file is created at the first use");
        let database = location.connect().expect("SQLite works");
        database.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x)").expect("SQLite works");
        for folder in ["new", "new/folder"] {
            assert_eq!(mode(&root.path().join(folder)), 0o700, "{folder}");
        }
        for name in ["test.db", "test.db-wal", "test.db-shm"] {
            assert_eq!(mode(&root.path().join("new/folder").join(name)), 0o600, "{name}");
        }
    }

    #[test]
    fn an_existing_database_is_restricted_with_the_files_beside_it() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("test.db");
        for name in ["test.db", "test.db-wal", "test.db-shm", "test.db-journal", "other"] {
            fs::write(root.path().join(name), "").expect("written");
            set_mode(&root.path().join(name), 0o664);
        }
        Location::prepare(Some(&file)).expect("the folder exists");
        for name in ["test.db", "test.db-wal", "test.db-shm", "test.db-journal"] {
            assert_eq!(mode(&root.path().join(name)), 0o600, "{name}");
        }
        assert_eq!(mode(&root.path().join("other")), 0o664);
    }

    #[test]
    fn existing_folders_of_the_application_are_restricted_and_no_others() {
        let root = tempfile::tempdir().expect("a folder");
        let path = |name: &str| root.path().join(name);
        for folder in ["app/.spindle", "app/kv", "app/.spin", "elsewhere", "shared"] {
            create_folder(&path(folder)).expect("made");
        }
        for folder in ["app", "app/.spindle", "app/kv", "app/.spin", "elsewhere"] {
            set_mode(&path(folder), 0o755);
        }
        set_mode(&path("shared"), 0o1777);
        let database = |name: &str| (name.to_owned(), SqliteDatabase::Spin { path: Some(path(name)) });
        let store = |name: &str| (name.to_owned(), KeyValueStore::Spin { path: Some(path(name)) });
        let config = RuntimeConfig {
            sqlite_databases: [database("app/.spindle/a.db"), database("app/b.db"), database("elsewhere/c.db")].into(),
            key_value_stores: [store("app/kv/edge.db"), store("app/../elsewhere/up.db")].into(),
            outbound_http: OutboundHttp::default(),
            blocked_networks: BlockedNetworks::default(),
        };
        let base = folder_of(&path("app/runtime-config.toml"));
        restrict_folders(&config, base.as_deref(), &path("app/.spin"));
        restrict_folders(&config, None, &path("shared"));
        for folder in ["app/.spindle", "app/kv", "app/.spin"] {
            assert_eq!(mode(&path(folder)), 0o700, "{folder}");
        }
        assert_eq!([mode(&path("app")), mode(&path("elsewhere")), mode(&path("shared"))], [0o755, 0o755, 0o1777]);
    }
}
