//! Suggestions ("did you mean"): the nearest of some words, unless it is too different.

/// The word nearest to `wrong`, unless more than a third of its characters differ. In a word of three letters, one may
/// be missing.
pub fn nearest<'w>(wrong: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let folded = wrong.to_ascii_lowercase();
    let length = folded.chars().count();
    // No field's name is hundreds of characters long, and the time grows with the product of the lengths.
    if length > 64 {
        return None;
    }
    let distance = |word: &'w str| {
        let other = word.chars().count();
        let most = most_edits(other, length);
        // The distance is at least the difference of the lengths.
        let is_near = other.abs_diff(length) <= most;
        let distance = is_near.then(|| edit_distance(&folded, &word.to_ascii_lowercase()))?;
        (distance <= most).then_some((distance, word))
    };
    words.into_iter().filter_map(distance).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// The maximum number of edits between words of these lengths.
fn most_edits(one: usize, other: usize) -> usize {
    let is_short = one.max(other) == 3 && one.min(other) == 2;
    if is_short { 1 } else { one.min(other) / 3 }
}

/// Whether a name is a long word with one or two typos. Names in a different style are not typos.
pub fn is_slip(wrong: &str, word: &str) -> bool {
    const SHORTEST: usize = 8;
    let most = (word.len() / SHORTEST).min(2);
    let is_possible = most > 0 && wrong.len().abs_diff(word.len()) <= most && !wrong.contains(['-', '_', '.']);
    is_possible && wrong != word && edit_distance(wrong, word) <= most
}

/// The number of characters to change, add, delete or swap with the next. A common prefix adds nothing, and most
/// misspelled words share one with the intended word.
fn edit_distance(one: &str, other: &str) -> usize {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    let shared = same.map(|(character, _)| character.len_utf8()).sum::<usize>();
    strsim::osa_distance(&one[shared..], &other[shared..])
}

/// The words that a name may mean, at most three: those that begin with it, or else contain it, or else the
/// nearest ones. Listing a large part of the names would not help.
pub fn meant<'w>(wrong: &str, words: impl IntoIterator<Item = &'w str>) -> Vec<&'w str> {
    const MOST: usize = 3;
    const SHORTEST_PART: usize = 3;
    let (folded, words) = (wrong.to_ascii_lowercase(), words.into_iter().collect::<Vec<_>>());
    let those = |is_meant: &dyn Fn(&str) -> bool| {
        let all = words.iter().copied().filter(|word| is_meant(&word.to_ascii_lowercase())).collect::<Vec<_>>();
        (1..=MOST).contains(&all.len()).then_some(all)
    };
    let begun = || those(&|word| !folded.is_empty() && word.starts_with(&folded));
    let part = || those(&|word| folded.len() >= SHORTEST_PART && word.contains(&folded));
    begun().or_else(part).unwrap_or_else(|| nearest(wrong, words.iter().copied()).into_iter().collect())
}

/// Asks "did you mean" with these words; `None` without words.
pub fn question(words: &[&str]) -> Option<String> {
    let quoted = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    let (last, others) = quoted.split_last()?;
    let others = if others.is_empty() { String::new() } else { others.join(", ") + " or " };
    Some(format!("did you mean {others}{last}?"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_nearest_is_the_one_of_the_least_distance(
            wrong in "[aAbé]{0,12}",
            words in proptest::collection::vec("[aAbcé]{0,12}", 0..8),
        ) {
            let words = words.iter().map(String::as_str);
            let (folded, length) = (wrong.to_ascii_lowercase(), wrong.chars().count());
            let near = words.clone().filter_map(|word| {
                let distance = strsim::osa_distance(&folded, &word.to_ascii_lowercase());
                (distance <= most_edits(length, word.chars().count())).then_some((distance, word))
            });
            let nearest_of_all = near.min_by_key(|(distance, _)| *distance).map(|(_, word)| word);
            prop_assert_eq!(nearest(&wrong, words), nearest_of_all);
        }
    }

    #[test]
    fn a_prefix_match_precedes_a_similar_name() {
        let words =
            ["missing-field", "missing-credentials", "unused-credentials", "missing-port", "warning", "short-key"];
        let meant = |wrong: &str| question(&meant(wrong, words)).unwrap_or_default();
        assert_eq!(meant("missing-cred"), "did you mean `missing-credentials`?");
        assert_eq!(meant("Warn"), "did you mean `warning`?");
        assert_eq!(meant("missing"), "did you mean `missing-field`, `missing-credentials` or `missing-port`?");
        assert_eq!(meant("credentials"), "did you mean `missing-credentials` or `unused-credentials`?");
        assert_eq!(meant("missing-feild"), "did you mean `missing-field`?");
        assert_eq!([meant(""), meant("g"), meant("no such rule")], [""; 3]);
    }

    #[test]
    fn typos_are_only_in_long_words() {
        for wrong in ["bootstrapServer", "bootstrapServes", "bootsrapServers", "bootstrapserver"] {
            assert!(is_slip(wrong, "bootstrapServers"), "{wrong}");
        }
        for wrong in ["bootstrapServers", "bootstrap_servers", "bootstrap-servers", "bootstrap", "servers", ""] {
            assert!(!is_slip(wrong, "bootstrapServers"), "{wrong}");
        }
        assert!(is_slip("authentcation", "authentication") && !is_slip("authenticationRef", "authentication"));
        assert!(!is_slip("uri", "url") && !is_slip("connfig", "config"));
    }

    #[test]
    fn dissimilar_words_are_not_suggested() {
        let words = ["config", "security", "url"];
        assert_eq!(nearest("confg", words), Some("config"));
        assert_eq!(nearest("Config", words), Some("config"));
        assert_eq!(nearest("securty", words), Some("security"));
        assert_eq!(nearest("ul", words), Some("url"));
        assert_eq!(nearest("u", words), None);
        assert_eq!(nearest("uu", words), None);
        assert_eq!(nearest("zzz", words), None);
    }
}
