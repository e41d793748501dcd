//! The world of a component: a service of WASI 0.3, or anything of WASI 0.2. The engine needs to know before it compiles.

use std::fs;
use std::path::Path;

use wasmparser::{Chunk, Parser, Payload};

/// The export of a service in the world of WASI 0.3, without its last number.
const HANDLER: &str = "wasi:http/handler@0.3.";

/// Returns whether the component in `file` is a service in the world of WASI 0.3. A file that cannot be read or is no component is none: what is wrong
/// with it is reported when it is compiled.
pub(crate) fn is_service(file: &Path) -> bool {
    fs::read(file).is_ok_and(|wasm| exports_handler(&wasm))
}

fn exports_handler(mut wasm: &[u8]) -> bool {
    let mut parser = Parser::new(0);
    while let Ok(Chunk::Parsed { consumed, payload }) = parser.parse(wasm, true) {
        let mut skipped = 0;
        match payload {
            Payload::ComponentExportSection(exports)
                if exports.clone().into_iter().flatten().any(|export| export.name.name.starts_with(HANDLER)) =>
            {
                return true;
            }
            Payload::ModuleSection { unchecked_range, .. } | Payload::ComponentSection { unchecked_range, .. } => {
                // The parser resumes after it.
                skipped = unchecked_range.len();
            }
            Payload::End(_) => return false,
            _ => {}
        }
        let Some(rest) = wasm.get(consumed + skipped..) else { return false };
        wasm = rest;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::exports_handler;

    fn component(export: &str) -> Vec<u8> {
        let text = format!(r#"(component (core module) (component) (instance $i) (export "{export}" (instance $i)))"#);
        wat::parse_str(text).expect("a component")
    }

    #[test]
    fn a_component_that_exports_the_handler_of_wasi_0_3_is_a_service() {
        for (export, expected) in [
            ("wasi:http/handler@0.3.0", true),
            ("wasi:http/handler@0.3.1", true),
            ("wasi:http/handler@0.4.0", false),
            ("wasi:http/incoming-handler@0.2.0", false),
        ] {
            assert_eq!(exports_handler(&component(export)), expected, "{export}");
        }
    }

    #[test]
    fn a_file_that_is_no_component_is_no_service() {
        let module = wat::parse_str("(module)").expect("a module");
        let service = component("wasi:http/handler@0.3.0");
        for wasm in [&module[..], b"", b"not Wasm", &service[..service.len() / 2]] {
            assert!(!exports_handler(wasm));
        }
    }
}
