//! The address of the client that sent a request.
//!
//! It is the peer's address. If the peer is a trusted proxy, it is the last address in `X-Forwarded-For` that is not a trusted proxy. The
//! addresses before that one may be forged: the client could have sent them.

use ip_network::IpNetwork;
use spindle_platform::Context;
use spindle_platform::http::Request;
use spindle_platform::log::Level;
use std::net::{IpAddr, SocketAddr};

/// The variable with the trusted proxies: addresses and networks (CIDR), separated by commas. Empty: none.
const PROXIES_VARIABLE: &str = "trusted_proxies";

/// The header in which proxies list the addresses that they forward for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Returns the address of the client, or of the nearest proxy that is not trusted. `None` if Spin does not report the peer's address.
pub(crate) fn resolve(context: &Context, request: &Request) -> Option<IpAddr> {
    let peer = peer(request)?;
    if !request.headers().contains_key(FORWARDED_FOR) {
        return Some(peer);
    }
    let proxies = context.config().list(PROXIES_VARIABLE).unwrap_or_default();
    let trusted: Vec<IpNetwork> = proxies.iter().filter_map(|proxy| network(proxy)).collect();
    if trusted.len() < proxies.len() {
        let cause = format!("{PROXIES_VARIABLE} has an item that is neither an address nor a network");
        context.log(Level::Warn, "proxy not trusted", &[("cause", cause.into())]);
    }
    let headers = request.headers().get_all(FORWARDED_FOR);
    let hops: Vec<&str> =
        headers.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    Some(forwarded_client(peer, &hops, &trusted))
}

/// Returns the address of the peer. `None` if Spin does not report it, and for a call from another service, which has the address 0.0.0.0.
pub(crate) fn peer(request: &Request) -> Option<IpAddr> {
    request.peer().and_then(parse).filter(|peer| !peer.is_unspecified())
}

/// Follows `hops` back from `peer`, the last hop first, as long as the current address is `trusted`.
fn forwarded_client(peer: IpAddr, hops: &[&str], trusted: &[IpNetwork]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer;
    for hop in hops.iter().rev() {
        match parse(hop.trim()) {
            Some(next) if is_trusted(client) => client = next,
            _ => break,
        }
    }
    client
}

/// Parses an address with or without a port. An IPv4-mapped IPv6 address becomes the IPv4 address.
fn parse(text: &str) -> Option<IpAddr> {
    let address = text.parse::<SocketAddr>().map(|socket| socket.ip()).or_else(|_| text.parse::<IpAddr>()).ok()?;
    Some(address.to_canonical())
}

fn network(text: &str) -> Option<IpNetwork> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNetwork::from))
}

#[cfg(test)]
mod tests {
    use super::{forwarded_client, network, parse};
    use std::net::IpAddr;

    fn client(peer: &str, hops: &[&str], trusted: &[&str]) -> IpAddr {
        let trusted: Vec<_> = trusted.iter().map(|text| network(text).unwrap()).collect();
        forwarded_client(parse(peer).unwrap(), hops, &trusted)
    }

    #[test]
    fn a_client_cannot_forge_its_address() {
        assert_eq!(client("203.0.113.9:1234", &["198.51.100.1"], &[]), parse("203.0.113.9").unwrap());
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), parse("203.0.113.9").unwrap());
    }

    #[test]
    fn the_address_is_the_last_one_that_is_not_a_trusted_proxy() {
        let trusted = ["10.0.0.0/8", "2001:db8::1"];
        let hops = ["1.2.3.4", "198.51.100.1", " 10.0.0.7"];
        assert_eq!(client("10.0.0.1", &hops, &trusted), parse("198.51.100.1").unwrap());
        assert_eq!(client("[2001:db8::1]:80", &["198.51.100.1:99"], &trusted), parse("198.51.100.1").unwrap());
        assert_eq!(client("10.0.0.1", &["unknown"], &trusted), parse("10.0.0.1").unwrap());
        assert_eq!(client("10.0.0.1", &["10.0.0.2"], &trusted), parse("10.0.0.2").unwrap());
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], &trusted), parse("198.51.100.1").unwrap());
    }
}
