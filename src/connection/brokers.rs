//! The entries of `bootstrapServers`, parsed once for all rules.

use std::net::Ipv6Addr;
use std::ops::Range;

use crate::text::url::{Url, split_port};

/// The port of an entry, after its last colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Port {
    Absent,
    /// An empty port, a port that is not a number, or a number outside 1–65535.
    Impossible,
    Number(u64),
}

/// One entry of the list. Ranges are bytes of the whole value.
#[derive(Debug, Clone)]
pub(crate) struct Broker<'t> {
    /// The entry with the whitespace around it, from separator to separator.
    pub piece: Range<usize>,
    /// The entry without that whitespace.
    pub entry: Range<usize>,
    /// `SASL_SSL://`; empty if there is none.
    pub scheme: Range<usize>,
    /// A path or query after the host, as in URLs; empty if there is none.
    pub tail: Range<usize>,
    /// Host and port without scheme and tail.
    pub address: &'t str,
    /// A name, or an address with the brackets of IPv6.
    pub host: &'t str,
    pub host_range: Range<usize>,
    pub port: Port,
    /// Whether the host consists of valid characters; otherwise the entry is not checked further.
    pub is_host: bool,
}

impl<'t> Broker<'t> {
    pub fn read(text: &'t str, piece: Range<usize>) -> Self {
        let entry = trimmed(text, &piece);
        let address = Url::split(&text[entry.clone()]).authority;
        let (start, end) = (entry.start + address.start, entry.start + address.end);
        let address = &text[start..end];
        // A broker has no user information, so an `@` is part of the host and makes it invalid.
        let (host, port) = split_port(address);
        let port = match port.map(str::parse::<u64>) {
            None => Port::Absent,
            Some(Ok(number @ 1..=65535)) if !port.is_some_and(|port| port.starts_with('+')) => Port::Number(number),
            Some(_) => Port::Impossible,
        };
        let is_host = if let Some(inside) = host.strip_prefix('[') {
            inside.strip_suffix(']').is_some_and(|inside| inside.parse::<Ipv6Addr>().is_ok())
        } else {
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        };
        // With a space before the port, the space is the mistake, and the port may be valid.
        let is_host = is_host && !address[host.len()..].contains(char::is_whitespace);
        let host_range = start..start + host.len();
        Self {
            piece,
            scheme: entry.start..start,
            tail: end..entry.end,
            entry,
            address,
            host,
            host_range,
            port,
            is_host,
        }
    }

    pub fn has_scheme(&self) -> bool {
        !self.scheme.is_empty()
    }

    /// Whether this is a host with an optional port, and nothing else.
    pub fn is_bare(&self) -> bool {
        self.is_host && !self.has_scheme() && self.tail.is_empty()
    }

    /// Whether it has a path. A single slash does not count: it often remains when a URL is copied.
    pub fn has_path(&self) -> bool {
        self.tail.len() > 1
    }

    /// Whether a rule may check the host and the port on their own.
    pub fn is_address(&self) -> bool {
        self.is_host && (self.has_scheme() || self.tail.is_empty())
    }
}

fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}

/// The entries of a list, in order, including empty ones.
pub(crate) fn brokers(text: &str) -> Vec<Broker<'_>> {
    let mut brokers = Vec::new();
    let mut start = 0;
    for piece in text.as_bytes().split(|byte| matches!(byte, b',' | b';')) {
        let end = start + piece.len();
        brokers.push(Broker::read(text, start..end));
        start = end + 1;
    }
    brokers
}
