//! The YAML parser: values, spans, and mistakes.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{MOST_COPIES, parse, spans_within};
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::parse::Parsed;
use crate::text::{Source, Span};

fn reading(text: &str) -> Parsed {
    parse(&Source::new("a.yaml", text))
}

fn document(text: &str) -> Document {
    let reading = reading(text);
    assert!(reading.flaws.is_empty(), "{:?}", reading.flaws);
    reading.document
}

/// The values of a text, as JSON with sorted keys.
fn json(text: &str) -> String {
    document(text).root().to_json().to_string()
}

/// One line for each row: its key and value as written in the text, and marks for its flags.
fn rows(text: &str) -> String {
    let document = document(text);
    let mut rows = String::new();
    for (id, entry) in document.table.entries.iter().enumerate() {
        let part = |span: Span| text[span.start..span.end].replace('\n', "⏎").replace('\r', "␍");
        let key = entry.key_span().map_or(String::new(), |span| format!("{} = ", part(span)));
        let _ = write!(rows, "{key}{}", part(entry.span()));
        if entry.has(Entry::ELSEWHERE) {
            let id = EntryId::try_from(id).unwrap();
            let _ = write!(rows, " (of {})", part(document.definition_of(id).unwrap()));
        }
        if entry.has(Entry::UNKNOWN) {
            rows.push_str(" (unknown)");
        }
        rows.push('\n');
    }
    rows
}

/// The message and the marked text of each mistake.
fn flaws(text: &str) -> Vec<(String, String)> {
    let reading = reading(text);
    let flaws = reading.flaws.iter();
    flaws.map(|flaw| (flaw.message.to_string(), text[flaw.span().start..flaw.span().end].to_owned())).collect()
}

#[test]
fn scalars_are_those_of_the_core_schema() {
    let text = "a: ~\nb: null\nc:\nd: true\ne: False\nf: 12\ng: -1.5e3\nh: 'true'\ni: \"12\"\nj: yes\nk: off\nl: 1.2.3\nm: 2024-01-01\nn: '~'\n";
    assert_eq!(
        json(text),
        r#"{"a":null,"b":null,"c":null,"d":true,"e":false,"f":12,"g":-1500.0,"h":"true","i":"12","j":"yes","k":"off","l":"1.2.3","m":"2024-01-01","n":"~"}"#
    );
    for number in ["0x1F", "0o17", "+5", ".5", "5.", ".inf", "-.Inf", ".nan", "007", "1e999"] {
        let document = document(&format!("a: {number}"));
        assert!(document.entry(1).has(Entry::NUMBER), "{number}");
        assert_eq!(document.text(1), number);
    }
    for text in ["0x", "0xZ", "0o8", "1_000", ".", "+", "e5", "1e", "12abc", ".in", "--1"] {
        assert!(document(&format!("a: {text}")).entry(1).has(Entry::TEXT), "{text}");
    }
}

#[test]
fn a_quoted_number_keeps_its_text() {
    let kafka = |setting: &str| {
        format!(
            "name: k\ntype: Kafka\nbootstrapServers: a.example.com:9092\nauthentication: {{mechanism: PLAIN, username: u, password: $P}}\nsecurity: {{protocol: SASL_SSL}}\nconfig:\n  retries: {setting}\n"
        )
    };
    for (setting, fixed_text) in
        [("2", "\"2\""), ("-1", "\"-1\""), ("0", "\"0\""), ("0.5", "\"0.5\""), ("&a 2", "&a \"2\"")]
    {
        let report = crate::check(&Source::new("a.yaml", kafka(setting)));
        assert_eq!(report.fixed(crate::Applicability::Unsafe), kafka(fixed_text), "{setting}");
    }
    for setting in [
        "0x10",
        "0o17",
        "1e3",
        ".inf",
        "+5",
        "007",
        "5.",
        ".5",
        "!!int 2",
        "!!int \"2\"",
        "!!bool 'true'",
        "!!int 2 # two",
    ] {
        let report = crate::check(&Source::new("a.yaml", kafka(setting)));
        assert_eq!(found(&kafka(setting)).len(), 1, "{setting}");
        let only = &report.diagnostics()[0];
        assert_eq!(only.rule.name, "wrong-type");
        let help = if setting.starts_with('!') { "without the tag" } else { "in decimal digits" };
        assert!(only.help.as_ref().unwrap().contains(help), "{setting}: {:?}", only.help);
        assert_eq!(report.fixed(crate::Applicability::Unsafe), kafka(setting), "{setting}");
    }
    assert_eq!(
        json("a: !!int \"2\"\nb: !!float '0.5'\nc: !!null ''\nd: !!str 2\ne: !!int x"),
        r#"{"a":2,"b":0.5,"c":null,"d":"2","e":"x"}"#
    );
}

