//! Tests of loading: applications on disk, and the errors with which `spin up` refuses them.

use super::*;

/// The content of a folder: a manifest, optionally a runtime config and a `.env`, and every `.wasm` file that is named.
struct Fixture {
    folder: tempfile::TempDir,
    options: LoadOptions,
}

impl Fixture {
    fn new(manifest: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("spin_manifest_version = 2\n[application]\nname = 'shop'\nversion = '1.0.0'\n{manifest}");
        std::fs::write(folder.path().join("spin.toml"), text).expect("written");
        for name in ["a.wasm", "b.wasm", "dep.wasm"] {
            std::fs::write(folder.path().join(name), b"\0asm\x0d\0\x01\0").expect("written");
        }
        let options = LoadOptions { state_dir: folder.path().join(".spin"), ..LoadOptions::default() };
        Self { folder, options }
    }

    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).expect("written");
        self
    }

    fn runtime_config(mut self, text: &str) -> Self {
        self.options.runtime_config = Some(self.folder.path().join("runtime-config.toml"));
        self.file("runtime-config.toml", text)
    }

    fn only(mut self, ids: &[&str]) -> Self {
        self.options.only = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    fn load(&self) -> Result<App> {
        App::load(&self.folder.path().join("spin.toml"), &self.options)
    }

    fn loaded(&self) -> App {
        self.load().unwrap_or_else(|error| panic!("{error:#}"))
    }

    fn refused(&self) -> String {
        match self.load() {
            Ok(_) => panic!("must be refused"),
            Err(error) => format!("{error:#}"),
        }
    }
}

const TRIGGER_A: &str = "[[trigger.http]]\nroute = '/a/...'\ncomponent = 'a'\n";

fn component(id: &str, more: &str) -> String {
    format!("[component.{id}]\nsource = '{id}.wasm'\n{more}\n")
}

/// Returns one trigger and its component, with `more` from line 10 on.
fn one(more: &str) -> Fixture {
    Fixture::new(&format!("{TRIGGER_A}{}", component("a", more)))
}

#[test]
fn an_application_is_loaded_with_the_components_of_its_triggers() {
    let fixture = Fixture::new(&format!(
        "{TRIGGER_A}[[trigger.http]]\nroute = '/x'\nstatic_response = {{}}\n[[trigger.http]]\nroute = '/b'\ncomponent = 'a'\n{}{}",
        component("a", "sqlite_databases = ['users', 'default', 'users']\nkey_value_stores = ['default']\nfiles = ['*.txt']"),
        component("b", ""),
    ))
    .file("note.txt", "x")
    .runtime_config("[sqlite_database.users]\ntype = 'spin'\npath = 'users.db'\n");
    let app = fixture.loaded();
    let base = fixture.folder.path().canonicalize().expect("canonical");
    assert_eq!((app.name.as_str(), app.version.as_str(), &app.base_dir), ("shop", "1.0.0", &base));
    assert_eq!(app.components.len(), 1, "no trigger names b");
    let a = app.component("a").expect("a runs");
    assert_eq!(a.source, base.join("a.wasm"));
    assert_eq!(a.sqlite_databases, ["default", "users"]);
    assert_eq!(a.files[0].destination, "note.txt");
    assert_eq!((app.chaining_trigger("a"), app.chaining_trigger("b")), (Some(2), None));
    let file = fixture.folder.path().join(".spin/sqlite_db.db");
    assert_eq!(app.runtime.sqlite_databases["default"], crate::app::SqliteDatabase::Spin { path: Some(file) });
}

