//! Property tests of the JSON parser.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostic;

/// Texts that are JSON or almost JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        6 => prop::sample::select(vec!["{", "}", "[", "]", ",", ":", "\"", " ", "\n", "\r\n", "\t"]),
        3 => prop::sample::select(vec!["\"a\"", "\"b\"", "\"\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\x\"", "\"é😀\""]),
        3 => prop::sample::select(vec![
            "0", "-0", "1", "-", "01", "1.5", "0.1e-7", "1e999", "-1e999", "18446744073709551616", "1.", ".5", "1e5", "0x1", "9007199254740993",
        ]),
        2 => prop::sample::select(vec!["true", "false", "null", "True", "NaN", "tru", "nul", "a", "é"]),
        1 => prop::sample::select(vec!["//", "/*", "*/", "#", "'", "\\", "=", ";", "“", "”", "\u{FEFF}", "\u{a0}", "\u{0}", "{{ a }}", "${a}"]),
    ];
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

/// JSON texts with random values and layouts.
fn json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0",
            "1e5",
            "1E+2",
            "0.1e-7",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "1e308",
            "1e999",
            "-1e999",
            "123456789012345678901234567890.5",
            "\"\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\u{7f}é\"",
        ])
        .prop_map(str::to_owned),
        any::<f64>().prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| Value::from(text).to_string()),
    ];
    scalar.prop_recursive(4, 40, 5, |inner| {
        let key = prop::sample::select(vec!["\"a\"", "\"b\"", "\"\\u0061\"", "\"\"", "\"c\\n\""]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((key, inner), 0..5).prop_map(|members| {
                let members = members.into_iter().map(|(key, value)| format!("{key}:\n {value}")).collect::<Vec<_>>();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// A valid definition with some bytes replaced, removed or inserted.
fn mutated() -> impl Strategy<Value = String> {
    let edit =
        (any::<prop::sample::Index>(), 0..3_usize, prop::sample::select(b"{}[]:,\"\\'/*#=; \n\ra1\x01".to_vec()));
    (prop::sample::select(VALID), prop::collection::vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, what, byte) in edits {
            let at = at.index(bytes.len());
            match what {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, byte),
                _ => bytes[at] = byte,
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The strict parser finds no mistake exactly if `serde_json` finds none, and then both have the same values.
fn agrees(text: &str) -> Result<(), TestCaseError> {
    let reading = strict(text);
    let bare = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match serde_json::from_str::<Value>(bare) {
        Ok(value) => {
            prop_assert!(reading.flaws.is_empty(), "{:?} in {text:?}", reading.flaws);
            prop_assert_eq!(reading.document.root().to_json(), value);
            prop_assert!(!reading.document.damaged);
        }
        // JSON limits no number (RFC 8259, section 6); serde_json limits them to what a 64-bit float holds.
        Err(error) if error.to_string().starts_with("number out of range") => {}
        Err(error) => prop_assert!(!reading.flaws.is_empty(), "{error} in {text:?}"),
    }
    Ok(())
}

fn holds(text: &str) {
    for reading in [strict(text), with_comments(text)] {
        check_spans(&reading.document);
        check_flaws(&reading);
        assert!(reading.document.damaged <= !reading.flaws.is_empty());
    }
}

/// Found by the property below: the label was on the first byte of a word, as if it were a quote.
#[test]
fn a_word_has_no_opening_quote() {
    for text in ["{é{{0:\"a\"", "{éfalse}{:1.5:[\"é\"\u{feff}:-0\"\"\"0\"-\"18446744073709551616["] {
        holds(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strict_reading_accepts_what_serde_json_accepts(text in nearly_json()) {
        agrees(&text)?;
    }

    #[test]
    fn strict_reading_reads_what_serde_json_reads(text in json()) {
        agrees(&text)?;
        holds(&text);
    }

    #[test]
    fn strings_equal_those_of_serde_json(text in any::<String>(), odd in "\"(\\\\[\"ntu/x]|[0-9a-fd]{4}|é){0,6}\"") {
        let quoted = Value::from(text.as_str()).to_string();
        let document = strict(&quoted).document;
        prop_assert_eq!(document.root().as_str(), Some(text.as_str()));
        if let Ok(reported) = serde_json::from_str::<String>(&odd) {
            let document = strict(&odd).document;
            prop_assert_eq!(document.root().as_str(), Some(reported.as_str()));
            let object = format!("{{{odd}: 1}}");
            let document = strict(&object).document;
            prop_assert_eq!(document.key(1), reported.as_str());
        }
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        agrees(&text)?;
        holds(&text);
    }

    #[test]
    fn nearly_json_keeps_every_span_in_place(text in nearly_json()) {
        holds(&text);
    }

    #[test]
    fn damaged_definitions_keep_every_span_in_place(text in mutated()) {
        agrees(&text)?;
        holds(&text);
    }

    /// A fix of a syntax error removes at least one, and changes only commas and comments.
    #[test]
    fn fixes_of_syntax_errors_leave_fewer(text in prop_oneof![nearly_json(), mutated()]) {
        let reading = strict(&text);
        let reported = |flaws: &[Diagnostic]| flaws.iter().filter(|flaw| flaw.rule.name == "syntax-error").count();
        for fix in reading.flaws.iter().filter_map(|flaw| flaw.fix.as_ref()) {
            let (fixed, _) = crate::fix::apply(&text, [fix.edits.as_slice()]);
            let again = strict(&fixed);
            prop_assert!(reported(&again.flaws) < reported(&reading.flaws) || reported(&reading.flaws) > 50, "{text:?} {fixed:?}");
            prop_assert_eq!(again.document.root().to_json(), reading.document.root().to_json(), "{:?}", fixed);
        }
    }

    #[test]
    fn safe_fixes_terminate(text in prop_oneof![nearly_json(), mutated()]) {
        let report = crate::check(&Source::new("a.json", text));
        let fixed = report.fixed(crate::diagnostic::Applicability::Safe);
        let again = crate::check(&Source::new("a.json", fixed.clone()));
        prop_assert_eq!(again.fixed(crate::diagnostic::Applicability::Safe), fixed);
    }
}

#[test]
fn a_run_ends_at_the_first_byte_that_is_not_plain() {
    let plain = "aé\u{7f}😀 ~!#[]".repeat(2);
    for end in ["\"", "\\", "\u{0}", "\u{1f}", "\n"] {
        for (at, _) in plain.char_indices() {
            let text = format!("{}{end}{}\"\u{1}", &plain[..at], &plain[at..]);
            let (end, is_suspect) = end_of_run::<true>(text.as_bytes(), 0);
            assert_eq!(end, at, "{text:?}");
            // The fast check may have false positives, but no false negatives.
            assert!(is_suspect || !text[..at].bytes().any(crate::text::placeholder::is_suspect), "{text:?}");
        }
    }
    assert_eq!(end_of_run::<true>(plain.as_bytes(), 0), (plain.len(), false));
}

#[test]
fn numbers_may_have_any_size() {
    for text in ["1e308", "1e309", "-1e309", "0.001e311", "1e-999999999999", "1e999999999999", &"9".repeat(400)] {
        assert!(strict(text).flaws.is_empty(), "{text}");
    }
}

#[test]
fn both_parsers_have_the_same_depth_limit() {
    for (opener, closer) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [126, 127, 128, 129, 5000] {
            let text = format!("{}1{}", opener.repeat(depth), closer.repeat(depth));
            assert_eq!(strict(&text).flaws.is_empty(), serde_json::from_str::<Value>(&text).is_ok(), "{depth}");
            if depth > 127 {
                assert_eq!(strict(&text).flaws[0].rule.name, "too-deep");
                // The same text after a mistake.
                let rules =
                    strict(&format!("[1 2, {text}")).flaws.iter().map(|flaw| flaw.rule.name).collect::<Vec<_>>();
                assert_eq!(rules, ["syntax-error", "too-deep"]);
            }
        }
    }
}

#[test]
fn duplicates_keep_both_positions() {
    for text in ["{\"a\": 1, \"\\u0061\": 2}", "{\"a\": 1 \"a\": 2}", "{a: 1, 'a': 2}"] {
        let document = strict(text).document;
        assert_eq!(document.table.duplicates.len(), 1, "{text}");
        assert_eq!(document.root().to_json(), serde_json::json!({"a": 2}));
    }
}
