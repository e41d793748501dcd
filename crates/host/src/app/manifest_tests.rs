//! Tests of the manifest's schema: the accepted keys, and the one-line errors for all others.

use super::*;

const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"shop\"\n";

fn with_manifest<T>(text: &str, read: impl FnOnce(Manifest<'_>) -> T) -> T {
    let document = Document::new("spin.toml", text);
    read(Manifest::parse(&document).unwrap_or_else(|error| panic!("{error:#}\n{text}")))
}

fn refused(text: &str) -> String {
    let document = Document::new("spin.toml", text);
    match Manifest::parse(&document) {
        Ok(_) => panic!("must be refused:\n{text}"),
        Err(error) => format!("{error:#}"),
    }
}

/// Returns the error for a manifest whose component `a` starts on line 6 with `source` on line 7.
fn refused_in_component(text: &str) -> String {
    refused(&format!("{HEAD}[[trigger.http]]\nroute = '/'\ncomponent = 'a'\n[component.a]\nsource = 'a.wasm'\n{text}"))
}

#[test]
fn everything_this_host_supports_is_read() {
    let text = r#"
        spin_manifest_version = 2
        [application]
        name = "shop"
        version = "1.2.3"
        description = "A shop"
        authors = ["a@example.com"]
        targets = ["spin-up:4"]
        [application.tool.lint]
        level = "high"
        [application.trigger.http]
        base = "/"
        [variables]
        url = { default = "http://db", description = "where" }
        token = { required = true, secret = true }
        [[trigger.http]]
        id = "front"
        route = "/..."
        component = "web"
        executor = { type = "http" }
        [[trigger.http]]
        route = { private = true }
        component = "orders-api"
        [[trigger.http]]
        route = "/old"
        static_response = { status_code = 301, headers = { Location = "/new" }, body = "moved" }
        [component.web]
        source = "web.wasm"
        description = "pages"
        environment = { LANG = "en" }
        files = ["a/*", { source = "b", destination = "/" }]
        exclude_files = ["**/*.map"]
        allowed_outbound_hosts = ["http://{{ url }}"]
        key_value_stores = ["default", "snake_case"]
        sqlite_databases = ["kebab-case"]
        ai_models = []
        variables = { url = "{{ url }}" }
        targets = ["spin-up:4"]
        [component.web.build]
        command = "cargo build"
        [component.web.tool.x]
        y = 1
        [component.web.profile.debug]
        source = "debug.wasm"
        [component.web.dependencies]
        "a:b/c@1.0.0" = { path = "dep.wasm", export = "x:y/z", inherit_configuration = ["variables", "files"] }
        "plain-name" = { component = "orders-api", inherit_configuration = true }
        "d:e" = { path = "dep.wasm" }
        [component.orders-api]
        source = "orders.wasm"
    "#;
    with_manifest(text, |manifest| {
        assert_eq!((manifest.name.as_str(), manifest.version.as_str()), ("shop", "1.2.3"));
        assert_eq!(manifest.warnings.len(), 1);
        assert_eq!(manifest.variables["url"].default.as_deref(), Some("http://db"));
        assert_eq!(manifest.variables["token"].default, None);
        let ids: Vec<_> = manifest.triggers.iter().map(|trigger| trigger.id.as_str()).collect();
        assert_eq!(ids, ["front", "orders-api-http-trigger", "http-trigger1"]);
        assert_eq!(manifest.triggers[1].route, Route::Private);
        let TargetEntry::Static(response) = &manifest.triggers[2].target else { panic!("a static response") };
        assert_eq!(
            (response.status.as_u16(), &response.headers["location"], &response.body[..]),
            (301, &"/new".parse().unwrap(), &b"moved"[..])
        );
        let web = &manifest.components["web"];
        assert_eq!((web.files.len(), web.key_value_stores.value.len(), web.sqlite_databases.value.len()), (2, 2, 1));
        let dependencies: Vec<_> =
            web.dependencies.iter().map(|at| (at.value.name.to_string(), at.value.inherit.clone())).collect();
        let some = |keys: &[&str]| {
            Inherit::Only(keys.iter().map(|key| crate::app::Capability::from_key(key).expect("a key")).collect())
        };
        assert_eq!(
            dependencies,
            [
                ("a:b/c@1.0.0".to_owned(), some(&["files", "variables"])),
                ("d:e".to_owned(), some(&[])),
                ("plain-name".to_owned(), Inherit::All),
            ]
        );
    });
}

#[test]
fn inline_components_join_the_others() {
    let text = format!(
        "{HEAD}[[trigger.http]]\nroute = '/a'\ncomponent = {{ source = 'a.wasm' }}\n[[trigger.http]]\nid = 'No Kebab'\nroute = '/b'\ncomponent = {{ source = 'b.wasm' }}\n[component.http-trigger1-component]\nsource = 'taken.wasm'\n"
    );
    with_manifest(&text, |manifest| {
        let sources: Vec<_> =
            manifest.components.iter().map(|(id, entry)| (id.as_str(), entry.source.value.as_str())).collect();
        assert_eq!(
            sources,
            [
                ("http-trigger1-component", "taken.wasm"),
                ("inline-component1", "a.wasm"),
                ("inline-component2", "b.wasm")
            ]
        );
    });
}

#[test]
fn generated_trigger_ids_avoid_given_ones() {
    let trigger = "[[trigger.http]]\nroute = '/'\ncomponent = 'a'\n";
    let text = format!("{HEAD}{trigger}{trigger}{trigger}id = 'http-trigger1'\n[component.a]\nsource = 'a.wasm'\n");
    with_manifest(&text, |manifest| {
        let ids: Vec<_> = manifest.triggers.iter().map(|trigger| trigger.id.as_str()).collect();
        assert_eq!(ids, ["a-http-trigger", "http-trigger2", "http-trigger1"]);
    });
}

#[test]
fn one_switch_lets_all_dependencies_inherit() {
    for (value, expected) in [("true", Inherit::All), ("false", Inherit::default())] {
        let text = format!(
            "{HEAD}[[trigger.http]]\nroute = '/'\ncomponent = 'a'\n[component.a]\nsource = 'a.wasm'\ndependencies_inherit_configuration = {value}\ndependencies = {{ \"x:y\" = {{ path = 'x.wasm' }} }}\n"
        );
        with_manifest(&text, |manifest| {
            assert_eq!(manifest.components["a"].dependencies[0].value.inherit, expected);
        });
    }
}

#[test]
fn a_manifest_of_another_version_is_refused() {
    for version in ["1", "3", "'1'", "'2'", "2.0"] {
        let message = refused(&format!("spin_manifest_version = {version}\n[application]\nname = 'x'\n"));
        assert_eq!(message, "spin.toml:1: spin_manifest_version: only version 2 is supported");
    }
    assert_eq!(refused(""), "spin.toml:1: spin_manifest_version: is missing");
}

#[test]
fn invalid_keys_of_an_application_are_refused() {
    for (text, expected) in [
        ("[trigger.cron]\n", ":4: trigger.cron: not supported by this host: it runs HTTP and Redis triggers only"),
        (
            "[application.trigger.sqs]\nqueue = 'x'\n[trigger]\n",
            ":4: application.trigger.sqs: not supported by this host: it runs HTTP and Redis triggers only",
        ),
        ("[[trigger.redis]]\ncomponent = 'a'\n", ":4: trigger.redis.channel: is missing"),
        ("[[trigger.redis]]\nchannel = 'x'\n", ":4: trigger.redis.component: is missing"),
        (
            "[application.trigger.http]\nbase = '/x'\n[trigger]\n",
            ":5: application.trigger.http.base: deprecated: the base must be prepended to each [[trigger.http]]'s route",
        ),
        ("nam = 'x'\n[trigger]\n", ":4: application.nam: unknown key"),
        ("version = 1\n[trigger]\n", ":4: application.version: expected a string, found a whole number"),
        ("[[trigger]]\n", ":4: trigger: expected a table, found an array"),
        ("", ":1: trigger: is missing"),
        ("[trigger]\n[extra]\n", ":5: extra: unknown key"),
        ("[variables]\na = 'x'\n", ":5: variables.a: expected a table, found a string"),
        ("[trigger]\n[variables]\na = {}\n", ":6: variables.a: must be `required` OR have a `default`"),
        (
            "[trigger]\n[variables]\na = { required = true, default = 'x' }\n",
            ":6: variables.a: must be `required` OR have a `default`",
        ),
        (
            "[trigger]\n[variables]\na = { default = 1 }\n",
            ":6: variables.a.default: expected a string, found a whole number",
        ),
        ("[trigger]\n[variables]\na = { default = '', secrt = true }\n", ":6: variables.a.secrt: unknown key"),
        ("[trigger]\n[variables]\nA = { default = '' }\n", ":6: variables.A: \"A\": must be all lowercase"),
        (
            "[trigger]\n[component.a_b]\nsource = 'x'\n",
            ":5: component.a_b: \"a_b\": words must be separated with '-', not '_'",
        ),
        ("[trigger]\n[component.a]\nsource = 'x'\n[component.a]\n", ":7: duplicate key"),
    ] {
        assert_eq!(refused(&format!("{HEAD}{text}")), format!("spin.toml{expected}"), "{text}");
    }
}

#[test]
fn invalid_keys_of_a_trigger_are_refused() {
    for (text, expected) in [
        ("component = 'a'", ":4: trigger.http.route: is missing"),
        ("route = '/'", ":4: trigger.http: must have either component or static_response: it has neither"),
        (
            "route = '/'\ncomponent = 'a'\nstatic_response = {}",
            ":7: trigger.http.static_response: a trigger must have either component or static_response: it has both",
        ),
        ("route = 1\ncomponent = 'a'", ":5: trigger.http.route: expected a table, found a whole number"),
        (
            "route = { private = false }\ncomponent = 'a'",
            ":5: trigger.http.route: must be a string pattern or { private = true }",
        ),
        ("route = { privat = true }\ncomponent = 'a'", ":5: trigger.http.route.private: is missing"),
        (
            "route = '/'\ncomponent = 'a_b'",
            ":6: trigger.http.component: \"a_b\": words must be separated with '-', not '_'",
        ),
        (
            "route = '/'\ncomponent = 'a'\nexecutor = { type = 'wagi' }",
            ":7: trigger.http.executor.type: \"wagi\" is not supported by this host: only \"http\" is",
        ),
        ("route = '/'\ncomponent = 'a'\nmethod = 'GET'", ":7: trigger.http.method: unknown key"),
        (
            "route = '/'\ncomponent = 'a'\ncomponents = { x = 'y' }",
            ":7: trigger.http.components: not supported by this host",
        ),
        (
            "route = '/'\nstatic_response = { status_code = 99 }",
            ":6: trigger.http.static_response.status_code: is no HTTP status",
        ),
        (
            "route = '/'\nstatic_response = { headers = { 'a b' = 'x' } }",
            ":6: trigger.http.static_response.headers.\"a b\": is no name of a header",
        ),
        (
            "route = '/'\nstatic_response = { headers = { a = \"x\\ny\" } }",
            ":6: trigger.http.static_response.headers.a: is no value of a header",
        ),
        ("route = '/'\ncomponent = { sauce = 'x' }", ":6: trigger.http.component.source: is missing"),
    ] {
        assert_eq!(refused(&format!("{HEAD}[[trigger.http]]\n{text}\n")), format!("spin.toml{expected}"), "{text}");
    }
}

#[test]
fn invalid_keys_of_a_component_are_refused() {
    for (text, expected) in [
        ("ai_models = ['llama']", "ai_models: not supported by this host"),
        ("allowed_http_hosts = []", "allowed_http_hosts: deprecated: use allowed_outbound_hosts"),
        ("sauce = 'x'", "sauce: unknown key"),
        ("files = [1]", "files: expected a table, found a whole number"),
        ("files = [{ source = 'x' }]", "files.destination: is missing"),
        ("key_value_stores = ['a/b']", "key_value_stores: \"a/b\" is no label: expected kebab-case or snake_case"),
        ("sqlite_databases = 'default'", "sqlite_databases: expected an array, found a string"),
        ("environment = { A = 1 }", "environment.A: expected a string, found a whole number"),
        ("variables = { a-b = 'x' }", "variables: \"a-b\": words must be separated with '_', not '-'"),
        (
            "dependencies = { x_y = { path = 'x' } }",
            "dependencies.x_y: \"x_y\": words must be separated with '-', not '_'",
        ),
        (
            "dependencies = { \"a:b\" = '1.0' }",
            "dependencies.\"a:b\": not supported by this host: only { path } and { component } are",
        ),
        (
            "dependencies = { \"a:b\" = { version = '1.0' } }",
            "dependencies.\"a:b\".version: not supported by this host",
        ),
        (
            "dependencies = { \"a:b\" = { url = 'x', digest = 'y' } }",
            "dependencies.\"a:b\".url: not supported by this host",
        ),
        ("dependencies = { \"a:b\" = {} }", "dependencies.\"a:b\": expected either path or component"),
        (
            "dependencies = { \"a:b\" = { path = 'x', component = 'y' } }",
            "dependencies.\"a:b\": expected either path or component",
        ),
        (
            "dependencies = { \"a:b\" = { path = 'x', export = 'y' } }",
            "dependencies.\"a:b\".export: not possible for a dependency that is a whole package",
        ),
        (
            "dependencies = { \"a:b/c\" = { path = 'x', inherit_configuration = ['file'] } }",
            "dependencies.\"a:b/c\".inherit_configuration: \"file\" is no key that can be inherited",
        ),
        (
            "dependencies = { \"a:b/c\" = { path = 'x' }, \"a:b\" = { path = 'y' } }",
            "dependencies.\"a:b/c\": dependency a:b/c conflicts with a:b",
        ),
        (
            "dependencies_inherit_configuration = true\ndependencies = { a = { path = 'x', inherit_configuration = false } }",
            "dependencies_inherit_configuration: cannot be set beside a dependency's own inherit_configuration",
        ),
    ] {
        assert_eq!(refused_in_component(text), format!("spin.toml:9: component.a.{expected}"), "{text}");
    }
}

#[test]
fn only_local_sources_are_supported() {
    for source in
        ["{ url = 'https://x', digest = 'sha256:0' }", "{ registry = 'r', package = 'a:b', version = '1.0.0' }"]
    {
        let text = format!("{HEAD}[trigger]\n[component.a]\nsource = {source}\n");
        assert_eq!(refused(&text), "spin.toml:6: component.a.source: not supported by this host: only local files are");
    }
}
