//! Tests of composition: real components, composed and run.

use std::collections::BTreeSet;
use std::path::PathBuf;

use wasmtime::component::{Component as Compiled, Linker, Resource, ResourceType};
use wasmtime::{Engine, Store};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::decoding::{DecodedWasm, decode};

use super::*;
use crate::app::dependency::{Capability, Inherit};

/// The interfaces of the tests, reduced to the functions that are called.
const WIT: &str = r#"
package shop:main@1.0.0;

interface api {
    /// Reads the length of the list, or minus the case of the error.
    ask: func() -> s32;
}

world parent {
    import api;
    export ask: func() -> s32;
}

world environment-user {
    import wasi:cli/environment@0.2.9;
    import wasi:io/poll@0.2.9;
    export api;
}

world store-user {
    import wasi:keyvalue/store@0.2.0-draft2;
    export api;
}

world http-user {
    import wasi:http/outgoing-handler@0.2.6;
    export api;
}

world batch-user {
    import wasi:keyvalue/batch@0.2.0-draft2;
    export api;
}

world quiet {
    export api;
}

package wasi:io@0.2.9 {
    interface poll {
        tick: func() -> s32;
    }
}

package wasi:cli@0.2.9 {
    interface environment {
        get-environment: func() -> list<tuple<string, string>>;
        initial-cwd: func() -> option<string>;
    }
}

package wasi:keyvalue@0.2.0-draft2 {
    interface store {
        variant error { no-such-store, access-denied, other(string) }
        resource bucket {
            get: func(key: string) -> result<option<list<u8>>, error>;
        }
        open: func(identifier: string) -> result<bucket, error>;
    }
    interface batch {
        use store.{bucket, error};
        get-many: func(bucket: borrow<bucket>, keys: list<string>) -> result<list<option<tuple<string, list<u8>>>>, error>;
    }
}

package wasi:http@0.2.6 {
    interface types {
        resource outgoing-request {
            constructor(path: string);
        }
        variant error-code { DNS-timeout, TLS-alert(option<u8>), internal-error(option<string>), configuration-error }
    }
    interface outgoing-handler {
        use types.{outgoing-request, error-code};
        handle: func(request: outgoing-request) -> result<_, error-code>;
    }
}
"#;

/// Creates a component of a world from a core module in text form.
fn component(world: &str, module: &str) -> Vec<u8> {
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_source("test.wit", WIT).expect("WIT parses");
    let world = resolve.select_world(&[package], Some(world)).expect("the world is there");
    let mut module = wat::parse_str(module).expect("WAT parses");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("embeds");
    ComponentEncoder::default().validate(true).module(&module).expect("a module").encode().expect("encodes")
}

fn parent() -> Vec<u8> {
    component(
        "parent",
        r#"(module (import "shop:main/api@1.0.0" "ask" (func $ask (result i32))) (func (export "ask") (result i32) call $ask))"#,
    )
}

