//! Conversion to another dialect and back keeps the connections and adds no findings.
#![cfg(feature = "convert")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use streamlint::{Conversion, Dialect, Linter, Module, Report, Source};

/// The targets, each with a file name.
const TARGETS: [(Dialect, &str); 4] = [
    (Dialect::AdminApi, "a.json"),
    (Dialect::Terraform, "a.tf"),
    (Dialect::Kubernetes, "a.yaml"),
    (Dialect::CloudFormation, "a.yaml"),
];

fn check(name: &str, text: &str) -> Report {
    let source = Source::new(name, text);
    Linter::default().check_in(&source, &Module::of([&source], true))
}

fn convert(name: &str, text: &str, to: Dialect) -> Conversion {
    check(name, text).convert(to).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// The rules and pointers of the findings.
fn found(report: &Report) -> BTreeSet<(String, String)> {
    report.diagnostics().iter().map(|found| (found.rule.name.to_owned(), found.pointer.clone().into_owned())).collect()
}

/// The definitions of `tests/cases` that are single objects without special options.
fn definitions() -> Vec<(String, Value)> {
    let mut definitions = Vec::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap() {
        let cases: Value = serde_json::from_str(&fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        for case in cases.as_array().unwrap() {
            let is_special = ["mode", "type", "file", "select"].iter().any(|key| case.get(key).is_some());
            if let (Some(value @ Value::Object(map)), false) = (case.get("value"), is_special)
                && map.contains_key("type")
            {
                definitions.push((case["name"].as_str().unwrap().to_owned(), value.clone()));
            }
        }
    }
    assert!(definitions.len() > 100);
    definitions
}

/// The expected result of a round trip: strings instead of numbers in Terraform and CloudFormation, and without the
/// fields that the target lacks or keeps in a Secret.
fn expected(value: &Value, to: Dialect, conversion: &Conversion) -> Value {
    fn texts(value: &Value) -> Value {
        match value {
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), texts(value))).collect(),
            Value::Array(items) => items.iter().map(texts).collect(),
            Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
            other => other.clone(),
        }
    }
    let is_of_texts = matches!(to, Dialect::Terraform | Dialect::CloudFormation);
    let value = if is_of_texts { texts(value) } else { value.clone() };
    let gone = conversion.warnings.iter().map(|warning| warning.pointer.as_str()).collect::<BTreeSet<_>>();
    without(&value, "", &gone, to != Dialect::AdminApi).unwrap_or_default()
}

/// The value without the fields at the `gone` pointers and without objects that this empties. Terraform drops nulls.
fn without(value: &Value, at: &str, gone: &BTreeSet<&str>, is_other: bool) -> Option<Value> {
    if gone.contains(at) && !at.is_empty() || is_other && value.is_null() {
        return None;
    }
    let Value::Object(map) = value else { return Some(value.clone()) };
    let mut kept = Map::new();
    for (key, inner) in map {
        if is_other && matches!(key.as_str(), "//" | "$comment" | "$schema") && !at.starts_with("/headers") {
            continue;
        }
        let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        kept.extend(without(inner, &pointer, gone, is_other).map(|inner| (key.clone(), inner)));
    }
    (at.is_empty() || !kept.is_empty() || map.is_empty()).then_some(Value::Object(kept))
}

/// The value without empty objects: all fields of a block may be in a Secret.
fn without_empty(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let is_kept = |value: &Value| value.as_object().is_none_or(|map| !map.is_empty());
    let kept = map.into_iter().map(|(key, value)| (key, without_empty(value))).filter(|(_, value)| is_kept(value));
    Value::Object(kept.collect())
}

