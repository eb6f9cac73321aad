//! URLs of HTTP services: the endpoint of an Https connection, schema registries, the token endpoint.

use std::ops::Range;

use super::unused_credentials;
use crate::atlas::fields::{Field, FieldSet};
use crate::atlas::formats;
use crate::atlas::{Kind, Kinds};
use crate::connection::{Connection, Item, Node};
use crate::diagnostic::Target;
use crate::diagnostic::{Edit, Fix};
use crate::diagnostic::{Findings, FixAvailability, Rule};
use crate::text::Span;

const KINDS: Kinds = Kinds::of(&[Kind::Kafka, Kind::Https, Kind::SchemaRegistry]);

pub(crate) static INSECURE_URL: Rule =
    Rule::warning("insecure-url", "a URL whose traffic is not encrypted").on(KINDS).fix(FixAvailability::Sometimes);

pub(crate) static MALFORMED_URL: Rule =
    Rule::error("malformed-url", "not an absolute http or https URL with a host").on(KINDS);

/// A URL that can be judged: a field, or an element of a list.
#[derive(Debug)]
pub(super) enum Url<'c> {
    Field(Node<'c>, &'c str),
    Element(Item<'c>, &'c str),
}

impl<'c> Url<'c> {
    pub fn text(&self) -> &'c str {
        match self {
            Self::Field(_, text) | Self::Element(_, text) => text,
        }
    }

    pub fn spelling(&self) -> String {
        match self {
            Self::Field(node, _) => node.spelling(),
            Self::Element(item, _) => item.spelling(),
        }
    }

    pub fn pointer(&self) -> String {
        match self {
            Self::Field(node, _) => node.pointer().into_owned(),
            Self::Element(item, _) => item.pointer().into_owned(),
        }
    }

    pub fn span(&self) -> Span {
        match self {
            Self::Field(node, _) => node.span(),
            Self::Element(item, _) => item.span(),
        }
    }

    pub fn span_within(&self, part: &Range<usize>) -> Span {
        match self {
            Self::Field(node, _) => node.span_within(part),
            Self::Element(item, _) => item.span_within(part),
        }
    }

    pub fn is_absolute(&self) -> bool {
        formats::is_http_url(self.text()) && has_possible_port(self.text())
    }
}

/// The fields that are a URL.
pub(super) const URLS: FieldSet = FieldSet::of(&[Field::Url, Field::AuthenticationTokenEndpointUrl]);

/// The known URLs that the connection uses.
pub(super) fn of<'c>(connection: &'c Connection<'c>) -> Vec<Url<'c>> {
    let has = |field: Field| connection.kind.is_none_or(|kind| field.row().kinds.contains(kind));
    let mut urls = Vec::new();
    for field in connection.present().and(URLS).iter() {
        let node = connection.get(field);
        // An empty one is missing, and one that nobody asks for is that and no more.
        let judged = has(field) && !node.is_empty() && !unused_credentials::is_unused(node);
        if let Some(text) = node.known_str().filter(|_| judged) {
            urls.push(Url::Field(node, text));
        }
    }
    let list = connection.get(Field::SchemaRegistryUrls);
    if has(Field::SchemaRegistryUrls) && list.value().is_some_and(crate::document::value::Value::is_array) {
        for item in list.items() {
            if let Some(text) = item.known_str(false) {
                urls.push(Url::Element(item, text));
            }
        }
    }
    urls
}

pub(super) fn check_insecure(connection: &Connection, found: &mut Findings) {
    for url in of(connection).iter().filter(|url| url.is_absolute()) {
        if !url.text()[.."http:".len()].eq_ignore_ascii_case("http:") {
            continue;
        }
        let scheme = url.span_within(&(0.."http".len()));
        let is_exact = scheme.len() == "http".len();
        let secured = || Fix::unsafe_("Use https", vec![Edit::new(Span::at(scheme.end), "s")]);
        found
            .report(&INSECURE_URL, format!("`{}` is an http URL, so everything sent to it can be read", url.spelling()))
            .pointer(url.pointer())
            .mark(if is_exact { scheme } else { url.span() }, "not encrypted")
            .help("use https")
            .fix(is_exact.then(secured));
    }
}

pub(super) fn check_malformed(connection: &Connection, found: &mut Findings) {
    for url in of(connection).iter().filter(|url| !url.is_absolute()) {
        let flaw = flaw(url.text());
        found
            .report(&MALFORMED_URL, format!("`{}` is no URL that can be called: it has {flaw}", url.spelling()))
            .pointer(url.pointer())
            .mark(url.span(), flaw)
            .help("write https://, the host, and the path if there is one");
    }
}

/// What the URL has that it should not have, or has not, without a word of it.
fn flaw(text: &str) -> &'static str {
    if text.contains(char::is_whitespace) || text.contains(char::is_control) {
        return "white space or control characters";
    }
    match text.split_once("://") {
        None => "no scheme",
        Some((scheme, _)) if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            "another scheme than http and https"
        }
        Some((_, rest)) if rest.is_empty() || rest.starts_with([':', '/']) => "no host",
        Some(_) if !has_possible_port(text) => "a port that is no number from 1 to 65535",
        Some(_) => "a host that cannot be",
    }
}

/// The format leaves the range of the port open.
fn has_possible_port(url: &str) -> bool {
    let Some(host) = crate::rules::reachability::within_url(url) else { return false };
    let rest = url[host.end..].strip_prefix(':').unwrap_or_default();
    let port = rest.split(['/', '?', '#']).next().unwrap_or_default();
    port.is_empty() || port.parse::<u64>().is_ok_and(|port| (1..=65535).contains(&port))
}
