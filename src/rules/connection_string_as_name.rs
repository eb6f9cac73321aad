//! Connection strings and hosts instead of the name of a cluster, and other invalid cluster names.

use crate::atlas::fields::Field;
use crate::atlas::{Kind, formats};
use crate::connection::Connection;
use crate::diagnostic::rules::MALFORMED_NAME;
use crate::diagnostic::{Findings, Rule};
use crate::text::url::Url;

pub(crate) static CONNECTION_STRING_AS_NAME: Rule =
    Rule::error("connection-string-as-name", "a connection string or a host instead of a cluster name")
        .on(&[Kind::Cluster]);

/// The value is never quoted, because a connection string may contain a password.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let node = connection.get(Field::ClusterName);
    let Some(name) = node.known_str().filter(|name| !name.is_empty() && !formats::is_cluster_name(name)) else {
        return;
    };
    let field = node.spelling();
    let what = if name.contains("://") {
        Some(if name.trim_start().starts_with("mongodb") { "a connection string" } else { "a URL" })
    } else {
        is_host(name).then_some("a host name")
    };
    match what {
        Some(what) => {
            found
                .report(&CONNECTION_STRING_AS_NAME, format!("`{field}` is {what}, not a cluster name"))
                .at(node, "expected a name like `Cluster0`")
                .help("use the name that `atlas clusters list` shows; a connection needs no user name or password");
        }
        None => {
            found
                .report(&MALFORMED_NAME, format!("`{field}` contains invalid characters"))
                .at(node, "invalid cluster name")
                .help("use the name that `atlas clusters list` shows: letters, digits and `-`");
        }
    }
}

/// Whether the text is one or more hosts, with or without ports, a path and options. A dot alone does not make a host:
/// the last part has to be a top-level domain, or a number with a port or an address before it.
fn is_host(text: &str) -> bool {
    text[Url::split(text).authority].split(',').all(|entry| {
        let url = Url::split(entry);
        let port = url.port.map(|port| &entry[port]);
        let labels = entry[url.host].split('.').collect::<Vec<_>>();
        let is_label = |label: &&str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let has_port = port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
        let last = labels.last().copied().unwrap_or_default();
        let has_domain = labels.len() > 1 && last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic());
        let is_address =
            labels.len() == 4 && labels.iter().all(|label| label.parse::<u64>().is_ok_and(|byte| byte < 256));
        labels.iter().all(is_label) && (has_domain || is_address || has_port) && port.is_none() | has_port
    })
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn hosts() {
        for text in [
            "cluster0.abcde.mongodb.net",
            "cluster0-shard-00-00.abcde.mongodb.net:27017,cluster0-shard-00-01.abcde.mongodb.net:27017",
            "user@cluster0.abcde.mongodb.net/test?retryWrites=true",
            "localhost:27017",
            "10.0.0.1",
            "example.com",
        ] {
            assert!(is_host(text), "{text}");
        }
        for text in ["orders.v2", "my_cluster", "my cluster", "-a", "a:b", "a..com", ".com", "a.com:", "Größe"] {
            assert!(!is_host(text), "{text}");
        }
    }
}