/// Converts to the dialect and back, and compares the results.
fn assert_round_trip(name: &str, value: &Value) {
    let text = value.to_string();
    let before = check("a.json", &text);
    for (to, file) in TARGETS {
        let Ok(there) = before.convert(to) else { continue };
        let report = check(file, &there.text);
        assert_eq!(report.dialect(), to, "{name}:\n{}", there.text);
        let is_sound = report.diagnostics().iter().all(|found| found.rule.name != "syntax-error");
        assert!(is_sound, "{name}: {:?}\n{}", report.diagnostics(), there.text);
        let back = report.convert(Dialect::AdminApi).unwrap();
        let back: Value = serde_json::from_str(&back.text).unwrap();
        let is_secret = to == Dialect::Kubernetes;
        let gone = there.warnings.iter().map(|warning| warning.pointer.as_str()).collect::<BTreeSet<_>>();
        let in_secrets = ["/authentication/username", "/authentication/password", "/security/brokerPublicCertificate"];
        let gone = gone.into_iter().chain(in_secrets.into_iter().filter(|_| is_secret)).collect();
        let back = without(&back, "", &gone, false).unwrap();
        let mut kept = without(&expected(value, to, &there), "", &gone, false).unwrap();
        let mut back = back;
        for value in [&mut back, &mut kept].into_iter().filter(|_| is_secret) {
            // The operator uses the same value for both.
            if let Some(Value::String(word)) = value.pointer_mut("/security/protocol") {
                *word = word.replace("SASL_", "");
            }
        }
        let (back, kept) = if is_secret { (without_empty(back), without_empty(kept)) } else { (back, kept) };
        assert_eq!(back, kept, "{name} in {}:\n{}", to.name(), there.text);
        // A clean definition stays clean, except for findings about the operator's own requirements.
        let is_new =
            |warning: &streamlint::ConversionWarning| warning.message.starts_with("the result has a new finding");
        let is_clean = before.diagnostics().is_empty()
            && there.warnings.iter().all(|it| is_new(it) || it.message.contains("belongs in the Secret"));
        let asked = ["/dbRoleToExecute", "/authentication"];
        let is_asked =
            |pointer: &str| to == Dialect::Kubernetes && asked.iter().any(|start| pointer.starts_with(start));
        let mut new = there.warnings.iter().filter(|it| is_new(it) && !is_asked(&it.pointer));
        assert!(!is_clean || new.next().is_none(), "{name} in {}: {:?}\n{}", to.name(), there.warnings, there.text);
        if there.warnings.is_empty() {
            let known = found(&before);
            let new = found(&report).into_iter().filter(|found| !known.contains(found)).collect::<Vec<_>>();
            assert!(new.is_empty(), "{name} in {}: {new:?}\n{}", to.name(), there.text);
        }
    }
}

