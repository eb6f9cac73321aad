//! URLs of HTTP services: the endpoint of an Https connection, schema registries, the token endpoint.

use super::unused_credentials;
use crate::atlas::Kind;
use crate::connection::{Connection, KnownUrl};
use crate::diagnostic::{Edit, Findings, Fix, Rule, Target};
use crate::text::Span;

pub(crate) static INSECURE_URL: Rule = Rule::warning("insecure-url", "a URL whose traffic is not encrypted")
    .on(&[Kind::Kafka, Kind::Https, Kind::SchemaRegistry])
    .sometimes_fixed();

pub(crate) static MALFORMED_URL: Rule =
    Rule::error("malformed-url", "an invalid http or https URL").on(&[Kind::Kafka, Kind::Https, Kind::SchemaRegistry]);

/// The problem of an invalid URL, without quoting it.
fn flaw(url: &KnownUrl) -> &'static str {
    if url.text.contains(char::is_whitespace) || url.text.contains(char::is_control) {
        return "whitespace or control characters";
    }
    let scheme = url.parts.scheme.clone().map(|scheme| url.text[scheme].to_ascii_lowercase());
    match scheme.as_deref() {
        None => "no scheme",
        Some("http" | "https") if url.host().is_empty() => "no host",
        Some("http" | "https") if !url.has_possible_port() => "an invalid port",
        Some("http" | "https") => "an invalid host",
        Some(_) => "an unsupported scheme",
    }
}

/// The known URLs that Atlas calls: an empty one counts as missing, and an ignored one has its own finding.
pub(super) fn used<'c>(connection: &'c Connection<'c>) -> impl Iterator<Item = &'c KnownUrl<'c>> {
    connection.urls.iter().filter(|url| {
        let node = connection.get(url.field);
        !node.is_empty() && !unused_credentials::is_unused(node)
    })
}

pub(super) fn check_insecure(connection: &Connection, found: &mut Findings) {
    for url in used(connection).filter(|url| url.is_absolute) {
        let Some(scheme) = url.parts.scheme.clone().filter(|scheme| scheme.len() == "http".len()) else { continue };
        let item = url.item(connection);
        let scheme = item.span_within(&scheme);
        let is_exact = scheme.len() == "http".len();
        let secured = || Fix::unsafe_("Use https", vec![Edit::new(Span::at(scheme.end), "s")]);
        let message = format!("`{}` is an http URL, so its traffic is not encrypted", item.spelling());
        found
            .report(&INSECURE_URL, message)
            .pointer(item.pointer())
            .mark(if is_exact { scheme } else { item.span() }, "not encrypted")
            .help("use https")
            .fix(is_exact.then(secured));
    }
}

pub(super) fn check_malformed(connection: &Connection, found: &mut Findings) {
    for url in used(connection).filter(|url| !url.is_absolute) {
        let (item, flaw) = (url.item(connection), flaw(url));
        found
            .report(&MALFORMED_URL, format!("`{}` is not a valid URL: it has {flaw}", item.spelling()))
            .at(&item, flaw.strip_prefix("an ").unwrap_or(flaw))
            .help("write an http or https URL with a host and a valid port, like `https://host/path`");
    }
}
