//! "Did you mean": the nearest of some words, with a cut-off beyond which a guess would be noise.

/// The word nearest to `wrong`, unless even that one differs in more than a third of its characters.
pub fn nearest<'w>(wrong: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    nearest_of(wrong, &mut words.into_iter())
}

/// Asked in many places, of mistakes only: once for all of them is enough.
fn nearest_of<'w>(wrong: &str, words: &mut dyn Iterator<Item = &'w str>) -> Option<&'w str> {
    let folded = wrong.to_ascii_lowercase();
    let length = folded.chars().count();
    // Nobody names a member with hundreds of characters, and the distance costs their product.
    if length > 64 {
        return None;
    }
    let distance = |word: &'w str| {
        let other = word.chars().count();
        let most = other.min(length) / 3;
        // The distance is never less than what one is longer than the other.
        let distance =
            (other.abs_diff(length) <= most).then(|| strsim::osa_distance(&folded, &word.to_ascii_lowercase()))?;
        (distance <= most).then_some((distance, word))
    };
    words.filter_map(distance).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn far_words_are_no_suggestion() {
        let words = ["config", "security", "url"];
        assert_eq!(nearest("confg", words), Some("config"));
        assert_eq!(nearest("Config", words), Some("config"));
        assert_eq!(nearest("securty", words), Some("security"));
        assert_eq!(nearest("ur", words), None);
        assert_eq!(nearest("zzz", words), None);
    }
}
