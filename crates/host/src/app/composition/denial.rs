//! The denying component: it exports the interfaces that a dependency may not use, generated from the dependency's imports.

use anyhow::{Result, bail, ensure};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmSignature, WasmType};
use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{Resolve, WorldId, WorldItem};

use super::denied_result::{DeniedResult, ResultWriter};
use crate::app::dependency::{Capability, Inherit};

/// A component that denies a dependency some of its imports.
pub(super) struct DenyingComponent {
    /// Its binary.
    pub(super) bytes: Vec<u8>,
    /// The interfaces it exports, named as the dependency imports them.
    pub(super) interfaces: Vec<String>,
}

/// Generates the component that denies the imports which a dependency does not inherit; `None` if there are none.
pub(super) fn denying_component(dependency: &[u8], inherit: &Inherit) -> Result<Option<DenyingComponent>> {
    let DecodedWasm::Component(mut resolve, world) = decode(dependency)? else {
        bail!("is a WIT package, not a component");
    };
    let imported: Vec<String> = resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key)).collect();
    let denied = |name: &&String| capability(name).is_some_and(|capability| !inherit.includes(capability));
    let interfaces: Vec<String> = imported.iter().filter(denied).cloned().collect();
    if interfaces.is_empty() {
        return Ok(None);
    }
    // Their functions use the store type of a denied interface. Spin cannot compose that either.
    let bound =
        imported.iter().find(|name| matches!(unversioned(name), "wasi:keyvalue/batch" | "wasi:keyvalue/atomics"));
    if let Some(bound) = bound {
        ensure!(
            inherit.includes(Capability::KeyValueStores),
            "imports {bound:?} and must inherit key_value_stores or not import it"
        );
    }
    let exports: String = interfaces.iter().map(|name| format!("export {name};")).collect();
    let package =
        resolve.push_source("denied.wit", &format!("package spindle:denied; world denied {{ {exports} }}"))?;
    let world = resolve.select_world(&[package], None)?;
    let component = encode(&resolve, world)?;
    Ok(Some(DenyingComponent { bytes: component, interfaces }))
}

/// Returns the right that an interface needs, at any version.
pub(super) fn capability(interface: &str) -> Option<Capability> {
    Some(match unversioned(interface) {
        "fermyon:spin/llm" => Capability::AiModels,
        "fermyon:spin/http"
        | "fermyon:spin/mqtt"
        | "fermyon:spin/mysql"
        | "fermyon:spin/postgres"
        | "fermyon:spin/redis"
        | "spin:mqtt/mqtt"
        | "spin:mysql/mysql"
        | "spin:postgres/postgres"
        | "spin:redis/redis"
        | "wasi:http/client"
        | "wasi:http/outgoing-handler"
        | "wasi:sockets/ip-name-lookup"
        | "wasi:sockets/tcp"
        | "wasi:sockets/tcp-create-socket"
        | "wasi:sockets/udp"
        | "wasi:sockets/udp-create-socket" => Capability::AllowedOutboundHosts,
        "wasi:cli/environment" => Capability::Environment,
        "wasi:filesystem/preopens" => Capability::Files,
        "fermyon:spin/key-value" | "spin:key-value/key-value" | "wasi:keyvalue/store" => Capability::KeyValueStores,
        "fermyon:spin/sqlite" | "spin:sqlite/sqlite" => Capability::SqliteDatabases,
        "fermyon:spin/config" | "fermyon:spin/variables" | "spin:variables/variables" | "wasi:config/store" => {
            Capability::Variables
        }
        _ => return None,
    })
}

fn unversioned(interface: &str) -> &str {
    interface.split_once('@').map_or(interface, |(name, _)| name)
}

/// The function that precedes those of the interfaces.
const REALLOC: u32 = 0;
/// The global with the start of free memory.
const NEXT: u32 = 0;

