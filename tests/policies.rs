//! Policies: the findings of an organization's JSON Schema for connections in every dialect, and their limits.
#![cfg(all(feature = "policies", feature = "dialects", feature = "yaml"))]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use streamlint::{Config, Format, Kind, Kinds, Linter, Mode, Policy, Report, Severity, Source};

/// A secret that no report may show.
const PLANTED: &str = "pl4nted";

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policies"))
}

fn documents() -> Vec<(String, String)> {
    let names = [
        "orders.json",
        "orders.yaml",
        "orders.tf",
        "orders.http",
        "cloudformation.yaml",
        "kubernetes.yaml",
        "plan.json",
        "templated.json",
        "templated.tf",
    ];
    names.map(|name| (name.to_owned(), fs::read_to_string(folder().join("documents").join(name)).unwrap())).into()
}

fn policy(name: &str, schema: &Value) -> Policy {
    Policy::from_schema(name, schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Only the findings of policies.
fn check(policy: Policy, source: &Source) -> Report {
    let name = policy.rule().name;
    Linter::new(Config::builder().policy(policy).select([name]).build().unwrap()).check(source)
}

/// Pointer, marked text and message of each finding.
fn found(schema: &Value, name: &str, text: &str) -> Vec<String> {
    let report = check(policy("p", schema), &Source::new(name, text));
    report.diagnostics().iter().map(|found| format!("{} {}", found.pointer, found.message)).collect()
}

#[test]
fn every_keyword_has_its_place_and_its_words_in_every_dialect() {
    let schemas: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(folder().join("schemas.json")).unwrap()).unwrap();
    assert!(schemas.len() >= 40);
    let mut table = String::new();
    for case in &schemas {
        let name = case["name"].as_str().unwrap();
        let _ = writeln!(table, "# {name}: {}", case["schema"]);
        for (document, text) in documents() {
            let source = Source::new(document.as_str(), text.as_str());
            let report = check(policy(name, &case["schema"]), &source);
            for found in report.diagnostics() {
                let span = found.span();
                let marked = text[span.start..span.end].lines().next().unwrap_or_default();
                let marked = if marked.contains(PLANTED) { "(a secret)" } else { marked };
                let _ = write!(table, "{document} {} `{marked}` {}", found.pointer, found.message);
                let labels = found.labels.iter().map(|label| label.message.as_ref()).collect::<Vec<_>>().join("; ");
                let _ = write!(table, " ({labels})");
                if let Some(help) = &found.help {
                    let _ = write!(table, " help: {help}");
                }
                table.push('\n');
                assert!(found.message.chars().count() <= 90, "{}", found.message);
            }
            for format in Format::ALL {
                assert!(!report.render(*format).contains(PLANTED), "{name} {document} {format}");
            }
            let all = format!("{:?} {:?}", report.diagnostics(), report);
            assert!(!all.contains(PLANTED), "{all}");
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_condition_on_an_unknown_value_reports_nothing() {
    let https = |name: &str, more: &Value| {
        let mut value = json!({ "name": name, "type": "Https", "url": "https://a.example.com" });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value.to_string()
    };
    let cases = [
        // The branch that applies depends on the name.
        (
            json!({ "if": { "properties": { "name": { "pattern": "^prod" } } }, "then": { "required": ["x"] }, "else": { "required": ["y"] } }),
            json!({}),
        ),
        (json!({ "not": { "properties": { "name": { "pattern": "^dev" } } } }), json!({})),
        (json!({ "not": { "properties": { "name": { "maxLength": 100 } } } }), json!({})),
        (json!({ "anyOf": [{ "properties": { "name": { "const": "a" } } }, { "required": ["x"] }] }), json!({})),
        (json!({ "oneOf": [{ "properties": { "name": { "minLength": 1 } } }, { "required": ["name"] }] }), json!({})),
        (
            json!({ "$defs": { "c": { "properties": { "name": { "const": "a" } } } }, "if": { "$ref": "#/$defs/c" }, "else": { "required": ["y"] } }),
            json!({}),
        ),
        (
            json!({ "allOf": [{ "allOf": [{ "if": { "properties": { "name": { "const": "a" } } }, "else": false }] }] }),
            json!({}),
        ),
        (json!({ "properties": { "headers": { "enum": [{ "a": "b" }] } } }), json!({ "headers": { "a": "${A}" } })),
        (json!({ "properties": { "tags": { "contains": { "const": "a" } } } }), json!({ "tags": ["b", "${A}"] })),
        (json!({ "properties": { "tags": { "uniqueItems": true } } }), json!({ "tags": ["${A}", "${A}"] })),
        (
            json!({ "allOf": [{ "properties": { "name": { "const": "a" }, "type": true, "url": true } }], "unevaluatedProperties": false }),
            json!({}),
        ),
        (
            json!({ "properties": { "headers": { "propertyNames": { "pattern": "^x-" } } } }),
            json!({ "headers": { "${KEY}": "a" } }),
        ),
    ];
    for (schema, more) in &cases {
        assert_eq!(found(schema, "a.json", &https("${NAME}", more)), [""; 0], "{schema}");
    }
    // Findings that do not depend on the unknown value are still reported.
    let unaffected = [
        json!({ "if": { "properties": { "type": { "const": "Https" } } }, "then": { "required": ["x"] } }),
        json!({ "not": { "required": ["name"] } }),
        json!({ "anyOf": [{ "required": ["x"] }, { "properties": { "type": { "const": "S3" } } }] }),
        json!({ "oneOf": [{ "required": ["name"] }, { "required": ["type"] }] }),
        json!({ "properties": { "name": true, "type": true }, "additionalProperties": false }),
        json!({ "if": { "properties": { "name": { "const": "a" } } }, "then": { "required": ["y"] }, "properties": { "url": { "pattern": "^x" } } }),
    ];
    for schema in &unaffected {
        assert_eq!(found(schema, "a.json", &https("${NAME}", &json!({}))).len(), 1, "{schema}");
    }
    let twice = json!({ "properties": { "tags": { "uniqueItems": true } } });
    let tags = json!({ "tags": ["a", "${A}", "a"] });
    assert_eq!(found(&twice, "a.json", &https("a", &tags)), ["/tags `tags` has a duplicate item"]);
}

#[test]
fn optional_fields_of_a_mode_are_not_missing() {
    let schema =
        json!({ "required": ["networking"], "properties": { "authentication": { "required": ["password"] } } });
    let text =
        r#"{ "name": "a", "type": "Kafka", "bootstrapServers": "a:1", "authentication": { "mechanism": "PLAIN" } }"#;
    let of = |mode: Mode, text: &str| {
        let config = Config::builder().mode(mode).policy(policy("p", &schema)).select(["policy/p"]).build().unwrap();
        let report = Linter::new(config).check(&Source::new("a.json", text));
        report.diagnostics().iter().map(|found| found.pointer.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of(Mode::Create, text), ["/networking", "/authentication/password"]);
    assert_eq!(of(Mode::Update, text), [""; 0]);
    assert_eq!(of(Mode::Response, text), ["/networking"]);
    assert_eq!(of(Mode::Create, &text[..text.len() - 20]), [""; 0], "a damaged text may have it");
    // A misspelled field gets only its own finding.
    let config = Config::builder().policy(policy("p", &schema)).build().unwrap();
    let report =
        Linter::new(config).check(&Source::new("a.json", text.replace('}', "}, \"networkin\": {} }").as_str()));
    assert!(report.diagnostics().iter().all(|found| found.pointer != "/networking"), "{:?}", report.diagnostics());
}

#[test]
fn remarks_and_null_are_not_part_of_a_connection() {
    let schema = json!({ "additionalProperties": false, "properties": { "name": true, "type": true, "url": true } });
    let text = r#"{ "//": "x", "$comment": "y", "name": "a", "type": "https", "url": "https://a.example.com", "dbRoleToExecute": null }"#;
    assert_eq!(found(&schema, "a.json", text), [""; 0]);
    // The type is the name in the API, even if it is misspelled in the text.
    let schema = json!({ "properties": { "type": { "const": "Https" } }, "required": ["type"] });
    assert_eq!(found(&schema, "a.json", text), [""; 0]);
    let given = Config::builder().kind(Kind::Https).policy(policy("p", &schema)).select(["policy/p"]).build().unwrap();
    let report = Linter::new(given).check(&Source::new("a.json", r#"{ "name": "a", "url": "https://a.example.com" }"#));
    assert_eq!(report.diagnostics().len(), 0);
}

#[test]
fn a_policy_is_a_rule() {
    let schema = json!({ "title": "names are short", "properties": { "name": { "maxLength": 3 } } });
    let own = policy("short", &schema).message("too long").help("shorten it").url("https://wiki.example.com/names");
    let text = r#"{ "//": "streamlint-ignore[policy/short]: legacy", "name": "alerts", "type": "Https", "url": "https://a.example.com" }"#;
    let builder = Config::builder().policy(own.clone());
    let lint = |config: Config, text: &str| Linter::new(config).check(&Source::new("a.json", text));
    let rules = |report: &Report| {
        report.diagnostics().iter().map(|found| format!("{} {}", found.severity, found.rule.name)).collect::<Vec<_>>()
    };
    assert_eq!(rules(&lint(builder.clone().build().unwrap(), text)), [""; 0]);
    let plain = text.replace("streamlint-ignore[policy/short]: legacy", "x");
    let report = lint(builder.clone().build().unwrap(), &plain);
    assert_eq!(rules(&report), ["warning policy/short"]);
    let one = &report.diagnostics()[0];
    assert_eq!((one.message.as_ref(), one.help.as_deref()), ("too long", Some("shorten it")));
    assert_eq!((one.url().as_str(), one.rule.summary), ("https://wiki.example.com/names", "names are short"));
    assert!(one.rule.page().contains("shorten it"));
    let leveled = builder.clone().level("policy/short", Severity::Error).build().unwrap();
    assert_eq!(rules(&lint(leveled, &plain)), ["error policy/short"]);
    for off in [builder.clone().ignore(["policy/short"]), builder.clone().level("policy/short", None)] {
        assert_eq!(rules(&lint(off.build().unwrap(), &plain)), [""; 0]);
    }
    assert_eq!(
        rules(&lint(Config::builder().policy(own.types(Kinds::of(&[Kind::Kafka]))).build().unwrap(), &plain)),
        [""; 0]
    );
    // An unused ignore is reported, but not an ignore of a policy that the run lacks.
    let unused = text.replace("alerts", "a");
    assert_eq!(rules(&lint(builder.clone().build().unwrap(), &unused)), ["warning unused-ignore"]);
    assert_eq!(rules(&lint(Config::default(), text)), [""; 0]);
    let near = text.replace("policy/short", "policy/shrt");
    assert_eq!(rules(&lint(builder.build().unwrap(), &near)), ["warning unused-ignore", "warning policy/short"]);
    // Invalid names of policies.
    let error = Config::builder().select(["policy/shrot"]).policy(policy("short", &schema)).build().unwrap_err();
    assert_eq!(error.to_string(), "unknown rule `policy/shrot`; did you mean `policy/short`?");
    for name in ["", "A", "a b", "-a", "a/b", &"a".repeat(65)] {
        assert!(Policy::from_schema(name, &schema).is_err(), "{name}");
    }
    // Control characters are removed.
    let hostile = policy("short", &json!({ "title": "a\u{1b}[31mb", "description": "c\u{202e}d" }));
    assert!(!format!("{}{}", hostile.rule().summary, hostile.rule().page()).contains(['\u{1b}', '\u{202e}']));
    let sarif: Value = serde_json::from_str(&report.render(Format::Sarif)).unwrap();
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!((&rule["id"], &rule["helpUri"]), (&json!("policy/short"), &json!("https://wiki.example.com/names")));
}

#[test]
fn a_policy_for_files_sees_all_connections() {
    let text = r#"[{ "name": "sample_stream_solar", "type": "Sample" }, { "name": "b", "type": "Https", "url": "https://a.example.com" }, { "name": "${C}", "type": "Sample" }]"#;
    let of = |schema: Value| {
        let own = policy("p", &schema).applies_to_files();
        let config =
            Config::builder().policy(own).select(["policy/p"]).tenant_name("dev-a".to_owned()).build().unwrap();
        let report = Linter::new(config).check(&Source::new("a/b.json", text));
        let shown = |found: &streamlint::Diagnostic| {
            let span = found.span();
            format!("{:?} {} `{}` {}", found.connection, found.pointer, &text[span.start..span.end], found.message)
        };
        report.diagnostics().iter().map(shown).collect::<Vec<_>>()
    };
    insta::assert_debug_snapshot!([
        of(json!({ "properties": { "connections": { "maxItems": 2 } } })),
        of(
            json!({ "properties": { "connections": { "contains": { "properties": { "type": { "const": "Sample" } } }, "maxContains": 1 } } })
        ),
        of(json!({ "properties": { "connections": { "items": { "properties": { "name": { "pattern": "^a" } } } } } })),
        of(
            json!({ "properties": { "workspace": { "pattern": "^prod-" }, "path": { "pattern": "^a/" }, "dialect": { "const": "admin-api" } } })
        ),
        of(json!({ "required": ["projectId"] })),
        of(json!({ "properties": { "connections": { "items": { "required": ["name", "x"] } } } })),
    ]);
}

#[test]
fn a_file_has_the_workspace_and_the_project_that_its_connections_name() {
    let schema = json!({ "properties": { "workspace": { "pattern": "^prod-" }, "projectId": { "const": "65f1c0ffee0123456789abcd" } } });
    let of = |name: &str| {
        let text = fs::read_to_string(folder().join("documents").join(name)).unwrap();
        let report = check(policy("p", &schema).applies_to_files(), &Source::new(name, text.as_str()));
        let marked = |found: &streamlint::Diagnostic| {
            let span = found.span();
            format!("`{}` {}", &text[span.start..span.end], found.message)
        };
        report.diagnostics().iter().map(marked).collect::<Vec<_>>()
    };
    let both = [
        "`\"32b6e34b3d91647abb20e7b8\"` `projectId` must be `65f1c0ffee0123456789abcd`",
        "`\"analytics\"` `workspace` must match `^prod-`",
    ];
    assert_eq!(of("orders.tf"), both);
    assert_eq!(of("cloudformation.yaml"), both.map(|found| found.replace('"', "")));
    // Variables are unknown, and a bare body has neither a workspace nor a project.
    assert_eq!((of("templated.tf"), of("orders.json")), (Vec::new(), Vec::new()));
}

#[test]
fn broken_schemas_are_errors() {
    let cases = [
        json!({ "properties": { "name": { "minLength": "3" } } }),
        json!({ "properties": { "name": { "pattern": "(?=a)" } } }),
        json!({ "properties": { "name": { "pattern": "(a)\\1" } } }),
        json!({ "properties": { "name": { "pattern": "(" } } }),
        json!({ "properties": { "name": { "pattern": "(a{1000}){1000}" } } }),
        json!({ "patternProperties": { "[": {} } }),
        json!({ "$ref": "#" }),
        json!({ "$ref": "#/$defs/no" }),
        json!({ "$ref": "other.json" }),
        json!({ "$ref": "../other.json" }),
        json!({ "$ref": "https://example.com/a.json" }),
        json!({ "$schema": "https://example.com/own" }),
        json!({ "$schema": "http://json-schema.org/draft-03/schema#" }),
        json!({ "type": "text" }),
        json!({ "$defs": { "a": { "allOf": [{ "$ref": "#/$defs/b" }] }, "b": { "anyOf": [{ "$ref": "#/$defs/a" }] } }, "$ref": "#/$defs/a" }),
    ];
    let errors = cases.iter().map(|schema| Policy::from_schema("p", schema).unwrap_err().to_string());
    insta::assert_snapshot!(errors.collect::<Vec<_>>().join("\n"));
}

/// Neither loading nor evaluating a policy may take long.
#[test]
fn no_policy_makes_a_run_hang() {
    let chain = |width: usize, length: usize| {
        let mut defs = serde_json::Map::new();
        for at in 0..length {
            let next = json!({ "$ref": format!("#/$defs/d{}", at + 1) });
            defs.insert(format!("d{at}"), json!({ "allOf": vec![next; width] }));
        }
        defs.insert(format!("d{length}"), json!({ "required": ["x"] }));
        json!({ "$defs": defs, "$ref": "#/$defs/d0" })
    };
    let nested = |length: usize| {
        let mut schema = json!({ "$defs": {}, "$ref": "#/$defs/d0" });
        for at in 0..length {
            schema["$defs"][format!("d{at}")] =
                json!({ "properties": { "a": { "$ref": format!("#/$defs/d{}", at + 1) } } });
        }
        schema["$defs"][format!("d{length}")] = json!(true);
        schema
    };
    let twice = json!({ "properties": { "a": { "allOf": [{ "$ref": "#" }, { "$ref": "#" }] } } });
    let many = json!({ "properties": { "a": { "allOf": vec![json!({ "$ref": "#" }); 40] } } });
    let tree = json!({ "additionalProperties": { "$ref": "#" } });
    let patterns = json!({ "properties": { "name": { "pattern": "^(a+)+$" }, "url": { "pattern": "(x+x+)+y" } } });
    let begun = Instant::now();
    let refused = [chain(2, 60), chain(1, 5000), nested(5000), many];
    for schema in refused {
        let error = Policy::from_schema("p", &schema).unwrap_err();
        assert!(
            error.message().contains("refer to each other") || error.message().contains("nested deeper"),
            "{error}"
        );
    }
    let mut deep = json!({ "x": 1 });
    for _ in 0..100 {
        deep = json!({ "a": deep, "b": 1 });
    }
    let mut value = json!({ "name": "a".repeat(50_000) + "!", "type": "Https", "url": "x".repeat(50_000), "a": deep });
    value["tags"] = json!((0..20_000).map(|at| format!("t{at}")).collect::<Vec<_>>());
    let text = value.to_string();
    let unique = json!({ "properties": { "tags": { "uniqueItems": true, "contains": { "const": "t19999" }, "items": { "pattern": "^t" } } } });
    for schema in [chain(2, 8), chain(1, 20), nested(20), twice, tree, patterns, unique] {
        let report = check(policy("p", &schema), &Source::new("a.json", text.as_str()));
        assert!(report.diagnostics().len() < 10);
    }
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}
