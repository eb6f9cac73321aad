//! The brokers in `bootstrapServers`: the format of the list, and of each entry.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::{Broker, Connection, Node, Port};
use crate::diagnostic::{Finding, Findings, Fix, Rule, Severity};
use crate::rules::kafka_auth::Access;
use crate::rules::provider::Provider;

pub(crate) static BOOTSTRAP_SCHEME: Rule =
    Rule::error("bootstrap-scheme", "a broker with a URL scheme").on(&[Kind::Kafka]).sometimes_fixed();

pub(crate) static MISSING_PORT: Rule =
    Rule::warning("missing-port", "a broker without a valid port").on(&[Kind::Kafka]);

pub(crate) static MALFORMED_BOOTSTRAP_SERVERS: Rule =
    Rule::warning("malformed-bootstrap-servers", "a list of brokers with spaces, empty entries or the wrong separator")
        .on(&[Kind::Kafka])
        .sometimes_fixed();

pub(crate) static DUPLICATE_BROKER: Rule =
    Rule::info("duplicate-broker", "the same broker twice").on(&[Kind::Kafka]).always_fixed();

/// The node and the text of a known list of brokers; an empty list counts as missing.
pub(super) fn list<'c>(connection: &'c Connection<'c>) -> Option<(Node<'c>, &'c str)> {
    let node = connection.get(Field::BootstrapServers);
    node.known_str().filter(|text| !text.is_empty()).map(|text| (node, text))
}

/// A range of the list to mark, and its label.
pub(super) type Part = (Range<usize>, &'static str);

/// Reports one finding about several parts of the list.
pub(super) fn report<'f>(
    found: &'f mut Findings,
    rule: &'static Rule,
    message: String,
    node: Node,
    parts: &[Part],
) -> Finding<'f> {
    let mut finding = found.report(rule, message).pointer(node.field.pointer());
    let ranges = parts.iter().map(|(part, _)| part.clone()).collect::<Vec<_>>();
    for (span, (_, label)) in node.spans_within(&ranges).into_iter().zip(parts) {
        finding = finding.mark(span, *label);
    }
    finding
}

pub(super) fn check_scheme(connection: &Connection, found: &mut Findings) {
    let Some((node, text)) = list(connection).filter(|(_, text)| text.contains("://")) else { return };
    let brokers = connection.brokers.iter().filter(|broker| broker.has_scheme()).collect::<Vec<_>>();
    if brokers.is_empty() {
        return;
    }
    let parts = brokers.iter().map(|broker| (broker.scheme.clone(), "unexpected scheme"));
    let message = match brokers.len() {
        1 => format!("a broker in `{}` has a URL scheme", node.spelling()),
        many => format!("{many} brokers in `{}` have a URL scheme", node.spelling()),
    };
    // A URL of a web service is not a broker with a scheme (evidence.md KAF-009).
    let is_web = |scheme: &str| matches!(scheme.to_ascii_lowercase().as_str(), "http://" | "https://");
    let web = brokers.iter().find(|broker| is_web(&text[broker.scheme.clone()]));
    let help = match web {
        Some(broker) => {
            let port =
                Provider::of(broker.host).map_or("often on port 9092 or 9093", |provider| provider.port(connection));
            format!("write the broker's own host:port, {port}; this is the URL of another service")
        }
        None => {
            format!("write host:port; `{}` controls encryption", connection.spelling(Field::SecurityProtocol))
        }
    };
    // The host of a longer URL may follow a login, which no fix removes.
    let plain = web.is_none() && brokers.iter().all(|broker| broker.is_host && !broker.has_path());
    let edits = brokers.iter().flat_map(|broker| [broker.scheme.clone(), broker.tail.clone()]);
    let edits = edits.filter(|part| !part.is_empty()).map(|part| (part, "")).collect::<Vec<_>>();
    report(found, &BOOTSTRAP_SCHEME, message, node, &parts.collect::<Vec<_>>())
        .help(help)
        .fix(plain.then(|| Fix::safe("Remove the scheme", node.replace_within(&edits))));
}

