//! The values that a report may show, and the mask for all others.

use std::borrow::Cow;
use std::ops::Range;

use crate::atlas::Kind;
use crate::atlas::fields::{CONFIG_KEYS, Field, LISTED_VALUES, Show};
use crate::text::ends_with_ignore_case;
use crate::text::placeholder;
use crate::text::placeholder::ValueState;
use crate::text::pointer::{escape, parts, unescape};
use crate::text::url::{Url, split_port};

/// Replaces a hidden value. It always has the same width, because the length may also reveal something.
pub(crate) const MASK: &str = "***";

/// Longest key or value that a report shows, in characters: names and words are shorter, and most tokens are longer.
const LONGEST: usize = 64;

/// Longest ARN that a report shows, in characters: 31 before the name of a role, and 64 for the name.
const LONGEST_ARN: usize = 95;

/// Characters in the values of Kafka settings, in addition to word characters.
pub(crate) const OF_SETTINGS: &str = ",";

/// Whether a report may show a value of a public field: it is on one line, short, and consists of word characters
/// (letters, digits, `.`, `-` and `_`) and the field's own `marks`. Spellings of a type, such as `AWS Lambda`, are
/// always shown. Everything that prints a value calls this.
pub(crate) fn may_be_shown(text: &str, marks: &str) -> bool {
    let longest = if text.starts_with("arn:") { LONGEST_ARN } else { LONGEST };
    // All marks are ASCII, so comparing bytes is enough.
    let is_of_values = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') || marks.as_bytes().contains(&byte)
    };
    let is_short = text.len() <= longest;
    is_short && ((text.bytes().all(is_of_values) && !looks_secret(text)) || Kind::is_spelling(text))
}

/// Whether a text consists of words and does not look like a token: digits are only at the ends of its words. A text
/// that is a name only by its position (a variable, a key in a damaged text) is shown if it also looks like one.
pub(crate) fn is_name(text: &str) -> bool {
    let is_word = |word: &str| {
        let inside = word.trim_matches(|c: char| c.is_ascii_digit());
        inside.chars().all(|c| c.is_ascii_alphabetic())
    };
    let is_between = |c: char| matches!(c, '.' | '-' | '_' | '/' | '$' | '[' | ']');
    !text.is_empty() && text.len() <= LONGEST && text.split(is_between).all(is_word)
}

/// A value of a public field, quoted for a message; `None` if it may not be shown.
pub(crate) fn quoted(text: &str, marks: &str) -> Option<String> {
    may_be_shown(text, marks).then(|| format!("`{text}`"))
}

/// The name of a connection or workspace, quoted for a message.
pub(crate) fn quoted_name(name: &str) -> Option<String> {
    quoted(name, Field::Name.row().marks)
}

/// How certain it is that the keys of a text are keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Each key is certain.
    Certain,
    /// A key of several words may consist of a value and the next key: in YAML, a wrong line break joins them.
    MayBeJoined,
    /// The text is damaged, and each key may be a part of a password.
    Uncertain,
}

/// A key as a report may show it. Uncertain keys are shown only if they are known words.
pub(crate) fn shown_key(key: &str, keys: Keys) -> Cow<'_, str> {
    if holds_a_secret(key) {
        return Cow::Borrowed(MASK);
    }
    let known = Field::named(key).next().is_some() || CONFIG_KEYS.contains(&key);
    // A trailing colon has no value after it.
    let plain = key.len() <= LONGEST
        && key.strip_suffix(':').unwrap_or(key).chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '/') || (c == ' ' && keys == Keys::Certain)
        });
    if known || (plain && keys != Keys::Uncertain) { Cow::Borrowed(key) } else { Cow::Borrowed(MASK) }
}

/// Whether a key consists of a name and a secret: YAML parses `{ password hunter2 }`, where the colon is missing, as a
/// field without a value.
fn holds_a_secret(key: &str) -> bool {
    let Some((name, _)) = key.split_once(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=')) else {
        return false;
    };
    Field::named(name).any(Field::is_secret) || is_secret_config_key(name) || is_secret_header(name)
}

/// The name of a connection as a report may show it: neither a connection string that was pasted instead, nor text that
/// a wrong indentation adds.
pub(crate) fn shown_name(name: &str) -> &str {
    // A blank name counts as missing.
    if may_be_shown(name, Field::Name.row().marks) || name.bytes().all(|byte| byte == b' ') { name } else { MASK }
}

