//! Routing of a path to a trigger. The matching itself is `routefinder`'s, at Spin's version, so that the precedence is Spin's.

use std::fmt;

use anyhow::{Result, anyhow, ensure};
use routefinder::{RouteSpec, Segment};

use super::{HttpTrigger, Route};

/// The prefix of the host's own paths.
pub(crate) const WELL_KNOWN_PREFIX: &str = "/.well-known/spin/";

/// The public routes of an application.
///
/// An exact segment beats `:name`, which beats a trailing wildcard, segment by segment; of two wildcards the longer prefix wins.
/// Leading and trailing slashes of the path do not matter, case does, and percent-encoded characters are not decoded.
pub struct Router {
    routes: routefinder::Router<Entry>,
    warnings: Vec<String>,
}

struct Entry {
    trigger: usize,
    raw: String,
    based: String,
}

/// The match of a request with a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<'r> {
    /// The index of the trigger in [`super::App::http`].
    pub trigger: usize,
    /// The route as written in the manifest.
    pub raw_route: &'r str,
    /// The route with a leading slash and without one trailing slash.
    pub route: &'r str,
    /// The values of the `:name` segments, in order, still percent-encoded.
    pub wildcards: Vec<(&'r str, String)>,
    /// The text matched by the trailing wildcard: empty or starting with a slash.
    pub trailing: String,
}

impl Match<'static> {
    /// Returns the match of a chained request: as if it had matched `/...`.
    pub fn chained(trigger: usize, path: &str) -> Self {
        Self { trigger, raw_route: "/...", route: "/...", wildcards: Vec::new(), trailing: path.to_owned() }
    }
}

impl Match<'_> {
    /// Returns the route as written in the manifest, without a trailing wildcard.
    pub fn raw_route_or_prefix(&self) -> &str {
        self.raw_route.strip_suffix("/...").unwrap_or(self.raw_route)
    }
}

impl Router {
    /// Builds the router of these triggers. Of triggers with the same route the last one is used.
    ///
    /// # Errors
    /// A route that cannot be parsed or could never match.
    pub fn new(triggers: &[HttpTrigger]) -> Result<Self> {
        let mut public: Vec<(usize, &str)> = Vec::new();
        let mut warnings = Vec::new();
        for (index, trigger) in triggers.iter().enumerate() {
            let Route::Public(route) = &trigger.route else { continue };
            match public.iter_mut().find(|(_, other)| other == route) {
                Some(entry) => {
                    warnings.push(format!(
                        "route {route:?} of trigger {} will never be used: {} has the same",
                        triggers[entry.0].id, trigger.id
                    ));
                    entry.0 = index;
                }
                None => public.push((index, route)),
            }
        }
        let mut routes = routefinder::Router::new();
        for (trigger, raw) in public {
            let based = normalize(raw);
            let spec = parse(&based).map_err(|error| anyhow!("route {raw:?}: {error}"))?;
            if based.starts_with(WELL_KNOWN_PREFIX) {
                warnings.push(format!("route {raw:?} will never be reached: the host answers {WELL_KNOWN_PREFIX}..."));
            }
            // `add` cannot fail with a parsed route; its error type is never constructed.
            let Ok(()) = routes.add(spec, Entry { trigger, raw: raw.to_owned(), based });
        }
        Ok(Self { routes, warnings })
    }

    /// Returns the trigger for the path of a request (no query), as it is in the request line.
    pub fn route(&self, path: &str) -> Option<Match<'_>> {
        let best = self.routes.best_match(path)?;
        let entry = best.handler();
        let captures = best.captures();
        let names = best.route().segments().iter().filter_map(|segment| match segment {
            Segment::Param(name) => Some(name.as_str()),
            _ => None,
        });
        let mut wildcards: Vec<(&str, String)> = Vec::new();
        for (name, capture) in names.zip(captures.params()) {
            // The last of two segments with the same name is used.
            wildcards.retain(|(other, _)| *other != name);
            wildcards.push((name, capture.value().to_owned()));
        }
        let trailing = captures.wildcard().map(|rest| {
            // The matcher trims slashes from the ends of the path; guests see them.
            let slash = if path.ends_with('/') { "/" } else { "" };
            if rest.is_empty() { slash.to_owned() } else { format!("/{rest}{slash}") }
        });
        Some(Match {
            trigger: entry.trigger,
            raw_route: &entry.raw,
            route: &entry.based,
            wildcards,
            trailing: trailing.unwrap_or_default(),
        })
    }

    /// Returns the warnings: routes that are shadowed by an equal one or by the host, one line each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.routes.iter().map(|(_, entry)| &entry.raw)).finish()
    }
}

/// Adds a leading slash, and removes one trailing slash.
fn normalize(route: &str) -> String {
    let route = if route.starts_with('/') { route.to_owned() } else { format!("/{route}") };
    route.strip_suffix('/').map(str::to_owned).unwrap_or(route)
}

fn parse(based: &str) -> Result<RouteSpec> {
    ensure!(based.is_ascii(), "only ASCII can match: percent-encode other characters");
    let pattern = based.strip_suffix("/...").map_or_else(|| based.to_owned(), |prefix| format!("{prefix}/*"));
    let spec: RouteSpec = pattern.parse().map_err(|error: String| anyhow!(error))?;
    // The matcher panics on these two when a request comes.
    let mut segments = spec.segments().iter().peekable();
    while let Some(segment) = segments.next() {
        match (segment, segments.peek()) {
            (Segment::Wildcard, Some(_)) => return Err(anyhow!("a wildcard must come last")),
            (Segment::Param(name), Some(next)) if !matches!(next, Segment::Slash | Segment::Dot) => {
                return Err(anyhow!("`:{name}` must be followed by a slash or a dot"));
            }
            _ => {}
        }
    }
    Ok(spec)
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
