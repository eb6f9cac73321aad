//! Header names and values that HTTP does not allow.

use crate::atlas::Kind;
use crate::atlas::fields::{Field, REMARKS};
use crate::connection::Connection;
use crate::diagnostic::{Findings, Rule};
use crate::text::placeholder;
use crate::text::placeholder::ValueState;

pub(crate) static MALFORMED_HEADER: Rule =
    Rule::warning("malformed-header", "an invalid HTTP header, which is never sent").on(&[Kind::Https]);

/// Neither names nor values are quoted, because a value may be in the position of the name.
pub(super) fn check(connection: &Connection, found: &mut Findings) {
    let headers = connection.get(Field::Headers);
    for item in headers.map() {
        if item.is_damaged() || REMARKS.contains(&item.key) {
            continue;
        }
        if let Some(flaw) = flaw_of_name(item.key) {
            let message = format!("a header name in `{}` {flaw}, so the header is never sent", headers.spelling());
            found
                .report(&MALFORMED_HEADER, message)
                .at_key(&item, "invalid header name")
                .help("use letters, digits and `-` in the name, and put the value into its own string");
        } else if item.known_str(false).is_some_and(has_control) {
            let message =
                format!("a header value in `{}` contains a control character, so it is never sent", headers.spelling());
            found
                .report(&MALFORMED_HEADER, message)
                .at(&item, "contains a control character")
                .help("write the value on one line; a value read from a file often ends in a line break");
        }
    }
}

/// Whether a text is a token of RFC 9110, section 5.6.2.
pub(crate) fn is_token(name: &str) -> bool {
    let is_of_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(is_of_token)
}

/// The problem of a header's name.
fn flaw_of_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if is_token(name) || placeholder::value_state(name, false) != ValueState::Known {
        None
    } else if name.contains(':') {
        Some("contains a colon")
    } else if name.contains(' ') {
        Some("contains a space")
    } else {
        Some("contains an invalid character")
    }
}

/// Control characters, except for the tab, which RFC 9110, section 5.5, allows inside a value.
pub(crate) fn has_control(value: &str) -> bool {
    value.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7F)
}
