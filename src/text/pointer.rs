//! JSON pointers (RFC 6901): their parts, and the escaping of keys.

use std::borrow::Cow;

/// The parts of a JSON pointer, still escaped.
pub(crate) fn parts(pointer: &str) -> impl Iterator<Item = &str> {
    pointer.split('/').skip(1)
}

/// One unescaped part of a JSON pointer (RFC 6901: `~1` is `/`, `~0` is `~`).
pub(crate) fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('~') { Cow::Owned(part.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(part) }
}

/// A key, escaped as one part of a JSON pointer.
pub(crate) fn escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { Cow::Owned(key.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(key) }
}
