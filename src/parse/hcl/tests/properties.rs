//! Property tests of the HCL parser.

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Element, HeredocTemplate};
use proptest::prelude::*;

use super::super::scan;
use super::*;

/// Checks that every span is on character boundaries, and that children are inside their parents and in order.
fn holds(text: &str) {
    let reading = hcl(text);
    let document = &reading.document;
    let good = |span: crate::text::Span| span.start <= span.end && text.get(span.start..span.end).is_some();
    for id in 0..document.table.entries.len() {
        #[expect(clippy::cast_possible_truncation, reason = "a test's text is short")]
        let id = id as EntryId;
        let entry = document.entry(id);
        assert!(good(entry.span()), "{:?} in {text:?}", entry.span());
        let mut at = entry.span().start;
        for child in document.children(id) {
            let inner = document.entry(child);
            if let Some(key) = inner.key_span() {
                assert!(good(key) && key.start >= at && key.end <= inner.span().start, "{key:?} in {text:?}");
            }
            assert!(inner.span().start >= at && inner.span().end <= entry.span().end, "{:?} in {text:?}", inner.span());
            at = inner.span().end;
        }
        if entry.has(Entry::TEXT) {
            let value = document.text(id);
            for (at, character) in value.char_indices() {
                let span = document.span_within(id, value, &(at..at + character.len_utf8()));
                assert!(span.is_some_and(good), "{at} of {value:?} in {text:?}");
            }
        }
        let _ = (document.key(id), document.value(id).to_json());
    }
    for flaw in &reading.flaws {
        let spans = flaw.labels.iter().map(|label| label.span);
        spans.for_each(|span| assert!(good(span), "{} at {span:?} in {text:?}", flaw.message));
        let edits = flaw.fix.iter().flat_map(|fix| &fix.edits);
        edits.for_each(|edit| assert!(good(edit.span), "{} at {:?} in {text:?}", flaw.message, edit.span));
    }
    let outline = document.outline.as_deref().unwrap();
    assert!(outline.blocks.iter().flat_map(|block| &block.labels).all(|&label| good(label)));
    assert!(outline.references.iter().all(|&(_, name)| good(name)));
    assert!(document.comments.iter().all(|comment| good(comment.span)));
    assert!(document.comments.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    assert_eq!(document.damaged, !reading.flaws.is_empty());
}

/// The result of `hcl-edit` for the same text, in the form of [`values_of`].
fn peer(body: &Body) -> Value {
    let mut map = serde_json::Map::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                map.insert(attribute.key.to_string(), expression(&attribute.value));
            }
            Structure::Block(block) => {
                let blocks = map.entry(block.ident.to_string()).or_insert_with(|| json!([]));
                blocks.as_array_mut().expect("no name is both").push(peer(&block.body));
            }
        }
    }
    Value::Object(map)
}

fn expression(value: &Expression) -> Value {
    match value {
        Expression::Null(_) => Value::Null,
        Expression::Bool(value) => json!(**value),
        Expression::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Expression::String(text) => json!(text.as_str()),
        Expression::Array(items) => items.iter().map(expression).collect(),
        Expression::Parenthesis(inner) => expression(inner.inner()),
        Expression::HeredocTemplate(heredoc) => here(heredoc),
        Expression::Object(object) => {
            let mut map = serde_json::Map::new();
            for (key, value) in object {
                match key {
                    ObjectKey::Ident(key) => map.insert(key.to_string(), expression(value.expr())),
                    ObjectKey::Expression(Expression::String(key)) => {
                        map.insert(key.to_string(), expression(value.expr()))
                    }
                    ObjectKey::Expression(Expression::Number(key)) => {
                        map.insert(key.to_string(), expression(value.expr()))
                    }
                    ObjectKey::Expression(_) => None,
                };
            }
            Value::Object(map)
        }
        _ => json!("?"),
    }
}

fn here(heredoc: &HeredocTemplate) -> Value {
    let elements = heredoc.template.iter().map(|element| match element {
        Element::Literal(text) => Some(text.to_string()),
        _ => None,
    });
    // Our parser keeps a template as written.
    elements.collect::<Option<String>>().map_or(json!("~"), Value::from)
}

