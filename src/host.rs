//! Whether a host can be reached over the public internet, judged by its name or address alone: nothing is looked up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::formats::{Bytes, HOST};

/// Why nobody outside can reach a host, in a few words for the margin; nothing when it may well be public.
///
/// `host` as it stands before a port: a name, an IPv4 address, or an IPv6 address with or without brackets.
/// Source: domain.md KAF-005; RFC 6761 for `localhost`, the IANA special-purpose registries for addresses.
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

/// Whether this is a list of at most eight different brokers, each a public name and a port, as Kafka wants them. Then no
/// rule has anything to say about any of them; of another list it is simply not known.
pub(crate) fn are_plain_brokers(text: &str) -> bool {
    let mut seen: [&[u8]; 8] = [&[]; 8];
    let mut count = 0;
    let mut rest = text.as_bytes();
    loop {
        let host = length_of_name(rest);
        let port =
            host + 1 + rest.get(host + 1..).map_or(0, |port| port.iter().take_while(|b| b.is_ascii_digit()).count());
        let plain = is_public_name(&rest[..host])
            && rest.get(host) == Some(&b':')
            && is_port(&rest[host + 1..port])
            && count < seen.len()
            && !seen[..count].iter().any(|other| other.eq_ignore_ascii_case(&rest[..port]));
        if !plain {
            return false;
        }
        seen[count] = &rest[..port];
        count += 1;
        match rest.get(port) {
            None => return true,
            Some(b',') => rest = &rest[port + 1..],
            Some(_) => return false,
        }
    }
}

/// How many bytes at the start of a text may be the name of a host.
fn length_of_name(text: &[u8]) -> usize {
    text.iter().take_while(|byte| HOST.has(**byte)).count()
}

/// Whether this is an https URL of a public name, with at most a port and a path of ASCII without `@`. Then no rule has
/// anything to say about it; of another URL it is simply not known.
pub(crate) fn is_plain_url(text: &str) -> bool {
    let Some(rest) = text.as_bytes().strip_prefix(b"https://") else { return false };
    let (host, rest) = rest.split_at(length_of_name(rest));
    let port = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
    let (port, path) = rest.split_at(port);
    is_public_name(host)
        && (port.is_empty() || port[0] == b':' && is_port(&port[1..]))
        && path.iter().all(|byte| PATH.has(*byte))
}

/// What paths may hold: printable ASCII without what begins a query or fragment, or ends userinfo.
static PATH: Bytes = Bytes::of(b"!-\"$->A-~");

/// Whether a text of [`HOST`] is a name with a domain that is no address and not the machine itself.
fn is_public_name(host: &[u8]) -> bool {
    let Some(dot) = host.iter().rposition(|byte| *byte == b'.') else { return false };
    let last = &host[dot + 1..];
    host[0].is_ascii_alphanumeric()
        && last.first().is_some_and(u8::is_ascii_alphabetic)
        && !last.eq_ignore_ascii_case(b"localhost")
}

/// A port as everybody writes it; those of five digits are left to a closer look when they are high.
fn is_port(port: &[u8]) -> bool {
    let fits = match port.len() {
        1..=4 => true,
        5 => port < b"65536".as_slice(),
        _ => false,
    };
    fits && port[0] != b'0' && port.iter().all(u8::is_ascii_digit)
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
    use proptest::prelude::*;

    use super::{are_plain_brokers, is_plain_url, obstacle, within_url};
    use crate::{Config, Linter, Source};

    /// What the rules about hosts and addresses find in a definition.
    fn found(definition: &serde_json::Value) -> Vec<&'static str> {
        let asked = |rule: &&str| {
            !matches!(*rule, "hardcoded-secret" | "missing-field" | "missing-credentials" | "broker-port-mismatch")
        };
        let report = Linter::new(Config::default()).check(&Source::new("a.json", definition.to_string()));
        report.diagnostics().iter().map(|found| found.rule.name).filter(asked).collect()
    }

    fn kafka(brokers: &str) -> serde_json::Value {
        serde_json::json!({
            "name": "a", "type": "Kafka", "bootstrapServers": brokers,
            "authentication": { "mechanism": "PLAIN", "username": "u", "password": "${P}" },
            "security": { "protocol": "SASL_SSL" },
        })
    }

    #[test]
    fn what_is_plain() {
        for brokers in ["b.example.com:9092", "b-1.a_b.example:1,b-2.a_b.example:65535", "1.a:9092"] {
            assert!(are_plain_brokers(brokers), "{brokers}");
        }
        for url in ["https://a.example", "https://a.example:8443/b/c%20d", "https://1.example/"] {
            assert!(is_plain_url(url), "{url}");
        }
    }

    /// Hosts and ports, about half of them as they should be.
    const ADDRESS: &str = "([1aB-]|a_b)(\\.([1aB-]|a_b|localhost)){1,3}(:(9092|1|0|65535|65536|70000|09|x))?";

    proptest! {
        #[test]
        fn of_plain_brokers_no_rule_has_anything_to_say(
            brokers in prop::collection::vec(ADDRESS, 1..4).prop_map(|brokers| brokers.join(","))
        ) {
            if are_plain_brokers(&brokers) {
                prop_assert_eq!(found(&kafka(&brokers)), Vec::<&str>::new());
            }
        }

        #[test]
        fn of_plain_urls_no_rule_has_anything_to_say(host in ADDRESS, path in "(/[ -~é]{0,6})?") {
            let url = format!("https://{host}{path}");
            if is_plain_url(&url) {
                let definition = serde_json::json!({ "name": "a", "type": "Https", "url": url });
                prop_assert_eq!(found(&definition), Vec::<&str>::new());
            }
        }
    }

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
