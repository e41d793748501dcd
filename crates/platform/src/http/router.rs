//! Path matching. `matchit` finds the pattern; this module decodes the parameters and refuses ambiguous spellings, so that no spelling of a
//! path bypasses a route.

use percent_encoding::percent_decode_str;

/// The values of a route's `{name}` segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Returns the decoded value of `{name}`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A path that matches a pattern.
#[derive(Debug, PartialEq, Eq)]
pub struct Matched<T> {
    /// The value registered with the pattern.
    pub value: T,
    /// The values of the pattern's parameters.
    pub params: Params,
}

/// A router: patterns such as `/v1/users/{id}`, each with a value.
#[derive(Debug)]
pub struct Router<T> {
    patterns: matchit::Router<T>,
}

impl<T: Copy> Router<T> {
    /// Builds a router of `patterns`. A literal segment has priority over a parameter.
    ///
    /// # Panics
    /// If two patterns are the same or one is malformed: the table is part of the program, and a test of each service builds it.
    pub fn new<'p>(patterns: impl IntoIterator<Item = (&'p str, T)>) -> Self {
        let mut router = matchit::Router::new();
        for (pattern, value) in patterns {
            router.insert(pattern, value).expect("the patterns of a route table are well-formed and differ");
        }
        Self { patterns: router }
    }

    /// Returns the pattern that matches `path`.
    ///
    /// A path is matched literally: a path with `//`, `/./`, a trailing slash or another case is a different path. No path of the API has an
    /// encoded slash (`%2F`), a dot segment or a control character, so a path with one of them has no match.
    pub fn at(&self, path: &str) -> Option<Matched<T>> {
        let found = self.patterns.at(path).ok()?;
        let mut params = Vec::with_capacity(found.params.len());
        for (name, raw) in found.params.iter() {
            let value = percent_decode_str(raw).decode_utf8().ok()?;
            let dots = matches!(&*value, "." | "..");
            if dots || value.chars().any(|c| c == '/' || c == '\\' || c.is_control()) {
                return None;
            }
            params.push((name.to_owned(), value.into_owned()));
        }
        Some(Matched { value: *found.value, params: Params(params) })
    }
}

#[cfg(test)]
mod tests {
    use super::Router;

    fn router() -> Router<u8> {
        Router::new([("/v1/users", 1), ("/v1/users/me", 2), ("/v1/users/{id}", 3)])
    }

    #[test]
    fn a_literal_has_priority_over_a_parameter() {
        assert_eq!(router().at("/v1/users/me").unwrap().value, 2);
        let matched = router().at("/v1/users/a%20b").unwrap();
        assert_eq!((matched.value, matched.params.get("id")), (3, Some("a b")));
    }

    #[test]
    fn other_spellings_of_a_path_are_other_paths() {
        for path in [
            "/v1/users/",
            "/v1//users",
            "//v1/users",
            "/V1/users",
            "/v1/./users",
            "/v1/users/../users",
            "/v1/users/%2e%2e",
            "/v1/users/a%2fb",
            "/v1/users/a%5Cb",
            "/v1/users/%00",
            "/v1/users/%ff",
            "/v1/users/a/b",
            "v1/users",
            "",
        ] {
            assert_eq!(router().at(path), None, "{path}");
        }
    }
}
