//! The `spin-*` headers that describe to a component how its request was routed.

use std::net::SocketAddr;

use http::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue};
use http::uri::Uri;

use super::outbound::is_service_chaining_host;
use super::route::Match;

/// Returns the headers that Spin's HTTP trigger adds to a request.
///
/// `uri` is the request's; without a scheme it counts as `http`. `host` is the `Host` header, or `localhost`. Values that are
/// not legal in a header are left out. Spin appends them after the client's headers (`HeaderMap::append`), and so must the caller.
pub fn request_headers(
    uri: &Uri,
    host: &str,
    matched: &Match<'_>,
    client: SocketAddr,
) -> Vec<(HeaderName, HeaderValue)> {
    let scheme = uri.scheme_str().unwrap_or("http");
    let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str());
    let fixed = [
        ("spin-path-info", matched.trailing.clone()),
        ("spin-full-url", format!("{scheme}://{host}{path_and_query}")),
        ("spin-matched-route", matched.route.to_owned()),
        ("spin-base-path", "/".to_owned()),
        ("spin-raw-component-route", matched.raw_route.to_owned()),
        ("spin-component-route", matched.raw_route_or_prefix().to_owned()),
        ("spin-client-addr", client.to_string()),
    ];
    let fixed =
        fixed.into_iter().filter_map(|(name, value)| Some((HeaderName::from_static(name), value.parse().ok()?)));
    let wildcards = matched.wildcards.iter().filter_map(|(name, value)| {
        let name = format!("spin-path-match-{}", name.replace('_', "-").to_ascii_lowercase());
        Some((name.parse().ok()?, value.parse().ok()?))
    });
    fixed.chain(wildcards).collect()
}

/// Removes the headers that must not reach a component: `Connection`, and a `Host` that names a service-chaining target.
pub fn strip_transport_headers(headers: &mut HeaderMap) {
    let chained = headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(is_service_chaining_host);
    if chained {
        headers.remove(HOST);
    }
    headers.remove(CONNECTION);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> SocketAddr {
        "127.0.0.1:8777".parse().expect("an address")
    }

    fn headers(uri: &str, matched: &Match<'_>) -> Vec<(String, String)> {
        let uri = uri.parse().expect("a uri");
        request_headers(&uri, "shop.test", matched, client())
            .into_iter()
            .map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned()))
            .collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_matched_route_gives_every_header() {
        let matched = Match {
            trigger: 0,
            raw_route: "/users/:user_id/...",
            route: "/users/:user_id/...",
            wildcards: vec![("user_id", "4%202".to_owned())],
            trailing: "/orders/".to_owned(),
        };
        assert_eq!(
            headers("https://ignored/users/4%202/orders/?a=b", &matched),
            pairs(&[
                ("spin-path-info", "/orders/"),
                ("spin-full-url", "https://shop.test/users/4%202/orders/?a=b"),
                ("spin-matched-route", "/users/:user_id/..."),
                ("spin-base-path", "/"),
                ("spin-raw-component-route", "/users/:user_id/..."),
                ("spin-component-route", "/users/:user_id"),
                ("spin-client-addr", "127.0.0.1:8777"),
                ("spin-path-match-user-id", "4%202"),
            ])
        );
    }

    #[test]
    fn a_chained_request_looks_like_a_wildcard() {
        assert_eq!(
            headers("/internal/orders?x", &Match::chained(3, "/internal/orders")),
            pairs(&[
                ("spin-path-info", "/internal/orders"),
                ("spin-full-url", "http://shop.test/internal/orders?x"),
                ("spin-matched-route", "/..."),
                ("spin-base-path", "/"),
                ("spin-raw-component-route", "/..."),
                ("spin-component-route", ""),
                ("spin-client-addr", "127.0.0.1:8777"),
            ])
        );
    }

    #[test]
    fn a_name_that_is_not_a_legal_header_is_left_out() {
        let matched = Match {
            trigger: 0,
            raw_route: "/:a b",
            route: "/:a b",
            wildcards: vec![("a b", "x".to_owned())],
            trailing: String::new(),
        };
        assert!(headers("/x", &matched).iter().all(|(name, _)| !name.starts_with("spin-path-match")));
    }

    #[test]
    fn transport_headers_are_stripped() {
        for (host, kept) in [("a.test", true), ("a.spin.internal", false), ("a.spin.internal:80", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().expect("a value"));
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
            headers.insert("accept", HeaderValue::from_static("text/plain"));
            strip_transport_headers(&mut headers);
            assert_eq!(headers.contains_key(HOST), kept, "{host}");
            assert!(!headers.contains_key(CONNECTION) && headers.contains_key("accept"));
        }
    }
}