#[test]
fn a_round_trip_keeps_a_connection() {
    let mut count = 0;
    for (name, value) in definitions() {
        // A misplaced field may become correct in the target: Terraform has one name for two blocks.
        let report = check("a.json", &value.to_string());
        let is_misplaced = report.diagnostics().iter().any(|found| found.rule.name == "misplaced-field");
        // Placeholders in other syntaxes are converted to `${NAME}`.
        let is_template = ["{{", "op://", "vault:", "ENC[", "ref+", ": \"$", ": \"%", "secretsmanager", ":-"];
        let text = serde_json::to_string_pretty(&value).unwrap().replace(": \"${", ": \"#{");
        let is_renamed = text.split('{').skip(1).any(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
        if is_misplaced || is_renamed || is_template.iter().any(|sign| text.contains(sign)) {
            continue;
        }
        count += 1;
        assert_round_trip(&name, &value);
    }
    assert!(count > 200, "{count}");
}

#[test]
fn every_dialect_is_converted_to_every_other() {
    for file in [
        "kafka.yaml",
        "kafka-private-link.jsonc",
        "terraform.tf",
        "cloudformation.yaml",
        "kubernetes.yaml",
        "crossplane.yaml",
    ]
    .into_iter()
    .chain(["connections.md", "create.sh", "requests.http", "https.json", "sample.json", "terraform-plan.json"])
    {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/good").join(file)).unwrap();
        for (to, name) in TARGETS {
            let there = match check(file, &text).convert(to) {
                Ok(there) => there,
                Err(error) => {
                    assert!(
                        to == Dialect::Kubernetes && error.to_string().contains("does not support"),
                        "{file}: {error}"
                    );
                    continue;
                }
            };
            let report = check(name, &there.text);
            assert_eq!(report.dialect(), to, "{file}");
            let new = report.diagnostics().iter().filter(|found| found.severity > streamlint::Severity::Info);
            let new = new.filter(|found| found.rule.name != "duplicate-name" || file != "connections.md");
            let new = new.map(|found| format!("{} {}", found.rule.name, found.message)).collect::<Vec<_>>();
            let is_change = file == "requests.http" && to == Dialect::AdminApi;
            assert!(
                new.is_empty() || !there.warnings.is_empty() || is_change,
                "{file} in {}: {new:?}\n{}",
                to.name(),
                there.text
            );
            let again = report.convert(to).unwrap();
            assert_eq!(again.text, there.text, "{file}");
        }
    }
}

#[test]
fn comments_and_variables_come_along() {
    let text = "# The orders,\n# of the shop.\nname: orders\ntype: Kafka # not Https\nbootstrapServers: \"${HOST}:9092\"\n\
                authentication:\n  # rotated\n  mechanism: PLAIN\n  username: '{{ .Values.kafka.user }}'\n  password: op://vault/item\n\
                security: { protocol: SASL_SSL }\n";
    let all = TARGETS.map(|(to, _)| {
        let conversion = convert("a.yaml", text, to);
        let warnings =
            conversion.warnings.iter().map(|it| format!("{} {}", it.pointer, it.message)).collect::<Vec<_>>();
        let warnings = warnings.join("\n");
        format!("{}:\n{}\n{warnings}", to.name(), conversion.text)
    });
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn warnings_are_complete_and_without_secrets() {
    let text = r#"{ "name": "orders", "type": "Kafka", "bootstrapServers": "b.example.com:9092", "hunter2": 1, "state": "READY",
      "authentication": { "mechanism": "PLAIN", "username": "u", "password": "hunter2", "sslKey": "hunter2" },
      "security": { "protocol": "SASL_SSL" } }"#;
    let reported = |to| {
        let conversion = convert("a.json", text, to);
        let one = |warning: &streamlint::ConversionWarning| format!("{} {}", warning.pointer, warning.message);
        assert!(!format!("{conversion:?}").contains("\"hunter2\""));
        conversion.warnings.iter().map(one).collect::<Vec<_>>()
    };
    insta::assert_debug_snapshot!(TARGETS.map(|(to, _)| (to.name(), reported(to))));
    assert!(convert("a.json", text, Dialect::Terraform).text.contains("hunter2"), "the source has it");
    let kubernetes = convert("a.json", text, Dialect::Kubernetes).text;
    assert!(!kubernetes.contains("hunter2"), "{kubernetes}");
}

#[test]
fn an_impossible_conversion_has_a_reason() {
    let error = |name: &str, text: &str, to| check(name, text).convert(to).unwrap_err().to_string();
    let hook = r#"{ "name": "a", "type": "Https", "url": "https://a.example.com" }"#;
    assert_eq!(
        error("a.json", hook, Dialect::Kubernetes),
        "the Kubernetes operator does not support Https connections"
    );
    assert!(error("a.json", hook, Dialect::Http).starts_with("connections can be converted to "));
    assert_eq!(error("a.json", "{ \"name\": }", Dialect::Terraform), "the text has syntax errors; fix them first");
    assert_eq!(error("a.tf", "", Dialect::Terraform), "no connection found");
}

#[test]
fn names_are_unique_and_valid() {
    let text = r#"[ { "name": "1 a!", "type": "Sample" }, { "name": "1 a!", "type": "Sample" }, { "name": "${N}", "type": "Sample" } ]"#;
    let terraform = convert("a.json", text, Dialect::Terraform).text;
    for label in ["\"sample\" {", "\"sample2\" {", "\"sample3\" {"] {
        assert!(terraform.contains(label), "{terraform}");
    }
    let text = r#"[ { "name": "a.b", "type": "Sample" }, { "name": "a_b", "type": "Sample" } ]"#;
    let manifests = convert("a.json", text, Dialect::Kubernetes).text;
    assert!(manifests.contains("\n  name: a-b\n") && manifests.contains("\n  name: a-b2\n"), "{manifests}");
}

#[test]
fn the_command_writes_a_file_and_warns() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), r#"{ "name": "a", "type": "Sample", "extra": 1 }"#).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_streamlint"));
        let output = command.current_dir(folder.path()).arg("convert").args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let warning = "streamlint: a.json:1:34: `extra` is left out: the API has no such field\n";
    let (status, out, err) = run(&["a.json", "--to", "terraform"]);
    assert_eq!((status, err.as_str()), (Some(0), warning));
    assert!(out.contains("resource \"mongodbatlas_stream_connection\" \"a\" {\n"), "{out}");
    assert_eq!(run(&["a.json", "--to", "terraform", "-o", "a.tf"]), (Some(0), String::new(), warning.to_owned()));
    assert_eq!(fs::read_to_string(folder.path().join("a.tf")).unwrap(), out);
    let (status, back, _) = run(&["a.tf", "--to", "admin-api"]);
    assert_eq!((status, back.as_str()), (Some(0), "{\n  \"name\": \"a\",\n  \"type\": \"Sample\"\n}\n"));
    let same = run(&["a.json", "--to", "admin-api", "-o", "a.json"]);
    assert_eq!((same.0, same.1.as_str()), (Some(2), ""));
    assert!(run(&["missing.json", "--to", "terraform"]).2.starts_with("streamlint: missing.json: "));
    assert_eq!(run(&["a.json", "--to", "pulumi"]).0, Some(2));
    assert_eq!(run(&["a.json"]).0, Some(2));
}

