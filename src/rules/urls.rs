//! URLs of HTTP services: the endpoint of an Https connection, schema registries, the token endpoint.

use super::unused_credentials;
use crate::atlas::fields::{Field, FieldSet};
use crate::atlas::{Kind, formats};
use crate::connection::{Connection, Item};
use crate::diagnostic::{Edit, Findings, Fix, Rule, Target};
use crate::document::value::Value;
use crate::text::Span;
use crate::text::url::Url;

pub(crate) static INSECURE_URL: Rule = Rule::warning("insecure-url", "a URL whose traffic is not encrypted")
    .on(&[Kind::Kafka, Kind::Https, Kind::SchemaRegistry])
    .sometimes_fixed();

pub(crate) static MALFORMED_URL: Rule = Rule::error("malformed-url", "not an absolute http or https URL with a host")
    .on(&[Kind::Kafka, Kind::Https, Kind::SchemaRegistry]);

/// A known URL: the value of a field, or an element of a list.
#[derive(Debug)]
pub(super) struct KnownUrl<'c> {
    pub field: Field,
    pub item: Item<'c>,
    pub text: &'c str,
    pub parts: Url,
}

impl<'c> KnownUrl<'c> {
    fn new(field: Field, item: Item<'c>, text: &'c str) -> Self {
        Self { field, item, text, parts: Url::split(text) }
    }

    pub fn host(&self) -> &'c str {
        &self.text[self.parts.host.clone()]
    }

    pub fn is_absolute(&self) -> bool {
        formats::is_http_url(self.text) && self.has_possible_port()
    }

    /// The format leaves the range of the port open.
    fn has_possible_port(&self) -> bool {
        let port = self.parts.port.clone().map_or("", |port| &self.text[port]);
        port.is_empty() || port.parse::<u64>().is_ok_and(|port| (1..=65535).contains(&port))
    }

    /// What makes the URL invalid, in words that do not quote it.
    fn flaw(&self) -> &'static str {
        if self.text.contains(char::is_whitespace) || self.text.contains(char::is_control) {
            return "white space or control characters";
        }
        let scheme = self.parts.scheme.clone().map(|scheme| self.text[scheme].to_ascii_lowercase());
        match scheme.as_deref() {
            None => "no scheme",
            Some("http" | "https") if self.host().is_empty() => "no host",
            Some("http" | "https") if !self.has_possible_port() => "a port that is no number from 1 to 65535",
            Some("http" | "https") => "a host that cannot be",
            Some(_) => "another scheme than http and https",
        }
    }
}

/// The fields that are a URL.
const URLS: FieldSet = FieldSet::of(&[Field::Url, Field::AuthenticationTokenEndpointUrl]);

/// The known URLs of a connection.
pub(super) fn of<'c>(connection: &'c Connection<'c>) -> Vec<KnownUrl<'c>> {
    let mut urls = Vec::new();
    for field in connection.present.and(URLS).iter().filter(|field| connection.has_field(*field)) {
        let node = connection.get(field);
        if let (Some(text), Some(entry)) = (node.known_str(), node.entry()) {
            urls.push(KnownUrl::new(field, connection.item(field.parent(), field.key(), entry), text));
        }
    }
    let field = Field::SchemaRegistryUrls;
    let list = connection.get(field);
    if connection.has_field(field) && list.value().is_some_and(Value::is_array) {
        for item in list.items() {
            if let Some(text) = item.known_str(false) {
                urls.push(KnownUrl::new(field, item, text));
            }
        }
    }
    urls
}

/// The known URLs that Atlas calls: an empty one is missing, and an ignored one is only reported as that.
pub(super) fn used<'c>(connection: &'c Connection<'c>) -> impl Iterator<Item = KnownUrl<'c>> {
    of(connection).into_iter().filter(|url| {
        let node = connection.get(url.field);
        !node.is_empty() && !unused_credentials::is_unused(node)
    })
}

pub(super) fn check_insecure(connection: &Connection, found: &mut Findings) {
    for url in used(connection).filter(KnownUrl::is_absolute) {
        let Some(scheme) = url.parts.scheme.clone().filter(|scheme| scheme.len() == "http".len()) else { continue };
        let scheme = url.item.span_within(&scheme);
        let is_exact = scheme.len() == "http".len();
        let secured = || Fix::unsafe_("Use https", vec![Edit::new(Span::at(scheme.end), "s")]);
        let message = format!("`{}` is an http URL, so everything sent to it can be read", url.item.spelling());
        found
            .report(&INSECURE_URL, message)
            .pointer(url.item.pointer())
            .mark(if is_exact { scheme } else { url.item.span() }, "not encrypted")
            .help("use https")
            .fix(is_exact.then(secured));
    }
}

pub(super) fn check_malformed(connection: &Connection, found: &mut Findings) {
    for url in used(connection).filter(|url| !url.is_absolute()) {
        let flaw = url.flaw();
        found
            .report(&MALFORMED_URL, format!("`{}` is no URL that can be called: it has {flaw}", url.item.spelling()))
            .at(&url.item, flaw)
            .help("write https://, the host, and the path if there is one");
    }
}
