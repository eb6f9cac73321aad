//! The conventions of an organization: additional requirements, and facts that streamlint does not know.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::atlas::Kinds;

/// Requirements and exceptions beyond the rules of Atlas; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conventions {
    /// Values that a tool fills in before they reach Atlas; they are not checked.
    pub placeholders: Vec<Pattern>,
    /// The pattern for the names of connections.
    pub connection_names: Option<Pattern>,
    /// The pattern for the names of workspaces.
    pub workspace_names: Option<Pattern>,
    /// Types that must not use the public internet, among the types with a choice.
    pub private_networking: Kinds,
    /// The only hosts that connections may use; empty for all hosts. A name, `*.` and a domain for every name below it,
    /// an address, or a network like `10.0.0.0/8`.
    pub allowed_hosts: Vec<String>,
    /// Hosts in the same notation that can be reached although they look private.
    pub reachable_hosts: Vec<String>,
    /// Additional sample sources.
    pub known_samples: Vec<String>,
    /// Additional built-in roles.
    pub known_built_in_roles: Vec<String>,
}

/// A regular expression, and the function that evaluates it. The core has no regex engine: the command uses the `regex`
/// crate, and a browser its `RegExp`.
#[derive(Clone)]
pub struct Pattern {
    text: Arc<str>,
    matches: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Pattern {
    /// A pattern with its source and its match function.
    pub fn new(text: &str, matches: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self { text: text.into(), matches: Arc::new(matches) }
    }

    /// The source of the pattern.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a text matches.
    pub fn matches(&self, text: &str) -> bool {
        (self.matches)(text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", &*self.text)
    }
}

/// Compares the sources.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Conventions {
    /// Whether a text is a name, a `*.` and a domain, an address or a network, as [`Conventions::allowed_hosts`] takes them.
    pub fn is_host_entry(entry: &str) -> bool {
        let is_character = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let name = entry.strip_prefix("*.").unwrap_or(entry);
        if let Some((network, length)) = entry.split_once('/') {
            let bits = network.parse().map(|network| bits(network).1);
            return bits.is_ok_and(|bits| length.parse::<u64>().is_ok_and(|length| length <= bits));
        }
        bare(entry).parse::<IpAddr>().is_ok()
            || (!name.is_empty() && name.bytes().all(is_character) && !name.starts_with('.') && !name.contains(".."))
    }
}

/// Whether a host without its port is in a list such as [`Conventions::allowed_hosts`].
pub(crate) fn is_listed(host: &str, list: &[String]) -> bool {
    let bare = bare(host);
    let address = bare.parse::<IpAddr>().ok();
    list.iter().any(|entry| match (address, entry.split_once('/')) {
        (Some(address), None) => self::bare(entry).parse() == Ok(address),
        (Some(address), Some(network)) => is_inside(address, network),
        (None, _) => is_name(bare, entry),
    })
}

/// Removes the brackets of IPv6 and the trailing dot of the root domain.
fn bare(host: &str) -> &str {
    let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host)
}

fn is_name(name: &str, entry: &str) -> bool {
    let entry = entry.strip_suffix('.').unwrap_or(entry);
    match entry.strip_prefix('*') {
        // The remaining text starts with the dot.
        Some(domain) => {
            let tail = name.len().checked_sub(domain.len()).filter(|at| *at > 0);
            tail.and_then(|at| name.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(domain))
        }
        None => name.eq_ignore_ascii_case(entry),
    }
}

/// Converts an address to a number and its length in bits.
fn bits(address: IpAddr) -> (u128, u64) {
    match address {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (address.into(), 128),
    }
}

fn is_inside(address: IpAddr, (network, length): (&str, &str)) -> bool {
    let (Ok(network), Ok(length)) = (network.parse().map(bits), length.parse::<u64>()) else { return false };
    let ((address, address_bits), (network, bits)) = (bits(address), network);
    // A network of length 0 contains all addresses; shifting by all bits is not defined.
    address_bits == bits && length <= bits && (length == 0 || (address ^ network) >> (bits - length) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(host: &str, entry: &str) -> bool {
        is_listed(host, &[entry.to_owned()])
    }

    #[test]
    fn hosts_are_listed_by_name_domain_address_and_network() {
        for (host, entry) in [
            ("kafka", "kafka"),
            ("Kafka.Example.com.", "kafka.example.com"),
            ("a.b.example.com", "*.example.com"),
            ("a.example.com", "*.EXAMPLE.com."),
            ("10.1.2.3", "10.1.2.3"),
            ("10.1.2.3", "10.0.0.0/8"),
            ("10.1.2.3", "0.0.0.0/0"),
            ("[fd00::1]", "fd00::1"),
            ("fd00::1", "[fd00::1]"),
            ("[fd00::1]", "fd00::/8"),
            ("::1", "::1/128"),
            ("::1", "::/0"),
        ] {
            assert!(listed(host, entry), "{host} is in {entry}");
            assert!(Conventions::is_host_entry(entry), "{entry}");
        }
        for (host, entry) in [
            ("example.com", "*.example.com"),
            (".example.com", "*.example.com"),
            ("badexample.com", "*.example.com"),
            ("kafka2", "kafka"),
            ("11.1.2.3", "10.0.0.0/8"),
            ("10.1.2.3", "::/0"),
            ("::1", "0.0.0.0/0"),
            ("10.1.2.3", "*.2.3"),
            ("é.example.com", "*.xample.com"),
        ] {
            assert!(!listed(host, entry), "{host} is not in {entry}");
        }
    }

    #[test]
    fn invalid_hosts_are_errors() {
        for entry in
            ["", "*", "*.", "https://a.example", "a:9092", "10.0.0.0/33", "10.0.0/8", "a b", "..", "a..b", "[::1"]
        {
            assert!(!Conventions::is_host_entry(entry), "{entry}");
        }
    }
}