pub(super) fn check_port(connection: &Connection, found: &mut Findings) {
    let Some((node, _text)) = list(connection) else { return };
    let brokers = &connection.brokers;
    let parts = brokers.iter().filter(|broker| broker.is_address()).filter_map(|broker| match broker.port {
        Port::Absent => Some((broker.entry.clone(), "no port")),
        Port::Impossible => Some((broker.entry.clone(), "invalid port")),
        Port::Number(_) => None,
    });
    let parts = parts.collect::<Vec<_>>();
    if parts.is_empty() {
        return;
    }
    let impossible = brokers.iter().any(|broker| broker.is_address() && broker.port == Port::Impossible);
    let private_link = connection.access() == Some(Access::PrivateLink);
    let spelling = node.spelling();
    let message = match (parts.len(), impossible) {
        (1, false) => format!("a broker in `{spelling}` has no port"),
        (1, true) => format!("a broker in `{spelling}` has an invalid port"),
        (many, false) => format!("{many} brokers in `{spelling}` have no port"),
        (many, true) => format!("{many} brokers in `{spelling}` have an invalid port"),
    };
    let severity = if impossible || private_link { Severity::Error } else { Severity::Warning };
    let help = if private_link {
        "write host:port; PRIVATE_LINK requires the port of every broker"
    } else {
        "write host:port; brokers often listen on 9092, 9093 or 9096"
    };
    report(found, &MISSING_PORT, message, node, &parts).severity(severity).help(help);
}

pub(super) fn check_list(connection: &Connection, found: &mut Findings) {
    let Some((node, text)) = list(connection) else { return };
    let brokers = &connection.brokers;
    let mut parts: Vec<(Range<usize>, &str)> = Vec::new();
    let mut fixes = true;
    for broker in brokers {
        let separator = (broker.piece.end < text.len()).then(|| broker.piece.end..broker.piece.end + 1);
        if broker.entry.is_empty() {
            // For an empty entry, the comma is marked, or the whitespace at its position.
            let place = separator.clone().unwrap_or_else(|| broker.piece.start.saturating_sub(1)..text.len());
            parts.push((place, if separator.is_some() { "empty entry" } else { "no broker after this" }));
        } else if !broker.is_bare() && text[broker.entry.clone()].contains(char::is_whitespace) {
            let pieces = text[broker.entry.clone()].split_whitespace();
            fixes &= pieces
                .map(|piece| Broker::read(piece, 0..piece.len()))
                .all(|piece| piece.is_bare() && matches!(piece.port, Port::Number(_)));
            parts.push((broker.entry.clone(), "contains spaces"));
        } else if !broker.has_scheme() && !broker.is_address() {
            fixes = false;
            parts.push((broker.entry.clone(), "not host:port"));
        } else if broker.piece != broker.entry {
            let before = broker.piece.start..broker.entry.start;
            let after = broker.entry.end..broker.piece.end;
            parts.push((if before.is_empty() { after } else { before }, "a space"));
        }
        if let Some(separator) = separator.filter(|at| !broker.entry.is_empty() && &text[at.clone()] == ";") {
            parts.push((separator, "missing comma"));
        }
    }
    if parts.is_empty() {
        return;
    }
    let edits = normalizing(text, brokers);
    fixes &= !edits.is_empty() && brokers.iter().any(|broker| !broker.entry.is_empty());
    let message = format!("`{}` is not a comma-separated list of host:port", node.spelling());
    report(found, &MALFORMED_BOOTSTRAP_SERVERS, message, node, &parts)
        .help("write host:port,host:port without spaces; put an IPv6 address in brackets")
        .fix(fixes.then(|| Fix::safe("Normalize the list", node.replace_within(&edits))));
}

/// The edits that separate the entries with one comma each; the entries themselves do not change.
fn normalizing<'e>(text: &str, brokers: &[Broker]) -> Vec<(Range<usize>, &'e str)> {
    let mut edits = Vec::new();
    let mut at = 0;
    for broker in brokers {
        let mut next = broker.entry.start;
        for word in text[broker.entry.clone()].split_whitespace() {
            let start = next + text[next..].find(word).unwrap_or_default();
            edits.push((at..start, if at == 0 { "" } else { "," }));
            at = start + word.len();
            next = at;
        }
    }
    edits.push((at..text.len(), ""));
    edits.retain(|(gap, new)| &text[gap.clone()] != *new);
    edits
}

