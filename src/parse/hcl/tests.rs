//! The HCL parser: accepted texts, mistakes, and the values that remain after one.

use serde_json::{Value, json};

use super::parse;
use crate::document::{Document, Entry, EntryId, ROOT};
use crate::parse::Parsed;
use crate::text::Source;

mod properties;

const CONNECTION: &str = r#"# Kafka
resource "mongodbatlas_stream_connection" "orders" {
  project_id      = var.project_id
  workspace_name  = mongodbatlas_stream_workspace.main.workspace_name
  connection_name = "orders"
  type            = "Kafka"
  authentication = {
    mechanism = "SCRAM-256"
    username  = "app" // who
    password  = var.secrets["kafka"]
  }
  bootstrap_servers = "b1.example.com:9092,b2.example.com:9092"
  config = {
    "auto.offset.reset" : "earliest", "group.id" = "größe 😀"
  }
  security = { protocol = "SASL_SSL", broker_public_certificate = <<-PEM
    -----BEGIN CERTIFICATE-----
    MIIB
    -----END CERTIFICATE-----
  PEM
  }
  /* nothing to
     see here */
  lifecycle {
    ignore_changes = [authentication, config["group.id"]]
  }
}
"#;

const PIPELINE: &str = r#"
locals {
  hosts = ["a.example.com", "b.example.com"]
  port  = 9092
  brokers = join(",", [for host in local.hosts : "${host}:${local.port}"])
}

resource "mongodbatlas_stream_processor" "p" {
  count    = var.enabled ? 1 : 0
  pipeline = jsonencode([
    { "$source" = { connectionName = mongodbatlas_stream_connection.orders.connection_name } },
    { "$emit" : { connectionName : "${mongodbatlas_stream_connection.sink.connection_name}", topic : "t-${var.env}" } },
  ])
  dynamic "options" {
    for_each = var.dlq[*]
    content {
      name = options.value
    }
  }
}

variable "env" {
  default = -1.5e3
  nullable = false
}
"#;

const TFVARS: &str = "project_id = \"32b6e34b3d91647abb20e7b8\"\nbrokers = [\"a:1\", \"b:2\"]\nnothing = null\n";

const CRLF: &str = "resource \"a\" \"b\" {\r\n\tname = \"x\"\r\n\ttext = <<E\r\n one\r\n two\r\nE\r\n}\r\n";

/// Valid texts, in which the property tests make one mistake.
const VALID: &[&str] = &[CONNECTION, PIPELINE, TFVARS, CRLF];

fn hcl(text: &str) -> Parsed {
    parse(&Source::new("a.tf", text))
}

/// The parsed values as JSON: blocks as lists by their type, unknown values as `"?"`.
fn values_of(document: &Document) -> Value {
    fn value(document: &Document, id: EntryId) -> Value {
        let entry = document.entry(id);
        if entry.has(Entry::UNKNOWN) && entry.kind() & (Entry::TEXT | Entry::OBJECT) == 0 {
            return json!("?");
        }
        if entry.has(Entry::ARRAY) {
            return document.children(id).map(|child| value(document, child)).collect();
        }
        if !entry.has(Entry::OBJECT) {
            return document.value(id).to_json();
        }
        let mut map = serde_json::Map::new();
        for child in document.members(id) {
            let read = value(document, child);
            let key = document.key(child).to_owned();
            if document.entry(child).has(Entry::BLOCK) {
                let blocks = map.entry(key).or_insert_with(|| json!([]));
                blocks.as_array_mut().expect("a name is a block's or an argument's").push(read);
            } else {
                map.insert(key, read);
            }
        }
        Value::Object(map)
    }
    value(document, ROOT)
}

fn read_of(text: &str) -> Value {
    let reading = hcl(text);
    assert!(reading.flaws.is_empty(), "{:?} in {text}", reading.flaws);
    values_of(&reading.document)
}

fn at(document: &Document, path: &str) -> EntryId {
    path.split('/').fold(ROOT, |id, key| document.child(id, key).unwrap_or_else(|| panic!("no {key} of {path}")))
}

