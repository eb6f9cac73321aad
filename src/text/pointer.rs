//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// The parts of a JSON pointer, as they are written in it.
pub(crate) fn parts(pointer: &str) -> impl Iterator<Item = &str> {
    let cut = |text: &'_ str| text.bytes().position(|byte| byte == b'/');
    let mut rest = cut(pointer).map(|at| &pointer[at + 1..]);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = cut(all);
        rest = end.map(|at| &all[at + 1..]);
        Some(&all[..end.unwrap_or(all.len())])
    })
}

/// One part of a JSON pointer as it stands in a key (RFC 6901: `~1` is `/`, `~0` is `~`).
pub(crate) fn unescape(part: &str) -> Cow<'_, str> {
    if part.bytes().any(|byte| byte == b'~') {
        Cow::Owned(part.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(part)
    }
}

/// A key as one part of a JSON pointer.
pub(crate) fn escape(key: &str) -> Cow<'_, str> {
    if key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}
