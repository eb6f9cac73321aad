//! User names, passwords and tokens inside URLs.

use std::ops::Range;

use super::urls::URLS;
use crate::atlas::fields::Field;
use crate::atlas::{Kind, Kinds};
use crate::connection::Connection;
use crate::diagnostic::Target;
use crate::diagnostic::{Findings, Rule};
use crate::document::value::Value;
use crate::text::Span;

pub(crate) static CREDENTIALS_IN_URL: Rule =
    Rule::warning("credentials-in-url", "a URL that carries a user name, a password or a token").on(Kinds::of(&[
        Kind::Kafka,
        Kind::Https,
        Kind::SchemaRegistry,
    ]));

pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let has = |field: Field| connection.kind.is_none_or(|kind| field.row().kinds.contains(kind));
    for field in connection.present().and(URLS).iter().filter(|field| has(*field)) {
        let node = connection.get(field);
        if let Some(url) = node.known_str() {
            report(&node.spelling(), url, node, |part| node.span_within(part), found);
        }
    }
    let list = connection.get(Field::SchemaRegistryUrls);
    let Some(Value::Array(urls)) = list.value().filter(|_| has(Field::SchemaRegistryUrls)) else {
        return;
    };
    if urls.iter().any(|url| url.as_str().is_some_and(|url| url.contains(['@', '?']))) {
        for item in list.items() {
            if let Some(url) = item.known_str(false) {
                report(&list.spelling(), url, &item, |part| item.span_within(part), found);
            }
        }
    }
}

/// One finding for a URL, whatever it carries; each part that should go is marked.
fn report(spelling: &str, url: &str, place: impl Target, span: impl Fn(&Range<usize>) -> Span, found: &mut Findings) {
    let userinfo = userinfo(url);
    let tokens = tokens(url);
    let what = match (&userinfo, tokens.as_slice()) {
        (None, []) => return,
        (Some(_), []) => "a user name or a password",
        (None, _) => "a token in its query",
        (Some(_), _) => "a user name or a password, and a token in its query",
    };
    let mut finding = found
        .report(&CREDENTIALS_IN_URL, format!("a URL in `{spelling}` carries {what}"))
        .pointer(place.pointer())
        .help("send credentials in a header, or in the fields made for them; URLs end up in logs and error messages");
    if let Some(part) = userinfo {
        finding = finding.mark(span(&part), "who is calling");
    }
    for part in tokens {
        finding = finding.mark(span(&part), "a token");
    }
}

/// What stands before the `@` of the authority (RFC 3986, section 3.2.1), as a range of bytes.
fn userinfo(url: &str) -> Option<Range<usize>> {
    let start = url.find("://")? + "://".len();
    let authority = url[start..].split(['/', '?', '#']).next()?;
    let at = authority.rfind('@').filter(|&at| at > 0)?;
    Some(start..start + at)
}

/// Names of query parameters that carry a secret, in lower case without `-` and `_`. `sig` and `code` are how Azure's
/// logic apps and functions let a caller in.
const TOKENS: &[&str] = &[
    "accesskey",
    "accesstoken",
    "apikey",
    "apitoken",
    "auth",
    "authorization",
    "authtoken",
    "bearer",
    "clientsecret",
    "code",
    "jwt",
    "key",
    "passwd",
    "password",
    "pwd",
    "secret",
    "sig",
    "signature",
    "subscriptionkey",
    "token",
    "xamzsecuritytoken",
    "xamzsignature",
    "xapikey",
];

/// The values of query parameters that let a caller in, as ranges of bytes.
fn tokens(url: &str) -> Vec<Range<usize>> {
    let before_fragment = url.find('#').unwrap_or(url.len());
    let Some(query) = url[..before_fragment].find('?').map(|at| at + 1) else { return Vec::new() };
    let mut tokens = Vec::new();
    let mut start = query;
    for pair in url[query..before_fragment].split('&') {
        let end = start + pair.len();
        if let Some((name, value)) = pair.split_once('=') {
            let name = name.replace(['-', '_'], "").to_ascii_lowercase();
            if !value.is_empty() && TOKENS.contains(&name.as_str()) {
                tokens.push(end - value.len()..end);
            }
        }
        start = end + 1;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{tokens, userinfo};

    fn parts(url: &str) -> Vec<&str> {
        userinfo(url).into_iter().chain(tokens(url)).map(|part| &url[part]).collect()
    }

    #[test]
    fn the_parts_that_let_a_caller_in() {
        assert_eq!(parts("https://u:p@h/a?x=1&token=t"), ["u:p", "t"]);
        assert_eq!(parts("https://u@h"), ["u"]);
        assert_eq!(parts("https://h/?api-key=a&API_KEY=b#token=c"), ["a", "b"]);
        assert_eq!(parts("https://h/?sv=1&sig=a=b"), ["a=b"]);
        assert_eq!(parts("https://h/a@b?mail=a@b"), Vec::<&str>::new());
        assert_eq!(parts("https://h/?token=&keyboard=1"), Vec::<&str>::new());
        assert_eq!(parts("https://@h/"), Vec::<&str>::new());
        assert_eq!(parts("u:p@h"), Vec::<&str>::new());
    }
}
