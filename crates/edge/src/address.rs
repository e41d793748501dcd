//! The address that a request comes from.
//!
//! It is the peer's, unless the peer is a proxy of ours: then it is the last one in `X-Forwarded-For` that is not. What stands
//! before that one was written by whoever is outside and could be anything.

use ip_network::IpNetwork;
use spindle_platform::Context;
use spindle_platform::http::Request;
use spindle_platform::log::Level;
use std::net::{IpAddr, SocketAddr};

/// The variable with our proxies: addresses and networks (CIDR), separated by commas. Empty: none.
const PROXIES_VARIABLE: &str = "trusted_proxies";

/// What proxies say of whom they forward for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client, or of the nearest proxy that is not ours. None if Spin does not tell the peer's.
pub(crate) fn of_client(context: &Context, request: &Request) -> Option<IpAddr> {
    // A call from another service has the address 0.0.0.0.
    let peer = request.peer().and_then(parse).filter(|peer| !peer.is_unspecified())?;
    if !request.headers().contains_key(FORWARDED_FOR) {
        return Some(peer);
    }
    let proxies = context.config().list(PROXIES_VARIABLE).unwrap_or_default();
    let ours: Vec<IpNetwork> = proxies.iter().filter_map(|proxy| network(proxy)).collect();
    if ours.len() < proxies.len() {
        let cause = format!("{PROXIES_VARIABLE} holds something that is neither an address nor a network");
        context.log(Level::Warn, "proxy not believed", &[("cause", cause.into())]);
    }
    let headers = request.headers().get_all(FORWARDED_FOR);
    let hops: Vec<&str> =
        headers.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    Some(behind(peer, &hops, &ours))
}

/// Goes back from `peer` over `hops`, the last one first, as long as they are `ours`.
fn behind(peer: IpAddr, hops: &[&str], ours: &[IpNetwork]) -> IpAddr {
    let is_ours = |address: IpAddr| ours.iter().any(|network| network.contains(address));
    let mut client = peer;
    for hop in hops.iter().rev() {
        match parse(hop.trim()) {
            Some(next) if is_ours(client) => client = next,
            _ => break,
        }
    }
    client
}

/// An address with or without a port. An IPv4 address in IPv6 clothes is the IPv4 address.
fn parse(text: &str) -> Option<IpAddr> {
    let address = text.parse::<SocketAddr>().map(|socket| socket.ip()).or_else(|_| text.parse::<IpAddr>()).ok()?;
    Some(address.to_canonical())
}

fn network(text: &str) -> Option<IpNetwork> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNetwork::from))
}

#[cfg(test)]
mod tests {
    use super::{behind, network, parse};
    use std::net::IpAddr;

    fn client(peer: &str, hops: &[&str], ours: &[&str]) -> IpAddr {
        let ours: Vec<_> = ours.iter().map(|text| network(text).unwrap()).collect();
        behind(parse(peer).unwrap(), hops, &ours)
    }

    #[test]
    fn a_client_cannot_say_where_it_is() {
        assert_eq!(client("203.0.113.9:1234", &["198.51.100.1"], &[]), parse("203.0.113.9").unwrap());
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), parse("203.0.113.9").unwrap());
    }

    #[test]
    fn our_proxies_are_believed_as_far_as_they_reach() {
        let ours = ["10.0.0.0/8", "2001:db8::1"];
        let hops = ["1.2.3.4", "198.51.100.1", " 10.0.0.7"];
        assert_eq!(client("10.0.0.1", &hops, &ours), parse("198.51.100.1").unwrap());
        assert_eq!(client("[2001:db8::1]:80", &["198.51.100.1:99"], &ours), parse("198.51.100.1").unwrap());
        assert_eq!(client("10.0.0.1", &["unknown"], &ours), parse("10.0.0.1").unwrap());
        assert_eq!(client("10.0.0.1", &["10.0.0.2"], &ours), parse("10.0.0.2").unwrap());
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], &ours), parse("198.51.100.1").unwrap());
    }
}
