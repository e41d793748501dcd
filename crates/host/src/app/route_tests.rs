//! Tests of the router: precedence, wildcards, slashes, and routes that are refused.

use super::*;
use crate::app::Target;

fn router(routes: &[&str]) -> Router {
    try_router(routes).unwrap_or_else(|error| panic!("{routes:?}: {error}"))
}

fn try_router(routes: &[&str]) -> Result<Router> {
    let triggers: Vec<_> = routes
        .iter()
        .enumerate()
        .map(|(index, route)| HttpTrigger {
            id: format!("t{index}"),
            route: Route::Public((*route).to_owned()),
            target: Target::Component(format!("c{index}")),
        })
        .collect();
    Router::new(&triggers)
}

/// Returns the route that matches, or `-`.
fn winner<'r>(router: &'r Router, path: &str) -> &'r str {
    router.route(path).map_or("-", |matched| matched.raw_route)
}

#[test]
fn the_most_specific_route_wins_in_any_order() {
    let mut routes =
        vec!["/...", "/v1/...", "/v1/users/...", "/v1/users/me", "/v1/users/:id", "/v1/:any/list", "/v1", "/a.:ext"];
    for _ in 0..routes.len() {
        let router = router(&routes);
        for (path, expected) in [
            ("/", "/..."),
            ("", "/..."),
            ("/other", "/..."),
            ("/v1", "/v1"),
            ("/v1/", "/v1"),
            ("/v2", "/..."),
            ("/v1/orders", "/v1/..."),
            ("/v1/users", "/v1/users/..."),
            ("/v1/users/", "/v1/users/..."),
            ("/v1/users/me", "/v1/users/me"),
            ("/v1/users/me/", "/v1/users/me"),
            ("/v1/users/7", "/v1/users/:id"),
            ("/v1/users/7/x", "/v1/users/..."),
            ("/v1/orders/list", "/v1/:any/list"),
            ("/V1", "/..."),
            ("/v1x", "/..."),
            ("/%76%31", "/..."),
            ("/v1/../v1", "/v1/..."),
            ("//v1", "/v1"),
            ("/a.json", "/a.:ext"),
        ] {
            assert_eq!(winner(&router, path), expected, "{path} with {routes:?}");
        }
        routes.rotate_left(1);
    }
}

#[test]
fn an_exact_route_does_not_match_its_children() {
    let router = router(&["/", "/foo"]);
    for (path, expected) in
        [("/", "/"), ("/foo", "/foo"), ("/foo/", "/foo"), ("/foo/bar", "-"), ("/fo", "-"), ("/foox", "-")]
    {
        assert_eq!(winner(&router, path), expected, "{path}");
    }
}

#[test]
fn a_trailing_wildcard_keeps_the_slashes_of_the_path() {
    for (route, path, expected) in [
        ("/test/...", "/test", ""),
        ("/test/...", "/test/", "/"),
        ("/test/...", "/test/a", "/a"),
        ("/test/...", "/test/a/", "/a/"),
        ("/test/...", "/test/a//b", "/a//b"),
        ("/test/*", "/test/a", "/a"),
        ("/...", "/", "/"),
        ("/...", "/1/2/3", "/1/2/3"),
        ("/:a/...", "/x/%2F/y", "/%2F/y"),
        ("/exact", "/exact/", ""),
    ] {
        let router = router(&[route]);
        let matched = router.route(path).unwrap_or_else(|| panic!("{route} {path}"));
        assert_eq!(matched.trailing, expected, "{route} {path}");
    }
}

#[test]
fn named_segments_are_captured_as_written() {
    let router = router(&["/:user/x/:item/..."]);
    let matched = router.route("/a%20b/x/Ä.c/rest").expect("matches");
    assert_eq!(matched.wildcards, [("user", "a%20b".to_owned()), ("item", "Ä.c".to_owned())]);
    assert_eq!(matched.raw_route_or_prefix(), "/:user/x/:item");
    assert!(router.route("//x/b").is_none(), "an empty segment is no value");
}

#[test]
fn the_last_of_two_segments_with_one_name_is_used() {
    let router = router(&["/:a/:a"]);
    assert_eq!(router.route("/1/2").expect("matches").wildcards, [("a", "2".to_owned())]);
}

#[test]
fn routes_are_normalised_but_kept_as_written() {
    for (raw, based) in [("foo", "/foo"), ("/foo/", "/foo"), ("/", ""), ("", ""), ("...", "/..."), ("/a/...", "/a/...")]
    {
        let router = router(&[raw]);
        let path = based.replace("...", "x");
        let matched = router.route(&path).unwrap_or_else(|| panic!("{raw}"));
        assert_eq!((matched.raw_route, matched.route), (raw, based));
    }
}

#[test]
fn the_last_of_equal_routes_wins_with_a_warning() {
    let router = router(&["/foo", "/bar", "/foo"]);
    assert_eq!(router.route("/foo").expect("matches").trigger, 2);
    assert_eq!(router.warnings(), ["route \"/foo\" of trigger t0 will never be used: t2 has the same"]);
}

#[test]
fn private_triggers_have_no_route() {
    let private = HttpTrigger { id: "p".to_owned(), route: Route::Private, target: Target::Component("p".to_owned()) };
    let router = Router::new(&[private]).expect("nothing to route");
    assert!(router.route("/").is_none() && router.warnings().is_empty());
}

#[test]
fn a_reserved_route_causes_a_warning() {
    for (route, warned) in [
        ("/.well-known/spin/x", true),
        ("/.well-known/spin/...", true),
        ("/.well-known/spin", false),
        ("/.well-known/spi/x", false),
    ] {
        assert_eq!(!router(&[route]).warnings().is_empty(), warned, "{route}");
    }
}

#[test]
fn a_route_that_could_never_match_is_refused() {
    for route in ["/a/*/b", "/*/...", "/:", "/:/a", "/*name", "/ä", "/ä/:b/c"] {
        let error = try_router(&[route]).expect_err(route).to_string();
        assert!(error.starts_with(&format!("route {route:?}: ")), "{error}");
    }
}

#[test]
fn no_path_makes_the_matcher_panic() {
    let pieces = ["/", "a", ".", ":", "*", "ä", "%", "..", "//", "a.b"];
    let router = router(&["/:a.:b", "/a/:b/...", "/.", "/a.", "/a..b", "/...", "/:x.json", "/a.:b/c"]);
    for first in pieces {
        for second in pieces {
            for third in pieces {
                for fourth in pieces {
                    router.route(&format!("{first}{second}{third}{fourth}"));
                }
            }
        }
    }
}
