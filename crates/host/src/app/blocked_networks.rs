//! Networks that no component may reach, even if its `allowed_outbound_hosts` lists them.

use std::net::IpAddr;

use ip_network::IpNetwork;

/// `[outbound_networking] block_networks` of the runtime config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockedNetworks {
    networks: Vec<IpNetwork>,
    private: bool,
}

impl BlockedNetworks {
    /// Adds a network in CIDR notation, or `private`: every address that is not globally routable. Returns `None` if it is neither.
    pub(crate) fn add(&mut self, network: &str) -> Option<()> {
        if network == "private" {
            self.private = true;
        } else {
            self.networks.push(IpNetwork::from_str_truncate(network).ok()?);
        }
        Some(())
    }

    /// Returns whether nothing is blocked.
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty() && !self.private
    }

    /// Returns whether an address must not be connected to. Call it for each resolved address, not for a name.
    pub fn blocks(&self, address: IpAddr) -> bool {
        if self.private && !IpNetwork::from(address).is_global() {
            return true;
        }
        if self.networks.iter().any(|network| network.contains(address)) {
            return true;
        }
        // An IPv4 address inside IPv6 (mapped or compatible) reaches the same host.
        match address {
            IpAddr::V6(v6) => v6.to_ipv4().is_some_and(|v4| self.blocks(v4.into())),
            IpAddr::V4(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked(networks: &[&str]) -> BlockedNetworks {
        let mut blocked = BlockedNetworks::default();
        for network in networks {
            blocked.add(network).unwrap_or_else(|| panic!("{network} is a network"));
        }
        blocked
    }

    fn blocks(networks: &[&str], address: &str) -> bool {
        blocked(networks).blocks(address.parse().expect("an address"))
    }

    #[test]
    fn addresses_in_a_blocked_network_are_blocked() {
        for (networks, address, expected) in [
            (&[][..], "127.0.0.1", false),
            (&["10.0.0.0/8"], "10.255.0.1", true),
            (&["10.0.0.0/8"], "11.0.0.1", false),
            (&["10.1.2.3/8"], "10.9.9.9", true),
            (&["10.0.0.0/8"], "::ffff:10.0.0.1", true),
            (&["10.0.0.0/8"], "::10.0.0.1", true),
            (&["2001:db8::/32"], "2001:db8::1", true),
            (&["private"], "192.168.0.1", true),
            (&["private"], "169.254.169.254", true),
            (&["private"], "::1", true),
            (&["private"], "::ffff:127.0.0.1", true),
            (&["private"], "1.1.1.1", false),
            (&["private", "1.1.1.1/32"], "1.1.1.1", true),
        ] {
            assert_eq!(blocks(networks, address), expected, "{networks:?} {address}");
        }
    }

    #[test]
    fn an_invalid_network_is_refused() {
        for text in ["", "Private", "10.0.0.0", "10.0.0.0/33", "example.com"] {
            assert!(BlockedNetworks::default().add(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn nothing_is_blocked_by_default() {
        assert!(BlockedNetworks::default().is_empty());
        assert!(!blocked(&["private"]).is_empty());
    }
}
