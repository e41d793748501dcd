//! The interfaces that a provider may import, and traps for all others.

use wasmtime::Engine;
use wasmtime::component::types::{ComponentInstance, ComponentItem};
use wasmtime::component::{Component, Linker, LinkerInstance, ResourceType};

use crate::state::State;

/// The interfaces of WASI 0.2 that the runtime of a language imports whether it uses them or not. The kit mounts no files and refuses sockets.
const WASI: [&str; 8] = [
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:http/outgoing-handler",
    "wasi:http/types",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

/// The interfaces that provide settings.
const SETTINGS: [&str; 2] = ["fermyon:spin/variables@2.0.0", "wasi:config/store@0.2.0-draft-2024-09-27"];

/// Returns whether a provider may import `import`.
pub(crate) fn is_allowed(import: &str) -> bool {
    let (name, version) = import.split_once('@').unwrap_or((import, ""));
    let is_wasi =
        WASI.iter().any(|allowed| if allowed.ends_with('/') { name.starts_with(allowed) } else { name == *allowed });
    is_wasi && version.starts_with("0.2.") || SETTINGS.contains(&import)
}

/// Defines every forbidden import of `component` as a trap, so that the component starts: one check reports the import, the others run.
///
/// # Errors
///
/// If it imports something that is neither a function nor a resource.
pub(crate) fn deny(linker: &mut Linker<State>, component: &Component, engine: &Engine) -> wasmtime::Result<()> {
    for (name, import) in component.component_type().imports(engine).filter(|(name, _)| !is_allowed(name)) {
        match import.ty {
            ComponentItem::ComponentInstance(instance) => deny_all(linker.instance(name)?, name, &instance, engine)?,
            ComponentItem::ComponentFunc(_) => deny_one(&mut linker.root(), name, name.to_owned())?,
            _ => wasmtime::bail!("it imports {name}, which is no interface"),
        }
    }
    Ok(())
}

fn deny_all(
    mut linker: LinkerInstance<'_, State>,
    interface: &str,
    instance: &ComponentInstance,
    engine: &Engine,
) -> wasmtime::Result<()> {
    for (name, item) in instance.exports(engine) {
        match item.ty {
            ComponentItem::ComponentFunc(_) => deny_one(&mut linker, name, format!("{interface}#{name}"))?,
            ComponentItem::Resource(_) => linker.resource(name, ResourceType::host::<()>(), |_, _| Ok(()))?,
            _ => {}
        }
    }
    Ok(())
}

fn deny_one(linker: &mut LinkerInstance<'_, State>, name: &str, full: String) -> wasmtime::Result<()> {
    linker.func_new(name, move |_, _, _, _| wasmtime::bail!("it may not call {full}"))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn a_provider_may_not_import_a_store() {
        for import in ["wasi:cli/environment@0.2.6", "wasi:http/types@0.2.0", "fermyon:spin/variables@2.0.0"] {
            assert!(is_allowed(import), "{import}");
        }
        for import in [
            "fermyon:spin/sqlite@2.0.0",
            "wasi:keyvalue/store@0.2.0-draft2",
            "wasi:http/incoming-handler@0.2.0",
            "wasi:http/handler@0.3.0",
            "wasi:cli/environment@0.3.0",
            "anything",
        ] {
            assert!(!is_allowed(import), "{import}");
        }
    }
}