/// Whether both parsers agree, if `hcl-edit` has a value.
fn agree(ours: &Value, peers: &Value) -> bool {
    match (ours, peers) {
        (_, Value::String(text)) if text == "?" || text == "~" => true,
        (Value::Array(ours), Value::Array(peers)) => {
            ours.len() == peers.len() && ours.iter().zip(peers).all(|(ours, peers)| agree(ours, peers))
        }
        (Value::Object(ours), Value::Object(peers)) => {
            ours.len() == peers.len()
                && ours.iter().all(|(key, ours)| peers.get(key).is_some_and(|peers| agree(ours, peers)))
        }
        (Value::Number(ours), Value::Number(peers)) => ours.as_f64() == peers.as_f64(),
        // Indentation after a lone carriage return is undefined.
        (Value::String(ours), Value::String(peers)) if peers.contains('\n') => {
            ours.split_whitespace().eq(peers.split_whitespace())
        }
        _ => ours == peers,
    }
}

fn agrees(text: &str) -> Result<(), TestCaseError> {
    if let Ok(body) = text.parse::<Body>() {
        let reading = hcl(text);
        // Texts that Terraform rejects and `hcl-edit` accepts: keys with dots or conditions, multi-line strings, text
        // after the marker of a heredoc.
        let stricter = [" key", "unclosed string", "unclosed heredoc"];
        let is_stricter =
            |flaw: &crate::diagnostic::Diagnostic| stricter.iter().any(|part| flaw.message.contains(part));
        // `hcl-edit` continues after an operator or dot at the end of a line; Terraform does not.
        let is_cut = |flaw: &crate::diagnostic::Diagnostic| {
            let parts = ["missing value", "missing name", "missing `:`"];
            parts.iter().any(|part| flaw.message.contains(part)) && ends_its_line(&text[flaw.span().end..])
        };
        // It also continues at an operator at the start of a line.
        let goes_on = |flaw: &crate::diagnostic::Diagnostic| {
            let rest = &text[flaw.span().start..];
            flaw.message.contains("an argument or a block") && rest.starts_with(|c| "+-*/%<>=!&|?.".contains(c))
        };
        if reading.flaws.iter().any(|flaw| is_stricter(flaw) || is_cut(flaw) || goes_on(flaw)) {
            return Ok(());
        }
        prop_assert!(reading.flaws.is_empty(), "{:?} in {text:?}", reading.flaws);
        let (ours, peers) = (values_of(&reading.document), peer(&body));
        prop_assert!(agree(&ours, &peers), "{ours} is not {peers} in {text:?}");
    }
    Ok(())
}

/// Whether only blanks and comments precede the line break.
fn ends_its_line(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t', '\r']);
    match scan::comment(rest.as_bytes(), 0) {
        Some((comment, _)) => ends_its_line(&rest[comment.end..]),
        None => rest.starts_with('\n'),
    }
}

fn mutated() -> impl Strategy<Value = String> {
    let edit = (
        any::<prop::sample::Index>(),
        0..3_usize,
        prop::sample::select(b"{}[]():,\"\\'/*#=<-$%?.; \n\ra1\x01".to_vec()),
    );
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

fn nearly_hcl() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "a",
        "b-c",
        "\"d\"",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "=",
        ":",
        ",",
        "\n",
        "\r\n",
        " ",
        "\t",
        "1",
        "-2.5",
        "true",
        "null",
        "\"${x}\"",
        "\"a ${b.c} d\"",
        "<<E\n",
        "<<-E\n",
        "E\n",
        "  E\n",
        "# c\n",
        "// c",
        "/*",
        "*/",
        "var.x",
        "f(",
        "?",
        "for ",
        "in ",
        "=>",
        "\"\\n\"",
        "\"",
        "$${",
        "%{",
        "é",
        "😀",
        "\u{FEFF}",
        ".",
        "*",
        "jsonencode(",
        "::",
        "+",
        "- ",
        "!",
        " && ",
        "==",
        "<",
        "...",
        "\\",
        "resource \"a\" \"b\" {\n",
        "x = ",
        "y {\n",
    ]);
    prop::collection::vec(token, 0..30).prop_map(|tokens| tokens.concat())
}