#[test]
fn variables_come_from_the_file_beside_the_manifest_or_a_given_one() {
    let manifest = format!(
        "{TRIGGER_A}[variables]\nspindle_load_test_host = {{ required = true }}\n{}",
        component(
            "a",
            "variables = { host = '{{ spindle_load_test_host }}' }\nallowed_outbound_hosts = ['http://{{ spindle_load_test_host }}']"
        )
    );
    let line = |host: &str| format!("SPIN_VARIABLE_SPINDLE_LOAD_TEST_HOST={host}\n");
    let mut fixture = Fixture::new(&manifest).file(".env", &line("beside.test")).file("other.env", &line("other.test"));
    let app = fixture.loaded();
    assert_eq!(app.variables.resolve("a", "host"), Ok("beside.test".to_owned()));
    assert!(app.components[0].allowed_outbound_hosts.allows("http", "beside.test", None));
    fixture.options.env_file = Some(fixture.folder.path().join("other.env"));
    assert_eq!(fixture.loaded().variables.resolve("a", "host"), Ok("other.test".to_owned()));
}

#[test]
fn a_required_variable_without_a_value_is_refused() {
    let fixture =
        Fixture::new(&format!("{TRIGGER_A}[variables]\nspindle_unset = {{ required = true }}\n{}", component("a", "")));
    assert_eq!(fixture.refused(), "provider error: no provider resolved required variable(s): spindle_unset");
}

#[test]
fn labels_must_be_defined() {
    assert_eq!(
        one("key_value_stores = ['cache']").refused(),
        "spin.toml:10: component.a.key_value_stores: unknown key_value_stores label \"cache\" for component \"a\""
    );
    let message = one("sqlite_databases = ['users', 'orders']").refused();
    assert!(message.starts_with("One or more components use SQLite databases which are not defined"), "{message}");
    assert!(
        message.ends_with("component a uses database \"users\", component a uses database \"orders\""),
        "{message}"
    );
}

#[test]
fn errors_across_tables_and_files_name_their_line() {
    for (more, expected) in [
        (
            "allowed_outbound_hosts = ['a.test']",
            "10: component.a.allowed_outbound_hosts: \"a.test\" does not contain a scheme",
        ),
        (
            "variables = { x = '{{ y }}' }",
            "10: component.a.variables: invalid variable template: unknown variable \"y\"",
        ),
        (
            "variables = { x = '{{ y' }",
            "10: component.a.variables: invalid variable template: unmatched '{{' in template",
        ),
        ("files = ['none']", "10: component.a.files: \"none\" does not exist"),
        ("exclude_files = ['[']", "10: component.a.exclude_files: \"[\" is no glob pattern"),
        (
            "dependencies = { x = { path = 'none.wasm' } }",
            "10: component.a.dependencies.x: \"none.wasm\" does not exist: has it been built?",
        ),
        (
            "dependencies = { x = { component = 'none' } }",
            "10: component.a.dependencies.x: component \"none\" does not exist",
        ),
    ] {
        let message = one(more).refused();
        assert!(message.starts_with(&format!("spin.toml:{expected}")), "{more}: {message}");
        assert!(!message.contains('\n'), "{message}");
    }
    let missing = Fixture::new(&format!("{TRIGGER_A}{}", "[component.a]\nsource = 'target/a.wasm'\n"));
    assert_eq!(
        missing.refused(),
        "spin.toml:9: component.a.source: \"target/a.wasm\" does not exist: has it been built?"
    );
    assert_eq!(
        Fixture::new(TRIGGER_A).refused(),
        "spin.toml:7: trigger.http.component: component \"a\" does not exist"
    );
    assert_eq!(Fixture::new("[trigger]\n").refused(), "no triggers in the application");
}

#[test]
fn components_without_a_trigger_are_checked_too() {
    let fixture =
        Fixture::new(&format!("{TRIGGER_A}{}{}", component("a", ""), component("b", "key_value_stores = ['cache']")));
    assert!(fixture.refused().contains("unknown key_value_stores label"));
}

#[test]
fn a_dependency_with_rights_of_its_own_is_refused() {
    let manifest = |more: &str| {
        let a = component("a", "dependencies = { x = { component = 'b', inherit_configuration = true } }");
        Fixture::new(&format!("{TRIGGER_A}{a}{}", component("b", more)))
    };
    let app = manifest("").loaded();
    assert_eq!(app.components[0].dependencies[0].source, app.base_dir.join("b.wasm"));
    for (more, rights) in [
        ("key_value_stores = ['default']", "key_value_stores"),
        ("environment = { A = 'b' }\nallowed_outbound_hosts = ['http://x']", "allowed_outbound_hosts, environment"),
        ("variables = { x = 'y' }", "variables"),
        ("dependencies = { y = { path = 'dep.wasm' } }", "dependencies"),
    ] {
        let message = manifest(more).refused();
        assert!(message.ends_with(&format!("component \"b\" specifies {rights}")), "{message}");
    }
}

