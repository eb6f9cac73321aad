//! Hosts that Atlas cannot reach over the public internet: brokers, URLs, the token endpoint.

use super::urls::{self, Url};
use super::{Check, Findings, FixAvailability, Rule, brokers};
use crate::connection::Connection;
use crate::diagnostic::Severity;
use crate::host;
use crate::kind::{Kind, Kinds};
use crate::members::Member;
use crate::protocol::Access;

pub(crate) static UNREACHABLE_HOST: Rule = Rule {
    name: "unreachable-host",
    summary: summary!("a host that cannot be reached over the public internet"),
    page: page!("unreachable_host.md"),
    severity: Severity::Warning,
    kinds: Kinds::of(&[Kind::Kafka, Kind::Https, Kind::SchemaRegistry]),
    fix: FixAvailability::Never,
    since: "0.1.0",
    check: Check::Connection(check),
};

fn check(connection: &Connection, found: &mut Findings) {
    // Types without networking have public access; `access` says so of what is absent.
    if connection.access() != Some(Access::Public) {
        return;
    }
    if connection.kind.is_none_or(|kind| kind == Kind::Kafka) {
        check_brokers(connection, found);
    }
    for url in urls::of(connection).iter().filter(|url| url.is_absolute()) {
        check_url(url, found);
    }
}

fn check_brokers(connection: &Connection, found: &mut Findings) {
    let Some((node, text)) = brokers::list(connection) else { return };
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let mut parts = Vec::new();
    for broker in brokers::brokers(text).iter().filter(|broker| broker.is_host) {
        if let Some(obstacle) = host::obstacle(broker.host) {
            let start = offset(broker.host);
            parts.push((start..start + broker.host.len(), obstacle, broker.host));
        }
    }
    let message = match parts.as_slice() {
        [] => return,
        [(_, _, host)] => {
            format!("Atlas cannot reach {} over the public internet", named(host, "broker", &node.spelling()))
        }
        many => format!("Atlas cannot reach {} brokers in `{}` over the public internet", many.len(), node.spelling()),
    };
    let access = connection.spelling(Member::AccessType);
    let mut finding = found.report(&UNREACHABLE_HOST, message).pointer(node.member.pointer());
    for (part, obstacle, _) in &parts {
        finding = finding.mark(node.span_within(part), *obstacle);
    }
    finding.help(format!("use the brokers' public names, or say in `{access}` how Atlas gets into their network"));
}

/// How a message names a host. Of an address every character is known to be part of one; a name may be half of a login
/// in a URL that lost a character, and is only marked.
fn named(host: &str, what: &str, field: &str) -> String {
    let bare = host.trim_matches(['[', ']']);
    if bare.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok() {
        format!("`{host}`, the {what} in `{field}`,")
    } else {
        format!("the {what} in `{field}`")
    }
}

fn check_url(url: &Url, found: &mut Findings) {
    let Some(part) = host::within_url(url.text()) else { return };
    let host = &url.text()[part.clone()];
    let Some(obstacle) = host::obstacle(host) else { return };
    found
        .report(
            &UNREACHABLE_HOST,
            format!("Atlas cannot reach {} over the public internet", named(host, "host", &url.spelling())),
        )
        .pointer(url.pointer())
        .mark(url.span_within(&part), obstacle)
        .help("use a host name that the public internet knows");
}