/// Valid HCL with values of every kind.
fn bodies() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "1",
        "-2",
        "1.5",
        "1e3",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a\"",
        "\"é\\n😀\\u00e9\"",
        "\"$${a}\"",
        "\"100%\"",
        "\"a${b}c\"",
        "\"${b.c}\"",
        "var.x",
        "local.x[0].y",
        "a ? b : c",
        "f(1, \"}\")",
        "[for x in y : x]",
        "(1)",
        "{ for k, v in x : k => v }",
        "!a",
        "1 + 2",
        "x.*.y",
        "[1, 2][0]",
        "\"%{ if a }b%{ endif }\"",
        "(\n\"a\"\n)",
        "- 1.5",
        "(a ?\nb\n: -c +\n2)",
        "f(1 +\n2)",
    ]);
    let value = scalar.prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(vec!["a", "\"b\"", "c", "\"d.e\"", "7", "(f)"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| format!("[\n  {},\n]", items.join(",\n  "))),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|members| {
                let members = members
                    .iter()
                    .enumerate()
                    .map(|(at, (key, value))| format!("{key} {} {value}", if at % 2 == 0 { "=" } else { ":" }));
                format!("{{\n  {}\n}}", members.collect::<Vec<_>>().join("\n  "))
            }),
        ]
    });
    let heredoc =
        prop::sample::select(vec!["x = <<E\n a\n\n  b\nE\n", "x = <<-E\n    a\n  b\n  E\n", "x = <<E\n${a}\nE\n"]);
    let arguments = prop::collection::vec(value, 0..4).prop_map(|values| {
        let lines = values.iter().enumerate().map(|(at, value)| format!("v{at} = {value} # {at}\n"));
        lines.collect::<String>()
    });
    (arguments.clone(), arguments, heredoc)
        .prop_map(|(top, inner, here)| format!("{top}b \"l\" m {{\n{inner}c {{\n{here}}}\nc {{ y = 1 }}\n}}\n"))
}

/// Two values with an operator and a line break between them.
fn cut() -> impl Strategy<Value = (&'static str, String)> {
    let operators =
        ["+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "&& !", "== -", "? b :", "."];
    let value = prop::sample::select(vec!["a", "b.c", "1", "\"d\"", "f(1)", "(2)"]);
    let blank = prop::sample::select(vec!["", " ", "\t", " # c", " // c", " /* c */", "\r"]);
    (prop::sample::select(operators.to_vec()), value, blank).prop_map(|(operator, value, blank)| {
        let after = if operator == "." { "d" } else { value };
        (operator, format!("{value} {operator}{blank}\n{after}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hcl_edit_and_the_parser_agree(text in bodies()) {
        prop_assert!(text.parse::<Body>().is_ok(), "the peer reads it: {text}");
        agrees(&text)?;
        holds(&text);
    }

    #[test]
    fn operators_end_a_line_only_in_parentheses((operator, text) in cut()) {
        for (before, after) in [("", ""), ("b {\n", "\n}"), ("c = {\n", "\n}")] {
            let text = format!("{before}x = {text}{after}\n");
            let mistakes = mistakes(&text);
            prop_assert!(mistakes.first().is_some_and(|(_, marked)| operator.ends_with(marked)), "{mistakes:?} in {text:?}");
        }
        for (before, after) in [("(", ")"), ("f(", ")"), ("[", "]"), ("[{ a = (", ") }]"), ("{ for b in c : d =>\n", "\n}")] {
            let text = format!("x = {before}{text}{after}\n");
            prop_assert!(hcl(&text).flaws.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn nearly_hcl_keeps_every_span_in_place(text in nearly_hcl()) {
        holds(&text);
        agrees(&text)?;
    }

    #[test]
    fn damaged_texts_keep_every_span_in_place(text in mutated()) {
        holds(&text);
        agrees(&text)?;
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        holds(&text);
    }
}
