//! Whether a host can be reached over the public internet, judged by its name or address alone: nothing is looked up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Why nobody outside can reach a host, in a few words for the margin; nothing when it may well be public.
///
/// `host` as it stands before a port: a name, an IPv4 address, or an IPv6 address with or without brackets.
/// Source: evidence.md KAF-005; RFC 6761 for `localhost`, the IANA special-purpose registries for addresses.
pub(crate) fn obstacle(host: &str) -> Option<&'static str> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => obstacle_v4(address),
        Ok(IpAddr::V6(address)) => obstacle_v6(address),
        Err(_) => obstacle_of_name(bare),
    }
}

fn obstacle_v4(address: Ipv4Addr) -> Option<&'static str> {
    if address.is_loopback() {
        Some("a loopback address")
    } else if address.octets()[0] == 0 {
        Some("no address of a host")
    } else if address.is_private() {
        Some("a private address")
    } else if address.is_link_local() {
        Some("a link-local address")
    } else {
        None
    }
}

fn obstacle_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(inner) = address.to_ipv4_mapped() {
        return obstacle_v4(inner);
    }
    if address.is_loopback() {
        Some("a loopback address")
    } else if address.is_unspecified() {
        Some("no address of a host")
    } else if address.is_unique_local() {
        Some("a private address")
    } else if address.is_unicast_link_local() {
        Some("a link-local address")
    } else {
        None
    }
}

fn obstacle_of_name(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    if last.eq_ignore_ascii_case("localhost") {
        Some("the machine it is asked on")
    } else if !name.is_empty() && !name.contains(['.', ':']) {
        Some("a name without a domain")
    } else {
        None
    }
}

/// Where the host stands in an absolute URL, in bytes: without userinfo and port, with the brackets of IPv6.
pub(crate) fn within_url(url: &str) -> Option<Range<usize>> {
    let start = url.find("://")? + "://".len();
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    let start = url[start..end].rfind('@').map_or(start, |at| start + at + 1);
    let authority = &url[start..end];
    let length = match authority.rfind(':') {
        Some(colon) if !authority.ends_with(']') => colon,
        _ => authority.len(),
    };
    Some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::{obstacle, within_url};

    #[test]
    fn hosts_nobody_outside_reaches() {
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

    #[test]
    fn hosts_of_urls() {
        let host = |url: &'static str| within_url(url).map(|range| &url[range]);
        assert_eq!(host("https://a.example/b?c=http://d"), Some("a.example"));
        assert_eq!(host("http://u:p@h.example:80/x@y"), Some("h.example"));
        assert_eq!(host("http://[::1]:8081"), Some("[::1]"));
        assert_eq!(host("http://[::1]"), Some("[::1]"));
        assert_eq!(host("https://h?x"), Some("h"));
        assert_eq!(host("h.example"), None);
    }
}
