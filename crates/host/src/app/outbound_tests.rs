//! Tests of the outbound rules: the entries that parse, and the calls that they allow.

use std::collections::BTreeMap;

use super::*;
use crate::app::providers::Provider;

fn variables(declared: &[(&str, Option<&str>)], values: &[(&str, &str)]) -> Variables {
    let declared = declared.iter().map(|(name, default)| ((*name).to_owned(), default.map(str::to_owned)));
    let mut variables = Variables::new(declared.collect()).expect("valid names");
    let values: BTreeMap<_, _> = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    variables.set_providers(vec![Provider::fixed(values)]);
    variables
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

fn allowed(hosts: &[&str]) -> AllowedHosts {
    let (hosts, variables) = (strings(hosts), variables(&[], &[]));
    AllowedHosts::check(&hosts, &variables).unwrap_or_else(|error| panic!("{hosts:?}: {error:#}"));
    AllowedHosts::resolve(&hosts, &variables, &strings(&["users", "orders"]))
}

#[test]
fn calls_are_allowed_by_scheme_host_and_port() {
    for (pattern, url, expected) in [
        ("http://a.test", "http://a.test/path?q", true),
        ("http://a.test", "http://A.TEST", true),
        ("http://a.test", "http://a.test:80", true),
        ("http://a.test", "http://a.test:8080", false),
        ("http://a.test", "https://a.test", false),
        ("http://a.test", "http://b.a.test", false),
        ("http://a.test", "http://a.test.evil", false),
        ("http://a.test", "http://a.test@evil.test", false),
        ("http://a.test", "http://evil.test#@a.test", false),
        ("http://a.test", "http://evil.test\\@a.test", false),
        ("http://a.test", "http://user:p@a.test", true),
        ("http://a.test/", "http://a.test", true),
        ("http://a.test:8080/", "http://a.test:8080", true),
        ("https://a.test:*", "https://a.test:9", true),
        ("https://a.test:8000..8002", "https://a.test:8001", true),
        ("https://a.test:8000..8002", "https://a.test:8002", false),
        ("https://a.test:443", "https://a.test", true),
        ("*://a.test:*", "redis://a.test", true),
        ("*://a.test:6379", "redis://a.test", true),
        ("*://a.test:1", "foo://a.test", false),
        ("http://*.a.test", "http://b.a.test", true),
        ("http://*.a.test", "http://c.b.a.test", true),
        ("http://*.a.test", "http://a.test", false),
        ("http://*.a.test", "http://xa.test", false),
        ("http://*", "http://anything", true),
        ("http://*", "http://anything:81", false),
        ("*://*:*", "foo://anything:81", true),
        ("HTTP://a.test", "http://a.test", false),
        ("http://127.0.0.1", "http://127.0.0.1", true),
        ("http://127.0.0.1", "http://0x7f.1", true),
        ("http://127.0.0.1", "http://2130706433", true),
        ("http://10.0.0.0/8:80", "http://10.1.2.3", true),
        ("http://10.0.0.0/8", "http://10.1.2.3", true),
        ("http://10.0.0.0/8", "http://11.1.2.3", false),
        ("http://10.0.0.0/8", "http://[::ffff:10.0.0.1]", false),
        ("http://10.0.0.0/8", "http://ten.test", false),
        ("http://[::1]", "http://[::1]", true),
        ("http://[::1]:8080", "http://[0:0::1]:8080", true),
        ("http://[fe80::]/10", "http://[::1]", false),
        ("http://self", "http://self", false),
        ("http://users.spin.internal", "http://users.spin.internal/x", true),
        ("http://*.spin.internal", "http://orders.spin.internal", true),
        ("http://*.spin.internal", "http://unknown.spin.internal", false),
        ("http://*.spin.internal", "http://a.orders.spin.internal", false),
        ("http://a.test", "not a url", false),
        ("http://a.test", "http://", false),
        ("http://a.test", "", false),
    ] {
        let hosts = match HostPattern::parse(pattern) {
            Ok(_) => allowed(&[pattern]),
            // The only entry of the table that is no pattern allows nothing.
            Err(_) => AllowedHosts::default(),
        };
        assert_eq!(hosts.allows_url(url, "http"), expected, "{pattern} {url}");
    }
}

#[test]
fn an_address_without_a_scheme_takes_the_given_one() {
    for (pattern, address, scheme, expected) in [
        ("redis://cache:6379", "cache:6379", "redis", true),
        ("redis://cache:6379", "redis://:p%40ss/w0rd@cache:6379", "redis", false),
        ("redis://cache:6379", "redis://:p@ss#w0rd@cache:6379", "redis", false),
        ("redis://cache:6379", "redis://user:p%23ss@cache:6379/0", "redis", true),
        ("redis://cache:6379", "redis://evil.test#@cache:6379", "redis", false),
        ("redis://cache:6379", "redis://evil.test?@cache:6379", "redis", false),
        ("*://*:*", "redis+unix:///run/redis.sock", "redis", false),
        ("*://*:*", "unix:/run/redis.sock", "redis", false),
        ("*://*:*", "localhost:6379", "redis", true),
        ("redis://cache", "redis://cache", "redis", true),
        ("tcp://127.0.0.1:5432", "127.0.0.1:5432", "tcp", true),
        ("tcp://127.0.0.0/8:5432", "127.0.0.1:5432", "tcp", true),
        ("tcp://127.0.0.1:5432", "127.0.0.1:5433", "tcp", false),
        ("tcp://[::1]:5432", "[::1]:5432", "tcp", true),
        ("udp://127.0.0.1:53", "127.0.0.1:53", "tcp", false),
    ] {
        assert_eq!(allowed(&[pattern]).allows_url(address, scheme), expected, "{pattern} {address}");
    }
}

#[test]
fn invalid_host_entries_name_the_reason() {
    for (entry, part) in [
        ("", "is not an allowed outbound host format"),
        ("*", "is not an allowed outbound host format"),
        ("a.test", "does not contain a scheme"),
        ("a.test:80", "does not contain a scheme"),
        ("http://a.test/path", "must not include a path"),
        ("http://a.test:80/path", "has a path"),
        ("http://a.test:port", "is not a number"),
        ("http://a.test:1..x", "contains non-number"),
        ("http://a.test:65536", "is not a number"),
        ("http://a.test:{1,2}", "port lists are not supported"),
        ("{http,https}://a.test:1", "scheme lists are not supported"),
        ("ht tp://a.test:1", "only alphabetic characters"),
        ("foo://a.test", "does not have a known default port"),
        ("*://a.test", "does not have a known default port"),
        ("http://*.*.test", "wildcards are allowed only as prefixes"),
        ("http://a.*.test", "wildcards are allowed only as subdomains"),
        ("http://*.1.2.3.4", "wildcard suffix must be a domain"),
        ("http://a b", "invalid allowed host"),
        ("http://", "invalid allowed host"),
        ("insecure:allow-all", "is not allowed - use '*://*:*'"),
        ("http://{{ x", "unmatched '{{'"),
    ] {
        let error = AllowedHosts::check(&strings(&[entry]), &variables(&[], &[])).expect_err(entry);
        let error = format!("{error:#}");
        assert!(error.contains(part) && !error.contains('\n'), "{entry}: {error}");
    }
}

#[test]
fn templates_are_resolved_with_present_values() {
    let variables = variables(&[("host", None), ("port", Some("80")), ("none", Some(""))], &[("host", "a.test")]);
    let hosts = strings(&["http://{{ host }}:{{port}}", "https://{{ none }}", "{{ none }}"]);
    AllowedHosts::check(&hosts, &variables).expect("nothing to object to yet");
    let hosts = AllowedHosts::resolve(&hosts, &variables, &[]);
    assert_eq!(hosts.denied(), None);
    assert!(hosts.allows("http", "a.test", None));
    assert!(!hosts.allows("https", "a.test", None));
}

#[test]
fn a_default_that_is_no_host_is_refused_at_once() {
    let variables = variables(&[("host", Some("a/b"))], &[]);
    let error = AllowedHosts::check(&strings(&["http://{{host}}"]), &variables).expect_err("has a path");
    assert!(format!("{error:#}").contains("results in invalid config"), "{error:#}");
}

#[test]
fn a_variable_without_a_value_denies_everything() {
    // Not even a host that this component uses.
    let variables = variables(&[("elsewhere", None)], &[]);
    let hosts = AllowedHosts::resolve(&strings(&["*://*:*"]), &variables, &[]);
    assert!(hosts.denied().is_some_and(|reason| reason.contains("elsewhere")), "{hosts:?}");
    assert!(!hosts.allows("http", "a.test", None) && !hosts.allows_self(&["http"]));
}

#[test]
fn a_value_that_is_no_host_denies_everything_and_stays_secret() {
    let variables = variables(&[("host", None)], &[("host", "hunter2/x")]);
    let hosts = AllowedHosts::resolve(&strings(&["http://b.test", "http://{{host}}"]), &variables, &[]);
    assert!(!hosts.allows("http", "b.test", None));
    let reason = hosts.denied().expect("a reason");
    assert!(!reason.contains("hunter2"), "{reason}");
}

#[test]
fn a_value_cannot_widen_a_pattern_beyond_itself() {
    let variables = variables(&[("host", None)], &[("host", "{{ other }}")]);
    assert!(AllowedHosts::resolve(&strings(&["http://{{host}}"]), &variables, &[]).denied().is_some());
}

#[test]
fn calls_to_the_application_itself_need_self_or_any() {
    for (pattern, expected) in [
        ("http://self", true),
        ("https://self.alt", true),
        ("*://*:*", true),
        ("redis://self", false),
        ("http://a.test", false),
        ("http://*.self:80", false),
    ] {
        assert_eq!(allowed(&[pattern]).allows_self(&["http", "https"]), expected, "{pattern}");
    }
    assert!(!AllowedHosts::default().allows_self(&["http"]));
}

#[test]
fn chaining_targets_are_one_label_below_the_domain() {
    for (uri, expected) in [
        ("http://users.spin.internal/x", Some("users")),
        ("http://users.spin.internal:80", Some("users")),
        ("http://a.users.spin.internal", None),
        ("http://spin.internal", None),
        ("http://users.spin.internal.test", None),
        ("http://usersxspin.internal", None),
        ("/relative", None),
    ] {
        assert_eq!(service_chaining_target(&uri.parse().expect("a uri")), expected, "{uri}");
    }
}

#[test]
fn selected_components_chain_to_selected_ones_only() {
    let selected = strings(&["a", "b"]);
    let check = |host: &str| check_chaining("a", &strings(&[host]), &selected);
    check("http://b.spin.internal").expect("selected");
    check("http://elsewhere.test").expect("no chaining");
    check("http://{{ host }}").expect("templates are not looked into");
    for host in ["http://c.spin.internal", "http://*.spin.internal"] {
        assert!(check(host).is_err(), "{host}");
    }
}