#[test]
fn a_selection_runs_its_components_only() {
    let manifest = |hosts: &str| {
        Fixture::new(&format!(
            "{TRIGGER_A}[[trigger.http]]\nroute = '/b'\ncomponent = 'b'\n[[trigger.http]]\nroute = '/s'\nstatic_response = {{}}\n{}{}",
            component("a", hosts),
            component("b", "allowed_outbound_hosts = ['http://a.spin.internal']"),
        ))
    };
    let app = manifest("").only(&["a"]).loaded();
    assert_eq!((app.components.len(), app.http.len()), (1, 1));
    assert!(manifest("").only(&["none"]).refused().contains("\"none\" not found"));
    let message = manifest("").only(&["b"]).refused();
    assert!(message.contains("cannot use service chaining to unselected component"), "{message}");
    let templated = manifest("allowed_outbound_hosts = ['http://{{ x }}.spin.internal']");
    assert_eq!(templated.only(&["a"]).loaded().components.len(), 1);
    assert!(
        manifest("allowed_outbound_hosts = ['http://*.spin.internal']")
            .only(&["a", "b"])
            .refused()
            .contains("wildcard")
    );
}

#[test]
fn wildcard_chaining_reaches_every_component() {
    let a = component("a", "allowed_outbound_hosts = ['http://*.spin.internal']");
    let app = Fixture::new(&format!("{TRIGGER_A}{a}{}", component("b", ""))).loaded();
    let hosts = &app.components[0].allowed_outbound_hosts;
    assert!(hosts.allows("http", "b.spin.internal", None) && !hosts.allows("http", "c.spin.internal", None));
}

#[test]
fn equal_routes_cause_a_warning() {
    let app = Fixture::new(&format!("{TRIGGER_A}{TRIGGER_A}{}", component("a", ""))).loaded();
    assert_eq!(
        app.warnings,
        ["route \"/a/...\" of trigger a-http-trigger will never be used: http-trigger1 has the same"]
    );
}

#[test]
fn a_bad_route_is_refused() {
    let fixture = Fixture::new(&format!("[[trigger.http]]\nroute = '/*/x'\ncomponent = 'a'\n{}", component("a", "")));
    assert_eq!(fixture.refused(), "route \"/*/x\": a wildcard must come last");
}

#[test]
fn a_file_that_is_no_component_is_refused_when_it_is_read() {
    let fixture = one("");
    let app = fixture.loaded();
    let wasm = |bytes: &[u8]| {
        std::fs::write(&app.components[0].source, bytes).expect("written");
        app.components[0].wasm().map_err(|error| format!("{error:#}"))
    };
    assert_eq!(wasm(b"\0asm\x0d\0\x01\0").as_deref(), Ok(&b"\0asm\x0d\0\x01\0"[..]));
    assert!(wasm(b"\0asm\x01\0\0\0").expect_err("a module").contains("is a core module"));
    assert!(wasm(b"(component)").expect_err("text").contains("is no WebAssembly component"));
    assert!(wasm(b"").expect_err("nothing").contains("is no WebAssembly component"));
}

#[test]
fn debug_of_an_application_shows_no_value() {
    let manifest = format!(
        "{TRIGGER_A}[variables]\nsecret = {{ default = 'hunter2', secret = true }}\n{}",
        component("a", "variables = { s = '{{ secret }}' }")
    );
    let app = Fixture::new(&manifest)
        .runtime_config("[key_value_store.default]\ntype = 'redis'\nurl = 'redis://:hunter2@h'\n")
        .loaded();
    assert!(!format!("{app:?}").contains("hunter2"), "{app:?}");
}
