//! One entry of `allowed_outbound_hosts`: `<scheme>://<host>[:<port>]`, each of which may be a wildcard.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use ip_network::IpNetwork;
use url::Host;

/// A parsed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostPattern {
    scheme: Scheme,
    host: HostRule,
    port: Port,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scheme {
    Any,
    Only(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostRule {
    Any,
    /// The suffix starts with a dot.
    AnySubdomain(String),
    /// The application itself.
    Itself,
    Exact(Host),
    Network(IpNetwork),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Port {
    Any,
    Exact(u16),
    /// `a..b`, without b.
    Range(Range<u16>),
}

impl HostPattern {
    /// Parses an entry.
    ///
    /// # Errors
    /// The error of the entry, in one line.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once("://") else {
            if matches!(text, "*" | ":" | "" | "?") {
                bail!(
                    "{text:?} is not an allowed outbound host format: hosts must be in the form <scheme>://<host>[:<port>], with '*' \
                     wildcards allowed for each ('*://*:*' allows everything)"
                );
            }
            bail!("{text:?} does not contain a scheme (e.g., 'http://' or '*://')");
        };
        let (host, port) = match rest.rsplit_once(':') {
            None => (rest, ""),
            Some((host, "")) => (host, ""),
            // The colon may be inside an IPv6 address.
            Some(_) if HostRule::parse(rest).is_ok() => (rest, ""),
            Some((host, tail)) => match tail.split_once('/') {
                Some((port, "")) => (host, port),
                Some(_) => bail!("{text:?} has a path but is not allowed to"),
                None => (host, tail),
            },
        };
        Ok(Self {
            port: Port::parse(port, scheme)
                .with_context(|| format!("invalid allowed host port {port:?} in {text:?}"))?,
            scheme: Scheme::parse(scheme)
                .with_context(|| format!("invalid allowed host scheme {scheme:?} in {text:?}"))?,
            host: HostRule::parse(host).with_context(|| format!("invalid allowed host {host:?} in {text:?}"))?,
        })
    }

    /// Returns whether a call matches.
    pub(crate) fn allows(&self, scheme: &str, host: &Host, port: Option<u16>) -> bool {
        self.scheme.allows(scheme) && self.host.allows(host) && self.port.allows(port.or_else(|| default_port(scheme)))
    }

    /// Returns whether a call to the application itself by one of these schemes matches.
    pub(crate) fn allows_self(&self, schemes: &[&str]) -> bool {
        schemes.iter().any(|scheme| self.scheme.allows(scheme)) && matches!(self.host, HostRule::Any | HostRule::Itself)
    }

    /// Returns whether it is `*` followed by this suffix.
    pub(crate) fn is_any_subdomain_of(&self, suffix: &str) -> bool {
        matches!(&self.host, HostRule::AnySubdomain(own) if own == suffix)
    }

    /// Returns the same pattern for one domain.
    pub(crate) fn with_domain(&self, domain: String) -> Self {
        Self { host: HostRule::Exact(Host::Domain(domain)), ..self.clone() }
    }
}

impl Scheme {
    fn parse(scheme: &str) -> Result<Self> {
        if scheme == "*" {
            return Ok(Self::Any);
        }
        ensure!(!scheme.starts_with('{'), "scheme lists are not supported");
        ensure!(scheme.chars().all(char::is_alphabetic), "only alphabetic characters are allowed");
        Ok(Self::Only(scheme.to_owned()))
    }

    fn allows(&self, scheme: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(own) => own == scheme,
        }
    }
}

impl HostRule {
    fn parse(host: &str) -> Result<Self> {
        let host = host.trim();
        match host {
            "*" => return Ok(Self::Any),
            "self" | "self.alt" => return Ok(Self::Itself),
            _ if host.starts_with('{') => bail!("host lists are not supported"),
            _ => {}
        }
        if let Ok(network) = IpNetwork::from_str_truncate(host) {
            return Ok(Self::Network(network));
        }
        let host = host.strip_suffix('/').unwrap_or(host);
        ensure!(!host.contains('/'), "must not include a path");
        if let Some(domain) = host.strip_prefix("*.") {
            ensure!(!domain.contains('*'), "wildcards are allowed only as prefixes");
            return match Host::parse(domain).with_context(|| format!("invalid wildcard host \"*.{domain}\""))? {
                Host::Domain(domain) => Ok(Self::AnySubdomain(format!(".{domain}"))),
                Host::Ipv4(_) | Host::Ipv6(_) => bail!("wildcard suffix must be a domain"),
            };
        }
        ensure!(!host.contains('*'), "wildcards are allowed only as subdomains");
        Ok(Self::Exact(Host::parse(host)?))
    }

    fn allows(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::Exact(own), host) => own == host,
            (Self::AnySubdomain(suffix), Host::Domain(domain)) => domain.ends_with(suffix.as_str()),
            (Self::Network(network), Host::Ipv4(address)) => network.contains(*address),
            (Self::Network(network), Host::Ipv6(address)) => network.contains(*address),
            // Calls to the application itself have no host to compare.
            (Self::Itself | Self::AnySubdomain(_) | Self::Network(_), _) => false,
        }
    }
}

impl Port {
    fn parse(port: &str, scheme: &str) -> Result<Self> {
        if port.is_empty() {
            return default_port(scheme).map(Self::Exact).with_context(|| {
                format!("no port was provided and the scheme {scheme:?} does not have a known default port number")
            });
        }
        if port == "*" {
            return Ok(Self::Any);
        }
        ensure!(!port.starts_with('{'), "port lists are not supported");
        if let Some((start, end)) = port.split_once("..") {
            let number = |text: &str| text.parse().with_context(|| format!("port range {port:?} contains non-number"));
            return Ok(Self::Range(number(start)?..number(end)?));
        }
        Ok(Self::Exact(port.parse().with_context(|| format!("port {port:?} is not a number"))?))
    }

    fn allows(&self, port: Option<u16>) -> bool {
        match (self, port) {
            (Self::Any, _) => true,
            (Self::Exact(own), Some(port)) => *own == port,
            (Self::Range(range), Some(port)) => range.contains(&port),
            (Self::Exact(_) | Self::Range(_), None) => false,
        }
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "postgres" => Some(5432),
        "mysql" => Some(3306),
        "redis" => Some(6379),
        "mqtt" => Some(1883),
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}
