//! The reachability of a host over the public internet, by its name or address alone, without a DNS lookup.

use std::net::IpAddr;

/// The label for a host that cannot be reached from outside; `None` for one that may be public.
///
/// `host` is the part before a port: a name, an IPv4 address, or an IPv6 address with or without brackets. Source:
/// evidence.md KAF-005; RFC 6761 for `localhost`, the IANA special-purpose registries for addresses.
pub(crate) fn obstacle(host: &str) -> Option<&'static str> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    // Without this check, every name would be parsed as an address twice.
    let may_be_address = bare.contains(':') || bare.starts_with(|first: char| first.is_ascii_digit());
    let address = if may_be_address { bare.parse::<IpAddr>().ok() } else { None };
    let Some(address) = address else { return obstacle_of_name(bare) };
    let address = address.to_canonical();
    let (is_no_host, is_private, is_link_local) = match address {
        IpAddr::V4(address) => (address.octets()[0] == 0, address.is_private(), address.is_link_local()),
        IpAddr::V6(address) => (address.is_unspecified(), address.is_unique_local(), address.is_unicast_link_local()),
    };
    if address.is_loopback() {
        Some("a loopback address")
    } else if is_no_host {
        Some("not a host address")
    } else if is_private {
        Some("a private address")
    } else {
        is_link_local.then_some("a link-local address")
    }
}

fn obstacle_of_name(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    if last.eq_ignore_ascii_case("localhost") {
        Some("the local machine")
    } else if !name.is_empty() && !name.contains(['.', ':']) {
        Some("a name without a domain")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::obstacle;

    #[test]
    fn private_hosts_are_unreachable() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "kafka.localhost",
            "127.0.0.1",
            "127.8.9.10",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "[::1]",
            "::1",
            "[::]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
            "broker",
            "broker-1.",
        ] {
            assert!(obstacle(host).is_some(), "{host}");
        }
        for host in [
            "example.com",
            "broker.example",
            "172.32.0.1",
            "172.15.0.1",
            "8.8.8.8",
            "128.0.0.1",
            "192.169.0.1",
            "[2001:db8::1]",
            "localhost.example.com",
            "a.b.",
        ] {
            assert_eq!(obstacle(host), None, "{host}");
        }
    }
}