fn encode(resolve: &Resolve, world: WorldId) -> Result<Vec<u8>> {
    let mut writer = ResultWriter::new(resolve);
    let mut functions: Vec<(String, WasmSignature, DeniedResult)> = Vec::new();
    for (key, item) in &resolve.worlds[world].exports {
        let WorldItem::Interface { id, .. } = item else { continue };
        let interface = resolve.name_world_key(key);
        for function in resolve.interfaces[*id].functions.values() {
            ensure!(!function.kind.is_async(), "imports {interface:?}, which is not supported by this host");
            let signature = resolve.wasm_signature(AbiVariant::GuestExport, function);
            let result = writer.refusal(unversioned(&interface), function, &signature);
            functions.push((format!("{interface}#{}", function.name), signature, result));
        }
    }
    let data = writer.into_data();
    let heap = i32::try_from(data.end())?;

    let (mut types, mut indices, mut exports, mut code) =
        (TypeSection::new(), FunctionSection::new(), ExportSection::new(), CodeSection::new());
    types.ty().function([ValType::I32; 4], [ValType::I32]);
    indices.function(REALLOC);
    exports.export("memory", ExportKind::Memory, 0).export("cabi_realloc", ExportKind::Func, REALLOC);
    code.function(&realloc());
    for (index, (name, signature, result)) in (REALLOC + 1..).zip(&functions) {
        types.ty().function(signature.params.iter().map(core_type), signature.results.iter().map(core_type));
        indices.function(index);
        exports.export(name, ExportKind::Func, index);
        code.function(&body(result, heap));
    }
    let mut memories = MemorySection::new();
    let pages = u64::from(heap.unsigned_abs().div_ceil(PAGE));
    memories.memory(MemoryType { minimum: pages, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut globals = GlobalSection::new();
    let next = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(next, &ConstExpr::i32_const(heap));
    let mut segments = DataSection::new();
    segments.active(0, &ConstExpr::i32_const(i32::try_from(data.start())?), data.bytes().iter().copied());

    let mut module = Module::new();
    module.section(&types).section(&indices).section(&memories).section(&globals).section(&exports);
    module.section(&code).section(&segments);
    let mut module = module.finish();
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}

const PAGE: u32 = 1 << 16;

/// Returns a function that returns `result`. Its arguments are not used, so each call frees all memory first.
fn body(result: &DeniedResult, heap: i32) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.i32_const(heap).global_set(NEXT);
    match result {
        DeniedResult::Value(value) => code.i32_const(*value),
        DeniedResult::Trap => code.unreachable(),
    };
    code.end();
    function
}

/// Returns `cabi_realloc(old, old_size, align, new_size)`: it allocates from the end of memory, which grows as needed.
fn realloc() -> Function {
    const OLD: u32 = 0;
    const OLD_SIZE: u32 = 1;
    const ALIGN: u32 = 2;
    const NEW_SIZE: u32 = 3;
    const START: u32 = 4;
    const END: u32 = 5;
    const MISSING: u32 = 6;
    let mut function = Function::new([(3, ValType::I32)]);
    let mut code = function.instructions();
    // start = (next + align - 1) & -align
    code.global_get(NEXT).local_get(ALIGN).i32_add().i32_const(1).i32_sub();
    code.i32_const(0).local_get(ALIGN).i32_sub().i32_and().local_set(START);
    // end = start + new_size, or a trap if that overflows
    code.local_get(START).local_get(NEW_SIZE).i32_add().local_tee(END);
    code.local_get(START).i32_lt_u().if_(BlockType::Empty).unreachable().end();
    // pages missing up to the end, sometimes one too many
    code.local_get(END).i32_const(16).i32_shr_u().i32_const(1).i32_add().memory_size(0).i32_sub().local_tee(MISSING);
    code.i32_const(0).i32_gt_s().if_(BlockType::Empty);
    code.local_get(MISSING).memory_grow(0).i32_const(-1).i32_eq().if_(BlockType::Empty).unreachable().end();
    code.end();
    code.local_get(START).local_get(OLD).local_get(OLD_SIZE).memory_copy(0, 0);
    code.local_get(END).global_set(NEXT).local_get(START).end();
    function
}

fn core_type(ty: &WasmType) -> ValType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
    }
}
