//! The migrations of a release and those that were added since: the former are never changed, and the latter let the code of the release run.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use semver::Version;

use super::contraction::{self, Script, Sources};

/// Compares the migrations of each service in `released`, the sources of the release, with those in `current`.
pub(super) fn compare(released: &Path, current: &Path, version: &Version, faults: &mut Vec<String>) -> Result<()> {
    let sources = Sources::read(released)?;
    let folder = released.join("migrations");
    let mut services: Vec<_> = fs::read_dir(&folder)
        .and_then(Iterator::collect::<std::io::Result<_>>)
        .map(|entries: Vec<fs::DirEntry>| entries.into_iter().map(|entry| entry.file_name()).collect())
        .with_context(|| format!("cannot list {}", folder.display()))?;
    services.sort();
    for service in services {
        let place = Path::new("migrations").join(&service);
        if !current.join(&place).is_dir() {
            faults.push(format!("{} is missing: the release has it", place.display()));
            continue;
        }
        let (before, after) = (read(released, &place)?, read(current, &place)?);
        let changed = faults.len();
        for (number, old) in before.iter().enumerate() {
            match after.get(number) {
                Some(new) if new.name == old.name && new.sql == old.sql => {}
                Some(new) if new.name == old.name => {
                    faults.push(format!(
                        "{}: differs from the release: a released migration is never changed",
                        new.place
                    ));
                }
                _ => faults.push(format!("{}: {} of the release is missing", place.display(), old.name)),
            }
        }
        // Rules about what was added would compare it with a schema that no database has.
        if faults.len() == changed {
            faults.extend(contraction::check(&before, &after[before.len()..], &sources, version)?);
        }
    }
    Ok(())
}

/// Reads the migrations in the folder `place` of `root`, in order.
fn read(root: &Path, place: &Path) -> Result<Vec<Script>> {
    let folder = root.join(place);
    let root = fs::canonicalize(root).with_context(|| format!("cannot read {}", root.display()))?;
    let cannot_read = || format!("the migrations in {} cannot be read", place.display());
    let migrations = spindle_migrations::load(&folder).with_context(cannot_read)?;
    let files = spindle_migrations::files(&folder).with_context(cannot_read)?;
    let script = |(migration, file): (spindle_migrations::Migration, std::path::PathBuf)| {
        let file = fs::canonicalize(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Script {
            name: format!("{:04}_{}", migration.version, migration.name),
            place: file.strip_prefix(&root).unwrap_or(&file).display().to_string(),
            sql: fs::read_to_string(&file)?,
        })
    };
    migrations.into_iter().zip(files).map(script).collect()
}