pub(super) fn check_duplicates(connection: &Connection, found: &mut Findings) {
    let Some((node, _text)) = list(connection).filter(|_| connection.brokers.len() > 1) else { return };
    let brokers = &connection.brokers;
    let addresses = brokers.iter().filter(|broker| broker.is_address());
    let mut again = Vec::new();
    let mut known = BTreeMap::new();
    for broker in addresses {
        let port = match broker.port {
            Port::Absent => Err(""),
            Port::Impossible => Err(broker.address),
            Port::Number(number) => Ok(number),
        };
        match known.entry((broker.host.to_ascii_lowercase(), port)) {
            Entry::Vacant(entry) => drop(entry.insert(broker)),
            Entry::Occupied(first) => again.push((broker, *first.get())),
        }
    }
    let Some((_, first)) = again.first() else { return };
    let message = match again.len() {
        1 => format!("`{}` lists a broker twice", node.spelling()),
        many => format!("`{}` repeats {many} brokers", node.spelling()),
    };
    let parts = again.iter().map(|(broker, _)| (broker.entry.clone(), "listed again"));
    let parts = parts.chain([(first.entry.clone(), "first listed here")]).collect::<Vec<_>>();
    // A duplicate broker is never the first, so there is a separator before it.
    let edits = again.iter().map(|(broker, _)| (broker.piece.start - 1..broker.piece.end, "")).collect::<Vec<_>>();
    report(found, &DUPLICATE_BROKER, message, node, &parts)
        .help("list each broker once")
        .fix(Fix::safe("Remove the repeated entries", node.replace_within(&edits)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::brokers;

    fn normalized(text: &str) -> String {
        let mut changed = text.to_owned();
        for (part, new) in normalizing(text, &brokers(text)).into_iter().rev() {
            changed.replace_range(part, new);
        }
        changed
    }

    #[test]
    fn lists_are_written_plainly() {
        for (text, plain) in [
            ("a:1, b:2", "a:1,b:2"),
            (" a:1 ,b:2 ", "a:1,b:2"),
            ("a:1;b:2;", "a:1,b:2"),
            (",a:1,,b:2,", "a:1,b:2"),
            ("a:1 b:2", "a:1,b:2"),
            ("a:1,\n  b:2\n", "a:1,b:2"),
            ("a:1", "a:1"),
            ("a:1,a:1", "a:1,a:1"),
            ("é:1, é:1", "é:1,é:1"),
        ] {
            assert_eq!(normalized(text), plain, "{text:?}");
        }
    }

    #[test]
    fn entries_are_taken_apart() {
        let read = |text: &'static str| {
            let broker = Broker::read(text, 0..text.len());
            (broker.host, broker.port, broker.is_host)
        };
        assert_eq!(read("h:9092"), ("h", Port::Number(9092), true));
        assert_eq!(read("SASL_SSL://h.example:9092/"), ("h.example", Port::Number(9092), true));
        assert_eq!(read("h"), ("h", Port::Absent, true));
        assert_eq!(read("h:"), ("h", Port::Impossible, true));
        assert_eq!(read("h:0"), ("h", Port::Impossible, true));
        assert_eq!(read("h:+1"), ("h", Port::Impossible, true));
        assert_eq!(read("h:65536"), ("h", Port::Impossible, true));
        assert_eq!(read("[::1]:1"), ("[::1]", Port::Number(1), true));
        assert_eq!(read("[::1]"), ("[::1]", Port::Absent, true));
        assert_eq!(read("::1:9"), ("::1", Port::Number(9), false));
        assert_eq!(read("u:p@h:9"), ("u:p@h", Port::Number(9), false));
        assert_eq!(read(":9092"), ("", Port::Number(9092), false));
    }
}