/// Returns `value` without a call to an import.
fn quiet(value: i32) -> Vec<u8> {
    component("quiet", &format!(r#"(module (func (export "shop:main/api@1.0.0#ask") (result i32) i32.const {value}))"#))
}

/// Returns 100 for each environment variable, 10 for a working directory, plus the time of the host's clock.
fn environment_user() -> Vec<u8> {
    component(
        "environment-user",
        r#"(module
            (import "wasi:cli/environment@0.2.9" "get-environment" (func $get (param i32)))
            (import "wasi:cli/environment@0.2.9" "initial-cwd" (func $cwd (param i32)))
            (import "wasi:io/poll@0.2.9" "tick" (func $tick (result i32)))
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
            (func (export "shop:main/api@1.0.0#ask") (result i32)
                (call $get (i32.const 16))
                (call $cwd (i32.const 32))
                (i32.add
                    (i32.add (i32.mul (i32.load (i32.const 20)) (i32.const 100)) (i32.mul (i32.load8_u (i32.const 32)) (i32.const 10)))
                    (call $tick))))"#,
    )
}

/// Opens a store many times, with a name as long as two pages, and returns 1000 times the tag of the result plus its error's case.
fn store_user() -> Vec<u8> {
    component(
        "store-user",
        r#"(module
            (import "wasi:keyvalue/store@0.2.0-draft2" "open" (func $open (param i32 i32 i32)))
            (memory (export "memory") 4)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
            (func (export "shop:main/api@1.0.0#ask") (result i32)
                (local $i i32)
                (loop $again
                    (call $open (i32.const 4096) (i32.const 131072) (i32.const 16))
                    (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
                (i32.add (i32.mul (i32.load8_u (i32.const 16)) (i32.const 1000)) (i32.load8_u (i32.const 20)))))"#,
    )
}

/// Sends a request and returns the first byte of the error's text plus 1000 times its case.
fn http_user() -> Vec<u8> {
    component(
        "http-user",
        r#"(module
            (import "wasi:http/types@0.2.6" "[constructor]outgoing-request" (func $new (param i32 i32) (result i32)))
            (import "wasi:http/outgoing-handler@0.2.6" "handle" (func $handle (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
            (func (export "shop:main/api@1.0.0#ask") (result i32)
                (call $handle (call $new (i32.const 0) (i32.const 0)) (i32.const 16))
                (i32.add (i32.mul (i32.load8_u (i32.const 20)) (i32.const 1000)) (i32.load8_u (i32.load (i32.const 28))))))"#,
    )
}

fn dependency(name: &str, export: Option<&str>, inherit: Inherit) -> Dependency {
    let name = name.parse().expect("a name");
    Dependency { name, source: PathBuf::new(), export: export.map(str::to_owned), inherit }
}

fn denied() -> Inherit {
    Inherit::default()
}

fn only(capability: Capability) -> Inherit {
    Inherit::Only(BTreeSet::from([capability]))
}

fn composed(bytes: Vec<u8>, inherit: Inherit) -> Vec<u8> {
    compose_bytes(parent(), vec![(&dependency("shop:main/api", None, inherit), bytes)])
        .unwrap_or_else(|error| panic!("{error:#}"))
}

fn refused(parent: Vec<u8>, dependencies: Vec<(&Dependency, Vec<u8>)>) -> String {
    format!("{:#}", compose_bytes(parent, dependencies).expect_err("must be refused"))
}

fn imports(bytes: &[u8]) -> Vec<String> {
    let DecodedWasm::Component(resolve, world) = decode(bytes).expect("decodes") else { panic!("a component") };
    resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key)).collect()
}

/// Runs a composed component on a host with two environment variables, a working directory and a clock that shows 7.
fn ask(bytes: &[u8]) -> i32 {
    let engine = Engine::default();
    let component = Compiled::new(&engine, bytes).expect("compiles");
    let mut linker: Linker<()> = Linker::new(&engine);
    let mut poll = linker.instance("wasi:io/poll@0.2.9").expect("an instance");
    poll.func_wrap("tick", |_, (): ()| Ok((7i32,))).expect("defined");
    let mut environment = linker.instance("wasi:cli/environment@0.2.9").expect("an instance");
    let pair = || (String::from("K"), String::from("v"));
    environment.func_wrap("get-environment", move |_, (): ()| Ok((vec![pair(), pair()],))).expect("defined");
    environment.func_wrap("initial-cwd", |_, (): ()| Ok((Some(String::from("/")),))).expect("defined");
    let mut types = linker.instance("wasi:http/types@0.2.6").expect("an instance");
    types.resource("outgoing-request", ResourceType::host::<u32>(), |_, _| Ok(())).expect("defined");
    types
        .func_wrap("[constructor]outgoing-request", |_, (_path,): (String,)| Ok((Resource::<u32>::new_own(1),)))
        .expect("defined");
    linker.define_unknown_imports_as_traps(&component).expect("defined");
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component).expect("instantiates");
    let ask = instance.get_typed_func::<(), (i32,)>(&mut store, "ask").expect("exported");
    ask.call(&mut store, ()).expect("runs").0
}

#[test]
fn without_dependencies_nothing_changes() {
    assert_eq!(compose_bytes(b"anything".to_vec(), Vec::new()).expect("composes"), b"anything");
}

#[test]
fn a_dependency_satisfies_an_import() {
    let bytes = composed(quiet(42), denied());
    assert_eq!(imports(&bytes), Vec::<String>::new());
    assert_eq!(ask(&bytes), 42);
}

#[test]
fn an_inheriting_dependency_reaches_the_host() {
    for inherit in [Inherit::All, only(Capability::Environment)] {
        let bytes = composed(environment_user(), inherit);
        assert_eq!(ask(&bytes), 217);
    }
}

#[test]
fn a_denied_dependency_sees_an_empty_environment_but_keeps_imports_without_rights() {
    for inherit in [denied(), only(Capability::Files)] {
        let bytes = composed(environment_user(), inherit);
        assert_eq!(imports(&bytes), ["wasi:io/poll@0.2.9"]);
        assert_eq!(ask(&bytes), 7);
    }
}

#[test]
fn a_denied_store_returns_access_denied_however_often() {
    let bytes = composed(store_user(), denied());
    assert_eq!(imports(&bytes), Vec::<String>::new());
    assert_eq!(ask(&bytes), 1001);
}

#[test]
fn a_denied_call_gets_an_error_with_a_text_and_shares_the_hosts_types() {
    let bytes = composed(http_user(), denied());
    assert_eq!(imports(&bytes), ["wasi:http/types@0.2.6"]);
    assert_eq!(ask(&bytes), 2000 + i32::from(b'"'));
}

#[test]
fn only_denied_imports_are_removed() {
    for (bytes, inherit, expected) in [
        (store_user(), only(Capability::KeyValueStores), &["wasi:keyvalue/store@0.2.0-draft2"][..]),
        (store_user(), only(Capability::SqliteDatabases), &[]),
        (
            http_user(),
            only(Capability::AllowedOutboundHosts),
            &["wasi:http/types@0.2.6", "wasi:http/outgoing-handler@0.2.6"],
        ),
    ] {
        assert_eq!(imports(&composed(bytes, inherit.clone())), expected, "{inherit:?}");
    }
}

#[test]
fn a_store_cannot_be_denied_to_a_dependency_with_batch_or_atomics() {
    let bytes = component(
        "batch-user",
        r#"(module
            (import "wasi:keyvalue/batch@0.2.0-draft2" "get-many" (func (param i32 i32 i32 i32)))
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
            (func (export "shop:main/api@1.0.0#ask") (result i32) i32.const 0))"#,
    );
    let message = refused(parent(), vec![(&dependency("shop:main/api", None, denied()), bytes.clone())]);
    assert!(message.contains("must inherit key_value_stores"), "{message}");
    let bytes = composed(bytes, only(Capability::KeyValueStores));
    assert!(imports(&bytes).iter().any(|import| import.starts_with("wasi:keyvalue/batch")));
}

