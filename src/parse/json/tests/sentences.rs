//! The messages, their positions and their help.

use std::fmt::Write as _;

use super::*;

/// A text for a snapshot, with `«` and `»` around the primary mark.
fn marked(text: &str, span: Span) -> String {
    format!("{}«{}»{}", &text[..span.start], &text[span.start..span.end], &text[span.end..]).escape_debug().to_string()
}

fn reported(texts: &[&str], flavor: Flavor) -> String {
    let mut reported = String::new();
    for text in texts {
        let reading = parse(&Source::new("a.json", *text), flavor);
        check_flaws(&reading);
        check_spans(&reading.document);
        assert!(!reading.flaws.is_empty(), "{text}");
        writeln!(reported, "{}", text.escape_debug().to_string().replace("\\\"", "\"")).unwrap();
        for flaw in &reading.flaws {
            let shown = marked(text, flaw.span()).replace("\\\"", "\"");
            writeln!(reported, "  {}\n    at      {shown}", flaw.message).unwrap();
            if !flaw.labels[0].message.is_empty() {
                writeln!(reported, "    label   {}", flaw.labels[0].message).unwrap();
            }
            for label in &flaw.labels[1..] {
                writeln!(reported, "    and     {:?} {}", label.span, label.message).unwrap();
            }
            if let Some(help) = &flaw.help {
                writeln!(reported, "    help    {help}").unwrap();
            }
            if let Some(fix) = &flaw.fix {
                assert_eq!(fix.applicability, crate::diagnostic::Applicability::Safe);
                let (fixed, _) = crate::fix::apply(text, [fix.edits.as_slice()]);
                writeln!(
                    reported,
                    "    fix     {}: {}",
                    fix.title,
                    fixed.escape_debug().to_string().replace("\\\"", "\"")
                )
                .unwrap();
            }
        }
        writeln!(reported, "  = {}\n", reading.document.root().to_json()).unwrap();
    }
    reported
}

#[test]
fn each_mistake_has_its_sentence() {
    let texts = [
        // Commas and colons.
        "{\"a\": 1 \"b\": 2}",
        "[1 2]",
        "{\"a\": 1,, \"b\": 2}",
        "{, \"a\": 1}",
        "[,1]",
        "{\"a\" 1}",
        "{\"a\":: 1}",
        "{\"a\", 1}",
        "{\"a\": 1: \"b\": 2}",
        "{\"a\" = 1}",
        "{\"a\" => 1}",
        "{\"a\": 1; \"b\": 2}",
        "{\"a\": , \"b\": 2}",
        "{\"a\": }",
        "{\"a\", \"b\": 2}",
        "{\"a\"}",
        // Not JSON, but JSONC.
        "{\"a\": 1,}",
        "[1,\n]",
        "{\"a\": 1 // remark\n}",
        "/* remark */ {}",
        "{\"a\": 1 # remark\n}",
        "{\"a\": 1 /* remark\n}",
        // Quotes.
        "{'a': 'it\\'s'}",
        "{“a”: “b”}",
        "{a: 1, \"b\": 2}",
        "{\"a\": b c, \"d\": 2}",
        "{\"a\": b\", \"c\": 2}",
        "{\"a: 1, \"b\": 2}",
        "{\n  \"a\": \"b,\n  \"c\": 2\n}",
        "{\"a\": \"b\"\", \"c\": 2}",
        "{\"a\": \"say \"hi\" now\", \"c\": 2}",
        "{\"a\": \"one\ntwo\nthree\", \"c\": 2}",
        "{1: 2, true: 3}",
        "{\"a\": {{ .Values.b }}, \"c\": ${d}}",
        // Words and numbers.
        "[True, None, undefined, NaN, -Infinity]",
        "[007, -01.5, +1, .5, -.5, 1., 0x1F, 1.2.3, 1e]",
        // Inside strings.
        "{\"a\": \"b\tc\", \"d\u{1}\": \"\\x\", \"e\": \"\\ud800\", \"f\": \"\\u12\"}",
        "{\"C:\\dir\": 1}",
        // Brackets.
        "{\"a\": {\"b\": 1, \"c\": 2}",
        "{\"a\": [1, 2}",
        "{\"a\": [1, 2), \"b\": 1}",
        "{\"a\": [1, 2}, \"b\": {\"c\": 1]}",
        "{\"a\": \"b\", \"c\": 2",
        "{\"a\": {\"b\": [1",
        "{\"a\": {\"b\": [1,",
        "{\"a\": {\"b\":",
        "{\"a\": {\"b\"",
        "{\"a\": {\"b\": \"c",
        "{\"a\": 1}}",
        "{\"a\": 1}]",
        "\"a\": 1}",
        "{\"a\": \"b\": 1}}",
        "{\"a\": {{\"b\": 1}}",
        // Text after the end, and text that is not JSON.
        "{\"a\": 1} {\"b\": 2}",
        "{\"a\": 1}\nremark",
        "{\"a\": 1} //x",
        "hello",
        "type: Kafka\nname: x\n",
        "<xml/>",
        "\u{FEFF}{\"a\": 1 \"b\": 2}",
        "{\"a\":\u{a0}1}",
        "}",
        ",",
        "\"",
        "\\",
        "'",
    ];
    insta::assert_snapshot!(reported(&texts, Flavor::Strict));
}

