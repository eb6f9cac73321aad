//! The typed model of connections: no field of the schemas is lost during parsing and serializing, and secrets are
//! hidden.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use streamlint::model::Connection;
use streamlint::{Config, Dialect, Kind, Linter, Mode, Source};

/// A value with every field of a schema: its first allowed value, or else `word`.
fn full(schema: &Value, word: &str) -> Value {
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().find(|word| **word != json!("") && !word.is_null()).unwrap().clone();
    }
    match schema.get("type") {
        Some(Value::String(name)) if name == "array" => json!([full(&schema["items"], word)]),
        Some(kind) if kind == "object" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("object"))) => {
            let members = schema["properties"].as_object().into_iter().flatten();
            let members = members.filter(|(name, _)| !matches!(name.as_str(), "$schema" | "$comment" | "//"));
            let mut map = members.map(|(name, inner)| (name.clone(), full(inner, word))).collect::<Map<_, _>>();
            if map.is_empty() {
                map.insert("x-key".to_owned(), word.into());
            }
            Value::Object(map)
        }
        _ => word.into(),
    }
}

fn full_definition(kind: Kind, word: &str) -> Value {
    full(&serde_json::from_str(streamlint::schema(kind)).unwrap(), word)
}

/// The pointers of all values inside a value.
fn pointers(value: &Value, at: &str) -> Vec<String> {
    let fields = value.as_object().into_iter().flatten();
    fields
        .flat_map(|(key, inner)| {
            let pointer = format!("{at}/{key}");
            let inside = pointers(inner, &pointer);
            [vec![pointer], inside].concat()
        })
        .collect()
}

/// The pointers of a schema's secrets in the value that [`full`] creates: `writeOnly` fields and headers.
fn secrets(schema: &Value, at: &str) -> Vec<String> {
    let is_secret = schema["writeOnly"] == json!(true);
    let own = is_secret.then(|| at.to_owned()).or_else(|| (at == "/headers").then(|| "/headers/x-key".to_owned()));
    let fields = schema["properties"].as_object().into_iter().flatten();
    own.into_iter().chain(fields.flat_map(|(key, inner)| secrets(inner, &format!("{at}/{key}")))).collect()
}

#[test]
fn every_field_of_every_schema_survives() {
    for &kind in Kind::ALL {
        let mut value = full_definition(kind, "word");
        let read: Connection = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(read.kind(), kind);
        let written = read.to_json_with_secrets();
        for pointer in pointers(&value, "") {
            assert!(
                written.pointer(&pointer).is_some(),
                "build/model.rs loses `{pointer}`, which schemas/{kind}.schema.json has"
            );
        }
        assert_eq!(written, value, "{kind}");
        // Fields that the API adds to its responses.
        for (member, added) in [
            ("id", json!("65f1c0ffee0123456789abcd")),
            ("state", json!("READY")),
            ("region", json!("VIRGINIA_USA")),
            ("links", json!([{ "href": "https://cloud.mongodb.com/x", "rel": "self" }])),
        ] {
            value[member] = added;
        }
        let read: Connection = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(read.to_json_with_secrets(), value, "{kind}, as an answer");
        let again: Connection = serde_json::from_value(read.to_json_with_secrets()).unwrap();
        assert_eq!(again, read);
    }
}

#[test]
fn secrets_are_neither_printed_nor_written() {
    for &kind in Kind::ALL {
        let mut value = full_definition(kind, "word");
        let secrets = secrets(&serde_json::from_str(streamlint::schema(kind)).unwrap(), "");
        for pointer in &secrets {
            *value.pointer_mut(pointer).unwrap_or_else(|| panic!("{kind}{pointer}")) = "hunter2".into();
        }
        let read: Connection = serde_json::from_value(value).unwrap();
        assert!(!format!("{read:?} {read:#?}").contains("hunter2"), "{kind}");
        assert!(!serde_json::to_string(&read).unwrap().contains("hunter2"), "{kind}");
        assert_eq!(read.to_json_with_secrets().to_string().matches("hunter2").count(), secrets.len());
        assert!(!format!("{:?}", read.clone()).contains("hunter2"));
    }
    let wrong = json!({ "type": "SchemaRegistry", "schemaRegistryAuthentication": { "password": 1_234_567 } });
    let error = serde_json::from_value::<Connection>(wrong).unwrap_err().to_string();
    assert!(!error.contains("1234567"), "{error}");
}