/// The parts of a URL that a report may show, as ranges of bytes in rising order: the scheme with `://`, and host and
/// port with the characters next to them. Paths contain webhook tokens, so a path is shown only if it is one of a few
/// known words; queries and user information contain credentials. An invalid part is empty.
pub(crate) fn shown_of_url(text: &str) -> [Range<usize>; 2] {
    let url = Url::split(text);
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
    let is_scheme =
        |scheme: &Range<usize>| (1..=16).contains(&scheme.len()) && text[scheme.clone()].chars().all(is_of_scheme);
    let Some(start) = url.scheme.filter(is_scheme).map(|_| url.authority.start) else { return [0..0, 0..0] };
    let (host, end) = (url.host.start, url.authority.end);
    // A slash in a password makes the user name look like the host.
    if !is_host_and_port(&text[host..end]) || text[end..].contains('@') {
        return [0..start, start..start];
    }
    let mark = text[end..].chars().next().map_or(0, char::len_utf8);
    let shown = if is_path_of_words(&text[end..]) { text.len() } else { end + mark };
    [0..start, url.userinfo.map_or(host, |userinfo| userinfo.end)..shown]
}

/// Path words that describe the purpose of an address. Any other word may be a token, however short it is.
const PATH_WORDS: &[&str] = &[
    "alert", "alerts", "api", "app", "callback", "collect", "data", "event", "events", "health", "hook", "hooks", "in",
    "inbound", "ingest", "log", "logs", "message", "messages", "metrics", "notify", "oauth", "oauth2", "order",
    "orders", "out", "payments", "post", "public", "push", "registry", "rest", "sink", "source", "status", "stream",
    "streams", "test", "v1", "v2", "v3", "v4", "webhook", "webhooks",
];

/// Whether a path consists of at most three of these words: `/in`, `/api/v2/alerts`.
fn is_path_of_words(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|path| {
        let mut words = path.split(['/', '-']);
        words.clone().count() <= 3 && words.all(|word| PATH_WORDS.contains(&word))
    })
}

/// Whether a text is `host` or `host:port`, where the host is a name, an IPv4 address or an IPv6 address in brackets.
pub(crate) fn is_host_and_port(text: &str) -> bool {
    let (host, port) = split_port(text);
    let is_host = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|inside| {
            !inside.is_empty() && inside.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'))
        }),
        None => !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')),
    };
    is_host && port.is_none_or(|port| port.len() <= 6 && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a text in another field is a key, a certificate, or a connection string with a password.
pub(crate) fn looks_secret(text: &str) -> bool {
    let credentials = text.contains('@') && text.contains([':', '/']) && !text.contains("://");
    text.contains("-----BEGIN") || (credentials && !text.starts_with("arn:"))
}

/// A JSON pointer as a report may show it: keys that are not plain names are masked, as everywhere. A key may be a
/// whole line of a request, and after a syntax error it may extend over the quotes of others.
pub(crate) fn shown_pointer(pointer: &str, keys: Keys) -> Cow<'_, str> {
    // Nearly all keys are plain names. In a pointer, the slash of a key is written with a tilde.
    let is_of_a_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'~' | b'_' | b'-' | b'.' | b'$');
    if keys != Keys::Uncertain && pointer.len() <= LONGEST && pointer.bytes().all(is_of_a_name) {
        return Cow::Borrowed(pointer);
    }
    // In a damaged text, a key may be a value whose own key is missing, so it must look like a name.
    let shown_part = |part: &str| match keys {
        Keys::Uncertain if is_name(part) => shown_key(part, Keys::MayBeJoined).into_owned(),
        _ => shown_key(part, keys).into_owned(),
    };
    let shown = parts(pointer).map(|part| escape(&shown_part(&unescape(part))).into_owned());
    Cow::Owned(shown.fold(String::with_capacity(pointer.len()), |shown, part| shown + "/" + &part))
}

/// The pointer with dots between the keys.
pub(crate) fn shown_path(pointer: &str, keys: Keys) -> String {
    let shown = shown_pointer(pointer, keys);
    parts(&shown).map(unescape).collect::<Vec<_>>().join(".")
}

