//! Hosts that Atlas cannot reach over the public internet, or by the user's own rules must not: brokers, URLs, the token
//! endpoint.

use std::net::IpAddr;

use super::brokers;
use super::urls::{self, Url};
use crate::atlas::fields::Field;
use crate::atlas::{Kind, Kinds};
use crate::connection::Connection;
use crate::conventions::is_listed;
use crate::diagnostic::{Findings, Rule};
use crate::rules::kafka_auth::Access;
use crate::rules::reachability;

pub(crate) static UNREACHABLE_HOST: Rule =
    Rule::warning("unreachable-host", "a host that cannot be reached over the public internet").on(Kinds::of(&[
        Kind::Kafka,
        Kind::Https,
        Kind::SchemaRegistry,
    ]));

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let has_brokers = connection.kind.is_none_or(|kind| kind == Kind::Kafka);
    // Types without networking have public access; `access` says so of what is absent.
    if connection.access() == Some(Access::Public) {
        if has_brokers {
            check_brokers(connection, found);
        }
        for url in urls::of(connection).iter().filter(|url| url.is_absolute()) {
            check_url(connection, url, found);
        }
    }
    if !connection.conventions.allowed_hosts.is_empty() {
        if has_brokers {
            check_allowed_brokers(connection, found);
        }
        for url in urls::of(connection).iter().filter(|url| url.is_absolute()) {
            check_allowed_url(connection, url, found);
        }
    }
}

/// Why nobody outside can reach a host, unless the user knows better.
fn obstacle(connection: &Connection, host: &str) -> Option<&'static str> {
    reachability::obstacle(host).filter(|_| !is_listed(host, &connection.conventions.reachable_hosts))
}

/// Whether a host is not one of those that the user allows. What cannot be reached at all has been reported as that.
fn is_forbidden(connection: &Connection, host: &str) -> bool {
    let is_reported = || connection.access() == Some(Access::Public) && obstacle(connection, host).is_some();
    !is_listed(host, &connection.conventions.allowed_hosts) && !is_reported()
}

fn check_brokers(connection: &Connection, found: &mut Findings) {
    let Some((node, text)) = brokers::list(connection) else { return };
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let mut parts = Vec::new();
    for broker in brokers::brokers(text).iter().filter(|broker| broker.is_host) {
        if let Some(obstacle) = obstacle(connection, broker.host) {
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
    let access = connection.spelling(Field::NetworkingAccessType);
    let mut finding = found.report(&UNREACHABLE_HOST, message).pointer(node.field.pointer());
    for (part, obstacle, _) in &parts {
        finding = finding.mark(node.span_within(part), *obstacle);
    }
    finding.help(format!("use the brokers' public names, or say in `{access}` how Atlas gets into their network"));
}

/// How a message names a host. Of an address every character is known to be part of one; a name may be half of a login
/// in a URL that lost a character, and is only marked.
fn named(host: &str, what: &str, spelling: &str) -> String {
    let bare = host.trim_matches(['[', ']']);
    if bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok() {
        format!("`{host}`, the {what} in `{spelling}`,")
    } else {
        format!("the {what} in `{spelling}`")
    }
}

fn check_url(connection: &Connection, url: &Url, found: &mut Findings) {
    let Some(part) = reachability::within_url(url.text()) else { return };
    let host = &url.text()[part.clone()];
    let Some(obstacle) = obstacle(connection, host) else { return };
    found
        .report(
            &UNREACHABLE_HOST,
            format!("Atlas cannot reach {} over the public internet", named(host, "host", &url.spelling())),
        )
        .pointer(url.pointer())
        .mark(url.span_within(&part), obstacle)
        .help("use a host name that the public internet knows");
}

const FORBIDDEN: &str = "not an allowed host";

fn check_allowed_brokers(connection: &Connection, found: &mut Findings) {
    let Some((node, text)) = brokers::list(connection) else { return };
    let mut spans = Vec::new();
    for broker in brokers::brokers(text).iter().filter(|broker| broker.is_host) {
        if is_forbidden(connection, broker.host) {
            let start = broker.host.as_ptr() as usize - text.as_ptr() as usize;
            spans.push(node.span_within(&(start..start + broker.host.len())));
        }
    }
    let message = match spans.len() {
        0 => return,
        1 => format!("a broker in `{}` is not among the allowed hosts", node.spelling()),
        many => format!("{many} of the brokers in `{}` are not among the allowed hosts", node.spelling()),
    };
    let mut finding = found.report(&UNREACHABLE_HOST, message).pointer(node.field.pointer());
    for span in spans {
        finding = finding.mark(span, FORBIDDEN);
    }
    finding.help(allowed(connection));
}

fn check_allowed_url(connection: &Connection, url: &Url, found: &mut Findings) {
    let Some(part) = reachability::within_url(url.text()) else { return };
    if is_forbidden(connection, &url.text()[part.clone()]) {
        found
            .report(&UNREACHABLE_HOST, format!("the host in `{}` is not among the allowed ones", url.spelling()))
            .pointer(url.pointer())
            .mark(url.span_within(&part), FORBIDDEN)
            .help(allowed(connection));
    }
}

fn allowed(connection: &Connection) -> String {
    format!("use a host of these, or add it to the allowed ones: {}", connection.conventions.allowed_hosts.join(", "))
}
