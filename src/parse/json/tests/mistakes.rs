//! One character too few or too many: exactly one finding, and everything else is unchanged.

use super::*;

/// The positions of the structural characters: brackets, commas, colons, and the quotes of strings.
fn structure(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let (mut inside, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => {
                inside = !inside;
                places.push(at);
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' if !inside => places.push(at),
            _ => {}
        }
    }
    places
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Delete,
    Double,
}

impl Change {
    fn make(self, text: &str, at: usize) -> String {
        let (before, behind) = text.split_at(at);
        match self {
            Self::Delete => format!("{before}{}", &behind[1..]),
            Self::Double => format!("{before}{}{behind}", &behind[..1]),
        }
    }

    fn moved(self, span: Span, at: usize) -> Span {
        let moved = |byte: usize| match self {
            Self::Delete if byte > at => byte - 1,
            Self::Double if byte > at => byte + 1,
            _ => byte,
        };
        Span::new(moved(span.start), moved(span.end))
    }
}

/// The difference from the expected result after one change; `None` if there is none.
fn problem(text: &str, at: usize, change: Change) -> Option<String> {
    let leaves = leaves(&strict(text).document);
    let broken = change.make(text, at);
    let reading = strict(&broken);
    check_spans(&reading.document);
    check_flaws(&reading);
    let shown = |what: String| {
        let (before, behind) = (&broken[at.saturating_sub(30)..at], &broken[at..broken.len().min(at + 30)]);
        Some(format!("{change:?} {:?} at {at}: {what}\n    {before:?} | {behind:?}", &text[at..=at]))
    };
    if reading.flaws.len() != 1 || reading.flaws[0].rule.name != "syntax-error" {
        let reported =
            reading.flaws.iter().map(|flaw| format!("{:?} {}", flaw.span(), flaw.message)).collect::<Vec<_>>();
        return shown(format!("{reported:?}"));
    }
    if !reading.document.damaged {
        return shown("not marked as damaged".to_owned());
    }
    for leaf in leaves {
        if leaf.members.iter().any(|member| (member.start..member.end).contains(&at)) {
            continue;
        }
        let (id, found) = reading.document.resolve(ROOT, &leaf.pointer);
        let span = reading.document.entry(id).span();
        let flagged = reading.document.entry(id).has(crate::document::Entry::UNKNOWN);
        let value = reading.document.value(id).to_json();
        if !found || value != leaf.value || span != change.moved(leaf.span, at) || flagged {
            return shown(format!("{} is lost: {}", leaf.pointer, reading.flaws[0].message));
        }
    }
    None
}

/// The valid texts above, and every valid JSON file among the examples and in the corpus.
fn valid_texts() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = VALID.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut folders = vec![root.join("examples"), root.join("tests/corpus")];
    while let Some(folder) = folders.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                texts.extend(std::fs::read_to_string(path).ok().filter(|text| strict(text).flaws.is_empty()));
            }
        }
    }
    texts
}

#[test]
fn one_character_too_few_or_too_many_is_one_mistake() {
    let mut failures = Vec::new();
    let mut all = 0;
    for (index, text) in valid_texts().iter().enumerate() {
        for at in structure(text) {
            for change in [Change::Delete, Change::Double] {
                all += 1;
                failures.extend(problem(text, at, change).map(|failure| format!("#{index} {failure}")));
            }
        }
    }
    assert!(all > 19_000, "{all}");
    assert!(failures.is_empty(), "{} of {all}:\n{}", failures.len(), failures.join("\n"));
}

/// The time is linear for any repeated text. These took minutes when it was quadratic.
#[test]
fn long_garbage_is_read_in_linear_time() {
    let parts = [
        "\"",
        "\"a",
        "a,",
        "a:",
        "\"a\"b",
        "{",
        "[",
        "}",
        "]",
        "{\"a\":",
        "[,",
        "'",
        "/*",
        "//",
        "\\",
        "${",
        "{{ a ",
        "=",
        "\"\n",
        "\"a\": \"b, ",
        "\"a\": b\", ",
        "\u{201C}",
        " ",
        "1 ",
        "\u{a0}",
        "\"}",
        "[\"a,\"",
        "a ${",
        "/* \"",
    ];
    for start in ["{", "[", "{\"a\": \""] {
        for part in parts {
            let reading = strict(&format!("{start}{}", part.repeat((1 << 13) / part.len())));
            assert!((1..=52).contains(&reading.flaws.len()), "{start} {part}");
        }
    }
}

/// The mistakes of a text, for the message of a failed test.
fn reported(text: &str) -> Vec<String> {
    let reading = strict(text);
    check_spans(&reading.document);
    check_flaws(&reading);
    reading.flaws.iter().map(|flaw| format!("{:?} {}", flaw.span(), flaw.message)).collect()
}

#[test]
fn a_text_that_is_cut_off_is_one_mistake() {
    for text in VALID {
        let whole = text.trim_end();
        for (at, _) in whole.char_indices().skip(1) {
            let reported = reported(&whole[..at]);
            assert_eq!(reported.len(), 1, "{:?} in {:?}", reported, &whole[..at]);
        }
    }
}

/// As if the user were typing in the middle of a text.
#[test]
fn a_line_that_is_cut_off_is_one_mistake() {
    for text in VALID.iter().filter(|text| text.lines().count() > 2) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.trim_end().len();
            let first = start + line.len() - line.trim_start().len();
            let has_brackets = line.contains(['{', '}', '[', ']']);
            for (at, _) in text.char_indices().filter(|(at, _)| !has_brackets && (first + 1..end).contains(at)) {
                let broken = format!("{}{}", &text[..at], &text[end..]);
                let reported = reported(&broken);
                // The last field is complete without its comma.
                assert!(reported.len() == 1 || (reported.is_empty() && at + 1 == end), "{reported:?} in {broken:?}");
            }
            start += line.len();
        }
    }
}

#[test]
fn two_separators_too_few_or_too_many_are_two_mistakes() {
    for text in VALID {
        let is_separator = |at: &usize| matches!(text.as_bytes()[*at], b',' | b':');
        let separators = structure(text).into_iter().filter(is_separator).collect::<Vec<_>>();
        for pair in separators.windows(2) {
            for change in [Change::Delete, Change::Double] {
                let broken = change.make(&change.make(text, pair[1]), pair[0]);
                let reported = reported(&broken);
                assert_eq!(reported.len(), 2, "{reported:?} in {broken:?}");
            }
        }
    }
}

/// Two characters too few or too many, seven apart: usually two mistakes. Two brackets of the same kind may balance.
#[test]
fn two_characters_too_few_or_too_many_are_mostly_two_mistakes() {
    let (mut all, mut right) = (0, 0);
    for text in VALID {
        let places = structure(text);
        for (first, second) in places.iter().zip(places.iter().skip(7)) {
            for (one, other) in [(Change::Delete, Change::Double), (Change::Double, Change::Delete)] {
                all += 1;
                right += usize::from(reported(&one.make(&other.make(text, *second), *first)).len() == 2);
            }
        }
    }
    assert!(right * 100 >= all * 97, "{right} of {all}");
}
