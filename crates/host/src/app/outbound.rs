//! The hosts that a component may call: `allowed_outbound_hosts`, checked by Spin's rules.

use anyhow::{Context, Result, bail, ensure};
use http::Uri;
use url::Url;

use super::host_pattern::HostPattern;
use super::template::Template;
use super::variables::Variables;

/// The domain below which component ids are host names.
const CHAINING_SUFFIX: &str = ".spin.internal";

/// The hosts a component may call, templates resolved. The default allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts {
    patterns: Vec<HostPattern>,
    denied: Option<String>,
}

impl AllowedHosts {
    /// Checks patterns as far as that is possible without the environment: literal ones, and templates whose variables all have
    /// defaults.
    ///
    /// # Errors
    /// A pattern that does not parse, in one line.
    pub(crate) fn check(hosts: &[String], variables: &Variables) -> Result<()> {
        ensure!(
            hosts != ["insecure:allow-all"],
            "'insecure:allow-all' is not allowed - use '*://*:*' instead if you really want to allow all outbound traffic"
        );
        for host in hosts {
            let template = Template::parse(host)?;
            if template.is_literal() {
                HostPattern::parse(host)?;
            } else if let Some(rendered) = variables.render_defaults(&template) {
                parse_rendered(&rendered).with_context(|| {
                    format!(
                        "using default variable value(s) with template {host:?} results in invalid config {rendered:?}"
                    )
                })?;
            }
        }
        Ok(())
    }

    /// Resolves patterns with the present values of the variables. A pattern that cannot be resolved denies everything, and so does any
    /// variable of the application without a value: see [`AllowedHosts::denied`].
    pub(crate) fn resolve(hosts: &[String], variables: &Variables, component_ids: &[String]) -> Self {
        match resolve(hosts, variables, component_ids) {
            Ok(patterns) => Self { patterns, denied: None },
            Err(error) => Self { patterns: Vec::new(), denied: Some(format!("{error:#}")) },
        }
    }

    /// Returns why nothing is allowed although the manifest lists hosts; to be logged when a call is refused.
    pub fn denied(&self) -> Option<&str> {
        self.denied.as_deref()
    }

    /// Returns whether a host may be called. `host` is as in a URL (IPv6 in brackets); `None` is the default port of the scheme.
    pub fn allows(&self, scheme: &str, host: &str, port: Option<u16>) -> bool {
        let Ok(host) = url::Host::parse(host) else { return false };
        self.patterns.iter().any(|pattern| pattern.allows(scheme, &host, port))
    }

    /// Returns whether a URL or an address such as `host:port` may be called; `scheme` applies to one without a scheme. Text that cannot be
    /// parsed is not allowed.
    pub fn allows_url(&self, url: &str, scheme: &str) -> bool {
        let Some(url) = parse_url(url, scheme) else { return false };
        url.host_str().is_some_and(|host| self.allows(url.scheme(), host, url.port()))
    }

    /// Returns whether the component may call its own application: a request without an authority or to `self.alt`.
    pub fn allows_self(&self, schemes: &[&str]) -> bool {
        self.patterns.iter().any(|pattern| pattern.allows_self(schemes))
    }
}

/// Returns the component to which a request is chained: `http://<component>.spin.internal/`.
pub fn service_chaining_target(uri: &Uri) -> Option<&str> {
    chaining_target(uri.authority()?.host().trim())
}

/// Returns whether a `Host` header names a service-chaining target.
pub(crate) fn is_service_chaining_host(host: &str) -> bool {
    chaining_target(host).is_some()
}

/// Checks that components selected with `only` chain to selected ones. Templates are not resolved for this, as in Spin.
///
/// # Errors
/// The first host that names an unselected component.
pub(crate) fn check_chaining(component: &str, hosts: &[String], selected: &[String]) -> Result<()> {
    for host in hosts {
        let Some(uri) = host.parse::<Uri>().ok() else { continue };
        match service_chaining_target(&uri) {
            Some("*") => bail!("selected component {component:?} cannot use wildcard service chaining: {host:?}"),
            Some(target) if !selected.iter().any(|id| id == target) => {
                bail!("selected component {component:?} cannot use service chaining to unselected component: {host:?}");
            }
            _ => {}
        }
    }
    Ok(())
}

fn chaining_target(host: &str) -> Option<&str> {
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let target = host.strip_suffix(CHAINING_SUFFIX)?;
    (!target.contains('.')).then_some(target)
}

fn resolve(hosts: &[String], variables: &Variables, component_ids: &[String]) -> Result<Vec<HostPattern>> {
    variables.check_all()?;
    let mut patterns = Vec::new();
    for host in hosts {
        let template = Template::parse(host)?;
        let pattern = if template.is_literal() {
            Some(HostPattern::parse(host)?)
        } else {
            // The rendered text may contain a secret: name the template instead.
            let rendered = variables.resolve_template(&template)?;
            parse_rendered(&rendered).map_err(|_| anyhow::anyhow!("the values of {host:?} make no allowed host"))?
        };
        match pattern {
            Some(pattern) if pattern.is_any_subdomain_of(CHAINING_SUFFIX) => {
                patterns.extend(component_ids.iter().map(|id| pattern.with_domain(format!("{id}{CHAINING_SUFFIX}"))));
            }
            Some(pattern) => patterns.push(pattern),
            None => {}
        }
    }
    Ok(patterns)
}

/// Parses a rendered template. An empty variable makes an endpoint optional: a rendered text without a host is no pattern.
fn parse_rendered(rendered: &str) -> Result<Option<HostPattern>> {
    if matches!(rendered, "" | "http://" | "https://") { Ok(None) } else { HostPattern::parse(rendered).map(Some) }
}

/// Parses a URL. Spin also escapes the text before an `@`, for passwords in connection strings. But the clients do not, and to them
/// `redis://evil.test#@good.test` is evil.test: the host that is checked must be the host that is connected to.
fn parse_url(url: &str, scheme: &str) -> Option<Url> {
    match Url::parse(url) {
        Ok(url) if url.has_host() => Some(url),
        // A path without a host, as of a Unix socket, is not completed.
        Ok(url) if !url.cannot_be_a_base() => None,
        _ => Url::parse(&format!("{scheme}://{url}")).ok().filter(Url::has_host),
    }
}

#[cfg(test)]
#[path = "outbound_tests.rs"]
mod tests;
