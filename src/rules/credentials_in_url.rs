//! User names, passwords and tokens inside URLs.

use std::ops::Range;

use crate::atlas::Kind;
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule, Target};
use crate::text::url::Url;

pub(crate) static CREDENTIALS_IN_URL: Rule =
    Rule::warning("credentials-in-url", "a URL that contains a user name, a password or a token").on(&[
        Kind::Kafka,
        Kind::Https,
        Kind::SchemaRegistry,
    ]);

/// Reports one finding for a URL; each credential in it is marked.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    for url in &connection.urls {
        let (userinfo, tokens) = (userinfo(&url.parts), tokens(url.text, &url.parts));
        let what = match (&userinfo, tokens.as_slice()) {
            (None, []) => continue,
            (Some(_), []) => "a user name or password",
            (None, _) => "a token",
            (Some(_), _) => "a user name or password, and a token",
        };
        let item = url.item(connection);
        let mut finding = found
            .report(&CREDENTIALS_IN_URL, format!("a URL in `{}` contains {what}", connection.spelling(url.field)))
            .pointer(item.pointer())
            .help("use a header or the credential fields; URLs appear in logs and error messages");
        if let Some(part) = userinfo {
            finding = finding.mark(item.span_within(&part), "user name or password");
        }
        for part in tokens {
            finding = finding.mark(item.span_within(&part), "a token");
        }
    }
}

/// A user name, a password or both.
fn userinfo(url: &Url) -> Option<Range<usize>> {
    url.userinfo.clone().filter(|userinfo| url.scheme.is_some() && !userinfo.is_empty())
}

/// Names of query parameters that contain a secret, in lowercase without `-` and `_`. `sig` and `code` authenticate
/// callers of Azure's logic apps and functions.
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

/// The values of query parameters that authenticate the caller, as ranges of bytes.
fn tokens(text: &str, url: &Url) -> Vec<Range<usize>> {
    let Some(query) = url.query.clone() else { return Vec::new() };
    let mut tokens = Vec::new();
    let mut end = query.start;
    for pair in text[query].split('&') {
        end += pair.len();
        if let Some((name, value)) = pair.split_once('=') {
            let name = name.replace(['-', '_'], "").to_ascii_lowercase();
            if !value.is_empty() && TOKENS.contains(&name.as_str()) {
                tokens.push(end - value.len()..end);
            }
        }
        end += 1;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Url, tokens, userinfo};

    fn parts(text: &str) -> Vec<&str> {
        let url = Url::split(text);
        userinfo(&url).into_iter().chain(tokens(text, &url)).map(|part| &text[part]).collect()
    }

    #[test]
    fn credentials_in_urls_are_found() {
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