/// Texts with every character sequence that one of the languages treats specially.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("${"),
        Just("}"),
        Just("%{"),
        Just("\""),
        Just("\\"),
        Just("\n"),
        Just("\t"),
        Just("'"),
        Just("#"),
        Just(": "),
        Just("- "),
        Just("é😀"),
        Just("\u{7}"),
        Just("!Ref x"),
        Just("a"),
        Just(" "),
        Just("0x1"),
        Just("~"),
        Just("|"),
        Just("$"),
        Just("{{"),
        Just("&"),
        Just("*"),
        Just("\u{2028}"),
        Just("null"),
        Just("//"),
        Just("EOF"),
        Just("\r"),
    ];
    // A value with a placeholder is not plain text.
    let is_text = |text: &String| {
        let has = |open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
        let is_variable = text.starts_with('$') && text[1..].chars().all(|c| c.is_ascii_uppercase());
        !has("${", "}") && !has("{{", "}}") && !is_variable
    };
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()).prop_filter("a template", is_text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_texts_survive(header in text(), key in text(), url in text(), bucket in text(), servers in text(), setting in text()) {
        let hook = json!({ "name": "a", "type": "Https", "url": url, "headers": { (format!("X{key}")): header } });
        assert_round_trip("a hook", &hook);
        let kafka = json!({
            "name": "k", "type": "Kafka", "bootstrapServers": servers,
            "authentication": { "mechanism": "PLAIN", "username": header, "password": bucket },
            "security": { "protocol": "SASL_SSL" }, "config": { "acks": setting, (format!("x{key}")): "1" },
        });
        assert_round_trip("Kafka", &kafka);
        let archive = json!({ "name": "s", "type": "S3", "aws": { "roleArn": bucket } });
        assert_round_trip("an archive", &archive);
    }

    #[test]
    fn variables_survive(before in text(), between in text(), after in text()) {
        let part = |text: String| text.replace(['$', '%', '{', '}'], "");
        let text = part(before) + "${A}" + &part(between) + "${KAFKA_KEY}" + &part(after);
        assert_round_trip("a hook", &json!({ "name": "a", "type": "Https", "url": text, "headers": { "X": text } }));
    }
}