/// The pointers of strings that may be shown only in part.
fn masked(schema: &Value, at: &str) -> Vec<String> {
    let is_masked = schema["type"] == json!("string") && schema["x-streamlint-show"] != json!("whole");
    let own = is_masked.then(|| at.to_owned());
    let is_map = schema["additionalProperties"].is_object();
    let fields = schema["properties"].as_object().filter(|_| !is_map).into_iter().flatten();
    own.into_iter().chain(fields.flat_map(|(key, inner)| masked(inner, &format!("{at}/{key}")))).collect()
}

#[test]
fn debug_shows_what_the_schemas_show() {
    for &kind in Kind::ALL {
        let mut value = full_definition(kind, "word");
        let schema = serde_json::from_str(streamlint::schema(kind)).unwrap();
        for pointer in masked(&schema, "") {
            *value.pointer_mut(&pointer).unwrap() = "https://a.example.com/hunter2".into();
        }
        let shown = format!("{:?}", serde_json::from_value::<Connection>(value).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains(r#"name: Some("word")"#), "{shown}");
    }
}

#[test]
#[cfg_attr(not(all(feature = "dialects", feature = "yaml")), ignore = "needs the features dialects and yaml")]
fn good_examples_are_typed() {
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/good")).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let report = streamlint::check(&Source::new(path.to_str().unwrap(), text.as_str()));
        let connections = report.connections();
        // A pipeline refers to connections but is not one.
        if report.dialect() == Dialect::Processor {
            assert!(connections.is_empty(), "{}", path.display());
            continue;
        }
        let connection = connections[0].as_ref().unwrap_or_else(|| panic!("{}", path.display()));
        assert_eq!(connection.name(), report.summaries()[0].name.as_deref());
        assert_eq!(Some(connection.kind()), report.summaries()[0].kind);
        if let (Dialect::AdminApi, Ok(value)) = (report.dialect(), serde_json::from_str::<Value>(&text)) {
            assert_eq!(connection.to_json_with_secrets(), value, "{}", path.display());
        }
    }
}

#[test]
fn only_connections_without_errors_are_typed() {
    let typed = |text: &str, mode| {
        let linter = Linter::new(Config::builder().mode(mode).build().unwrap());
        let connections = linter.check(&Source::new("a.json", text)).connections();
        connections.iter().map(|connection| connection.as_ref().map(Connection::kind)).collect::<Vec<_>>()
    };
    let two = r#"[{"name": "a", "type": "Sample"}, {"name": "b", "type": "Https"}]"#;
    assert_eq!(typed(two, None), [Some(Kind::Sample), None]);
    // A warning does not prevent the conversion; a misspelled type does.
    assert_eq!(typed(r#"{"name": "b", "type": "Https", "url": "http://a.example.com"}"#, None), [Some(Kind::Https)]);
    assert_eq!(typed(r#"{"name": "b", "type": "https", "url": "https://a.example.com"}"#, None), [None]);
    assert_eq!(typed(r#"{"name": "b", "type": "Https", "url": "${URL}"}"#, None), [Some(Kind::Https)]);
    assert_eq!(typed(r#"{"name": "b" "type": "Sample"}"#, None), [None]);
    // The body of a PATCH may be incomplete.
    assert_eq!(typed(r#"{"type": "Https"}"#, Some(Mode::Update)), [None]);
    let answer = r#"{"results": [{"name": "b", "type": "Https", "url": "https://a.example.com", "state": "READY"}]}"#;
    assert_eq!(typed(answer, None), [Some(Kind::Https)]);
}
