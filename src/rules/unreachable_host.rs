//! Hosts that Atlas cannot reach over the public internet, or that the user's settings forbid: brokers, URLs, the token
//! endpoint.

use std::net::IpAddr;

use super::brokers::{self, Part};
use super::urls;
use crate::atlas::Kind;
use crate::atlas::fields::Field;
use crate::connection::{Connection, Item, KnownUrl, Node};
use crate::conventions::{Conventions, is_listed};
use crate::diagnostic::{Finding, Findings, Rule, Target};
use crate::rules::kafka_auth::Access;
use crate::rules::reachability;

pub(crate) static UNREACHABLE_HOST: Rule =
    Rule::warning("unreachable-host", "a host that cannot be reached over the public internet").on(&[
        Kind::Kafka,
        Kind::Https,
        Kind::SchemaRegistry,
    ]);

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let Conventions { allowed_hosts, reachable_hosts, .. } = connection.conventions;
    // Types without networking have public access; `access` returns that for absent fields.
    let is_public = connection.access() == Some(Access::Public);
    let obstacle = |host: &str| reachability::obstacle(host).filter(|_| is_public && !is_listed(host, reachable_hosts));
    if is_public {
        check_brokers(connection, &obstacle, found);
        for (url, obstacle) in refused_urls(connection, &obstacle) {
            let item = url.item(connection);
            let host = named(url.host(), "host", &item.spelling());
            report_url(url, &item, format!("Atlas cannot reach {host} over the public internet"), obstacle, found)
                .help("use a public host name");
        }
    }
    if !allowed_hosts.is_empty() {
        // An unreachable host has its own finding.
        let refusal =
            |host: &str| (!is_listed(host, allowed_hosts) && obstacle(host).is_none()).then_some("not an allowed host");
        let help = format!("use an allowed host, or allow this one: {}", allowed_hosts.join(", "));
        check_allowed_brokers(connection, &refusal, &help, found);
        for (url, label) in refused_urls(connection, &refusal) {
            let item = url.item(connection);
            let message = format!("the host in `{}` is not an allowed host", item.spelling());
            report_url(url, &item, message, label, found).help(help.clone());
        }
    }
}

/// The reason why a host is refused, as a label.
type Refusal<'r> = &'r dyn Fn(&str) -> Option<&'static str>;

/// The refused brokers, with the ranges of their hosts and the reasons.
fn refused_brokers<'c>(connection: &'c Connection, refusal: Refusal) -> Option<(Node<'c>, Vec<Part>)> {
    let (node, _) = brokers::list(connection).filter(|_| connection.has_field(Field::BootstrapServers))?;
    let hosts = connection.brokers.iter().filter(|broker| broker.is_host);
    let refused =
        hosts.filter_map(|broker| Some((broker.host_range.clone(), refusal(broker.host)?))).collect::<Vec<_>>();
    (!refused.is_empty()).then_some((node, refused))
}

fn refused_urls<'c>(
    connection: &'c Connection<'c>,
    refusal: Refusal,
) -> impl Iterator<Item = (&'c KnownUrl<'c>, &'static str)> {
    let urls = urls::used(connection).filter(|url| url.is_absolute);
    urls.filter_map(move |url| refusal(url.host()).map(|label| (url, label)))
}

fn check_brokers(connection: &Connection, obstacle: Refusal, found: &mut Findings) {
    let Some((node, refused)) = refused_brokers(connection, obstacle) else { return };
    let spelling = node.spelling();
    let brokers = match refused.as_slice() {
        [(host, _)] => named(&node.text().unwrap_or_default()[host.clone()], "broker", &spelling),
        many => format!("{} brokers in `{spelling}`", many.len()),
    };
    let message = format!("Atlas cannot reach {brokers} over the public internet");
    let access = connection.spelling(Field::NetworkingAccessType);
    let help = if connection.expresses(Field::NetworkingAccessType) {
        format!("use the public names of the brokers, or set `{access}` for their network")
    } else {
        "use the public names of the brokers".to_owned()
    };
    brokers::report(found, &UNREACHABLE_HOST, message, node, &refused).help(help);
}

fn check_allowed_brokers(connection: &Connection, refusal: Refusal, help: &str, found: &mut Findings) {
    let Some((node, refused)) = refused_brokers(connection, refusal) else { return };
    let message = match refused.len() {
        1 => format!("a broker in `{}` is not an allowed host", node.spelling()),
        many => format!("{many} brokers in `{}` are not allowed hosts", node.spelling()),
    };
    brokers::report(found, &UNREACHABLE_HOST, message, node, &refused).help(help.to_owned());
}

fn report_url<'f>(
    url: &KnownUrl,
    item: &Item,
    message: String,
    label: &'static str,
    found: &'f mut Findings,
) -> Finding<'f> {
    let host = item.span_within(&url.parts.host);
    found.report(&UNREACHABLE_HOST, message).pointer(item.pointer()).mark(host, label)
}

/// The host, for a message. Every character of an address is certainly a part of it. A name in a damaged URL may be
/// part of a login, so it is only marked.
fn named(host: &str, what: &str, spelling: &str) -> String {
    let bare = host.trim_matches(['[', ']']);
    if bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok() {
        format!("`{host}`, the {what} in `{spelling}`,")
    } else {
        format!("the {what} in `{spelling}`")
    }
}
