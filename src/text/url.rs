//! The parts of a URL (RFC 3986, section 3).

use std::ops::Range;

/// The parts of a URL, or of an address without a scheme such as `host:port`, as ranges of its bytes. Nothing is
/// validated: a part is whatever text is at its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    /// The text before `://`; `None` if there is no `://` before the path.
    pub scheme: Option<Range<usize>>,
    /// User information, host and port.
    pub authority: Range<usize>,
    /// The text before the last `@` of the authority.
    pub userinfo: Option<Range<usize>>,
    /// A name or an address; an IPv6 address with its brackets.
    pub host: Range<usize>,
    /// The text after the colon of the host.
    pub port: Option<Range<usize>>,
    /// The path with its first slash.
    pub path: Range<usize>,
    /// The text between `?` and the fragment.
    pub query: Option<Range<usize>>,
}

impl Url {
    pub fn split(text: &str) -> Self {
        let bytes = text.as_bytes();
        // The first byte at or after `from` that ends a part.
        let end_of = |from: usize, is_end: fn(&u8) -> bool| {
            bytes[from..].iter().position(is_end).map_or(text.len(), |length| from + length)
        };
        let ends_authority = |byte: &u8| matches!(byte, b'/' | b'?' | b'#');
        let first = end_of(0, ends_authority);
        let has_scheme = text[..first].ends_with(':') && text[first..].starts_with("//");
        let scheme = has_scheme.then(|| 0..first - 1);
        let start = if has_scheme { first + "//".len() } else { 0 };
        let end = if has_scheme { end_of(start, ends_authority) } else { first };
        let userinfo = bytes[start..end].iter().rposition(|byte| *byte == b'@').map(|at| start..start + at);
        let host = userinfo.as_ref().map_or(start, |userinfo| userinfo.end + 1);
        let host_end = host + split_port(&text[host..end]).0.len();
        let path_end = end_of(end, |byte| matches!(byte, b'?' | b'#'));
        let fragment = end_of(path_end, |byte| *byte == b'#');
        Self {
            scheme,
            authority: start..end,
            userinfo,
            host: host..host_end,
            port: (host_end < end).then(|| host_end + 1..end),
            path: end..path_end,
            query: (path_end < fragment).then(|| path_end + 1..fragment),
        }
    }
}

/// Splits `host:port` at the last colon, unless that colon is part of an IPv6 address in brackets.
pub(crate) fn split_port(address: &str) -> (&str, Option<&str>) {
    match address.bytes().rposition(|byte| byte == b':') {
        Some(colon) if !address.ends_with(']') => (&address[..colon], Some(&address[colon + 1..])),
        _ => (address, None),
    }
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn every_part_of_a_url_is_found() {
        let parts = |text: &'static str| {
            let url = Url::split(text);
            let [scheme, userinfo, port, query] =
                [url.scheme, url.userinfo, url.port, url.query].map(|part| part.map(|part| &text[part]));
            (scheme, userinfo, &text[url.host], port, &text[url.path], query)
        };
        assert_eq!(
            parts("https://u:p@h.example:80/a@b?c=http://d#e?f"),
            (Some("https"), Some("u:p"), "h.example", Some("80"), "/a@b", Some("c=http://d"))
        );
        assert_eq!(parts("http://[::1]:8081"), (Some("http"), None, "[::1]", Some("8081"), "", None));
        assert_eq!(parts("http://[::1]"), (Some("http"), None, "[::1]", None, "", None));
        assert_eq!(parts("https://h?x"), (Some("https"), None, "h", None, "", Some("x")));
        assert_eq!(parts("https://h#x?y"), (Some("https"), None, "h", None, "", None));
        assert_eq!(parts("h.example:1"), (None, None, "h.example", Some("1"), "", None));
        assert_eq!(parts("h/?to=https://u:p@x"), (None, None, "h", None, "/", Some("to=https://u:p@x")));
        assert_eq!(parts("h:"), (None, None, "h", Some(""), "", None));
        assert_eq!(parts(""), (None, None, "", None, "", None));
    }
}
