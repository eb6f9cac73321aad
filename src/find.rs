//! A text within a text. What the standard library has for it is made for long needles, and weighs kilobytes in the wasm;
//! these are all short, and known beforehand.

/// Where `part`, which is not empty, stands in `text`.
fn places(text: &str, part: &str) -> impl DoubleEndedIterator<Item = usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let starts = (text.len() + 1).saturating_sub(part.len());
    (0..starts).filter(move |&at| text[at] == part[0] && text[at..].starts_with(part))
}

/// As [`str::find`].
pub fn first(text: &str, part: &str) -> Option<usize> {
    places(text, part).next()
}

/// As [`str::rfind`].
pub fn last(text: &str, part: &str) -> Option<usize> {
    places(text, part).next_back()
}

/// As [`str::contains`].
pub fn contains(text: &str, part: &str) -> bool {
    first(text, part).is_some()
}

/// As [`str::split_once`].
pub fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    first(text, part).map(|at| (&text[..at], &text[at + part.len()..]))
}

/// As [`str::rsplit_once`].
pub fn rsplit_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    last(text, part).map(|at| (&text[..at], &text[at + part.len()..]))
}

/// As [`str::trim_start_matches`].
pub fn trim_start<'t>(mut text: &'t str, part: &str) -> &'t str {
    while let Some(rest) = text.strip_prefix(part) {
        text = rest;
    }
    text
}

/// As [`str::replace`].
pub fn replace(text: &str, part: &str, with: &str) -> String {
    let (mut rest, mut replaced) = (text, String::new());
    while let Some((before, after)) = split_once(rest, part) {
        replaced.push_str(before);
        replaced.push_str(with);
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_found_as_the_standard_library_finds_them(text in "[ab:é/]{0,12}", part in "[ab:é/]{1,3}") {
            let (text, part) = (text.as_str(), part.as_str());
            prop_assert_eq!(first(text, part), text.find(part));
            prop_assert_eq!(last(text, part), text.rfind(part));
            prop_assert_eq!(contains(text, part), text.contains(part));
            prop_assert_eq!(split_once(text, part), text.split_once(part));
            prop_assert_eq!(rsplit_once(text, part), text.rsplit_once(part));
            prop_assert_eq!(trim_start(text, part), text.trim_start_matches(part));
            prop_assert_eq!(replace(text, part, "ab"), text.replace(part, "ab"));
        }
    }
}