/// Whether a Kafka client setting of this name contains a secret: passwords, keys, tokens, and the login in
/// `sasl.jaas.config`. Kafka has many such names, so parts of the name decide.
pub(crate) fn is_secret_config_key(key: &str) -> bool {
    // `saslJaasConfig` is a different spelling of `sasl.jaas.config`.
    let is_inner_word = |at: usize| at > 0 && !key.as_bytes()[at - 1].is_ascii_uppercase();
    if !key.contains('.') && key.bytes().enumerate().any(|(at, byte)| byte.is_ascii_uppercase() && is_inner_word(at)) {
        let parts = key.char_indices().flat_map(|(at, c)| {
            (c.is_ascii_uppercase() && is_inner_word(at)).then_some('.').into_iter().chain([c.to_ascii_lowercase()])
        });
        return is_secret_config_key(&parts.collect::<String>()) || is_secret_lower_case_key(&key.to_ascii_lowercase());
    }
    is_secret_lower_case_key(&key.to_ascii_lowercase())
}

fn is_secret_lower_case_key(key: &str) -> bool {
    let is_address = [".url", ".uri", ".endpoint", ".location", ".path", ".file"].iter().any(|end| key.ends_with(end));
    let words = ["password", "passwd", "passphrase", "secret", "token", "jaas.config", "user.info"];
    let keys = ["ssl.key.pem", "ssl.keystore.key", "ssl_key", "private.key", "privatekey", "api.key", "apikey"];
    !is_address && (words.iter().chain(&keys).any(|word| key.contains(word)))
}

/// Whether a header of this name authenticates the caller. The endings are those of common services: `X-Auth-Token`,
/// `Private-Token`, `X-Api-Secret`, `DD-API-KEY`.
pub(crate) fn is_secret_header(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "apikey",
        "authorization",
        "cookie",
        "ocp-apim-subscription-key",
        "password",
        "proxy-authorization",
        "secret",
        "token",
        "x-apikey",
        "x-auth-key",
        "x-functions-key",
    ];
    const ENDS: &[&str] = &["-token", "_token", "-secret", "_secret", "api-key", "api_key", "-password"];
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
        || ENDS.iter().any(|end| ends_with_ignore_case(name, end))
}

/// The state of a header's value. The scheme before a credential is skipped, so `Bearer <token>` is a placeholder
/// and `Basic $LOGIN` is filled in.
pub(crate) fn header_state(name: &str, value: &str) -> ValueState {
    if !is_secret_header(name) {
        return placeholder::value_state(value, false);
    }
    let credential = match value.trim().split_once(' ') {
        Some((scheme, rest)) if !scheme.contains(['<', '$', '{']) => rest.trim_start(),
        _ => value,
    };
    match placeholder::value_state(credential, true) {
        ValueState::Known => placeholder::value_state(value, true),
        value_state => value_state,
    }
}

/// A pattern from the user's settings, for one line of a message: control characters and direction marks are
/// replaced, and a long pattern is cut.
pub(crate) fn quoted_pattern(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push('`');
    for (at, character) in text.chars().enumerate() {
        if at == LONGEST {
            shown.push('…');
            break;
        }
        shown.push(if is_hostile(character) || character == '`' { '\u{FFFD}' } else { character });
    }
    shown.push('`');
    shown
}

/// Characters that affect a terminal or the order of a line instead of being visible.
pub(crate) fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Whether a value is in one of the API's lists. In a damaged text only these values are shown, at any
/// position.
pub(crate) fn is_known_word(text: &str) -> bool {
    LISTED_VALUES.contains(&text) || Kind::from_name(text).is_some()
}

/// Whether a value is in one of the API's lists, under a key that allows them: it is shown even if it is misplaced.
pub(crate) fn is_word_of(key: &str, text: &str) -> bool {
    is_known_word(text) && Field::named(key).any(|field| field.row().show == Show::Whole)
}

/// Whether the text of an edit cannot contain a secret: it consists of values of the API and of JSON punctuation.
pub(crate) fn is_harmless(written: &str) -> bool {
    let is_plain = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ':' | ',');
    written
        .split('"')
        .all(|part| part.chars().all(is_plain) || is_known_word(part) || Field::named(part).next().is_some())
}