#[test]
fn kubernetes_and_cloudformation_have_more_booleans() {
    assert_eq!(
        json("apiVersion: v1\nkind: yes\na: [on, Off, no, 'no', y]"),
        r#"{"a":[true,false,false,"no","y"],"apiVersion":"v1","kind":true}"#
    );
    assert_eq!(json("Resources: {a: yes}"), r#"{"Resources":{"a":true}}"#);
    assert_eq!(json("kind: yes"), r#"{"kind":"yes"}"#);
    assert_eq!(json("a: !!str 12\nb: !!str yes\nc: !!int 5\nd: ! 12"), r#"{"a":"12","b":"yes","c":5,"d":"12"}"#);
}

#[test]
fn values_have_spans() {
    let text = "# first\nname: 'it''s' # why\n\"q k\":   \"a\\tb\"\nlist:\n- x\n- y: 1\n  z: 2\nflow: { a: 1, b: [c, d], e }\nempty:\nlast: &x one\n  two\n";
    insta::assert_snapshot!(rows(text), @r#"
    name: 'it''s' # why⏎"q k":   "a\tb"⏎list:⏎- x⏎- y: 1⏎  z: 2⏎flow: { a: 1, b: [c, d], e }⏎empty:⏎last: &x one⏎  two
    name = 'it''s'
    "q k" = "a\tb"
    list = - x⏎- y: 1⏎  z: 2
    x
    y: 1⏎  z: 2
    y = 1
    z = 2
    flow = { a: 1, b: [c, d], e } (unknown)
    a = 1
    b = [c, d]
    c
    d
    empty = 
    last = one⏎  two
    "#);
    let comments = document(text).comments;
    let comments = comments.iter().map(|comment| &text[comment.span.start..comment.span.end]).collect::<Vec<_>>();
    assert_eq!(comments, ["# first", "# why"]);
}

#[test]
fn blocks_have_spans() {
    let text = "cert: |  # PEM\n  -----BEGIN-----\n  MIIB # none\n  -----END-----\n\n# one\nfold: !x >-\n  aa\n  bb\n\nempty: |\nlist:\n  - |\n    deep\nend: |+\n  x\n\n";
    insta::assert_snapshot!(rows(text).lines().skip(1).collect::<Vec<_>>().join("\n"), @r#"
    cert = |  # PEM⏎  -----BEGIN-----⏎  MIIB # none⏎  -----END-----
    fold = >-⏎  aa⏎  bb (unknown)
    empty = |
    list = - |⏎    deep
    |⏎    deep
    end = |+⏎  x
    "#);
    let document = document(text);
    let reported = |key: &str| document.text(document.child(ROOT, key).unwrap()).to_owned();
    assert_eq!(reported("cert"), "-----BEGIN-----\nMIIB # none\n-----END-----\n");
    assert_eq!((reported("fold"), reported("empty"), reported("end")), ("aa bb".into(), String::new(), "x\n\n".into()));
    let comments = document.comments.iter().map(|comment| &text[comment.span.start..comment.span.end]);
    assert_eq!(comments.collect::<Vec<_>>(), ["# PEM", "# one"]);
}

#[test]
fn positions_are_bytes_after_any_text() {
    for (before, line) in
        [("\u{FEFF}", "\n"), ("# é😀漢\n", "\n"), ("x: \"\\u00e9\t\"\r\n", "\r\n"), ("漢字: '😀 ''é'\n", "\n")]
    {
        let text = format!("{before}name: 😀漢 # é{line}url: 'é''x'{line}k: |{line}  é{line}  b{line}end: z{line}");
        let document = document(&text);
        let at = |key: &str| {
            let span = document.entry(document.child(ROOT, key).unwrap()).span();
            &text[span.start..span.end]
        };
        assert_eq!((at("name"), at("url"), at("end")), ("😀漢", "'é''x'", "z"), "{text:?}");
        assert_eq!(at("k"), format!("|{line}  é{line}  b"));
    }
}

#[test]
fn aliases_and_merges_are_copies_at_the_position_of_the_alias() {
    let text = "base: &b\n  user: u\n  list: [1, {k: v}]\none: *b\ntwo:\n  <<: *b\n  user: own\nthree: {<<: [*b, {more: 1}], x: 2}\n";
    insta::assert_snapshot!(rows(text).lines().skip(7).collect::<Vec<_>>().join("\n"), @r#"
    one = *b (of user: u⏎  list: [1, {k: v}])
    *b = *b (of u)
    *b = *b (of [1, {k: v}])
    *b (of 1)
    *b (of {k: v})
    *b = *b (of v)
    two = <<: *b⏎  user: own
    *b = *b (of [1, {k: v}])
    *b (of 1)
    *b (of {k: v})
    *b = *b (of v)
    user = own
    three = {<<: [*b, {more: 1}], x: 2}
    *b = *b (of u)
    *b = *b (of [1, {k: v}])
    *b (of 1)
    *b (of {k: v})
    *b = *b (of v)
    more = 1
    x = 2
    "#);
    assert_eq!(
        json(text),
        r#"{"base":{"list":[1,{"k":"v"}],"user":"u"},"one":{"list":[1,{"k":"v"}],"user":"u"},"three":{"list":[1,{"k":"v"}],"more":1,"user":"u","x":2},"two":{"list":[1,{"k":"v"}],"user":"own"}}"#
    );
}

#[test]
fn aliases_multiply_up_to_a_limit() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{below}]");
    }
    for text in [text, format!("a: &a {{{}}}\nb: [{}]\n", "k: *z".repeat(0), "*a, ".repeat(MOST_COPIES + 1))] {
        let start = std::time::Instant::now();
        let reading = reading(&text);
        assert_eq!(reading.flaws[0].rule.name, "too-deep");
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
    let merges = format!("a: &a {{k: 1, l: 2}}\nb:\n  k: 1\n  <<: [{}]\n", "*a, ".repeat(MOST_COPIES));
    assert_eq!(reading(&merges).flaws[0].rule.name, "too-deep");
    assert_eq!(reading("a: &a [*a]").flaws[0].rule.name, "too-deep");
    assert_eq!(reading("a: &a {b: *a, c: *a}").flaws[0].rule.name, "too-deep");
    assert_eq!(reading("a: &a\n  <<: *a\n").flaws[0].rule.name, "too-deep");
}

#[test]
fn nesting_has_a_limit() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("a:\n", "")] {
        for levels in [127, 128, 20_000] {
            let text = if open == "a:\n" {
                (0..levels.min(2000)).fold(String::new(), |text, level| text + &" ".repeat(level) + open)
            } else {
                format!("{}x{}", open.repeat(levels), close.repeat(levels))
            };
            let start = std::time::Instant::now();
            let is_fine = reading(&text).flaws.iter().all(|flaw| flaw.rule.name != "too-deep");
            assert_eq!(is_fine, levels == 127, "{levels} times {open:?}");
            assert!(start.elapsed().as_secs() < 5, "{:?} for {levels} of {open:?}", start.elapsed());
        }
    }
}

#[test]
fn several_documents_are_an_array() {
    assert_eq!(json("---\na: 1\n---\nb: 2\n...\n# nothing\n---\n"), r#"[{"a":1},{"b":2}]"#);
    assert_eq!(json("%YAML 1.2\n---\na: 1\n"), r#"{"a":1}"#);
    assert_eq!(json("# only one\n---\na: |\n  ---\n  x\n--- # end\n"), r#"{"a":"---\nx\n"}"#);
    assert_eq!(json("--- {a: 1}\n--- [b]\n--- c\n"), r#"[{"a":1},["b"],"c"]"#);
    assert_eq!(json("a: 1\r\n---\r\nb: 2\r\n"), r#"[{"a":1},{"b":2}]"#);
    assert!(document("a: 1\n---\nb: 2\n").is_stream);
    assert_eq!(flaws("# nothing\n---\n")[0].0, "the text contains only comments");
    for text in ["---\n", "---\n---\n...\n", "%YAML 1.2\n---\n"] {
        assert_eq!(flaws(text)[0].0, "the text is empty", "{text}");
    }
}

#[test]
fn a_mistake_affects_only_its_document() {
    let text = "a: 'x\n---\nb: 2\n---\nc: [1\n---\nd: {x: 1}\n";
    let reading = reading(text);
    assert_eq!(reading.flaws.len(), 2);
    let document = reading.document;
    let unknown = document.children(ROOT).map(|id| document.entry(id).has(Entry::UNKNOWN)).collect::<Vec<_>>();
    assert_eq!(unknown, [true, false, true, false]);
    assert!(!document.damaged);
}

#[test]
fn syntax_errors_have_their_own_messages() {
    let mut shown = String::new();
    for text in [
        "a: \"x\nb: y\n",
        "a: 'x\n",
        "a:b\nc: d\n",
        "a: b\nc:d\ne: f\n",
        "a: b\n  c: d\n",
        "a: b: c\n",
        "a:\n\tb: c\n",
        "a: @x\n",
        "a: *no\n",
        "a: \"\\q\"\n",
        "a: 'x' y\n",
        "a: [1, 2\n",
        "a: {b: c\nd: e\n",
        "a: ]\n",
        "a:\n    - b\n   - c\n",
        "a:\n  b: 1\n c: 2\n",
        "- a\nb: c\n",
        "a: b\nc\nd: e\n",
        "a: - b\n",
        "a: |0\n  x\n",
        "a: !<x y\n",
        "%FOO\na: b\n",
        "a: [b]#c\n",
        "key: value\nother\n",
        "a: é\n漢: [😀\n",
    ] {
        for (message, marked) in flaws(text) {
            let _ = writeln!(shown, "{text:?}\n    {message} [{marked}]");
        }
    }
    insta::assert_snapshot!(shown, @r#"
    "a: \"x\nb: y\n"
        unclosed string ["]
    "a: 'x\n"
        unclosed string [']
    "a:b\nc: d\n"
        missing space after a colon [:]
    "a: b\nc:d\ne: f\n"
        missing space after a colon [:]
    "a: b\n  c: d\n"
        unexpected key inside a value [:]
    "a: b: c\n"
        unquoted value with a colon and a space [:]
    "a:\n\tb: c\n"
        tab in the indentation, where YAML allows only spaces [b]
    "a: @x\n"
        invalid start of a value [@]
    "a: *no\n"
        alias of an undefined anchor [*]
    "a: \"\\q\"\n"
        invalid escape in a quoted string ["]
    "a: 'x' y\n"
        unexpected text after a quoted string [y]
    "a: [1, 2\n"
        unclosed bracket or missing comma [2]
    "a: {b: c\nd: e\n"
        unclosed bracket or missing comma [:]
    "a: ]\n"
        unmatched closing bracket []]
    "a:\n    - b\n   - c\n"
        inconsistent indentation [-]
    "a:\n  b: 1\n c: 2\n"
        inconsistent indentation [c]
    "- a\nb: c\n"
        inconsistent indentation [b]
    "a: b\nc\nd: e\n"
        missing colon after a key [c]
    "a: - b\n"
        unexpected list element [-]
    "a: |0\n  x\n"
        invalid block scalar [|]
    "a: !<x y\n"
        invalid YAML tag [!]
    "%FOO\na: b\n"
        missing `---` after a `%` directive [a]
    "a: [b]#c\n"
        unexpected comment [#]
    "key: value\nother\n"
        missing colon after a key [other]
    "a: é\n漢: [😀\n"
        unclosed bracket or missing comma [😀]
    "#);
}

/// The rule, message and marked text of the findings in a definition.
fn found(text: &str) -> Vec<String> {
    let report = crate::check(&Source::new("a.yaml", text));
    let line = |found: &crate::Diagnostic| {
        let marked = |label: &crate::diagnostic::Label| format!("[{}]", &text[label.span.start..label.span.end]);
        let places = found.labels.iter().map(marked).collect::<Vec<_>>().join(" ");
        format!("{}: {} {places}", found.rule.name, found.message)
    };
    report.diagnostics().iter().map(line).collect()
}

#[test]
fn a_field_without_a_colon_is_reported_inside_a_definition() {
    const COLON: &str = "syntax-error: missing space after a colon [:]";
    let kafka = |authentication: &str| {
        format!(
            "name: k\ntype: Kafka\nbootstrapServers: a.example.com:9092\nsecurity: {{protocol: SASL_SSL}}\nauthentication: {authentication}\n"
        )
    };
    for (authentication, expected) in [
        ("{mechanism: PLAIN, username: u, password:hunter2}", COLON),
        ("{mechanism: PLAIN, username: u,password:hunter2}", COLON),
        ("{mechanism:PLAIN, username: u, password: $P}", COLON),
        ("\n  mechanism: PLAIN\n  username: u\n  ? password:hunter2", COLON),
        (
            "{mechanism: PLAIN, username: u, passwordhunter2}",
            "syntax-error: missing colon and value of a field [passwordhunter2]",
        ),
        (
            "{mechanism: PLAIN, password: $P, username: u,rest, more}",
            "syntax-error: unquoted value with a comma, inside braces [rest]",
        ),
    ] {
        assert_eq!(found(&kafka(authentication)), [expected], "{authentication}");
    }
    let headers =
        "name: k\ntype: Https\nurl: https://a.example.com\nheaders: {Authorization:Bearer hunter2, X-Api-Key:hunter2}";
    assert_eq!(found(headers), [COLON, COLON]);
    let brokers = "{name: k, type: Kafka, bootstrapServers: a.example.com:9092,b.example.com:9092, c.example.com:9092, authentication: {mechanism: PLAIN, username: u, password: $P}, security: {protocol: SASL_SSL}}";
    let cut = "syntax-error: unquoted value with a comma, inside braces";
    assert_eq!(found(brokers), [format!("{cut} [b.example.com:9092]")]);
    let login = "$comment: &a {mechanism: PLAIN, username: u, password:hunter2}\n";
    let copied = login.to_owned() + &kafka("*a");
    assert_eq!(found(&copied), [format!("{} [:]", COLON.replace("[:]", "[*a]"))]);
    let merged = kafka("\n  <<: [{mechanism: PLAIN}, {username: u, password:hunter2}]");
    assert_eq!(found(&merged), [COLON]);
}

#[test]
fn a_field_without_a_colon_may_be_intended() {
    for authentication in [
        "{mechanism: PLAIN, {{ .Values.login }}}",
        "{mechanism: PLAIN, $LOGIN}",
        "!login {mechanism: PLAIN, username}",
        "!!set {mechanism, username}",
    ] {
        let text = format!(
            "name: k\ntype: Kafka\nbootstrapServers: a.example.com:9092\nsecurity: {{protocol: SASL_SSL}}\nauthentication: {authentication}\n"
        );
        assert_eq!(found(&text), [] as [&str; 0], "{authentication}");
    }
}

/// A build without dialects takes a ConfigMap for a connection.
#[cfg(feature = "dialects")]
#[test]
fn a_field_of_another_document_needs_no_colon() {
    let around = "apiVersion: v1\nkind: ConfigMap\ndata: {a, b:c}\n---\nname: sample_stream_solar\ntype: Sample\n";
    let found = found(around);
    assert!(!found.iter().any(|line| line.starts_with("syntax-error")), "{found:?}");
}

/// Quadratic time would take minutes.
#[test]
fn branches_with_many_fields_take_linear_time() {
    let members = (0..300_000_u64).map(|at| format!("k{}: 1", at * 7919 % 300_007)).collect::<Vec<_>>().join("\n");
    let document = document(&format!("{{{{ if a }}}}\nq: 1\n{{{{ else }}}}\nq: 2\n{{{{ end }}}}\n{members}"));
    assert_eq!(document.children(crate::document::ROOT).count(), 300_002, "and both that have one name");
}

#[test]
fn duplicate_keys_are_found() {
    let document = document("a: 1\n'a': 2\nb: {c: 1, c: 2}\nd: *x\n".replace("d: *x\n", "").as_str());
    assert_eq!(document.table.duplicates.len(), 2);
    assert_eq!(document.root().to_json().to_string(), r#"{"a":2,"b":{"c":2}}"#);
    let copied = self::document("a: &a {c: 1, c: 2}\nb: *a\nd: {<<: *a}\n");
    assert_eq!(copied.table.duplicates.len(), 1, "those of a copy are those of the original");
}

#[test]
fn templates_are_unknown_and_cause_no_errors() {
    let text = "{{- if .Values.on }}\napiVersion: v1\nkind: {{ .Values.kind }}\nname: {{ .é }}-x\nquoted: \"a {{ .b }} c\"\n{{- with .Values.x }}\nlabels:\n  {{- include \"x\" . | nindent 2 }}\n{{- end }}\nobject:\n  a: 1\n  {{- toYaml .Values.more | nindent 2 }}\ncert: |\n{{ .Values.cert | indent 2 }}\n{{ .key }}: gone\n{{- end }}\n{{/* a # comment */}}\nend: 1\n";
    insta::assert_snapshot!(rows(text).lines().skip(1).collect::<Vec<_>>().join("\n"), @r#"
    apiVersion = v1
    kind = {{ .Values.kind }} (unknown)
    name = {{ .é }}-x (unknown)
    quoted = "a {{ .b }} c" (unknown)
    labels =  (unknown)
    object = a: 1 (unknown)
    a = 1
    cert = | (unknown)
    end = 1
    "#);
    let twice = document("{{ if .a }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n");
    assert!(twice.table.duplicates.is_empty());
    let flaws = flaws("a: {{ if x }}\n  b\n c: d\ne: [{{ x }}\n---\nb: [{{ .x }}\n");
    assert_eq!(flaws.len(), 1, "once is enough: {flaws:?}");
    assert!(flaws[0].0.contains("template"));
}

#[test]
fn tags_are_kept() {
    let text =
        "a: !Ref Name\nb: !Sub [x, {y: !GetAtt z.w}]\nc: !Join\n  - ','\n  - [a]\nd: !!str x\ne: &n !Ref\n  Other\n";
    let document = document(text);
    let tags = document.tags.iter().map(|(id, tag)| {
        let span = document.entry(*id).span();
        format!("{tag} {}", text[span.start..span.end].replace('\n', "⏎"))
    });
    assert_eq!(
        tags.collect::<Vec<_>>(),
        ["!Ref Name", "!Sub [x, {y: !GetAtt z.w}]", "!GetAtt z.w", "!Join - ','⏎  - [a]", "!!str x", "!Ref Other"]
    );
}

#[test]
fn parts_of_scalars_are_found_in_every_style() {
    let part = |raw: &str, text: &str, piece: &str| {
        let at = text.find(piece).unwrap();
        let part = at..at + piece.len();
        let spans = spans_within(raw, text, std::slice::from_ref(&part));
        spans.map(|spans| raw[spans[0].start..spans[0].end].to_owned())
    };
    assert_eq!(part("host:1,b:2", "host:1,b:2", "b:2"), Some("b:2".into()));
    assert_eq!(part("'it''s é,x'", "it's é,x", "'s"), Some("''s".into()));
    assert_eq!(part(r#""a\tb\u00e9\x41\/c""#, "a\tbéA/c", "éA"), Some(r"\u00e9\x41".into()));
    assert_eq!(part("|\n    one\n      two\n\n    三\n", "one\n  two\n\n三\n", "三"), Some("三".into()));
    assert_eq!(part("|-\r\n  a\r\n  b", "a\nb", "b"), Some("b".into()));
    assert_eq!(part(">-\n  a,\n  b", "a, b", "b"), Some("b".into()));
    assert_eq!(part("one\n  two", "one two", "two"), None, "joined lines are not taken apart");
    assert_eq!(part("\"a\\\n  b\"", "ab", "b"), None);
}

/// Texts with every syntax, for the property tests.
const CORPUS: &[&str] = &[
    "apiVersion: atlas.mongodb.com/v1\nkind: AtlasStreamConnection\nmetadata:\n  name: x # é\nspec:\n  name: \"orders\"\n  type: Kafka\n  kafkaConfig:\n    bootstrapServers: >-\n      a:9092,\n      b:9092\n---\napiVersion: v1\nkind: List\nitems:\n- {a: [b, 'c''d'], e: *x}\n",
    "base: &b {a: 1, b: [x, &c y]}\nuse:\n  <<: [*b]\n  c: *c\n  d: !Sub \"${X} 漢\\u00e9\\\n    z\"\ncert: |+\n  -----BEGIN\n   x\n\n  y\n\n? k\n: - - v\n    - ~\n...\n%YAML 1.2\n---\n'😀': \t\"q\" # c\n",
    "\u{FEFF}a: {{ .Values.x }}\r\n{{- if y }}\r\nb:\r\n  {{- toYaml z | nindent 2 }}\r\n{{- end }}\r\nc: |\r\n  {{ q }}\r\n  r\r\n",
];

fn assert_sound(text: &str) {
    let Parsed { document, flaws } = reading(text);
    let inside = |span: Span| {
        assert!(span.start <= span.end && text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
    };
    let mut last = 0;
    for (id, entry) in document.table.entries.iter().enumerate() {
        inside(entry.span());
        entry.key_span().into_iter().for_each(&inside);
        assert!(entry.span().start >= last, "row {id} is before the previous one in {text:?}");
        last = entry.span().start;
        for child in document.children(EntryId::try_from(id).unwrap()) {
            let child = document.entry(child).span();
            assert!(entry.span().start <= child.start && child.end <= entry.span().end, "row {id} in {text:?}");
        }
    }
    document.comments.iter().for_each(|comment| inside(comment.span));
    assert!(document.comments.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{text:?}");
    document.table.defined.iter().for_each(|(_, span)| inside(*span));
    for flaw in flaws {
        flaw.labels.iter().for_each(|label| inside(label.span));
    }
    let _ = document.root().to_json();
}

#[test]
fn sound_texts_are_sound() {
    for text in CORPUS {
        assert_sound(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// For any change of a text: no panic, and every span is on character boundaries inside the text.
    #[test]
    fn every_span_is_inside_a_damaged_text(
        which in 0..CORPUS.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..4_u8, "[-a:# \\n\\t\\[\\]{}&*!|>'\"%?,~é😀\\r]{0,3}"), 0..5),
    ) {
        let mut characters = CORPUS[which].chars().collect::<Vec<_>>();
        for (index, what, new) in edits {
            let at = index.index(characters.len().max(1)).min(characters.len());
            let until = (at + usize::from(what)).min(characters.len());
            characters.splice(at..until, new.chars());
        }
        assert_sound(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_is_read(text in "[-a:# \\n\\t\\[\\]{}&*!|>'\"%?,~é\\r.]{0,40}") {
        assert_sound(&text);
    }
}
