//! The conformance kit, run with a provider that was built here.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use spindle_tests::skip;
use xtask::build;
use xtask::examples::Language;
use xtask::workspace::Workspace;

/// Returns whether `test` can build something in `language`; says that it is skipped if not.
pub(crate) fn can_build(test: &str, language: Language) -> bool {
    let can = language.has_tool();
    if !can {
        skip(test, language.tool());
    }
    can
}

/// Fails unless the provider in `file` passes every check.
pub(crate) fn assert_conforms(file: &Path) {
    static BUILT: OnceLock<()> = OnceLock::new();
    let workspace = Workspace::locate();
    BUILT.get_or_init(|| build::kit(&workspace).unwrap_or_else(|error| panic!("{error:#}")));
    let kit = Command::new(workspace.kit_binary()).arg("--cache-dir").arg(workspace.cache_dir()).arg(file).output();
    let kit = kit.expect("the kit starts");
    let said = format!("{}{}", String::from_utf8_lossy(&kit.stdout), String::from_utf8_lossy(&kit.stderr));
    assert!(kit.status.success(), "{}: {said}", file.display());
}
