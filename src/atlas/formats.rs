//! The string formats of connection definitions: a function for each, and the pattern that the schemas publish for it.
//!
//! Editors use the pattern, the program uses the function, and `src/schema/tests.rs` checks that they are equal. No
//! regular expression is evaluated here, so no regex engine is linked. Every function reads its text once, from left to
//! right.
//!
//! `build.rs` includes this file and `text/url.rs`, so nothing here may use the rest of the crate. A new format is one
//! function and one entry in [`FORMATS`]; the function is called `is_` and the format's name.

use std::ops::Range;

use crate::text::url::{Url, split_port};

/// A string format.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(test), expect(dead_code, reason = "build.rs and the tests read the patterns"))]
pub struct Format {
    /// The name of the `format` in the compiled schemas, such as `object-id`.
    pub name: &'static str,
    /// The regular expression of the `pattern` in the published schemas: ECMA-262, anchored, without look-around.
    pub pattern: &'static str,
    /// The same check as `pattern`, as a function.
    pub check: fn(&str) -> bool,
    /// The rule that reports a text in another format. `None` if a rule checks the text itself in more detail; the
    /// compiled schemas then skip the format.
    pub rule: Option<&'static str>,
}

/// Every format, in no particular order.
pub static FORMATS: &[Format] = &[
    format("object-id", "^[a-f0-9]{24}$", is_object_id, Some("malformed-id")),
    format("connection-name", "^[A-Za-z0-9.*_-]+$", is_connection_name, Some("malformed-name")),
    format(
        "service-principal-id",
        "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        is_service_principal_id,
        Some("malformed-service-principal"),
    ),
    format("storage-account-name", "^[a-z0-9]{3,24}$", is_storage_account_name, Some("malformed-storage-account")),
    format(
        "service-account-email",
        r"^[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*\.iam\.gserviceaccount\.com$",
        is_service_account_email,
        Some("malformed-service-account"),
    ),
    format("cluster-name", "^[A-Za-z0-9][A-Za-z0-9-]*$", is_cluster_name, None),
    format(
        "role-arn",
        "^arn:(aws|aws-us-gov|aws-cn):iam::[0-9]{12}:role/([!-~]+/)?[A-Za-z0-9_+=,.@-]+$",
        is_role_arn,
        None,
    ),
    format("bucket-name", "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", is_bucket_name, None),
    format(
        "http-url",
        r"^[Hh][Tt][Tt][Pp][Ss]?://([^\x00-\x20\x7F/?#@]*@)?(\[[0-9A-Fa-f:.]+\]|([0-9A-Za-z]|[^\x00-\x7F])([0-9A-Za-z._-]|[^\x00-\x7F])*)(:[0-9]{1,5})?([/?#][^\x00-\x20\x7F]*)?$",
        is_http_url,
        None,
    ),
    format(
        "bootstrap-servers",
        r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[1-9][0-9]{0,4}(,(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[1-9][0-9]{0,4})*$",
        is_bootstrap_servers,
        None,
    ),
    format("oauth-extensions", r"^[A-Za-z]+=[ -+\x2D-~]+(,[A-Za-z]+=[ -+\x2D-~]+)*$", is_oauth_extensions, None),
];

const fn format(
    name: &'static str,
    pattern: &'static str,
    check: fn(&str) -> bool,
    rule: Option<&'static str>,
) -> Format {
    Format { name, pattern, check, rule }
}

/// The id of anything in Atlas (project, cluster's project, private endpoint): 24 hexadecimal digits, lower case.
///
/// Source: evidence.md GEN-006, NET-003; the API's own pattern for these fields.
pub fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of a connection or a workspace: letters, digits, `.`, `-`, `*` and `_`; no length is documented.
///
/// Source: evidence.md GEN-003 (Atlas enforces it since 2026-06-05), GEN-013.
pub fn is_connection_name(text: &str) -> bool {
    some(text, |b| is_of_host(b) || b == b'*')
}

/// The id of an Azure service principal: a UUID in groups of 8, 4, 4, 4 and 12 hexadecimal digits, in any case.
///
/// Source: evidence.md AZB-001; the API's sibling schema calls it a UUID.
pub fn is_service_principal_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// The name of an Azure storage account: 3 to 24 lowercase letters and digits.
///
/// Source: evidence.md AZB-002.
pub fn is_storage_account_name(text: &str) -> bool {
    (3..=24).contains(&text.len()) && text.bytes().all(is_lower_or_digit)
}

/// The email address of a Google Cloud service account, `…@….iam.gserviceaccount.com`. The part before `.iam` may
/// contain dots (projects that belong to a domain). Uppercase letters are not allowed in either part.
///
/// Source: evidence.md GCP-001; Google's rules for project and service account ids.
pub fn is_service_account_email(text: &str) -> bool {
    let part = |part: &str| {
        part.bytes().next().is_some_and(is_lower_or_digit)
            && part.bytes().all(|b| is_lower_or_digit(b) || matches!(b, b'.' | b'-'))
    };
    text.strip_suffix(".iam.gserviceaccount.com")
        .and_then(|rest| rest.split_once('@'))
        .is_some_and(|(account, project)| part(account) && part(project))
}

/// The name of an Atlas cluster: letters, digits and `-`, but no `-` at the start.
///
/// Source: evidence.md CLU-001.
pub fn is_cluster_name(text: &str) -> bool {
    !text.starts_with('-') && some(text, |b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The ARN of an IAM role in any of the three partitions: `arn:aws:iam::`, 12 digits, `:role/`, an optional path of
/// printable ASCII that ends in `/`, and the role's name. Lengths (64 for the name, 2,048 in total) are not checked.
///
/// Source: evidence.md AWS-002; the IAM user guide on identifiers.
pub fn is_role_arn(text: &str) -> bool {
    let partitions = ["arn:aws:iam::", "arn:aws-us-gov:iam::", "arn:aws-cn:iam::"];
    let Some(rest) = partitions.iter().find_map(|start| text.strip_prefix(start)) else { return false };
    let Some((account, rest)) = rest.as_bytes().split_first_chunk::<12>() else { return false };
    if !account.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let Some(role) = rest.strip_prefix(b":role/") else { return false };
    let (path, name) = match role.iter().rposition(|&b| b == b'/') {
        Some(at) => (Some(&role[..at]), &role[at + 1..]),
        None => (None, role),
    };
    path.is_none_or(|path| some(path, |b| b.is_ascii_graphic()))
        && some(name, |b| is_of_host(b) || matches!(b, b'+' | b'=' | b',' | b'@'))
}

/// The form of an S3 bucket name: 3 to 63 lowercase letters, digits, `.` and `-`, with a letter or digit at each end.
/// The rule checks what a pattern cannot express: `..`, IP addresses, reserved prefixes.
///
/// Source: evidence.md AWS-005; the S3 user guide on bucket names.
pub fn is_bucket_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|&b| is_lower_or_digit(b) || matches!(b, b'.' | b'-'))
        && is_lower_or_digit(bytes[0])
        && is_lower_or_digit(bytes[bytes.len() - 1])
}

/// An absolute `http` or `https` URL with a host; the scheme in any case. Userinfo, port (1 to 5 digits, whose range is
/// not checked), path, query and fragment are optional. Spaces and control characters are not allowed; letters beyond
/// ASCII are, because hosts may be written in any script.
///
/// Source: evidence.md HTP-001, SRG-002, SEC-009; RFC 3986, section 3, and RFC 3987 for the letters.
pub fn is_http_url(text: &str) -> bool {
    is_http(text, &Url::split(text))
}

/// As [`is_http_url`], for a URL that has been split.
pub fn is_http(text: &str, url: &Url) -> bool {
    let part = |range: &Option<Range<usize>>| range.clone().map(|range| &text[range]);
    let is_http = |scheme: &str| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    part(&url.scheme).is_some_and(is_http)
        && !text.bytes().any(|b| b <= b' ' || b == 0x7F)
        && part(&url.userinfo).is_none_or(|userinfo| !userinfo.contains('@'))
        && is_host_of_url(&text[url.host.clone()])
        && part(&url.port).is_none_or(|port| (1..=5).contains(&port.len()) && all_digits(port))
}

/// Kafka's bootstrap servers: `host:port`, several separated by commas, without spaces and without a scheme. A host
/// consists of letters, digits, `.`, `_` and `-`, or is an IPv6 address in brackets. A port has 1 to 5 digits without a
/// leading zero.
///
/// Source: evidence.md KAF-002, KAF-003, KAF-004, KAF-007.
pub fn is_bootstrap_servers(text: &str) -> bool {
    text.split(',').all(|server| {
        let (host, port) = split_port(server);
        (is_bracketed(host) || some(host, is_of_host))
            && port
                .is_some_and(|port| port.len() <= 5 && all_digits(port) && !port.starts_with('0') && !port.is_empty())
    })
}

/// SASL extensions of OAUTHBEARER: `key=value[,key=value]`. A key consists of ASCII letters, and a value of printable
/// ASCII without a comma; neither is empty.
///
/// Source: evidence.md SEC-010; RFC 7628, section 3.1, as Kafka clients read it.
pub fn is_oauth_extensions(text: &str) -> bool {
    text.split(',').all(|pair| {
        pair.split_once('=').is_some_and(|(key, value)| {
            some(key, |b| b.is_ascii_alphabetic()) && some(value, |b| matches!(b, b' '..=b'~'))
        })
    })
}

/// Whether the text is not empty and all its bytes are allowed.
fn some(text: impl AsRef<[u8]>, is_allowed: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_ref();
    !bytes.is_empty() && bytes.iter().all(|&byte| is_allowed(byte))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_lower_or_digit(b: u8) -> bool {
    matches!(b, b'a'..=b'z' | b'0'..=b'9')
}

/// Whether a byte may be part of a host name.
fn is_of_host(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')
}

/// `[2001:db8::1]`: checks the characters of an IPv6 address between brackets, not its grammar.
fn is_bracketed(text: &str) -> bool {
    text.strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .is_some_and(|inside| some(inside, |b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')))
}

fn is_host_of_url(text: &str) -> bool {
    is_bracketed(text)
        || (text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii())
            && text.bytes().all(|b| is_of_host(b) || !b.is_ascii()))
}