#[test]
fn comments_and_trailing_commas_are_part_of_jsonc() {
    let reading = with_comments("// one\n{\"a\": [1, /* two */ 2,], \"b\" 3,}");
    assert_eq!(reading.flaws.len(), 1, "{:?}", reading.flaws);
    assert_eq!(reading.flaws[0].message, "expected `:` after this field name, found a number");
    assert_eq!(reading.document.comments.len(), 2);
    insta::assert_snapshot!(reported(
        &["{/* a", "{\"a\": 1} /* b", "{\"a\": 1 # c\n}", "{\"a\": 1,,}"],
        Flavor::WithComments
    ));
}

#[test]
fn a_text_with_nothing_but_comments_and_commas_is_not_damaged() {
    let reading = strict("{\"a\": [1,], // x\n}");
    assert_eq!(reading.flaws.len(), 3);
    assert!(!reading.document.damaged);
    assert_eq!(reading.document.comments.len(), 1);
    assert!(strict("{\"a\": [1,], 'b': 1}").document.damaged);
    assert!(strict("{\"a\": [1,] \"b\": 1}").document.damaged);
}

#[test]
fn no_message_quotes_the_text() {
    for text in [
        "{\"a\": sesame}",
        "{\"a\": \"x\" \"sesame\"}",
        "{\"password\": \"se\"same\", \"b\": 1}",
        "{\"a\": 'sesame'}",
        "sesame",
    ] {
        for flaw in strict(text).flaws {
            let words = format!("{flaw:?}");
            assert!(!words.contains("same"), "{words}");
        }
    }
}

#[test]
fn several_mistakes_are_reported_at_their_positions() {
    let text = KAFKA
        .replace("\"username\": \"app\",", "\"username\": \"app\"")
        .replace("\"protocol\": ", "\"protocol\" ")
        .replace("\"acks\"", "\"acks")
        .replace("\"group.id\": \"a\"", "group.id\": \"a\"")
        .replace("\"type\": \"PRIVATE_LINK\",", "\"type\": \"PRIVATE_LINK\",,");
    let reading = strict(&text);
    let reported = reading.flaws.iter().map(|flaw| &*flaw.message).collect::<Vec<_>>();
    assert_eq!(
        reported,
        [
            "expected `,` or `}` after this field, found a string",
            "expected `:` after this field name, found a string",
            "missing opening quote of a string",
            "extra comma",
        ]
    );
    assert_eq!(reading.document.root().to_json(), serde_json::from_str::<Value>(KAFKA).unwrap());
}

#[test]
fn mistakes_beyond_the_limit_are_counted() {
    let many = format!("[{}]", "01, ".repeat(80) + "1");
    let reading = strict(&many);
    assert_eq!(reading.flaws.len(), 51);
    assert_eq!(reading.flaws[50].message, "the text has more than 50 mistakes: 30 more are not shown");
    let hard = format!("[{}]", "1 ".repeat(80) + "1");
    let reading = strict(&hard);
    assert_eq!(reading.flaws.len(), 51);
    assert_eq!(reading.flaws[50].message, "the text has more than 50 mistakes: 30 more are not shown");
}

#[test]
fn deep_nesting_after_a_mistake_is_too_deep() {
    for text in [
        format!("{{\"a\" 1, \"b\": {}", "[".repeat(100_000)),
        format!("x{}", "{\"a\":".repeat(100_000)),
        "[,".repeat(100_000),
    ] {
        let reading = strict(&text);
        assert!(
            reading.flaws.len() <= 52
                && reading.flaws.iter().any(|flaw| matches!(flaw.rule.name, "too-deep" | "syntax-error")),
            "{:?}",
            reading.flaws
        );
    }
    let reading = strict(&format!("{{\"a\" 1, \"b\": {}", "[".repeat(100_000)));
    let rules = reading.flaws.iter().map(|flaw| flaw.rule.name).collect::<Vec<_>>();
    assert_eq!(rules, ["syntax-error", "too-deep"]);
}
