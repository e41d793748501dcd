//! The folder that `new-provider` writes builds with the tools of its language, and conforms to its contract unchanged.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Mutex;

use xtask::examples::{EXAMPLES, Language, build, build_folder};
use xtask::new_provider::{Interface, write};
use xtask::workspace::Workspace;

use crate::kit::{assert_conforms, can_build};

/// One build at a time: they share folders.
pub(crate) static BUILDING: Mutex<()> = Mutex::new(());

/// Writes, builds and examines a provider of each interface in `language`.
fn check(test: &str, language: Language) {
    if !can_build(test, language) {
        return;
    }
    let workspace = Workspace::locate();
    for interface in Interface::ALL {
        let parent = tempfile::tempdir().expect("a temp folder");
        let example = EXAMPLES.iter().find(|(_, of)| *of == language).map(|(name, _)| *name);
        let name = example.unwrap_or("my-provider");
        write(&workspace, interface, language, parent.path(), name).expect("the folder is written");
        let output =
            workspace.target_dir().join(format!("providers/new-{language:?}-{interface:?}.wasm").to_lowercase());
        {
            let _one = BUILDING.lock().expect("no build has panicked");
            if let Some(example) = example {
                share_tools(&workspace, example, &parent.path().join(name));
            }
            build_folder(&parent.path().join(name), language, &output).unwrap_or_else(|error| panic!("{error:#}"));
        }
        assert_conforms(&output);
    }
}

/// Gives the folder the tools of the example that is named as it is, so that they are not installed three times more.
fn share_tools(workspace: &Workspace, example: &str, folder: &Path) {
    build(workspace, example).unwrap_or_else(|error| panic!("{error:#}"));
    for tools in ["node_modules", ".venv"] {
        let installed = workspace.root().join("examples/providers").join(example).join(tools);
        if installed.exists() {
            symlink(installed, folder.join(tools)).expect("a link can be made");
        }
    }
}

#[test]
fn a_new_provider_in_rust_passes_the_kit() {
    check("a_new_provider_in_rust_passes_the_kit", Language::Rust);
}

#[test]
fn a_new_provider_in_javascript_passes_the_kit() {
    check("a_new_provider_in_javascript_passes_the_kit", Language::Js);
}

#[test]
fn a_new_provider_in_python_passes_the_kit() {
    check("a_new_provider_in_python_passes_the_kit", Language::Python);
}