#[test]
fn a_dependency_that_does_not_fit_is_refused() {
    for (name, export, expected) in [
        ("other:name/api", None, "dependency other:name/api doesn't match any of its imports"),
        ("plain", None, "dependency plain doesn't match any of its imports"),
        ("shop:main@2.0.0", None, "dependency shop:main@2.0.0 doesn't match any of its imports"),
        (
            "shop:main",
            Some("none"),
            "dependency shop:main doesn't export \"none\" to satisfy import \"shop:main/api@1.0.0\"",
        ),
    ] {
        let dependency = dependency(name, export, denied());
        assert_eq!(refused(parent(), vec![(&dependency, quiet(1))]), expected);
    }
    // The parent exports a function, which belongs to no interface.
    let wrong = dependency("shop:main/api", Some("ask"), denied());
    let message = refused(parent(), vec![(&wrong, parent())]);
    assert!(
        message.contains("exports \"ask\" which is not compatible with import \"shop:main/api@1.0.0\""),
        "{message}"
    );
}

#[test]
fn two_dependencies_for_one_import_are_refused() {
    let (one, two) = (dependency("shop:main/api", None, denied()), dependency("shop:main", None, denied()));
    let message = refused(parent(), vec![(&one, quiet(1)), (&two, quiet(2))]);
    assert_eq!(message, "import \"shop:main/api@1.0.0\" is satisfied by two dependencies: shop:main/api, shop:main");
}

#[test]
fn bytes_that_are_no_component_are_refused() {
    let api = dependency("shop:main/api", None, denied());
    for bytes in [&b""[..], b"\0asm\x0d\0\x01\0garbage", b"\0asm\x01\0\0\0"] {
        refused(parent(), vec![(&api, bytes.to_vec())]);
        refused(bytes.to_vec(), vec![(&api, quiet(1))]);
    }
}

#[test]
fn every_capability_has_an_interface_and_no_other_name_is_denied() {
    let wit = "wasi:clocks/wall-clock@0.2.6 wasi:random/random@0.2.6 wasi:io/streams@0.2.6 wasi:cli/stdout@0.2.6 \
               wasi:http/types@0.2.6 wasi:filesystem/types@0.2.6 wasi:sockets/network@0.2.6 shop:main/api wasi:cli/environments";
    for name in wit.split_whitespace() {
        assert_eq!(denial::capability(name), None, "{name}");
    }
    for (name, capability) in [
        ("fermyon:spin/llm@2.0.0", Capability::AiModels),
        ("wasi:http/outgoing-handler@0.2.99", Capability::AllowedOutboundHosts),
        ("fermyon:spin/redis", Capability::AllowedOutboundHosts),
        ("wasi:cli/environment@0.3.0-rc", Capability::Environment),
        ("wasi:filesystem/preopens@0.2.0", Capability::Files),
        ("wasi:keyvalue/store@0.2.0-draft2", Capability::KeyValueStores),
        ("fermyon:spin/sqlite@2.0.0", Capability::SqliteDatabases),
        ("wasi:config/store@0.2.0-draft-2024-09-27", Capability::Variables),
    ] {
        assert_eq!(denial::capability(name), Some(capability), "{name}");
    }
}
