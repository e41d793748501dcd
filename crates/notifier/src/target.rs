//! The targets that a provider may post to: HTTPS to a host on the internet, unless the operator allows more.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;
use ip_network::Ipv4Network;

use crate::Error;

/// Endings of names that are valid on this machine or in this network only. Other components have names in `spin.internal`.
const PRIVATE_NAMES: [&str; 6] = ["localhost", "local", "internal", "lan", "home.arpa", "localdomain"];

/// An allowed target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether the connection uses TLS.
    pub(crate) is_https: bool,
    /// Host and port.
    pub(crate) authority: String,
    /// Path and query.
    pub(crate) path: String,
}

impl Target {
    /// Parses `endpoint`. Unless `allow_private`, it must be HTTPS, and its host neither an address that cannot be on the internet nor a
    /// name that is known to resolve to one. Any other name is resolved by the host of the component, which blocks networks with
    /// `[outbound_networking]`.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`], because the configuration is wrong, not the message. The text names only the host of the endpoint: the rest may
    /// be a secret.
    pub fn parse(endpoint: &str, allow_private: bool) -> Result<Self, Error> {
        let uri: Uri = endpoint.parse().map_err(|_| misconfigured("`endpoint` is not a URL"))?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if allow_private => false,
            _ => return Err(misconfigured("`endpoint` must begin with https://")),
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(misconfigured("`endpoint` must not hold a name or a password: they belong in `key`"));
        }
        let host = uri.host().unwrap_or_default();
        if !allow_private && !is_public(host) {
            return Err(misconfigured(&format!("{host} is not on the internet, and `allow_private` is not `true`")));
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { is_https, authority: authority.to_owned(), path })
    }
}

fn misconfigured(reason: &str) -> Error {
    Error::Retryable(format!("not configured: {reason}"))
}

/// Returns whether a host may be on the internet, as far as its text shows.
fn is_public(host: &str) -> bool {
    if let Some(literal) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return literal.parse().is_ok_and(|address: Ipv6Addr| is_public_v6(address));
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if let Ok(address) = name.parse() {
        return is_public_v4(address);
    }
    // Resolvers read `127.1`, `0x7f.1` and `2130706433` as addresses too, and no host on the internet has such a name.
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = name.split('.').all(|label| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    });
    let is_private = PRIVATE_NAMES
        .iter()
        .any(|private| name.strip_suffix(private).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    is_name && name.contains('.') && !is_number && !is_private
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    Ipv4Network::from(address).is_global() && !address.is_multicast()
}

/// Returns whether the address is a global unicast one (2000::/3), except those for documentation and those with an embedded IPv4 address
/// (Teredo, 6to4).
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_documentation = (first, second) == (0x2001, 0xdb8) || (first == 0x3fff && second < 0x1000);
    let is_tunnel = (first, second) == (0x2001, 0) || first == 0x2002;
    first & 0xe000 == 0x2000 && !is_documentation && !is_tunnel
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::Error;

    fn parse(endpoint: &str) -> Result<Target, Error> {
        Target::parse(endpoint, false)
    }

    #[test]
    fn an_endpoint_is_parsed_into_its_parts() {
        let target = |is_https, authority: &str, path: &str| {
            Ok(Target { is_https, authority: authority.to_owned(), path: path.to_owned() })
        };
        assert_eq!(parse("https://hooks.example.com"), target(true, "hooks.example.com", "/"));
        assert_eq!(parse("https://hooks.example.com:8443/a?b=c"), target(true, "hooks.example.com:8443", "/a?b=c"));
        assert_eq!(Target::parse("http://[::1]:1/x", true), target(false, "[::1]:1", "/x"));
    }

    #[test]
    fn a_host_that_cannot_be_on_the_internet_is_refused() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "redis",
            "printer.local",
            "orders.spin.internal",
            "metadata.google.internal",
            "nas.lan",
            "router.home.arpa",
            "127.0.0.1",
            "127.1",
            "127.0.0.1.",
            "0",
            "0x7f.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "1.2.3.4.5",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[ff02::1]",
        ] {
            let expected = format!("not configured: {host} is not on the internet, and `allow_private` is not `true`");
            assert_eq!(parse(&format!("https://{host}/hook")), Err(Error::Retryable(expected)));
            assert!(Target::parse(&format!("http://{host}/hook"), true).is_ok(), "{host} where it is allowed");
        }
    }

    #[test]
    fn a_host_that_may_be_on_the_internet_is_accepted() {
        for host in [
            "example.com",
            "a.b.example.com.",
            "xn--bcher-kva.example",
            "local.example",
            "notlocal.example",
            "8.8.8.8",
            "192.0.0.9",
            "[2606:4700::1]",
        ] {
            assert!(parse(&format!("https://{host}/hook")).is_ok(), "{host}");
        }
    }

    #[test]
    fn an_invalid_endpoint_is_refused_without_being_quoted() {
        for (endpoint, reason) in [
            ("", "`endpoint` is not a URL"),
            ("https://bücher.example/", "`endpoint` is not a URL"),
            ("/hook", "`endpoint` must begin with https://"),
            ("http://example.com/", "`endpoint` must begin with https://"),
            ("ftp://example.com/", "`endpoint` must begin with https://"),
            ("https://me:secret@example.com/", "`endpoint` must not hold a name or a password: they belong in `key`"),
        ] {
            assert_eq!(parse(endpoint), Err(Error::Retryable(format!("not configured: {reason}"))), "{endpoint}");
        }
    }
}