/// The value and the source text of a part of the string at a path.
fn written(text: &str, path: &str, part: &str) -> String {
    let document = hcl(text).document;
    let id = at(&document, path);
    let value = document.text(id);
    let start = value.find(part).unwrap_or_else(|| panic!("no {part} in {value}"));
    let span = document.span_within(id, value, &(start..start + part.len())).expect("it is written there");
    text[span.start..span.end].to_owned()
}

#[test]
fn literals_are_parsed() {
    assert_eq!(
        read_of(CONNECTION)["resource"],
        json!([{
            "project_id": "?",
            "workspace_name": "?",
            "connection_name": "orders",
            "type": "Kafka",
            "authentication": { "mechanism": "SCRAM-256", "username": "app", "password": "?" },
            "bootstrap_servers": "b1.example.com:9092,b2.example.com:9092",
            "config": { "auto.offset.reset": "earliest", "group.id": "größe 😀" },
            "security": {
                "protocol": "SASL_SSL",
                "broker_public_certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            },
            "lifecycle": [{ "ignore_changes": ["?", "?"] }],
        }])
    );
    let pipeline = read_of(PIPELINE);
    assert_eq!(
        pipeline["locals"],
        json!([{ "hosts": ["a.example.com", "b.example.com"], "port": 9092, "brokers": "?" }])
    );
    assert_eq!(
        pipeline["resource"],
        json!([{
            "count": "?",
            "pipeline": [
                { "$source": { "connectionName": "?" } },
                { "$emit": { "connectionName": "?", "topic": "t-${var.env}" } },
            ],
            "dynamic": [{ "for_each": "?", "content": [{ "name": "?" }] }],
        }])
    );
    assert_eq!(pipeline["variable"], json!([{ "default": -1500.0, "nullable": false }]));
    let vars = json!({ "project_id": "32b6e34b3d91647abb20e7b8", "brokers": ["a:1", "b:2"], "nothing": null });
    assert_eq!(read_of(TFVARS), vars);
    assert_eq!(read_of(CRLF)["resource"], json!([{ "name": "x", "text": " one\r\n two\r\n" }]));
}

#[test]
fn expressions_are_unknown() {
    for text in [
        "1 + 2",
        "-var.a",
        "!true",
        "a ? b : c",
        "\"a\" == b ? \"c\" : \"d\"",
        "f(1, 2)",
        "[1, 2][0]",
        "{ a = 1 }.a",
        "[for x in y : x]",
        "{ for k, v in y : k => v }",
        "var.a.*.b",
        "a[*].b",
        "file(\"x\")",
        "provider::a::b(1)",
        "sensitive(1, 2)",
        "[\n1,\n2\n][1]",
        "(var.a)",
        "a.0.b",
        "merge({ a = 1 }, local.x)",
        "1 == 1",
        "f(<<E\n}\nE\n)",
        "true.a",
        "{ a = 1, b = 2 } # x\n",
        "{ \"${a}\" = 1 }[0]",
        "[1] == [\n1]",
        "(1 +\n2)",
        "[1, 2 *\n# two\n2][0]",
        "f(a &&\n!\nb, c ?\nd :\ne)",
        "(var.\na)",
        "[f(\na.\nb)].0",
        "f\t(1)",
        "(f\n(1))",
        "{ for a in b :\na =>\n1 -\nc }",
        "{ for a in b : a => a... }",
        "f(a...)",
        "tolist(a.b...)",
        "a[ * ]",
        "f(1)[*].b + 1",
        "f(1).*.b",
        "1 + a-",
        "1e-5 + 1.5e+3 - -2",
        "a ? b ? c : d : e ? f : g",
        "1 + /* two\nlines */ 2",
        "merge({ a = (1 +\n2)\nb = -1, c : !d\n\n}, provider::e::f(1))",
        "- (1)",
        "- - 1",
    ] {
        let read = read_of(&format!("x = {text}\ny = 1"));
        assert_eq!(read["y"], json!(1), "{text}");
        if !text.starts_with("{ a = 1, b") {
            assert_eq!(read["x"], json!("?"), "{text}");
        }
    }
    assert_eq!(
        read_of("x = (\"a\")\ny = sensitive(\n\"b\"\n)\nz = ((true))"),
        json!({ "x": "a", "y": "b", "z": true })
    );
    // The literal values of an object with unknown keys are known.
    let reading = hcl("x = { (var.a) = 1, \"b-${c}\" = 2, d = 3, 4 = 5 }");
    assert_eq!(values_of(&reading.document)["x"], json!({ "d": 3, "4": 5 }));
    assert!(reading.document.entry(1).has(Entry::UNKNOWN));
}

#[test]
fn a_minus_may_be_apart_from_its_number() {
    let read = read_of("a = - 1.5\nb = [-\n# minus\n2, -\t3e2]\nc = - /* four */ 04\nd = { e = - 5 }");
    assert_eq!(read, json!({ "a": -1.5, "b": [-2, -300.0], "c": -4, "d": { "e": -5 } }));
}

#[test]
fn references_are_kept() {
    let text = "a = local.x\nb = \"${ var.y.z }\"\nc = [data.d.e[0].f]\nd = var.x[var.i]\ne = \"${f(1)}\"\nf = x.*.y\n\
        g = \"a${local.x}\"\nh = local.x + 1\ni = jsonencode(local.z)\nj = jsonencode({ a = local.k })\nk = each.value";
    let document = hcl(text).document;
    let outline = document.outline.as_deref().unwrap();
    let names = outline.references.iter().map(|&(id, span)| (document.key(id), &text[span.start..span.end]));
    let expected = [
        ("a", "local.x"),
        ("b", "var.y.z"),
        ("", "data.d.e[0].f"),
        ("i", "local.z"),
        ("a", "local.k"),
        ("k", "each.value"),
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    let encoded = outline.encoded.iter().map(|&id| document.key(id)).collect::<Vec<_>>();
    assert_eq!(encoded, ["i", "j"]);
}

#[test]
fn blocks_have_their_labels() {
    let text = "resource \"a\" b {}\nterraform {\n}\nlocals { x = 1 }\nx = { y = 1 }\n";
    let document = hcl(text).document;
    let outline = document.outline.as_deref().unwrap();
    let blocks = outline.blocks.iter().map(|block| {
        let labels = block.labels.iter().map(|label| &text[label.start..label.end]).collect::<Vec<_>>();
        (document.key(block.entry), labels)
    });
    assert_eq!(
        blocks.collect::<Vec<_>>(),
        [("resource", vec!["\"a\"", "b"]), ("terraform", vec![]), ("locals", vec![])]
    );
}

#[test]
fn escapes_are_resolved() {
    let text = r#"x = "a\n\t\"\\\u00e9\U0001F600 $${b} %%{c} $d 100% $" "#;
    assert_eq!(read_of(text)["x"], json!("a\n\t\"\\é😀 ${b} %{c} $d 100% $"));
    assert_eq!(read_of("x = <<E\na\\n$${b} ${c}\nE\n")["x"], json!("a\\n${b} ${c}\n"));
    assert_eq!(read_of("x = <<-E\n\t\ta\n\n\t\t\tb\n\t  E\n")["x"], json!("a\n\n\tb\n"));
}

#[test]
fn parts_of_strings_are_found_in_the_source() {
    let quoted = r#"x = "é\n😀 $${a} \u00e9|${f("\"")}|end" "#;
    assert_eq!(written(quoted, "x", "é\n"), "é\\n");
    assert_eq!(written(quoted, "x", "${a}"), "$${a}");
    assert_eq!(written(quoted, "x", "é|"), "\\u00e9|");
    assert_eq!(written(quoted, "x", "f(\"\\\"\")"), "f(\"\\\"\")");
    assert_eq!(written(quoted, "x", "end"), "end");
    let heredoc = "x = <<-E\r\n\t  {\r\n\t    \"a\": \"$${é}\", \"b\": \"${c}\"\r\n\t  }\r\n\tE\r\n";
    assert_eq!(written(heredoc, "x", "\"a\""), "\"a\"");
    assert_eq!(written(heredoc, "x", "${é}"), "$${é}");
    assert_eq!(written(heredoc, "x", "\"${c}\"\r\n}"), "\"${c}\"\r\n\t  }");
    assert_eq!(written("x = <<E\na\nE", "x", "a\n"), "a\n");
}

/// The message and the marked text.
fn mistakes(text: &str) -> Vec<(String, String)> {
    let marked = |flaw: &crate::diagnostic::Diagnostic| text[flaw.span().start..flaw.span().end].to_owned();
    hcl(text).flaws.iter().map(|flaw| (flaw.message.clone().into_owned(), marked(flaw))).collect()
}

#[test]
fn each_mistake_has_its_sentence() {
    let cases = [
        "x {\n  a = 1\n",
        "x = {\n  a = 1\n",
        "x {\n  a = \"b\n}",
        "x = <<E\n a\n",
        "x = 1 /* 2",
        "x {\n  a: 1\n}",
        "x {\n  \"a\" = 1\n}",
        "x {\n  a = 1,\n  b = 2\n}",
        "x {\n  a = \n}",
        "x {\n  a = 1 b = 2\n}",
        "x {\n  a\n}",
        "x\n{\n}",
        "x {\n}\n}",
        "x = { a.b = 1 }",
        "x = { a 1 }",
        "x = { a = 1 b = 2 }",
        "x = [1 2]",
        "x = [1, 2",
        "x = [1, }",
        "x = f(1, [2)",
        "x = 'a'",
        "x = \"\\d\"",
        "x = var.",
        "x = é😀",
        "x = “a”",
        "x {} y {}",
        "= 1",
        "x = { ; }",
        "x = 1 +\ny = 2",
        "x = 1 + # more\n  2",
        "x {\n  a = !\n  b = 2\n}",
        "x = -",
        "x = [1, -]",
        "x = (1 +)",
        "x = f(a, b ||\n)",
        "x = 1 + * 2",
        "x = 1 <<\n",
        "x = a ?\n",
        "x {\n  a = b ? c\n    : d\n}",
        "x = (a ? b, c)",
        "x = a ? b :\n",
        "x = a.\nb = 1",
        "x = f(1).\ny = 2",
        "x = 1 + a.b.\n",
        "x = provider::\n",
        "x = { a = 1 +\n 2 }",
        "x = [{ a = b &&\n c }]",
        "x = merge({ a = 1 +\n 2 }, b)",
        "x = merge({ a = \n 1 }, b)",
        "x = { a + = 1 }",
        "x = a[1 +]",
        "x = [for a in b : a +]",
    ];
    let table = cases.map(|text| format!("{text:?}\n    {:?}\n", mistakes(text)));
    insta::assert_snapshot!(table.concat());
}

#[test]
fn a_mistake_affects_only_its_block() {
    let broken = "resource \"a\" \"one\" {\n  x = \"1\"\n  y = [1\n  z = 3\n}\n\n";
    let text = format!("{broken}resource \"a\" \"two\" {{\n  x = \"2\"\n}}\n");
    let reading = hcl(&text);
    assert_eq!(reading.flaws.len(), 1);
    let document = &reading.document;
    assert_eq!(values_of(document)["resource"][1], json!({ "x": "2" }));
    let outline = document.outline.as_deref().unwrap();
    let [one, two] = [outline.blocks[0].entry, outline.blocks[1].entry];
    assert!(document.entry(one).has(Entry::UNKNOWN) && !document.entry(two).has(Entry::UNKNOWN));
    let sound = |block| document.is_sound(document.child(block, "x").unwrap());
    assert!(sound(one) && sound(two), "the text before the mistake and the next block are certain");

    for text in ["x {\n  a = 1 +\n  b = 2\n}\ny = 3\n", "x {\n  a = f(c).\n  b = 2\n}\ny = 3\n"] {
        let reading = hcl(text);
        assert_eq!(values_of(&reading.document), json!({ "x": [{ "a": "?", "b": 2 }], "y": 3 }));
        assert_eq!(reading.flaws.len(), 1);
    }

    let text = "x {\n  a = 1\n  b: 2\n  c = 3\n  d = \"\\d\"\n}\n";
    let reading = hcl(text);
    assert_eq!(values_of(&reading.document)["x"], json!([{ "a": 1, "b": "?", "c": 3, "d": "?" }]));
    assert_eq!(reading.flaws.len(), 1, "one for a block");
}

#[test]
fn a_block_without_its_brace_ends_where_the_next_one_starts() {
    let text = "resource \"a\" \"b\" {\n  x = {\n    y = 1\n}\n\nresource \"a\" \"c\" {\n  z = 1\n}\n";
    let reading = hcl(text);
    assert_eq!(reading.document.outline.as_deref().unwrap().blocks.len(), 2);
    assert_eq!(values_of(&reading.document)["resource"][1], json!({ "z": 1 }));
    assert_eq!(reading.flaws.len(), 1);
}

#[test]
fn an_unclosed_label_ends_before_the_brace() {
    let text = "resource \"a\" \"b {\n  x = 1\n  y {\n    z = 2\n  }\n}\n\nresource \"a\" \"c\" {\n  x = 3\n}\n";
    let reading = hcl(text);
    assert_eq!(mistakes(text), [("unclosed string".to_owned(), "\"b {".to_owned())]);
    assert_eq!(values_of(&reading.document)["resource"], json!([{ "x": 1, "y": [{ "z": 2 }] }, { "x": 3 }]));
    let fix = reading.flaws[0].fix.as_ref().unwrap();
    assert_eq!((fix.edits[0].span.start, &*fix.edits[0].text), (text.find(" {").unwrap(), "\""));

    // The position of the missing quote is unclear.
    for text in ["resource \"a \"b\" {\n  x = 1\n}\n", "resource \"a\" \"{\n  x = 1\n}\n"] {
        assert_eq!(mistakes(text).len(), 1, "{text}");
        assert!(hcl(text).flaws[0].fix.is_none(), "{text}");
    }
}

#[test]
fn duplicate_arguments_are_marked_and_blocks_are_not() {
    let document = hcl("x {\n a = 1\n a = 2\n b {}\n b {}\n c = { d = 1, \"d\" = 2 }\n}\nx {}\n").document;
    let keys = document.table.duplicates.iter().map(|twice| document.key(twice.second)).collect::<Vec<_>>();
    assert_eq!(keys, ["d", "a"]);
    assert_eq!(document.value(at(&document, "x/a")).to_json(), json!(2));
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("(", ")"), ("jsonencode(", ")"), ("f(", ")")] {
        let text = format!("x = {}1{}\ny = 2", open.repeat(100_000), close.repeat(100_000));
        let reading = hcl(&text);
        assert_eq!(values_of(&reading.document)["y"], json!(2), "{open}");
        let is_too_deep = reading.flaws.first().is_some_and(|flaw| flaw.rule.name == "too-deep");
        assert_eq!(is_too_deep, open != "f(", "{open}");
    }
    let blocks = format!("{}{}", "x {\n".repeat(100_000), "}\n".repeat(100_000));
    assert_eq!(hcl(&blocks).flaws[0].rule.name, "too-deep");
    let templates = format!("x = {}{}", "\"${".repeat(100_000), "}\"".repeat(100_000));
    assert!(hcl(&templates).flaws.is_empty());
    for text in ["\"${".repeat(100_000), "x {\n".repeat(100_000), "x = [".repeat(100_000), "x = <<E\n".repeat(100_000)]
    {
        assert!(!hcl(&text).flaws.is_empty());
    }
}

#[test]
fn byte_order_marks_are_not_part_of_the_text() {
    let text = "\u{FEFF}x = 1";
    assert_eq!(read_of(text), json!({ "x": 1 }));
    assert_eq!(hcl(text).document.entry(1).key_span().unwrap().start, 3);
}
