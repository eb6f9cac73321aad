//! Everything that this repository publishes with a JSON Schema is valid against it: the schemas against their
//! meta-schema, and the examples, the settings and the reports against our schemas.
#![cfg(all(feature = "dialects", feature = "yaml"))]
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as expected")]

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use streamlint::{Dialect, Format, Linter, Mode, Source};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files in a folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn published(name: &str) -> Value {
    let text = streamlint::schemas().iter().find(|(known, _)| *known == name).unwrap().1;
    serde_json::from_str(text).unwrap()
}

/// A validator for one of our schemas, with formats.
fn validator(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

fn assert_valid(validator: &Validator, value: &Value, what: &str) {
    let errors = validator.iter_errors(value).map(|error| format!("{} at {}", error.masked(), error.instance_path()));
    let errors = errors.collect::<Vec<_>>();
    assert!(errors.is_empty(), "{what}: {}", errors.join("\n"));
}

#[test]
fn schemas_are_valid_by_their_meta_schema() {
    let is_schema = |path: &PathBuf| path.to_string_lossy().ends_with(".schema.json");
    let all = ["schemas", "examples"].iter().flat_map(|folder| files(folder)).filter(is_schema).collect::<Vec<_>>();
    assert!(all.len() >= streamlint::schemas().len() + 8, "{all:?}");
    for path in all {
        let schema = json(&path);
        assert!(schema["$schema"].is_string(), "{}", path.display());
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{}: {error} at {}", path.display(), error.instance_path());
        }
    }
    for (name, text) in streamlint::schemas() {
        assert!(jsonschema::meta::is_valid(&serde_json::from_str(text).unwrap()), "{name}");
    }
}

#[test]
fn the_examples_of_schemas_are_valid_by_them() {
    let mut count = 0;
    for (name, text) in streamlint::schemas() {
        let schema: Value = serde_json::from_str(text).unwrap();
        let validator = validator(&schema);
        for example in schema["examples"].as_array().into_iter().flatten() {
            assert_valid(&validator, example, name);
            count += 1;
        }
    }
    assert!(count >= 12, "{count}");
}

#[test]
fn good_definitions_are_valid_by_the_schema() {
    let connection = validator(&published("connection"));
    let mut count = 0;
    for path in files("examples/good") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let report = streamlint::check(&Source::new(name, text.as_str()));
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        if is_json && report.dialect() == Dialect::AdminApi && report.mode() == Mode::Create {
            let value = json(&path);
            let all = value.as_array().cloned().unwrap_or_else(|| vec![value]);
            for one in all {
                assert_valid(&connection, &one, name);
                count += 1;
            }
        }
    }
    assert!(count >= 10, "{count}");
}

/// The TOML blocks of a page that are settings.
fn settings_in(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).unwrap().replace("\r\n", "\n");
    let blocks = text.split("\n```toml\n").skip(1).map(|block| block.split("\n```").next().unwrap().to_owned());
    blocks.filter(|block| block.contains("[[policies]]") || block.contains("[rules]")).collect()
}

#[test]
fn settings_are_valid_by_the_schema() {
    let config = validator(&published("config"));
    let mut all =
        ["docs/settings.md", "docs/policies.md"].iter().flat_map(|page| settings_in(page)).collect::<Vec<_>>();
    let is_settings = |path: &PathBuf| path.file_name().is_some_and(|name| name == "streamlint.toml");
    all.extend(files("examples").into_iter().filter(is_settings).map(|path| fs::read_to_string(path).unwrap()));
    assert!(all.len() >= 10, "{}", all.len());
    for text in all {
        let table: toml::Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_valid(&config, &serde_json::to_value(table).unwrap(), &text);
    }
}

#[test]
fn reports_are_valid_by_the_schema() {
    let report_schema = validator(&published("report"));
    let names = files("examples").into_iter().chain(files("tests/corpus"));
    let sources = names.filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        Some(Source::new(path.strip_prefix(root()).unwrap().to_str().unwrap(), text.as_str()))
    });
    let sources = sources.collect::<Vec<_>>();
    assert!(sources.len() > 100);
    for report in Linter::default().check_all(&sources) {
        let text = report.render(Format::Json);
        assert_valid(&report_schema, &serde_json::from_str(&text).unwrap(), report.source().name());
    }
}

/// The findings of policies are valid in reports.
#[cfg(feature = "policies")]
#[test]
fn reports_with_findings_of_policies_are_valid_by_the_schema() {
    let schema =
        serde_json::json!({ "required": ["x"], "properties": { "name": { "anyOf": [{ "const": "a" }, false] } } });
    let policy = streamlint::Policy::from_schema("own", &schema).unwrap();
    let files = streamlint::Policy::from_schema("files", &serde_json::json!({ "required": ["x"] })).unwrap();
    let config = streamlint::Config::builder().policy(policy).policy(files.applies_to_files()).build().unwrap();
    let text = r#"{ "name": "b", "type": "Sample" }"#;
    let report = Linter::new(config).check(&Source::new("a.json", text));
    assert_eq!(report.diagnostics().iter().filter(|found| found.rule.is_policy()).count(), 3);
    let report: Value = serde_json::from_str(&report.render(Format::Json)).unwrap();
    assert_valid(&validator(&published("report")), &report, "a report");
}
