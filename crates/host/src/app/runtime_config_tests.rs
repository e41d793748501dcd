//! Tests of the runtime config: defaults, paths, and refused keys.

use super::*;

fn load_text(text: &str) -> Result<(RuntimeConfig, Vec<Provider>, tempfile::TempDir)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("runtime-config.toml");
    std::fs::write(&path, text)?;
    let options =
        LoadOptions { runtime_config: Some(path), state_dir: folder.path().join("state"), ..LoadOptions::default() };
    let (config, providers) = load(&options, &folder.path().join(".env"))?;
    Ok((config, providers, folder))
}

fn refused(text: &str) -> String {
    match load_text(text) {
        Ok(_) => panic!("must be refused: {text}"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn without_a_file_only_the_default_labels_exist() {
    let options = LoadOptions { state_dir: PathBuf::from("/state"), ..LoadOptions::default() };
    let (config, providers) = load(&options, Path::new("/none/.env")).expect("loads");
    let database = SqliteDatabase::Spin { path: Some("/state/sqlite_db.db".into()) };
    let store = KeyValueStore::Spin { path: Some("/state/sqlite_key_value.db".into()) };
    assert_eq!(config.sqlite_databases, BTreeMap::from([("default".to_owned(), database)]));
    assert_eq!(config.key_value_stores, BTreeMap::from([("default".to_owned(), store)]));
    assert_eq!(config.outbound_http, OutboundHttp { connection_pooling: true, max_connections: None });
    assert!(config.blocked_networks.is_empty());
    assert_eq!(providers.len(), 1);
}

#[test]
fn every_table_is_read_and_relative_paths_start_at_the_file() {
    let (config, providers, folder) = load_text(
        r#"
        [sqlite_database.users]
        type = "spin"
        path = "data/users.db"
        allow_attach_file = false
        [sqlite_database.default]
        type = "spin"
        path = "/abs/own.db"
        [sqlite_database.memory]
        type = "spin"
        [sqlite_database.cluster]
        type = "libsql"
        url = "http://sqld:8080"
        token = "hunter3"
        [key_value_store.cache]
        type = "spin"
        path = "cache.db"
        [key_value_store.shared]
        type = "redis"
        url = "redis://user:hunter2@cache:6379/0"
        [[variables_provider]]
        type = "static"
        values = { a = "1", b = "2" }
        [[variables_provider]]
        type = "env"
        prefix = "APP"
        dotenv_path = "app.env"
        [outbound_http]
        connection_pooling = true
        max_connections = 7
        [outbound_networking]
        block_networks = ["private", "1.1.1.1/32"]
        "#,
    )
    .expect("loads");
    let at = |path: &str| Some(folder.path().join(path));
    assert_eq!(
        config.sqlite_databases,
        BTreeMap::from([
            ("default".to_owned(), SqliteDatabase::Spin { path: Some("/abs/own.db".into()) }),
            ("cluster".to_owned(), SqliteDatabase::Libsql { url: "http://sqld:8080".into(), token: "hunter3".into() }),
            ("memory".to_owned(), SqliteDatabase::Spin { path: None }),
            ("users".to_owned(), SqliteDatabase::Spin { path: at("data/users.db") }),
        ])
    );
    assert_eq!(config.key_value_stores["cache"], KeyValueStore::Spin { path: at("cache.db") });
    assert_eq!(config.key_value_stores["default"], KeyValueStore::Spin { path: at("state/sqlite_key_value.db") });
    assert!(matches!(&config.key_value_stores["shared"], KeyValueStore::Redis { url } if url.contains("hunter2")));
    assert!(!format!("{config:?}").contains("hunter"));
    assert_eq!(config.outbound_http, OutboundHttp { connection_pooling: true, max_connections: Some(7) });
    assert!(config.blocked_networks.blocks("10.0.0.1".parse().expect("an address")));
    assert_eq!(providers.len(), 3, "the two of the file and then the environment");
    assert_eq!(providers[0].get("b"), Ok(Some("2".to_owned())));
}

#[test]
fn an_outbound_table_without_pooling_turns_it_off() {
    let (config, ..) = load_text("[outbound_http]\nmax_concurrent_requests = 0").expect("loads");
    assert_eq!(config.outbound_http, OutboundHttp { connection_pooling: false, max_connections: Some(1) });
}

#[test]
fn the_older_name_of_the_providers_applies_only_alone() {
    let older = "[[config_provider]]\ntype = 'static'\nvalues = { a = 'older' }\n";
    let (_, providers, _folder) = load_text(older).expect("loads");
    assert_eq!(providers[0].get("a"), Ok(Some("older".to_owned())));
    let both = format!("{older}[[variables_provider]]\ntype = 'static'\nvalues = {{ a = 'newer' }}\n");
    let (_, providers, _folder) = load_text(&both).expect("loads");
    assert_eq!((providers.len(), providers[0].get("a")), (2, Ok(Some("newer".to_owned()))));
}

#[test]
fn unsupported_keys_are_refused_by_name() {
    for (text, expected) in [
        (
            "[sqlite_database.a]\ntype = 'libsql'\nurl = 'x'\ntoken = ''",
            ":3: sqlite_database.a.url: expected https://<host>, http://<host>:<port> or libsql://<host>",
        ),
        ("[sqlite_database.a]\ntype = 'libsql'\nurl = 'http://a'", ":1: sqlite_database.a.token: is missing"),
        ("[sqlite_database.a]\ntype = 'x'", ":2: sqlite_database.a.type: unknown type of database \"x\""),
        ("[sqlite_database.a]\npath = 'x'", ":1: sqlite_database.a.type: is missing"),
        ("[sqlite_database.a]\ntype = 'spin'\npat = 'x'", ":3: sqlite_database.a.pat: unknown key"),
        (
            "[sqlite_database.a]\ntype = 'spin'\nallow_attach_file = true",
            ":3: sqlite_database.a.allow_attach_file: not supported by this host",
        ),
        (
            "[sqlite_database.a]\ntype = 'spin'\npath = 1",
            ":3: sqlite_database.a.path: expected a string, found a whole number",
        ),
        (
            "[key_value_store.a]\ntype = 'azure_cosmos'",
            ":2: key_value_store.a.type: \"azure_cosmos\" is not supported by this host",
        ),
        ("[key_value_store.a]\ntype = 'redis'", ":1: key_value_store.a.url: is missing"),
        (
            "[key_value_store.a]\ntype = 'redis'\nurl = 'http://:hunter2@x'",
            ":3: key_value_store.a.url: expected redis://<host>[:<port>] or rediss://...",
        ),
        (
            "[[variables_provider]]\ntype = 'vault'",
            ":2: variables_provider.type: \"vault\" is not supported by this host",
        ),
        (
            "[[variables_provider]]\ntype = 'static'\nvalues = { a = 1 }",
            ":3: variables_provider.values.a: expected a string, found a whole number",
        ),
        ("[variables_provider]\ntype = 'env'", ":1: variables_provider: expected an array, found a table"),
        (
            "[outbound_http]\nmax_connections = 1\nmax_concurrent_requests = 1",
            ":3: outbound_http.max_concurrent_requests: cannot be set beside max_connections",
        ),
        ("[outbound_http]\nmax_connections = -1", ":2: outbound_http.max_connections: the number is out of range"),
        (
            "[outbound_networking]\nblock_networks = ['x']",
            ":2: outbound_networking.block_networks: \"x\" is neither an IP network in CIDR notation nor \"private\"",
        ),
        (
            "[outbound_networking]\nmax_total_connections = 1",
            ":2: outbound_networking.max_total_connections: not supported by this host",
        ),
        ("state_dir = 'x'", ":1: state_dir: not supported by this host"),
        ("[llm_compute]\ntype = 'spin'", ":1: llm_compute: not supported by this host"),
        ("[typo]", ":1: typo: unknown key"),
    ] {
        assert_eq!(refused(text), format!("runtime-config.toml{expected}"), "{text}");
    }
}

#[test]
fn a_runtime_config_that_is_missing_is_refused() {
    let options = LoadOptions { runtime_config: Some("/none/rc.toml".into()), ..LoadOptions::default() };
    let error = load(&options, Path::new("/none/.env")).expect_err("no file");
    assert!(format!("{error:#}").starts_with("/none/rc.toml: cannot be read"), "{error:#}");
}
