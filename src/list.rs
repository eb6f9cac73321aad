//! Words one after the other.

/// Words with something between them. (What the standard library has for it is compiled for any separator and slice.)
pub(crate) fn joined<'w>(words: impl IntoIterator<Item = &'w str>, between: &str) -> String {
    let mut joined = String::new();
    push(&mut joined, &mut words.into_iter(), between);
    joined
}

fn push(joined: &mut String, words: &mut dyn Iterator<Item = &str>, between: &str) {
    for (at, word) in words.enumerate() {
        if at > 0 {
            joined.push_str(between);
        }
        joined.push_str(word);
    }
}
